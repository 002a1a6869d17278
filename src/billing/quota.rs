//! Free generations of a day (bot.md 12.1): reserved on confirm, used on delivery, given back otherwise.

use crate::domain::{GenerationId, UserRef};
use crate::store::{StoreError, TenantTx};

/// How many free generations a person has today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FreeQuota {
    /// Still free today.
    pub left: i64,
    /// The day's limit.
    pub total: i64,
}

impl FreeQuota {
    /// Whether `units` more are free.
    pub fn covers(self, units: i64) -> bool {
        units <= self.left
    }
}

/// What is left of `limit` on `day` (`YYYY-MM-DD` in the tenant's zone).
pub async fn free_quota(tx: &mut TenantTx, user: &UserRef, day: &str, limit: i64) -> Result<FreeQuota, StoreError> {
    let (spent, reserved) = tx.free_left_parts(user, day).await?;
    Ok(FreeQuota { left: (limit - spent - reserved).max(0), total: limit })
}

/// Reserves `units` of the day for a generation in one statement; `false` when fewer are left.
pub async fn free_reserve(
    tx: &mut TenantTx,
    generation: &GenerationId,
    user: &UserRef,
    day: &str,
    units: i64,
    limit: i64,
    now: crate::domain::UnixMs,
) -> Result<bool, StoreError> {
    tx.free_reserve(generation, user, day, units, limit, now).await
}

/// Settles a generation's reservation: `used` of its units stay used, the rest go back. `false` when settled before.
pub async fn free_resolve(tx: &mut TenantTx, generation: &GenerationId, used: i64) -> Result<bool, StoreError> {
    tx.free_resolve(generation, used).await
}
