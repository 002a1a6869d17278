//! Crediting a person by hand (bot.md 14.4): once per prepared operation, audited, told, and never counted as income.

use super::{Hands, News};
use crate::accounts::audit::{self, Act};
use crate::billing;
use crate::bot::callback::Callback;
use crate::bot::screens::home;
use crate::bot::turn::arg;
use crate::domain::outgoing::Keyboard;
use crate::domain::{AuditAction, Money};
use crate::store::{Counter, ManualCreditRow, StoreError, TenantTx, UserRow};

/// The least and the most that is credited at once (bot.md 6.3).
pub const AMOUNTS: std::ops::RangeInclusive<Money> = Money::kopecks(1)..=Money::kopecks(10_000_000);

/// Credits what was prepared for `person`. `None`: it was credited before, and nothing changed.
pub async fn credit(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    credit: &ManualCreditRow,
    person: &UserRow,
) -> Result<Option<News>, StoreError> {
    if !tx.manual_credit_done(&credit.id, hands.now).await? {
        return Ok(None);
    }
    let before = billing::balance(tx, &person.user_ref).await?.available;
    let corr = hands.actor.corr;
    billing::credit(tx, &person.user_ref, credit.id.short(), credit.amount, corr, hands.now).await?;
    let after = billing::balance(tx, &person.user_ref).await?.available;
    let today = hands.tenant.today(hands.now);
    tx.counter_add(&today, Counter::ManualCredits, credit.amount.as_kopecks()).await?;
    let object = audit::person(person.user_id);
    let (was, became) = (before.to_string(), after.to_string());
    let act = Act::new(AuditAction::ManualCredit, &object).changed(Some(&was), Some(&became));
    hands.note(tx, act.because(Some(&credit.reason))).await?;
    let theirs = hands.words_of(person);
    let keyboard = Keyboard::new().row([Callback::Balance.button(theirs.get("btn-balance"))]).row([home(theirs)]);
    Ok(Some(News::screen(person, theirs.fmt("credit-told", arg("amount", credit.amount)), keyboard)))
}
