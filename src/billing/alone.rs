//! When one person's approval does not suffice (reliability.md T03): above a sum, and when a day's sums of one person grow above
//! another, so that a large one is not brought in by parts. The same count of a day keeps small what is credited to one person
//! without anybody (T02).

use super::receipts::BY_ITSELF;
use crate::domain::settings::TenantSettings;
use crate::domain::{Money, UserRef};
use crate::store::{StoreError, TenantTx};

/// Whose approval is looked at, and what the bot allows one person.
#[derive(Debug, Clone, Copy)]
pub struct Alone<'a> {
    /// Who approves, as the audit log names them.
    pub approver: &'a str,
    /// The day of the tenant's zone, `YYYY-MM-DD`.
    pub day: &'a str,
    /// The largest sum; zero: there is no such limit.
    pub most: Money,
    /// The largest sum of a day; zero: there is no such limit.
    pub most_a_day: Money,
}

/// Why a second person must look; with the limit that is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyTwo {
    /// The sum is above what one person approves.
    Amount(Money),
    /// With what the same person approved today it is above what one person approves in a day.
    Day(Money),
}

impl<'a> Alone<'a> {
    /// Of whoever has no such limits: what nobody need look at has its own (`domain/receipt.rs`).
    pub const UNLIMITED: Alone<'static> = Alone { approver: "", day: "", most: Money::ZERO, most_a_day: Money::ZERO };

    /// Of what nobody approves, for one person and day; `name` is [`by_itself`] of the person. Its limit of one sum is in
    /// `domain/receipt.rs`.
    pub fn by_itself(settings: &TenantSettings, name: &'a str, day: &'a str) -> Self {
        Self { approver: name, day, most: Money::ZERO, most_a_day: settings.auto_day_limit() }
    }

    /// By a bot's settings.
    pub fn of(settings: &TenantSettings, approver: &'a str, day: &'a str) -> Self {
        Self { approver, day, most: settings.approval_limit, most_a_day: settings.approval_day_limit }
    }
}

/// Who approves where nobody does, for each person apart; no admin has such a name.
pub fn by_itself(user: &UserRef) -> String {
    format!("{BY_ITSELF}:{user}")
}

/// Counts an approval by one person. `Some`: it takes two, and nothing is counted.
pub async fn approve_alone(tx: &mut TenantTx, alone: Alone<'_>, amount: Money) -> Result<Option<WhyTwo>, StoreError> {
    let Alone { approver, day, most, most_a_day } = alone;
    if most.is_positive() && amount > most {
        return Ok(Some(WhyTwo::Amount(most)));
    }
    if most_a_day.is_positive() && !tx.alone_take(day, approver, amount, most_a_day).await? {
        return Ok(Some(WhyTwo::Day(most_a_day)));
    }
    Ok(None)
}
