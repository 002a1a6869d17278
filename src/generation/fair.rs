//! Whose turn it is to go to the provider (platform.md 4): with a tenant's own key first the first order of every person, then
//! the second; with the shared key so over tenants too. Orders come to the key's budget in about that order: those far back do
//! not ask for it at all, those in front ask when their place says.

use std::time::Duration;

use super::GenerationError;
use super::ctx::Ctx;
use super::quota;
use crate::domain::GenerationId;
use crate::tenants::Tenant;

/// So many in front may get ready and ask for the budget at once; the rest waits without asking.
const FRONT: i64 = 8;
/// Nobody sleeps longer than this, for places in front may become free.
const LONGEST: Duration = Duration::from_secs(15);
/// How soon a tenant's orders look again whether one of its tasks has ended.
const FULL_AGAIN: Duration = Duration::from_secs(1);

/// What an order may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Get ready and ask for the budget; if that refuses, come again after so much more than it says.
    Go(Duration),
    /// Not yet: look again after this.
    Wait(Duration),
}

/// The place of a waiting generation among all that wait for the same key, from 1; `None`: it does not wait.
pub async fn place(ctx: &Ctx<'_>, tenant: &Tenant, id: &GenerationId) -> Result<Option<i64>, GenerationError> {
    let mut tx = ctx.db.tenant_read(&tenant.id).await?;
    let Some(own) = tx.generation_waiting_place(id).await? else { return Ok(None) };
    drop(tx);
    if tenant.provider_key.is_some() {
        return Ok(Some(own));
    }
    // The others' first orders go before this tenant's second one, and so on.
    let mut tx = ctx.db.platform_read().await?;
    Ok(Some(own + tx.generations_waiting_beside(&tenant.id, own - 1).await?))
}

/// Whether a waiting generation may go now.
pub(super) async fn turn(ctx: &Ctx<'_>, tenant: &Tenant, id: &GenerationId) -> Result<Turn, GenerationError> {
    let Some(place) = place(ctx, tenant, id).await? else { return Ok(Turn::Go(Duration::ZERO)) };
    let free = quota::in_flight(&mut ctx.db.tenant_read(&tenant.id).await?, tenant, ctx.now()).await?.left();
    Ok(of_place(place, free, ctx.settings.kie.create_rate.each()))
}

fn of_place(place: i64, free: i64, every: Duration) -> Turn {
    let turns = |n: i64| every.saturating_mul(u32::try_from(n.max(0)).unwrap_or(u32::MAX)).min(LONGEST);
    if free <= 0 {
        Turn::Wait(turns(place).max(FULL_AGAIN))
    } else if place > FRONT {
        Turn::Wait(turns(place - FRONT))
    } else {
        // Who stands behind asks later, so that the order is kept among those who are refused together.
        Turn::Go(turns(place - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_in_front_asks_and_the_rest_waits_for_its_turn() {
        let every = Duration::from_millis(500);
        let ms = Duration::from_millis;
        assert_eq!(of_place(1, 5, every), Turn::Go(Duration::ZERO));
        assert_eq!(of_place(8, 5, every), Turn::Go(ms(3_500)));
        assert_eq!(of_place(9, 5, every), Turn::Wait(ms(500)));
        assert_eq!(of_place(1_000, 5, every), Turn::Wait(LONGEST));
        assert_eq!(of_place(1, 0, every), Turn::Wait(FULL_AGAIN), "the tenant's own tasks are enough for now");
        assert_eq!(of_place(4, 0, every), Turn::Wait(ms(2_000)));
    }
}
