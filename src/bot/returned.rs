//! A person who asked to be erased and comes back is unknown, but no newcomer: the gift, the invitation and the day's free
//! generations are given once. All that is kept for it is a keyed hash, which names nobody without the installation's secret.

use super::platform::Platform;
use crate::domain::UserId;
use crate::store::{ErasedMark, StoreError, TenantTx, UserRow};
use crate::tenants::Tenant;
use crate::vault::Purpose;

/// What is kept of a person who is being erased.
pub async fn mark(
    tx: &mut TenantTx,
    platform: &Platform,
    tenant: &Tenant,
    user: &UserRow,
) -> Result<ErasedMark, StoreError> {
    let now = platform.clock.now();
    let day = tenant.today(now);
    let (day_used, _) = tx.free_left_parts(&user.user_ref, &day).await?;
    let gift = tx.gift_get(&user.user_ref).await?;
    Ok(ErasedMark { mark: hash(platform, tenant, user.user_id), day, day_used, gift, erased_at: now })
}

/// A person was seen for the first time: if they were erased before, what they had once counts.
pub(super) async fn recognise(
    tx: &mut TenantTx,
    platform: &Platform,
    tenant: &Tenant,
    user: &UserRow,
) -> Result<(), StoreError> {
    let Some(mark) = tx.erased_mark_get(&hash(platform, tenant, user.user_id)).await? else { return Ok(()) };
    let now = platform.clock.now();
    // Not their first /start: an invitation gives nothing.
    tx.user_started(user.user_id, now).await?;
    if mark.day == tenant.today(now) && mark.day_used > 0 {
        tx.erased_day_carry(&user.user_ref, &mark.day, mark.day_used).await?;
    }
    if let Some(gift) = mark.gift {
        tx.gift_put(&user.user_ref, gift, now).await?;
    }
    Ok(())
}

fn hash(platform: &Platform, tenant: &Tenant, user: UserId) -> String {
    let name = format!("{}\0{user}", tenant.id);
    hex::encode(platform.vault.keyed_hash(Purpose::ErasedPerson, name.as_bytes()))
}
