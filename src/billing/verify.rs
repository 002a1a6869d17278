//! Whether a tenant's ledger can be trusted (reliability.md 3.1; decisions.md 10): its rules, and the chain over its transfers.
//!
//! [`verify`] asks everything at once and changes nothing. [`check`] is what runs every minute: it seals what is new, compares
//! the accounts that moved with what their transfers come to, and goes a step along the chain; every rule is asked about every
//! row when that is due, when the ledger is small, or when a balance does not fit.

use std::fmt;
use std::time::Duration;

use super::chain::{Walked, seal, walk};
use crate::domain::{BotInstanceId, UnixMs};
use crate::store::ledger::ViolationRow;
use crate::store::{Db, LedgerCheckRow, StoreError};
use crate::vault::Vault;

/// Transfers sealed in one transaction.
const BATCH: i64 = 500;
/// Links read in one transaction.
const STEP: i64 = 2_000;
/// Steps of a check in which everything is due.
const STEPS: usize = 10;
/// A transaction that moved money has ended, one way or the other, so long after the moment it wrote down.
const SETTLED: Duration = Duration::from_mins(10);
/// A ledger of so few transfers is asked everything each time.
const SMALL: i64 = 1_000;
/// Faults that a result names.
const NAMED: usize = 20;

/// What is wrong, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which rule is broken.
    pub fault: String,
    /// The account, transfer, unit or generation; a link is `#` and its number.
    pub subject: String,
}

impl Fault {
    /// A fault of the chain.
    pub(super) fn at(fault: &str, seq: i64, transfer: &str) -> Self {
        Self { fault: fault.to_owned(), subject: format!("#{seq} {transfer}").trim_end().to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.fault, self.subject)
    }
}

impl From<ViolationRow> for Fault {
    fn from(row: ViolationRow) -> Self {
        Self { fault: row.fault, subject: row.subject }
    }
}

/// What a whole verification came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Transfers there are.
    pub transfers: i64,
    /// How many of them are sealed.
    pub sealed: i64,
    /// Everything that is wrong; empty is green.
    pub faults: Vec<Fault>,
}

/// What a check came to, to be written with [`crate::store::TenantTx::ledger_check_put`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The result.
    pub row: LedgerCheckRow,
    /// How far the rolling walk is now; 0: it begins anew.
    pub walked: i64,
    /// It was green before, or never checked.
    pub turned_red: bool,
}

/// Asks every rule and goes along the whole chain; changes nothing.
pub async fn verify(db: &Db, vault: &Vault, tenant: &BotInstanceId) -> Result<Verified, StoreError> {
    let mut tx = db.tenant_read(tenant).await?;
    // The head last: links that are written meanwhile are beyond it, never missing before it.
    let (transfers, sealed) = tx.ledger_counts().await?;
    let head = tx.ledger_head().await?;
    drop(tx);
    let mut faults = rules(db, tenant).await?;
    let (seq, hash) = head.map_or((0, String::new()), |head| (head.seq, head.hash));
    if seq == 0 && sealed > 0 {
        faults.push(Fault::at("head_missing", sealed, ""));
    }
    let mut at = Walked { to: 0, hash: String::new(), faults: Vec::new() };
    while at.to < seq {
        let most = STEP.min(seq - at.to);
        let next = step(db, vault, tenant, at.to, most).await?;
        faults.extend(next.faults.iter().cloned());
        if next.to == at.to {
            break;
        }
        at = next;
    }
    faults.extend(end_of_chain(&at, seq, &hash));
    Ok(Verified { transfers, sealed, faults })
}

/// What the chain's last link, kept apart, says of its end.
fn end_of_chain(at: &Walked, seq: i64, hash: &str) -> Option<Fault> {
    if at.to < seq {
        return Some(Fault::at("chain_cut", at.to + 1, ""));
    }
    (at.to == seq && at.hash != hash).then(|| Fault::at("head_differs", seq, ""))
}

/// Checks a ledger beside the work on it, and seals what is new. Every rule is asked about every row if `whole`.
pub async fn check(
    db: &Db,
    vault: &Vault,
    tenant: &BotInstanceId,
    whole: bool,
    now: UnixMs,
) -> Result<Checked, StoreError> {
    let mut tx = db.tenant_read(tenant).await?;
    let before = tx.ledger_check_get().await?;
    let head = tx.ledger_head().await?;
    drop(tx);
    let red = before.as_ref().is_some_and(|before| before.faults > 0);
    let whole = whole || red || before.is_none();
    let reached = head.as_ref().map_or(UnixMs(0), |head| head.reached);
    let (sealed, fits) = seal_all(db, vault, tenant, reached.minus(SETTLED), whole).await?;
    let whole = whole || !fits || sealed <= SMALL;
    // A red ledger is asked everything until it is green: a step along the chain might pass by what is wrong.
    let (faults, walked) = if red {
        (verify(db, vault, tenant).await?.faults, 0)
    } else {
        let mut faults = if whole { rules(db, tenant).await? } else { Vec::new() };
        let begin = head.map_or(0, |head| head.walked);
        let walked = roll(db, vault, tenant, begin, if whole { STEPS } else { 1 }, &mut faults).await?;
        (faults, walked)
    };
    let full_at = before.as_ref().map_or(now, |before| if whole { now } else { before.full_at });
    let turned_red = !red && !faults.is_empty();
    let turns = before.map_or(0, |before| before.turns) + i64::from(turned_red);
    let named: Vec<String> = faults.iter().take(NAMED).map(ToString::to_string).collect();
    let (faults, detail) = (i64::try_from(faults.len()).unwrap_or(i64::MAX), named.join("\n"));
    Ok(Checked { row: LedgerCheckRow { checked_at: now, full_at, sealed, faults, detail, turns }, walked, turned_red })
}

async fn rules(db: &Db, tenant: &BotInstanceId) -> Result<Vec<Fault>, StoreError> {
    let mut tx = db.tenant_read(tenant).await?;
    tx.ledger_be_patient().await?;
    Ok(tx.ledger_violations().await?.into_iter().map(Fault::from).collect())
}

async fn step(db: &Db, vault: &Vault, tenant: &BotInstanceId, after: i64, most: i64) -> Result<Walked, StoreError> {
    let mut tx = db.tenant_read(tenant).await?;
    walk(&mut tx, vault, after, most).await
}

/// Seals what is new, batch by batch; if `whole`, also what a clock that was wrong dated back. Gives how many are sealed, and
/// whether the accounts that moved fit their transfers: not asked if `whole`, because the rules then say it of all.
async fn seal_all(
    db: &Db,
    vault: &Vault,
    tenant: &BotInstanceId,
    since: UnixMs,
    whole: bool,
) -> Result<(i64, bool), StoreError> {
    let mut since =
        if whole { oldest_unsealed(db, tenant).await?.map_or(since, |oldest| oldest.min(since)) } else { since };
    let mut fits = true;
    loop {
        let mut tx = db.tenant(tenant).await?;
        let sealed = seal(&mut tx, vault, since, BATCH).await?;
        for account in sealed.accounts.iter().filter(|_| !whole) {
            let drift = tx.ledger_drift(account, since).await?;
            fits &= drift.is_some_and(|drift| drift.posted == 0 && drift.held == 0);
        }
        tx.commit().await?;
        if i64::try_from(sealed.count).unwrap_or(BATCH) < BATCH {
            return Ok((sealed.head.seq, fits));
        }
        since = since.max(sealed.until.minus(SETTLED));
    }
}

/// Looked for on a reader: it may be a long way, and nobody waits for it.
async fn oldest_unsealed(db: &Db, tenant: &BotInstanceId) -> Result<Option<UnixMs>, StoreError> {
    let mut tx = db.tenant_read(tenant).await?;
    tx.ledger_be_patient().await?;
    Ok(tx.ledger_unsealed(UnixMs(i64::MIN), 1).await?.first().map(|row| row.created_at))
}

/// Goes on along the chain from where the last check stopped. Gives where this one stopped; 0 at the end.
async fn roll(
    db: &Db,
    vault: &Vault,
    tenant: &BotInstanceId,
    begin: i64,
    steps: usize,
    faults: &mut Vec<Fault>,
) -> Result<i64, StoreError> {
    let mut at = begin;
    for _ in 0..steps {
        let mut tx = db.tenant_read(tenant).await?;
        let head = tx.ledger_head().await?;
        let walked = walk(&mut tx, vault, at, STEP).await?;
        drop(tx);
        let more = walked.to - at >= STEP;
        at = walked.to;
        faults.extend(walked.faults.iter().cloned());
        if !more {
            faults.extend(head.and_then(|head| end_of_chain(&walked, head.seq, &head.hash)));
            return Ok(0);
        }
    }
    Ok(at)
}
