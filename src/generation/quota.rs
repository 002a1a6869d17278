//! What the platform's owner allows a tenant, and what of it is used (platform.md 3; decisions.md 8). What is asked before an
//! order is taken and what admins read as used / limit is one figure, made here.

use super::watch;
use crate::domain::{GenerationId, UnixMs};
use crate::store::{Counter, DayFigures, StoreError, TenantTx};
use crate::tenants::Tenant;

/// One credit of the provider in the units that are counted.
const CREDIT: i64 = 100;
/// One MiB in the units that are counted.
const MIB: i64 = 1 << 20;

/// One allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Its name: a field of [`TenantLimits`](crate::domain::TenantLimits).
    pub name: &'static str,
    /// Counted in parts of the limit's own unit: hundredths of a credit, bytes. `None` for rates, which are used up for a
    /// moment only.
    counted: Option<i64>,
    /// How much there is, in the limit's own unit.
    limit: i64,
    /// So many parts are one unit.
    parts: i64,
}

impl Quota {
    fn new(name: &'static str, counted: i64, limit: u32) -> Self {
        Self { name, counted: Some(counted), limit: limit.into(), parts: 1 }
    }

    fn rate(name: &'static str, limit: u32) -> Self {
        Self { name, counted: None, limit: limit.into(), parts: 1 }
    }

    fn in_parts(self, parts: i64) -> Self {
        Self { parts, ..self }
    }

    /// How much is used, in the limit's own unit; a unit that was begun counts whole.
    pub fn used(&self) -> Option<i64> {
        self.counted.map(|counted| counted.saturating_add(self.parts - 1) / self.parts)
    }

    /// How much there is, in the limit's own unit.
    pub fn limit(&self) -> i64 {
        self.limit
    }

    /// What is left, in parts: hundredths of a credit, bytes, or whole things.
    pub(super) fn left(&self) -> i64 {
        self.limit.saturating_mul(self.parts) - self.counted.unwrap_or(0)
    }

    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.left() <= 0
    }
}

/// People.
pub async fn users(tx: &mut TenantTx, tenant: &Tenant) -> Result<Quota, StoreError> {
    Ok(Quota::new("users", tx.counter_total(Counter::NewUsers).await?, tenant.limits.users))
}

/// Generations of a day.
fn generations(tenant: &Tenant, today: &DayFigures) -> Quota {
    Quota::new("generations_per_day", today.get(Counter::Generations), tenant.limits.generations_per_day)
}

/// Generations at the provider, or on their way there.
pub(super) async fn in_flight(tx: &mut TenantTx, tenant: &Tenant, now: UnixMs) -> Result<Quota, StoreError> {
    let running = tx.generations_in_flight(watch::late_since(now)).await?;
    Ok(Quota::new("generations_in_flight", running, tenant.limits.generations_in_flight))
}

/// The provider's credits of a day, in hundredths: the tenant's own key has a limit, the shared key another.
fn spending(tenant: &Tenant, spent: i64) -> Quota {
    let (name, limit) = match tenant.provider_key {
        Some(_) => ("own_credits_per_day", tenant.limits.own_credits_per_day),
        None => ("shared_credits_per_day", tenant.limits.shared_credits_per_day),
    };
    Quota::new(name, spent, limit).in_parts(CREDIT)
}

/// The same with what is expected of orders under way.
async fn credits(tx: &mut TenantTx, tenant: &Tenant, today: &DayFigures, now: UnixMs) -> Result<Quota, StoreError> {
    let expected = tx.generations_expected_credits(watch::late_since(now)).await?;
    Ok(spending(tenant, today.get(Counter::ProviderCredits).saturating_add(expected)))
}

/// What is kept of people's files and results, in bytes. When it is full no order is taken and no file for one; what is under
/// way is finished and kept all the same, for it is paid for.
pub async fn storage(tx: &mut TenantTx, tenant: &Tenant) -> Result<Quota, StoreError> {
    Ok(Quota::new("storage_mib", tx.media_bytes().await?, tenant.limits.storage_mib).in_parts(MIB))
}

/// What orders of today may still take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) generations: Quota,
    pub(super) credits: Quota,
}

/// What is left for today's orders.
pub(super) async fn room(tx: &mut TenantTx, tenant: &Tenant, now: UnixMs) -> Result<Room, StoreError> {
    let today = tx.counters_of_day(&tenant.today(now)).await?;
    Ok(Room { generations: generations(tenant, &today), credits: credits(tx, tenant, &today, now).await? })
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
) -> Result<Leave, StoreError> {
    let full = in_flight(tx, tenant, now).await?.is_spent();
    let takes = tx.generation_expected_credits(id).await?.unwrap_or(0);
    let spent = tx.counters_of_day(&tenant.today(now)).await?.get(Counter::ProviderCredits);
    let left = spending(tenant, spent).left();
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
pub async fn quotas(tx: &mut TenantTx, tenant: &Tenant, now: UnixMs) -> Result<Vec<Quota>, StoreError> {
    let room = room(tx, tenant, now).await?;
    let limits = &tenant.limits;
    Ok(vec![
        users(tx, tenant).await?,
        room.generations,
        in_flight(tx, tenant, now).await?,
        room.credits,
        storage(tx, tenant).await?,
        Quota::rate("updates_per_second", limits.updates_per_second),
        Quota::rate("broadcast_per_second", limits.broadcast_per_second),
        Quota::rate("panel_requests_per_minute", limits.panel_requests_per_minute),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_begun_unit_counts_whole_and_the_last_part_may_still_be_used() {
        let credits = |counted| Quota::new("own_credits_per_day", counted, 6).in_parts(CREDIT);
        assert_eq!((credits(401).used(), credits(401).left(), credits(401).is_spent()), (Some(5), 199, false));
        assert_eq!((credits(599).used(), credits(599).is_spent()), (Some(6), false));
        assert!(credits(600).is_spent() && credits(700).is_spent());
        assert!(Quota::new("users", 0, 0).is_spent(), "nothing is allowed");
        assert_eq!(Quota::rate("updates_per_second", 5).used(), None);
    }
}
