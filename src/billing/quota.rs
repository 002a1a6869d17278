//! Free generations (bot.md 12.1): those of a day, then those a person has earned; reserved on confirm, used on delivery, given
//! back otherwise.

use crate::domain::transfer::IdempotencyKey;
use crate::domain::{Corr, GenerationId, UnixMs, UserRef};
use crate::store::{StoreError, TenantTx};

/// How many free generations a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FreeQuota {
    /// Still free today.
    pub left: i64,
    /// The day's limit.
    pub total: i64,
    /// Earned and not used: without an end.
    pub bank: i64,
}

impl FreeQuota {
    /// What can be used now: the day's and the earned ones together.
    pub fn usable(self) -> i64 {
        self.left + self.bank
    }

    /// Whether `units` more are free.
    pub fn covers(self, units: i64) -> bool {
        units <= self.usable()
    }

    /// What is left after `units` of it: the day pays first.
    pub fn after(self, units: i64) -> Self {
        let of_day = units.min(self.left);
        Self { left: self.left - of_day, bank: (self.bank - (units - of_day)).max(0), ..self }
    }
}

/// What is left of `limit` on `day` (`YYYY-MM-DD` in the tenant's zone), and what is in the bank.
pub async fn free_quota(tx: &mut TenantTx, user: &UserRef, day: &str, limit: i64) -> Result<FreeQuota, StoreError> {
    let (taken, bank) = tx.free_standing(user, day).await?;
    Ok(FreeQuota { left: (limit - taken).max(0), total: limit, bank })
}

/// Reserves `units` for a generation, of the day first and of the bank what it lacks; `false` when both together have fewer.
pub async fn free_reserve(
    tx: &mut TenantTx,
    generation: &GenerationId,
    user: &UserRef,
    day: &str,
    units: i64,
    limit: i64,
    now: UnixMs,
) -> Result<bool, StoreError> {
    tx.free_reserve(generation, user, day, units, limit, now).await
}

/// Adds earned generations to a person's bank. `false`: the same fact added them before.
pub async fn bank_add(
    tx: &mut TenantTx,
    user: &UserRef,
    units: i64,
    key: &IdempotencyKey,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    if units <= 0 {
        return Err(StoreError::Refused(format!("{key:?} adds {units} units")));
    }
    tx.bank_add(user, units, key, corr, now).await
}

/// Settles a generation's reservation: `used` of its units stay used, the rest go back. `false` when settled before.
pub async fn free_resolve(tx: &mut TenantTx, generation: &GenerationId, used: i64) -> Result<bool, StoreError> {
    tx.free_resolve(generation, used).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_pays_before_the_bank() {
        let quota = FreeQuota { left: 2, total: 5, bank: 3 };
        assert!(quota.covers(5) && !quota.covers(6));
        assert_eq!(quota.after(1), FreeQuota { left: 1, ..quota });
        assert_eq!(quota.after(4), FreeQuota { left: 0, bank: 1, ..quota });
    }
}
