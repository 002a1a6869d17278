//! What the platform's owner allows a tenant, and what of it is used (platform.md 3; decisions.md 8): asked before an order is
//! taken, and shown to admins as used / limit.

use super::GenerationError;
use crate::domain::UnixMs;
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
    let expected = tx.generations_expected_credits().await?;
    let spent = today.get(Counter::ProviderCredits).saturating_add(expected);
    Ok(Room {
        generations: i64::from(tenant.limits.generations_per_day) - today.get(Counter::Generations),
        credits: credits_limit(tenant).1.saturating_mul(100) - spent,
    })
}

/// Every allowance of a tenant, used and limit, in the order in which an admin reads them.
pub async fn quotas(tx: &mut TenantTx, tenant: &Tenant, now: UnixMs) -> Result<Vec<Quota>, GenerationError> {
    const MIB: i64 = 1 << 20;
    let limits = &tenant.limits;
    let today = tx.counters_of_day(&tenant.today(now)).await?;
    let spent = today.get(Counter::ProviderCredits).saturating_add(tx.generations_expected_credits().await?);
    let (credits, credits_limit) = credits_limit(tenant);
    let of = |name, used: i64, limit: i64| Quota { name, used: Some(used), limit };
    let rate = |name, limit: u32| Quota { name, used: None, limit: limit.into() };
    Ok(vec![
        of("users", tx.users_count().await?, limits.users.into()),
        of("generations_per_day", today.get(Counter::Generations), limits.generations_per_day.into()),
        of("generations_in_flight", tx.generations_in_flight().await?, limits.generations_in_flight.into()),
        of(credits, spent.saturating_add(99) / 100, credits_limit),
        of("storage_mib", tx.media_bytes().await?.saturating_add(MIB - 1) / MIB, limits.storage_mib.into()),
        rate("updates_per_second", limits.updates_per_second),
        rate("broadcast_per_second", limits.broadcast_per_second),
        rate("panel_requests_per_minute", limits.panel_requests_per_minute),
    ])
}
