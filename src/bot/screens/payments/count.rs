//! The day's figures of money that came (bot.md 14.2), counted in the transaction that credits it.

use crate::bot::error::TurnError;
use crate::bot::turn::Turn;
use crate::domain::transfer::Account;
use crate::domain::{Money, PayMethod};
use crate::store::Counter;

/// Counts a payment of this turn's person that was credited a moment ago; their first one makes them a payer.
pub(super) async fn credited(turn: &mut Turn<'_>, method: PayMethod, amount: Money) -> Result<(), TurnError> {
    let today = turn.tenant.today(turn.now);
    counted(turn, method, amount, 1).await?;
    let (payments, _) = turn.tx.paid_total(&Account::User(turn.user.user_ref.clone())).await?;
    if payments == 1 {
        turn.tx.counter_add(&today, Counter::Payers, 1).await?;
    }
    Ok(())
}

/// Takes a payment out of the figures again, on the day on which it went back.
pub(super) async fn went_back(turn: &mut Turn<'_>, method: PayMethod, amount: Money) -> Result<(), TurnError> {
    counted(turn, method, Money::kopecks(-amount.as_kopecks()), -1).await
}

/// Puts it in again: it did not go back after all.
pub(super) async fn stays(turn: &mut Turn<'_>, method: PayMethod, amount: Money) -> Result<(), TurnError> {
    counted(turn, method, amount, 1).await
}

async fn counted(turn: &mut Turn<'_>, method: PayMethod, amount: Money, n: i64) -> Result<(), TurnError> {
    let today = turn.tenant.today(turn.now);
    let by_method = match method {
        PayMethod::Stars => Counter::TopUpStars,
        PayMethod::Sbp => Counter::TopUpSbp,
    };
    turn.tx.counter_add(&today, by_method, amount.as_kopecks()).await?;
    turn.tx.counter_add(&today, Counter::Payments, n).await?;
    Ok(())
}
