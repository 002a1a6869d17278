//! The owner's billing preflight: the same questions over all tenants (platform.md 5). Bots are counted, and a few are named in
//! a way that only whoever knows them recognises.

use std::collections::HashMap;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::preflight::{Deadline, HOLD_SPARE, STUCK};
use super::report::{Finding, Report, Section, Status};
use crate::config::Settings;
use crate::domain::{BotInstanceId, Clock, Money};
use crate::store::{Counter, Db, StoreError};
use crate::texts::Args;

/// Tenants that the report names.
const SAMPLE: i64 = 3;
/// Days of all zones are at most this far apart.
const ZONES: Duration = Duration::from_hours(26);

/// What the checks look at.
pub struct Installation<'a> {
    /// Rows.
    pub db: &'a Db,
    /// Settings of the installation.
    pub platform: &'a Settings,
    /// Free generations a day, of each tenant that is served.
    pub free_limits: HashMap<BotInstanceId, i64>,
    /// This process's name.
    pub instance: &'a str,
    /// Time.
    pub clock: &'a Clock,
}

/// Makes the report.
pub async fn preflight_all(of: &Installation<'_>) -> Report {
    let time = Deadline::new(of.clock);
    let sections = vec![
        time.check("db", database(of)).await,
        time.check("tenants", tenants(of)).await,
        time.check("users", users(of)).await,
        time.check("balances", balances(of)).await,
        time.check("free_limits", free_limits(of)).await,
        time.check("holds", holds(of)).await,
        time.check("attempts", attempts(of)).await,
        time.check("payments", payments(of)).await,
        time.check("storage_rw", write_and_read(of)).await,
    ];
    Report { sections }
}

/// A real write and read through the serving pool, for the boot report.
pub async fn storage(of: &Installation<'_>) -> Section {
    Deadline::new(of.clock).check("storage_rw", write_and_read(of)).await
}

/// Whether rows of all tenants agree with each other, for the boot report.
pub async fn integrity(of: &Installation<'_>) -> Section {
    let work = async {
        let mut tx = of.db.platform_read().await?;
        let (_, negative, differ) = tx.check_all_balances().await?;
        let (_, stuck) = tx.check_all_attempts(of.clock.now().minus(STUCK)).await?;
        let values = Args::new().with("negative", negative).with("differ", differ).with("stuck", stuck);
        let finding = Finding::ok("diag-note-integrity", values);
        let finding = finding.but_if(stuck > 0, Status::Degraded, "diag-fix-stuck");
        Ok::<_, StoreError>(finding.but_if(negative > 0 || differ > 0, Status::Fail, "diag-fix-ledger"))
    };
    Deadline::new(of.clock).check("integrity", work).await
}

async fn database(of: &Installation<'_>) -> Result<Finding, StoreError> {
    of.db.platform_read().await?.meta_get("vault_check").await?;
    Ok(Finding::ok("diag-note-answers", Args::new()))
}

async fn tenants(of: &Installation<'_>) -> Result<Finding, StoreError> {
    let (count, names) = of.db.platform_read().await?.tenants_sample(SAMPLE).await?;
    let shown: Vec<String> = names.iter().map(|name| masked(name)).collect();
    let values = Args::new().with("n", count).with("sample", shown.join(", "));
    Ok(Finding::ok(if shown.is_empty() { "diag-note-tenants-none" } else { "diag-note-tenants" }, values).about(count))
}

/// `p***01#a1b2c3`: its first letter, its last two, and the beginning of its hash.
pub fn masked(name: &str) -> String {
    let hash = hex::encode(Sha256::digest(name.as_bytes()));
    let head = name.chars().next().unwrap_or('?');
    let tail: String = name.chars().skip(name.chars().count().saturating_sub(2)).collect();
    format!("{head}***{tail}#{}", &hash[..6])
}

async fn users(of: &Installation<'_>) -> Result<Finding, StoreError> {
    let total = of.db.platform_read().await?.counted_in_all(Counter::NewUsers).await?;
    Ok(Finding::ok("diag-note-users-all", Args::new().with("n", total)).about(total))
}

async fn balances(of: &Installation<'_>) -> Result<Finding, StoreError> {
    let (records, negative, unbalanced) = of.db.platform_read().await?.check_all_balances().await?;
    let values = Args::new().with("n", records).with("negative", negative).with("differ", unbalanced);
    let finding = Finding::ok("diag-note-balances-all", values).about(records);
    Ok(finding.but_if(negative > 0 || unbalanced > 0, Status::Fail, "diag-fix-ledger"))
}

async fn free_limits(of: &Installation<'_>) -> Result<Finding, StoreError> {
    let from = of.clock.now().minus(ZONES).day(&jiff::tz::TimeZone::UTC);
    let days = of.db.platform_read().await?.check_all_free(&from).await?;
    let over = |tenant: &BotInstanceId, most: i64| of.free_limits.get(tenant).is_some_and(|limit| most > *limit);
    let people: i64 = days.iter().map(|day| day.people).sum();
    let used: i64 = days.iter().map(|day| day.used).sum();
    let above = days.iter().filter(|day| over(&day.tenant, day.most)).count();
    let values = Args::new().with("n", people).with("used", used).with("over", above);
    let finding = Finding::ok("diag-note-free-all", values).about(people);
    Ok(finding.but_if(above > 0, Status::Degraded, "diag-fix-free"))
}

async fn holds(of: &Installation<'_>) -> Result<Finding, StoreError> {
    let now = of.clock.now();
    let late = now.minus(of.platform.generation.hard_limit + HOLD_SPARE);
    let longest = now.minus(of.platform.delivery.undelivered_life + HOLD_SPARE);
    let (open, sum, overdue) = of.db.platform_read().await?.check_all_holds(late, longest).await?;
    let values = Args::new().with("n", open).with("sum", Money::kopecks(sum)).with("late", overdue);
    let finding = Finding::ok("diag-note-holds", values).about(open);
    Ok(finding.but_if(overdue > 0, Status::Degraded, "diag-fix-holds"))
}

async fn attempts(of: &Installation<'_>) -> Result<Finding, StoreError> {
    let mut tx = of.db.platform_read().await?;
    let total = tx.counted_in_all(Counter::Generations).await?;
    let (working, stuck) = tx.check_all_attempts(of.clock.now().minus(STUCK)).await?;
    let values = Args::new().with("total", total).with("n", working).with("stuck", stuck);
    let finding = Finding::ok("diag-note-attempts-all", values).about(total);
    Ok(finding.but_if(stuck > 0, Status::Degraded, "diag-fix-stuck"))
}

async fn payments(of: &Installation<'_>) -> Result<Finding, StoreError> {
    let (open, review, drift) = of.db.platform_read().await?.check_all_payments().await?;
    let values = Args::new().with("open", open).with("review", review).with("drift", drift);
    let finding = Finding::ok("diag-note-payments-all", values).about(open);
    Ok(finding.but_if(drift > 0, Status::Degraded, "diag-fix-drift"))
}

/// Written, committed and read back: a lease that nobody waits for.
async fn write_and_read(of: &Installation<'_>) -> Result<Finding, StoreError> {
    const PROBE: &str = "probe:preflight";
    let mut tx = of.db.platform().await?;
    let written = tx.lease_take(PROBE, of.instance, 10_000).await?;
    tx.commit().await?;
    let read = of.db.platform_read().await?.leases_live(PROBE).await?;
    let finding = Finding::ok("diag-note-written", Args::new());
    // Another process may hold it at this moment: its row proves the way as well.
    Ok(finding.but_if(written.is_none() && read == 0, Status::Fail, "hint-fix-data"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_is_named_so_that_only_whoever_knows_it_recognises_it() {
        let name = masked("partner-01");
        assert!(name.starts_with("p***01#") && name.len() == 13, "{name}");
        assert_ne!(masked("partner-01"), masked("pirates-01"));
    }
}
