//! Charges of Telegram Stars: credited once for each charge, whichever way it becomes known, and taken back once (bot.md 11.4;
//! decisions.md 9, 12). The payment's row and the money go in one transaction.

use super::invoices::stars_worth;
use super::topup::{Paid, TakenBack, TopUp, refund_stars, top_up};
use crate::domain::{Corr, Factor, InvoiceId, InvoiceState, Money, PayMethod, PaymentId, PaymentState, UnixMs};
use crate::store::{Decision, InvoiceRow, NewPayment, PaymentRow, StoreError, TenantTx, UserRow};

/// What a reviewer reads of a charge that no request explains.
pub const FLAG_UNKNOWN: &str = "unknown_payload";

/// A charge as Telegram tells it.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    /// Telegram's name for it.
    pub id: &'a str,
    /// What the invoice hid.
    pub payload: &'a str,
    /// Stars.
    pub stars: i64,
    /// Telegram's own list shows it: not only somebody's word.
    pub listed: bool,
}

/// What came of a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charged {
    /// Credited now.
    Credited {
        /// Its row.
        payment: PaymentId,
        /// What was credited.
        amount: Money,
        /// What of it repaid a debt.
        top_up: TopUp,
        /// No request explains it: admins should know.
        unknown: bool,
    },
    /// Known before.
    Before,
    /// No request explains it: it waits for Telegram's own list.
    Waiting(PaymentId),
    /// Less than a kopeck, or a sum beyond all bounds: nothing to credit.
    Nothing,
}

/// Credits a charge once. `rate` is the tenant's, for charges that no request explains.
pub async fn charge_stars(
    tx: &mut TenantTx,
    user: &UserRow,
    charge: &Charge<'_>,
    rate: Factor,
    corr: &Corr,
    now: UnixMs,
) -> Result<Charged, StoreError> {
    if let Some(known) = tx.payment_by_charge(charge.id).await? {
        return if known.state == PaymentState::Waiting && charge.listed {
            credit_waiting(tx, &known, corr, now).await
        } else {
            Ok(Charged::Before)
        };
    }
    let invoice = asked_for(tx, user, charge).await?;
    let amount = match &invoice {
        Some(invoice) => invoice.amount,
        None => match stars_worth(charge.stars, rate).filter(|worth| worth.is_positive()) {
            Some(worth) => worth,
            None => return Ok(Charged::Nothing),
        },
    };
    let waits = invoice.is_none() && !charge.listed;
    let (id, source) = (PaymentId::random(), format!("stars:{}", charge.id));
    let new = NewPayment {
        id: &id,
        invoice_id: invoice.as_ref().map(|invoice| &invoice.id),
        user_id: user.user_id,
        user_ref: &user.user_ref,
        method: PayMethod::Stars,
        state: if waits { PaymentState::Waiting } else { PaymentState::Approved },
        amount,
        stars: Some(charge.stars),
        charge_id: Some(charge.id),
        source: &source,
        attempt: 1,
        media_id: None,
        file_unique_id: None,
        sha256: None,
        evidence: None,
        flags: if invoice.is_none() { FLAG_UNKNOWN } else { "" },
        corr,
    };
    if !tx.payment_insert(&new, now).await? {
        return Ok(Charged::Before);
    }
    if waits {
        return Ok(Charged::Waiting(id));
    }
    let top_up = top_up(tx, &user.user_ref, Paid::Stars(charge.id), amount, corr, now).await?;
    if let Some(invoice) = &invoice {
        // A second charge of one request finds it approved, and an expired one was paid all the same.
        let open = [InvoiceState::Open, InvoiceState::Expired];
        tx.invoice_move(&invoice.id, &open, InvoiceState::Approved, now).await?;
    }
    Ok(Charged::Credited { payment: id, amount, top_up, unknown: invoice.is_none() })
}

/// The request that a charge pays: this person's, for these Stars.
async fn asked_for(tx: &mut TenantTx, user: &UserRow, charge: &Charge<'_>) -> Result<Option<InvoiceRow>, StoreError> {
    let Ok(id) = InvoiceId::parse(charge.payload) else { return Ok(None) };
    let invoice = tx.invoice_get(&id).await?;
    Ok(invoice.filter(|invoice| invoice.user_id == user.user_id && invoice.stars == Some(charge.stars)))
}

async fn credit_waiting(
    tx: &mut TenantTx,
    known: &PaymentRow,
    corr: &Corr,
    now: UnixMs,
) -> Result<Charged, StoreError> {
    let listed = Decision { from: PaymentState::Waiting, to: PaymentState::Approved, by: "auto", reason: None };
    let (Some(charge), true) = (&known.charge_id, tx.payment_decide(&known.id, &listed, now).await?) else {
        return Ok(Charged::Before);
    };
    let top_up = top_up(tx, &known.user_ref, Paid::Stars(charge), known.amount, corr, now).await?;
    Ok(Charged::Credited { payment: known.id.clone(), amount: known.amount, top_up, unknown: true })
}

/// What came of Telegram's word that a charge went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WentBack {
    /// The money is taken back now.
    Taken(TakenBack),
    /// It was taken back when the refund was begun here, or nothing had been credited.
    Settled,
    /// Told before.
    Before,
    /// A charge that is not known here.
    Unknown,
}

/// Telegram says that a charge went back: by our own refund, by support, or by the store's chargeback.
pub async fn stars_went_back(
    tx: &mut TenantTx,
    charge: &str,
    corr: &Corr,
    now: UnixMs,
) -> Result<WentBack, StoreError> {
    let Some(known) = tx.payment_by_charge(charge).await? else { return Ok(WentBack::Unknown) };
    for from in [PaymentState::Refunding, PaymentState::Waiting] {
        let decision = Decision { from, to: PaymentState::Refunded, by: "auto", reason: None };
        if tx.payment_decide(&known.id, &decision, now).await? {
            close_request(tx, &known, now).await?;
            return Ok(WentBack::Settled);
        }
    }
    let Some(n) = tx.payment_refund_begins(&known.id, PaymentState::Refunded, now).await? else {
        return Ok(WentBack::Before);
    };
    close_request(tx, &known, now).await?;
    refund_stars(tx, &known.user_ref, charge, n, known.amount, corr, now).await.map(WentBack::Taken)
}

/// The request of a charge that went back says so, too.
pub async fn close_request(tx: &mut TenantTx, payment: &PaymentRow, now: UnixMs) -> Result<(), StoreError> {
    if let Some(invoice) = &payment.invoice_id {
        tx.invoice_move(invoice, &[InvoiceState::Approved], InvoiceState::Closed, now).await?;
    }
    Ok(())
}
