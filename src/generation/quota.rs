//! What the platform's owner allows a tenant, and what of it is used (platform.md 3; decisions.md 8): asked before an order is
//! taken, and shown to admins as used / limit.

use super::{GenerationError, watch};
use crate::domain::{GenerationId, UnixMs};
use crate::store::{Counter, TenantTx};
use crate::tenants::Tenant;

/// One allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Its name: a field of [`TenantLimits`](crate::domain::TenantLimits).
    pub name: &'static str,
    /// How much is used; `None` for rates, which are used up for a moment only.
    pub used: Option<i64>,
    /// How much there is.
    pub limit: i64,
}

impl Quota {
    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.used.is_some_and(|used| used >= self.limit)
    }
}

/// What orders of today may still take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Generations.
    pub(super) generations: i64,
    /// Hundredths of the provider's credits, what is in flight taken off.
    pub(super) credits: i64,
}

/// The limit of the provider's spending in a day, in whole credits: the tenant's own key has one, the shared key another.
fn credits_limit(tenant: &Tenant) -> (&'static str, i64) {
    match tenant.provider_key {
        Some(_) => ("own_credits_per_day", tenant.limits.own_credits_per_day.into()),
        None => ("shared_credits_per_day", tenant.limits.shared_credits_per_day.into()),
    }
}

/// What is left for today's orders.
pub(super) async fn room(tx: &mut TenantTx, tenant: &Tenant, now: UnixMs) -> Result<Room, GenerationError> {
    let today = tx.counters_of_day(&tenant.today(now)).await?;
    let expected = tx.generations_expected_credits(watch::late_since(now)).await?;
    let spent = today.get(Counter::ProviderCredits).saturating_add(expected);
    Ok(Room {
        generations: i64::from(tenant.limits.generations_per_day) - today.get(Counter::Generations),
        credits: credits_limit(tenant).1.saturating_mul(100) - spent,
    })
}

/// How many generations are at the provider, or on their way there.
pub(super) async fn in_flight(tx: &mut TenantTx, now: UnixMs) -> Result<i64, GenerationError> {
    Ok(tx.generations_in_flight(watch::late_since(now)).await?)
}

/// Whether a waiting generation may be handed to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// Now.
    Now,
    /// When something that is in flight has ended.
    Later,
    /// The day's spending is used up, whatever becomes of what is in flight.
    Never,
}

/// Looks at the limits that one order cannot be held to while others are confirmed beside it: what is in flight, and the day's
/// credits. Under the tenant's lock, in the transaction that records the intent.
pub(super) async fn leave(
    tx: &mut TenantTx,
    tenant: &Tenant,
    id: &GenerationId,
    now: UnixMs,
) -> Result<Leave, GenerationError> {
    let full = in_flight(tx, now).await? >= i64::from(tenant.limits.generations_in_flight);
    let takes = tx.generation_expected_credits(id).await?.unwrap_or(0);
    let spent = tx.counters_of_day(&tenant.today(now)).await?.get(Counter::ProviderCredits);
    let left = credits_limit(tenant).1.saturating_mul(100).saturating_sub(spent);
    let handed_over = tx.generations_handed_over_credits(watch::late_since(now)).await?;
    Ok(if takes > left {
        Leave::Never
    } else if full || takes > left.saturating_sub(handed_over) {
        Leave::Later
    } else {
        Leave::Now
    })
}

/// Every allowance of a tenant, used and limit, in the order in which an admin reads them.
pub async fn quotas(tx: &mut TenantTx, tenant: &Tenant, now: UnixMs) -> Result<Vec<Quota>, GenerationError> {
    const MIB: i64 = 1 << 20;
    let limits = &tenant.limits;
    let today = tx.counters_of_day(&tenant.today(now)).await?;
    let expected = tx.generations_expected_credits(watch::late_since(now)).await?;
    let spent = today.get(Counter::ProviderCredits).saturating_add(expected);
    let (credits, credits_limit) = credits_limit(tenant);
    let of = |name, used: i64, limit: i64| Quota { name, used: Some(used), limit };
    let rate = |name, limit: u32| Quota { name, used: None, limit: limit.into() };
    Ok(vec![
        of("users", tx.users_count().await?, limits.users.into()),
        of("generations_per_day", today.get(Counter::Generations), limits.generations_per_day.into()),
        of("generations_in_flight", in_flight(tx, now).await?, limits.generations_in_flight.into()),
        of(credits, spent.saturating_add(99) / 100, credits_limit),
        of("storage_mib", tx.media_bytes().await?.saturating_add(MIB - 1) / MIB, limits.storage_mib.into()),
        rate("updates_per_second", limits.updates_per_second),
        rate("broadcast_per_second", limits.broadcast_per_second),
        rate("panel_requests_per_minute", limits.panel_requests_per_minute),
    ])
}
