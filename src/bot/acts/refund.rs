//! Sending Stars back (bot.md 11.4; reliability.md T08): the money is taken back here now, Telegram is told by a job. Two orders
//! are one refund.

use super::Hands;
use crate::accounts::audit::{self, Act};
use crate::billing::{self, TakenBack};
use crate::bot::jobs::payments::{RefundStars, put_refund};
use crate::domain::{AuditAction, PaymentState};
use crate::store::{Counter, PaymentRow, StoreError, TenantTx};

/// What came of ordering a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// The money is taken back, and Telegram is told.
    Now(TakenBack),
    /// It is not an approved charge of Stars, or its refund was begun before.
    Before,
    /// Whose charge it was is erased: Telegram cannot be told whom to give it to.
    Erased,
}

/// Begins the refund of a charge of Stars. `by` is whoever orders it, as the audit log names them.
pub async fn stars(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    by: &str,
    payment: &PaymentRow,
    why: Option<&str>,
) -> Result<Begun, StoreError> {
    let (corr, now) = (hands.actor.corr, hands.now);
    if payment.user_id.is_erased() {
        return Ok(Begun::Erased);
    }
    let Some(charge) = &payment.charge_id else { return Ok(Begun::Before) };
    let Some(n) = tx.payment_refund_begins(&payment.id, PaymentState::Refunding, now).await? else {
        return Ok(Begun::Before);
    };
    let taken = billing::refund_stars(tx, &payment.user_ref, charge, n, payment.amount, corr, now).await?;
    // The day's figures lose it on the day on which it goes back.
    let today = hands.tenant.today(now);
    tx.counter_add(&today, Counter::TopUpStars, -payment.amount.as_kopecks()).await?;
    tx.counter_add(&today, Counter::Payments, -1).await?;
    put_refund(tx, &RefundStars { payment: payment.id.clone(), n }, corr, now).await?;
    let object = format!("payment:{}", payment.id.short());
    let amount = payment.amount.to_string();
    let act = Act::new(AuditAction::PaymentRefunded, &object).changed(Some(&amount), None).because(why);
    audit::record_as(tx, by, hands.actor.door, corr, act, now).await?;
    tracing::info!(amount = payment.amount.as_kopecks(), "Stars are sent back");
    Ok(Begun::Now(taken))
}
