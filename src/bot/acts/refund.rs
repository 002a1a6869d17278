//! Sending Stars back (bot.md 11.4; reliability.md T08): the money is taken back here now, Telegram is told by a job. Two orders
//! are one refund.

use super::Hands;
use crate::accounts::audit::Act;
use crate::billing;
use crate::bot::jobs::payments::{RefundStars, put_refund};
use crate::domain::{AuditAction, PaymentState};
use crate::store::{Counter, PaymentRow, StoreError, TenantTx};

/// Begins the refund of a charge of Stars. `false`: it is not an approved one, or its refund was begun before.
pub async fn stars(tx: &mut TenantTx, hands: &Hands<'_>, payment: &PaymentRow) -> Result<bool, StoreError> {
    let (corr, now) = (hands.actor.corr, hands.now);
    let Some(charge) = &payment.charge_id else { return Ok(false) };
    let Some(n) = tx.payment_refund_begins(&payment.id, PaymentState::Refunding, now).await? else {
        return Ok(false);
    };
    billing::refund_stars(tx, &payment.user_ref, charge, n, payment.amount, corr, now).await?;
    // The day's figures lose it on the day on which it goes back.
    let today = hands.tenant.today(now);
    tx.counter_add(&today, Counter::TopUpStars, -payment.amount.as_kopecks()).await?;
    tx.counter_add(&today, Counter::Payments, -1).await?;
    put_refund(tx, &RefundStars { payment: payment.id.clone(), n }, corr, now).await?;
    let object = format!("payment:{}", payment.id.short());
    let amount = payment.amount.to_string();
    hands.note(tx, Act::new(AuditAction::PaymentRefunded, &object).changed(Some(&amount), None)).await?;
    tracing::info!(amount = payment.amount.as_kopecks(), "Stars are sent back");
    Ok(true)
}
