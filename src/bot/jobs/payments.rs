//! Work that money in leaves to the workers.

use serde::{Deserialize, Serialize};

use super::{Asked, SentFile, insert};
use crate::domain::{Corr, InvoiceId, Lane, PaymentId, UnixMs, UpdateId, UserId};
use crate::store::{StoreError, TenantTx};

/// Tells Telegram to give a charge of Stars back; the money is taken back here already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundStars {
    /// Which payment.
    pub payment: PaymentId,
    /// Which refund of it, from 1.
    pub n: i64,
}

impl RefundStars {
    /// The kind, as stored.
    pub const KIND: &'static str = "refund_stars";
    /// Where it waits.
    pub const LANE: Lane = Lane::Deliver;
    /// Tries before it is given up; while the payment stands as it does, `worker/till.rs` puts it again.
    pub const MAX_ATTEMPTS: i64 = 20;
}

/// Puts the job of one refund: the same refund twice is told once.
pub async fn put_refund(tx: &mut TenantTx, job: &RefundStars, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    let asked = Asked { by: &format!("{}:{}", job.payment.short(), job.n), corr, run_at: now };
    insert(tx, job, (RefundStars::KIND, RefundStars::LANE, RefundStars::MAX_ATTEMPTS), asked, now).await
}

/// Compares the tenant's charges with Telegram's own list of its Stars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareStars {}

impl CompareStars {
    /// The kind, as stored.
    pub const KIND: &'static str = "compare_stars";
    /// Where it waits.
    pub const LANE: Lane = Lane::Sweep;
    /// Tries before it is given up; the next one is due soon.
    pub const MAX_ATTEMPTS: i64 = 3;
}

/// Puts a comparison, unless one waits or runs.
pub async fn put_compare(tx: &mut TenantTx, job: &CompareStars, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    let asked = Asked { by: "all", corr, run_at: now };
    insert(tx, job, (CompareStars::KIND, CompareStars::LANE, CompareStars::MAX_ATTEMPTS), asked, now).await
}

/// Fetches the picture of a transfer, looks at it and reads it; its outcome is told by
/// [`receipt_checked`](crate::bot::screens::payments::receipt_checked). Whoever sent it waits, so however it goes it has an
/// outcome: the last try, and whatever was given up without one, leaves the looking to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReceipt {
    /// Who sent it, in their private chat.
    pub user: UserId,
    /// For which request.
    pub invoice: InvoiceId,
    /// What the payment will be called: the same however often this runs.
    pub payment: PaymentId,
    /// The picture at Telegram.
    pub file: SentFile,
    /// When it came; 0 in jobs of before this was noted: in time.
    #[serde(default)]
    pub accepted_at: UnixMs,
    /// Given up before: nothing is done with the picture but to show it to a person.
    #[serde(default)]
    pub to_a_person: bool,
}

impl CheckReceipt {
    /// The kind, as stored.
    pub const KIND: &'static str = "check_receipt";
    /// Where it waits.
    pub const LANE: Lane = Lane::Media;
    /// Tries before it is given up: with the pauses between them some minutes of a store or a database that is away.
    pub const MAX_ATTEMPTS: i64 = 9;
}

/// Puts the job of one update: the same update twice is looked at once.
pub async fn put_check(
    tx: &mut TenantTx,
    job: &CheckReceipt,
    update: UpdateId,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let asked = Asked { by: &format!("{}:{update}", job.user), corr, run_at: now };
    insert(tx, job, (CheckReceipt::KIND, CheckReceipt::LANE, CheckReceipt::MAX_ATTEMPTS), asked, now).await
}

/// Puts once more what was given up without an outcome, for a person to look at.
pub async fn put_for_a_person(
    tx: &mut TenantTx,
    job: &CheckReceipt,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let job = CheckReceipt { to_a_person: true, ..job.clone() };
    let asked = Asked { by: &format!("{}:person", job.payment.short()), corr, run_at: now };
    insert(tx, &job, (CheckReceipt::KIND, CheckReceipt::LANE, CheckReceipt::MAX_ATTEMPTS), asked, now).await
}

/// Reads a picture for an admin, who is shown the text once (S-50).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestOcr {
    /// For whom.
    pub user: UserId,
    /// The picture at Telegram.
    pub file: SentFile,
}

impl TestOcr {
    /// The kind, as stored.
    pub const KIND: &'static str = "test_ocr";
    /// Where it waits.
    pub const LANE: Lane = Lane::Media;
    /// Tries before it is given up.
    pub const MAX_ATTEMPTS: i64 = 3;
}

/// Puts the job of one update.
pub async fn put_ocr_test(
    tx: &mut TenantTx,
    job: &TestOcr,
    update: UpdateId,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let asked = Asked { by: &format!("{}:{update}", job.user), corr, run_at: now };
    insert(tx, job, (TestOcr::KIND, TestOcr::LANE, TestOcr::MAX_ATTEMPTS), asked, now).await
}
