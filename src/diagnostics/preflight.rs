//! The billing preflight of one tenant (platform.md 5): can its money and rows be trusted now. Every section opens a
//! transaction of its own, so one that fails takes none with it; nothing of another tenant is in it, not even a count.

use std::time::Duration;

use tokio::time::Instant;

use super::report::{Finding, Report, Section, Status, check};
use crate::config::Settings;
use crate::domain::settings::TenantSettings;
use crate::domain::{BotInstanceId, Clock, Corr, Money, UnixMs};
use crate::store::{Counter, Db, StoreError, TenantTx};
use crate::texts::Args;

/// The whole report takes at most this long; what is not known by then is UNKNOWN.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// A generation at work for longer than this is stuck.
pub(super) const STUCK: Duration = Duration::from_mins(30);
const DAY: Duration = Duration::from_hours(24);
/// A hold's deadline is that of its generation and this (reliability.md 3.1).
pub(super) const HOLD_SPARE: Duration = Duration::from_mins(10);

/// A ledger of so few transfers is asked every rule at once; of a larger one the report tells what the auditor found last, so
/// that nobody waits for a walk over all of it (decisions.md 10).
const SMALL: i64 = 1_000;

/// What the checks look at.
pub struct Subject<'a> {
    /// Rows.
    pub db: &'a Db,
    /// Whose.
    pub tenant: &'a BotInstanceId,
    /// Its settings.
    pub settings: &'a TenantSettings,
    /// Settings of the installation.
    pub platform: &'a Settings,
    /// Its present day, `YYYY-MM-DD`.
    pub today: String,
    /// Time.
    pub clock: &'a Clock,
}

/// What is left of the time that a report may take.
pub(super) struct Deadline<'a> {
    clock: &'a Clock,
    ends: Instant,
}

impl<'a> Deadline<'a> {
    pub(super) fn new(clock: &'a Clock) -> Self {
        Self { clock, ends: Instant::now() + PATIENCE }
    }

    /// Makes a check in what is left.
    pub(super) async fn check(
        &self,
        name: &'static str,
        work: impl Future<Output = Result<Finding, StoreError>>,
    ) -> Section {
        check(self.clock, name, self.ends.saturating_duration_since(Instant::now()), work).await
    }
}

/// Makes the report.
pub async fn preflight(subject: &Subject<'_>) -> Report {
    let time = Deadline::new(subject.clock);
    // Asked once for two sections.
    let mut rules = Err(StoreError::Slow);
    let database = time.check("db", database(subject)).await;
    let tenant = time.check("tenant", tenant(subject)).await;
    let users = time.check("users", users(subject)).await;
    let balances = time.check("balances", balances(subject, &mut rules)).await;
    let sections = vec![
        database,
        tenant,
        users,
        balances,
        time.check("free_limits", free_limits(subject)).await,
        time.check("attempts", attempts(subject)).await,
        time.check("holds", holds(subject)).await,
        time.check("payments", payments(subject)).await,
        time.check("ledger", async { Ok(ledger(subject, &rules?)) }).await,
        time.check("ledger_chain", chain(subject)).await,
        time.check("storage_rw", write_and_read(subject)).await,
    ];
    Report { sections }
}

/// The section of its own that other reports show, too: a value is written, committed, and read back.
pub async fn storage(subject: &Subject<'_>) -> Section {
    check(subject.clock, "storage_rw", PATIENCE, write_and_read(subject)).await
}

/// The section of the boot report: whether rows agree with each other.
pub async fn integrity(subject: &Subject<'_>) -> Section {
    let work = async {
        let mut tx = subject.db.tenant_read(subject.tenant).await?;
        let (_, negative) = tx.check_balances().await?;
        let differ = rules(&mut tx).await?.faults;
        let now = subject.clock.now();
        let stuck = tx.check_attempts(now.minus(DAY), now.minus(STUCK)).await?.stuck;
        let values = Args::new().with("negative", negative).with("differ", differ).with("stuck", stuck);
        let finding = Finding::ok("diag-note-integrity", values);
        let finding = finding.but_if(stuck > 0, Status::Degraded, "diag-fix-stuck");
        Ok::<_, StoreError>(finding.but_if(negative > 0 || differ > 0, Status::Fail, "diag-fix-ledger"))
    };
    check(subject.clock, "integrity", PATIENCE, work).await
}

async fn database(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    subject.db.tenant_read(subject.tenant).await?.probe_get().await?;
    Ok(Finding::ok("diag-note-answers", Args::new()))
}

async fn tenant(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let mut tx = subject.db.tenant_read(subject.tenant).await?;
    let (settings, admins) = (tx.settings_get().await?, tx.admins_list().await?.len());
    let values = Args::new().with("id", subject.tenant.as_str()).with("n", admins);
    let finding = Finding::ok("diag-note-tenant", values);
    Ok(finding.but_if(settings.is_none() || admins == 0, Status::Fail, "diag-fix-tenant"))
}

async fn users(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let mut tx = subject.db.tenant_read(subject.tenant).await?;
    let total = tx.counters_total().await?.get(Counter::NewUsers);
    let (lost, blocked) = tx.users_apart().await?;
    let values = Args::new().with("n", total).with("lost", lost).with("blocked", blocked);
    Ok(Finding::ok("diag-note-users", values).about(total))
}

/// What is known of the ledger's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Rules {
    /// Broken ones.
    faults: usize,
    /// Accounts that differ from their transfers, among them.
    differ: usize,
    /// When the auditor asked; `None`: asked now, or never.
    at: Option<UnixMs>,
    /// Nobody has asked yet.
    unknown: bool,
}

async fn rules(tx: &mut TenantTx) -> Result<Rules, StoreError> {
    let last = tx.ledger_check_get().await?;
    let size = match &last {
        Some(last) => last.sealed,
        None => tx.ledger_counts().await?.0,
    };
    if size <= SMALL {
        let faults = tx.ledger_violations().await?;
        let differ = faults.iter().filter(|fault| differs(&fault.fault)).count();
        return Ok(Rules { faults: faults.len(), differ, ..Rules::default() });
    }
    Ok(last.map_or(Rules { unknown: true, ..Rules::default() }, |last| Rules {
        faults: usize::try_from(last.faults).unwrap_or(usize::MAX),
        differ: last.detail.lines().filter_map(|line| line.split(':').next()).filter(|fault| differs(fault)).count(),
        at: Some(last.checked_at),
        unknown: false,
    }))
}

/// Whether a fault is an account that is not what its transfers come to.
fn differs(fault: &str) -> bool {
    fault.ends_with("_differs")
}

async fn balances(subject: &Subject<'_>, known: &mut Result<Rules, StoreError>) -> Result<Finding, StoreError> {
    let mut tx = subject.db.tenant_read(subject.tenant).await?;
    let (records, negative) = tx.check_balances().await?;
    let moved = tx.check_moved(subject.clock.now().minus(DAY)).await?;
    *known = rules(&mut tx).await;
    let differ = known.as_ref().map_or(0, |rules| rules.differ);
    let values = Args::new().with("n", records).with("negative", negative).with("moved", moved).with("differ", differ);
    let finding = Finding::ok("diag-note-balances", values).about(records);
    Ok(finding.but_if(negative > 0 || differ > 0, Status::Fail, "diag-fix-ledger"))
}

async fn free_limits(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let limit = i64::from(subject.settings.free_per_day);
    let mut tx = subject.db.tenant_read(subject.tenant).await?;
    let (records, used, over) = tx.check_free(&subject.today, limit).await?;
    let values = Args::new().with("n", records).with("used", used).with("over", over);
    // A limit that was lowered during the day leaves people above it; nobody was given too much.
    Ok(Finding::ok("diag-note-free", values).about(records).but_if(over > 0, Status::Degraded, "diag-fix-free"))
}

async fn attempts(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let now = subject.clock.now();
    let mut tx = subject.db.tenant_read(subject.tenant).await?;
    let found = tx.check_attempts(now.minus(DAY), now.minus(STUCK)).await?;
    let total = tx.counters_total().await?.get(Counter::Generations);
    let values = Args::new().with("n", found.count).with("duplicates", found.duplicates).with("stuck", found.stuck);
    let finding = Finding::ok("diag-note-attempts", values.with("total", total)).about(total);
    let finding = finding.but_if(found.stuck > 0, Status::Degraded, "diag-fix-stuck");
    Ok(finding.but_if(found.duplicates > 0, Status::Fail, "diag-fix-duplicates"))
}

async fn holds(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let now = subject.clock.now();
    let late = now.minus(subject.platform.generation.hard_limit + HOLD_SPARE);
    let longest = now.minus(subject.platform.delivery.undelivered_life + HOLD_SPARE);
    let found = subject.db.tenant_read(subject.tenant).await?.check_holds(late, longest).await?;
    let values = Args::new().with("n", found.open).with("sum", Money::kopecks(found.sum)).with("late", found.overdue);
    let finding = Finding::ok("diag-note-holds", values).about(found.open);
    Ok(finding.but_if(found.overdue > 0, Status::Degraded, "diag-fix-holds"))
}

async fn payments(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let mut tx = subject.db.tenant_read(subject.tenant).await?;
    let (open, review) = (tx.check_invoices().await?, tx.payments_review_count().await?);
    let drift = tx.stars_check_get().await?.map_or(0, |check| check.drift.lines().count());
    let values = Args::new().with("open", open).with("review", review).with("drift", drift);
    let finding = Finding::ok("diag-note-payments-in", values).about(open);
    Ok(finding.but_if(drift > 0, Status::Degraded, "diag-fix-drift"))
}

fn ledger(subject: &Subject<'_>, rules: &Rules) -> Finding {
    if rules.unknown {
        return Finding::ok("diag-note-chain-none", Args::new()).but(Status::Unknown, "diag-fix-ledger-wait");
    }
    let n = Args::new().with("n", rules.faults);
    let finding = match rules.at {
        Some(at) => Finding::ok("diag-note-ledger-kept", n.with("at", at.shown(subject.settings.timezone.tz()))),
        None => Finding::ok("diag-note-ledger", n),
    };
    let finding = finding.about(i64::try_from(rules.faults).unwrap_or(i64::MAX));
    finding.but_if(rules.faults > 0, Status::Fail, "diag-fix-ledger")
}

/// What the check of every minute said last (decisions.md 10).
async fn chain(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let Some(last) = subject.db.tenant_read(subject.tenant).await?.ledger_check_get().await? else {
        return Ok(Finding::ok("diag-note-chain-none", Args::new()));
    };
    let at = last.checked_at.shown(subject.settings.timezone.tz());
    let values = Args::new().with("n", last.sealed).with("faults", last.faults).with("at", at);
    let old = last.checked_at <= subject.clock.now().minus(DAY);
    let finding = Finding::ok("diag-note-chain", values).but_if(old, Status::Degraded, "diag-fix-chain-old");
    Ok(finding.but_if(last.faults > 0, Status::Fail, "diag-fix-ledger"))
}

async fn write_and_read(subject: &Subject<'_>) -> Result<Finding, StoreError> {
    let value = Corr::random();
    let mut tx = subject.db.tenant(subject.tenant).await?;
    tx.probe_put(value.as_str()).await?;
    tx.commit().await?;
    let read = subject.db.tenant_read(subject.tenant).await?.probe_get().await?;
    // Another run at the same moment may have written its own: any value proves the way.
    Ok(Finding::ok("diag-note-written", Args::new()).but_if(read.is_none(), Status::Fail, "hint-fix-data"))
}
