//! Transfers that people prove by a picture: claimed, approved, rejected, taken back (bot.md 11.3; decisions.md 11).
//!
//! Whoever decides holds the request's row first, so that of two deciders one finds what the other has decided. A picture is
//! never the key of money: the request is, so one request is credited once whatever pictures come for it (reliability.md T01).

use std::time::Duration;

use super::alone::{Alone, approve_alone};
use super::topup::{Paid, TakenBack, TopUp, reverse_sbp, top_up};
use crate::domain::receipt::ReceiptFlag;
use crate::domain::{Corr, InvoiceId, InvoiceState, MediaId, PayMethod, PaymentId, PaymentState, UnixMs};
use crate::store::{Decision, NewPayment, PaymentRow, StoreError, TenantTx};

/// Who decided, where it was no person.
pub const BY_ITSELF: &str = "auto";

/// Requests by which money may come: one that expired was paid in time, perhaps, and a person has seen that.
const CREDITABLE: [InvoiceState; 3] = [InvoiceState::Open, InvoiceState::Review, InvoiceState::Expired];

/// A picture that came for a request, looked at and read.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The payment's name.
    pub id: &'a PaymentId,
    /// For which request.
    pub invoice: &'a InvoiceId,
    /// Names the fact: told twice, claimed once.
    pub source: &'a str,
    /// The picture, in the tenant's store.
    pub media: &'a MediaId,
    /// The same for every copy of the file at Telegram.
    pub file_unique_id: Option<&'a str>,
    /// Of the picture, in hexadecimal.
    pub sha256: &'a str,
    /// What was read in it, sealed.
    pub evidence: Option<&'a [u8]>,
    /// What a reviewer should know, as words with commas.
    pub flags: &'a str,
    /// Nobody need look at it ([`verdict`](crate::domain::receipt::verdict)), within these limits; `None`: a person does.
    pub alone: Option<Alone<'a>>,
    /// When its sender sent it: a picture that came in time is in time however late it is looked at.
    pub accepted_at: UnixMs,
    /// Pictures that one request may have.
    pub most: i64,
    /// The story it belongs to.
    pub corr: &'a Corr,
    /// When.
    pub now: UnixMs,
}

/// What came of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// Credited at once.
    Credited(Box<Credited>),
    /// A person decides.
    Review(Box<PaymentRow>),
    /// The same picture waits for a decision on the same request.
    Waiting,
    /// The picture was used before; so many more may be sent.
    Duplicate(i64),
    /// No more pictures are taken for this request.
    Over,
    /// The request is not open any more.
    Closed,
    /// Told before.
    Before,
}

/// Money of a transfer that was credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credited {
    /// Its row, as it is now.
    pub payment: PaymentRow,
    /// What came of the credit.
    pub top_up: TopUp,
    /// Other pictures of the same request, which need no decision any more.
    pub superseded: Vec<PaymentId>,
}

/// What came of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// Credited now.
    Credited(Box<Credited>),
    /// The first of two; somebody else must approve, too.
    First(Box<PaymentRow>),
    /// The same person was the first of two.
    SamePerson,
    /// Somebody was faster.
    Decided(Box<PaymentRow>),
    /// Its request is decided otherwise or closed: by it nothing can be credited any more.
    Closed,
    /// There is no such transfer.
    Missing,
}

/// What came of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// Refused now; so many more pictures may be sent.
    Rejected(Box<PaymentRow>, i64),
    /// Somebody was faster.
    Decided(Box<PaymentRow>),
    /// There is no such transfer.
    Missing,
}

/// What came of taking an approved transfer back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversal {
    /// Taken back now.
    Reversed(Box<PaymentRow>, TakenBack),
    /// It is not approved, or was taken back before.
    Decided(Box<PaymentRow>),
    /// There is no such transfer.
    Missing,
}

/// Takes a picture for a request, once for each fact. Whoever sends one after the request's time may have paid all the same, so
/// it is taken, too, and a person decides; a request that was decided takes none.
pub async fn claim(tx: &mut TenantTx, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
    if !tx.invoice_lock(claim.invoice, claim.now).await? {
        return Ok(Claimed::Closed);
    }
    if tx.payment_by_source(claim.source).await?.is_some() {
        return Ok(Claimed::Before);
    }
    let known = tx.payment_of_picture(claim.sha256, claim.file_unique_id.unwrap_or_default()).await?;
    let of_this = |known: &PaymentRow| known.invoice_id.as_ref() == Some(claim.invoice);
    if known.as_ref().is_some_and(|known| of_this(known) && known.state == PaymentState::Review) {
        return Ok(Claimed::Waiting);
    }
    let Some(attempt) = tx.invoice_attempt(claim.invoice, claim.most, claim.now).await? else {
        let invoice = tx.invoice_get(claim.invoice).await?;
        let over = invoice
            .is_some_and(|invoice| CREDITABLE.contains(&invoice.state) || invoice.state == InvoiceState::Rejected);
        return Ok(if over { Claimed::Over } else { Claimed::Closed });
    };
    // Another transaction may record the same picture at this moment: the index lets one in.
    if known.is_some() || !record(tx, claim, attempt, PaymentState::Review).await? {
        record(tx, claim, attempt, PaymentState::Duplicate).await?;
        close_if_spent(tx, claim, attempt).await?;
        return Ok(Claimed::Duplicate((claim.most - attempt).max(0)));
    }
    let in_time = under_review(tx, claim).await?;
    if let Some(alone) = claim.alone.filter(|_| in_time)
        && let Some(credited) = without_a_person(tx, claim, alone).await?
    {
        return Ok(Claimed::Credited(credited));
    }
    Ok(Claimed::Review(Box::new(recorded(tx, claim).await?)))
}

async fn recorded(tx: &mut TenantTx, claim: &Claim<'_>) -> Result<PaymentRow, StoreError> {
    let row = tx.payment_get(claim.id).await?;
    row.ok_or_else(|| StoreError::Refused("a payment that was recorded is gone".to_owned()))
}

/// Puts the request under review. `false`: the picture came after its time, or another request asks for the same sum by now; the
/// request stays expired then. A person decides, whatever the picture shows.
async fn under_review(tx: &mut TenantTx, claim: &Claim<'_>) -> Result<bool, StoreError> {
    let Some(invoice) = tx.invoice_get(claim.invoice).await? else { return Ok(false) };
    if invoice.state == InvoiceState::Review {
        return Ok(true);
    }
    if invoice.state == InvoiceState::Expired && !tx.invoice_revive(claim.invoice, claim.now).await? {
        tx.payment_flag(claim.id, ReceiptFlag::Taken.as_str()).await?;
        return Ok(false);
    }
    tx.invoice_move(claim.invoice, &[InvoiceState::Open], InvoiceState::Review, claim.now).await?;
    Ok(claim.accepted_at < invoice.expires_at)
}

/// Credits a picture without a person, unless that is more than one person may get so on a day.
async fn without_a_person(
    tx: &mut TenantTx,
    claim: &Claim<'_>,
    alone: Alone<'_>,
) -> Result<Option<Box<Credited>>, StoreError> {
    let amount = recorded(tx, claim).await?.amount;
    if approve_alone(tx, alone, amount).await?.is_some() {
        tx.payment_flag(claim.id, ReceiptFlag::Day.as_str()).await?;
        return Ok(None);
    }
    match approve(tx, claim.id, BY_ITSELF, Alone::UNLIMITED, claim.corr, claim.now).await? {
        Approval::Credited(credited) => Ok(Some(credited)),
        other => Err(StoreError::Refused(format!("a transfer was not credited: {other:?}"))),
    }
}

async fn record(tx: &mut TenantTx, claim: &Claim<'_>, attempt: i64, state: PaymentState) -> Result<bool, StoreError> {
    let Some(invoice) = tx.invoice_get(claim.invoice).await? else { return Ok(false) };
    let kept = state == PaymentState::Review;
    let new = NewPayment {
        id: claim.id,
        invoice_id: Some(claim.invoice),
        user_id: invoice.user_id,
        user_ref: &invoice.user_ref,
        method: PayMethod::Sbp,
        state,
        amount: invoice.amount,
        stars: None,
        charge_id: None,
        source: claim.source,
        attempt,
        // Of a picture that came before nothing is kept.
        media_id: kept.then_some(claim.media),
        file_unique_id: claim.file_unique_id,
        sha256: Some(claim.sha256),
        evidence: claim.evidence.filter(|_| kept),
        flags: claim.flags,
        corr: claim.corr,
    };
    tx.payment_insert(&new, claim.now).await
}

/// A request whose last picture was no good is refused, unless another one waits for a decision.
async fn close_if_spent(tx: &mut TenantTx, claim: &Claim<'_>, attempt: i64) -> Result<(), StoreError> {
    if attempt >= claim.most && tx.reviews_of_invoice(claim.invoice).await? == 0 {
        tx.invoice_move(claim.invoice, &[InvoiceState::Open], InvoiceState::Rejected, claim.now).await?;
    }
    Ok(())
}

/// The transfer under its request's lock, and the request; `None`: there is none such.
async fn held(tx: &mut TenantTx, id: &PaymentId, now: UnixMs) -> Result<Option<(PaymentRow, InvoiceId)>, StoreError> {
    let found = tx.payment_get(id).await?.filter(|payment| payment.method == PayMethod::Sbp);
    let Some(invoice) = found.and_then(|payment| payment.invoice_id) else { return Ok(None) };
    if !tx.invoice_lock(&invoice, now).await? {
        return Ok(None);
    }
    // Read again: what was decided while the lock was waited for.
    Ok(tx.payment_get(id).await?.map(|payment| (payment, invoice)))
}

/// Approves a transfer and credits its request, once. Where one person does not suffice ([`approve_alone`]) two must.
pub async fn approve(
    tx: &mut TenantTx,
    id: &PaymentId,
    by: &str,
    alone: Alone<'_>,
    corr: &Corr,
    now: UnixMs,
) -> Result<Approval, StoreError> {
    let Some((payment, invoice)) = held(tx, id, now).await? else { return Ok(Approval::Missing) };
    if payment.state != PaymentState::Review {
        return Ok(Approval::Decided(Box::new(payment)));
    }
    if tx.invoice_get(&invoice).await?.is_none_or(|request| !CREDITABLE.contains(&request.state)) {
        return Ok(Approval::Closed);
    }
    let first = tx.review_first_by(id).await?;
    // Whoever was the first may suffice by now: a new day, another limit.
    let alone_again = first.as_deref().is_none_or(|first| first == by);
    if alone_again && approve_alone(tx, alone, payment.amount).await?.is_some() {
        if first.is_some() {
            return Ok(Approval::SamePerson);
        }
        tx.review_first_approval(id, by, now).await?;
        return Ok(Approval::First(Box::new(payment)));
    }
    let decision = Decision { from: PaymentState::Review, to: PaymentState::Approved, by, reason: None };
    if !tx.payment_decide(id, &decision, now).await?
        || !tx.invoice_move(&invoice, &CREDITABLE, InvoiceState::Approved, now).await?
    {
        return Err(StoreError::Refused("a transfer moved although its request was held".to_owned()));
    }
    let top_up = top_up(tx, &payment.user_ref, Paid::Sbp(&invoice), payment.amount, corr, now).await?;
    let superseded = tx.payments_supersede(&invoice, id, now).await?;
    let payment = tx.payment_get(id).await?.unwrap_or(payment);
    Ok(Approval::Credited(Box::new(Credited { payment, top_up, superseded })))
}

/// Refuses a transfer. While pictures are left of `most`, its request is open again, for `life` at least.
pub async fn reject(
    tx: &mut TenantTx,
    id: &PaymentId,
    by: &str,
    reason: &str,
    (most, life): (i64, Duration),
    now: UnixMs,
) -> Result<Rejection, StoreError> {
    let Some((payment, invoice)) = held(tx, id, now).await? else { return Ok(Rejection::Missing) };
    let decision = Decision { from: PaymentState::Review, to: PaymentState::Rejected, by, reason: Some(reason) };
    if !tx.payment_decide(id, &decision, now).await? {
        return Ok(Rejection::Decided(Box::new(payment)));
    }
    let attempts = tx.invoice_get(&invoice).await?.map_or(most, |invoice| invoice.attempts);
    let left = (most - attempts).max(0);
    if tx.reviews_of_invoice(&invoice).await? == 0 {
        if left > 0 {
            tx.invoice_reopen(&invoice, now.plus(life), now).await?;
        } else {
            tx.invoice_move(&invoice, &[InvoiceState::Review], InvoiceState::Rejected, now).await?;
        }
    }
    let payment = tx.payment_get(id).await?.unwrap_or(payment);
    Ok(Rejection::Rejected(Box::new(payment), left))
}

/// Takes an approved transfer back that was approved by mistake: what the person can spend, and the rest as a debt.
pub async fn reverse(tx: &mut TenantTx, id: &PaymentId, corr: &Corr, now: UnixMs) -> Result<Reversal, StoreError> {
    let Some((payment, invoice)) = held(tx, id, now).await? else { return Ok(Reversal::Missing) };
    if tx.payment_refund_begins(id, PaymentState::Refunded, now).await?.is_none() {
        return Ok(Reversal::Decided(Box::new(payment)));
    }
    let taken = reverse_sbp(tx, &payment.user_ref, &invoice, payment.amount, corr, now).await?;
    tx.invoice_move(&invoice, &[InvoiceState::Approved], InvoiceState::Closed, now).await?;
    let payment = tx.payment_get(id).await?.unwrap_or(payment);
    Ok(Reversal::Reversed(Box::new(payment), taken))
}
