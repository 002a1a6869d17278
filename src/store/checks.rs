//! What the checks of a tenant read (platform.md 5): on demand only, so these may walk over its rows; a statement that takes
//! too long is refused by the database and shown as such.

use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const CHECK_BALANCES: &str =
    "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN posted - held < 0 THEN 1 ELSE 0 END), 0) AS BIGINT)
     FROM accounts WHERE bot_instance_id = $1 AND no_overdraft";
const CHECK_FREE: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(used), 0) AS BIGINT),
       CAST(COALESCE(SUM(CASE WHEN used + reserved > $3 THEN 1 ELSE 0 END), 0) AS BIGINT)
     FROM free_days WHERE bot_instance_id = $1 AND day = $2";
const CHECK_ATTEMPTS: &str =
    "SELECT COUNT(*), COUNT(provider_task_id), COUNT(DISTINCT provider_task_id) FROM generations
     WHERE bot_instance_id = $1 AND created_at >= $2";
const CHECK_STUCK: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND created_at < $2
       AND state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')";
/// A result that waits for its person keeps its hold for longer than any other generation.
const CHECK_HOLDS: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(p.amount), 0) AS BIGINT),
       CAST(COALESCE(SUM(CASE WHEN p.created_at < $2 AND (p.created_at < $3 OR NOT EXISTS (SELECT 1 FROM generations g
         WHERE g.bot_instance_id = $1 AND g.hold_id = p.id AND g.state = 'undelivered')) THEN 1 ELSE 0 END), 0) AS BIGINT)
     FROM transfers p WHERE p.bot_instance_id = $1 AND p.kind = 'pending'
       AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.bot_instance_id = $1 AND r.pending_id = p.id)";
const CHECK_MOVED: &str = "SELECT COUNT(*) FROM accounts a WHERE a.bot_instance_id = $1 AND a.no_overdraft AND EXISTS (
       SELECT 1 FROM transfers t WHERE t.bot_instance_id = $1 AND t.debit_id = a.id AND t.created_at >= $2
       UNION ALL SELECT 1 FROM transfers t WHERE t.bot_instance_id = $1 AND t.credit_id = a.id AND t.created_at >= $2)";
const CHECK_INVOICES: &str = "SELECT COUNT(*) FROM invoices WHERE bot_instance_id = $1 AND state = 'open'";
const CHECK_SESSIONS: &str = "SELECT COUNT(*) FROM sessions WHERE bot_instance_id = $1 AND touched_at >= $2";
const PROBE_PUT: &str = "INSERT INTO storage_probes (bot_instance_id, value) VALUES ($1, $2)
     ON CONFLICT (bot_instance_id) DO UPDATE SET value = excluded.value";
const PROBE_GET: &str = "SELECT value FROM storage_probes WHERE bot_instance_id = $1";

/// Generations of a day, as the checks see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many were confirmed.
    pub count: i64,
    /// How many of them share the provider's task with another.
    pub duplicates: i64,
    /// How many, of any age, are at work for too long.
    pub stuck: i64,
}

/// Open holds, as the checks see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldsFound {
    /// How many.
    pub open: i64,
    /// Kopecks.
    pub sum: i64,
    /// How many should be resolved by now.
    pub overdue: i64,
}

impl TenantTx {
    /// How many people have an account, and how many of these are below zero.
    pub async fn check_balances(&mut self) -> Result<(i64, i64), StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(CHECK_BALANCES).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Of a day: people with free generations, units used, and people with more than `limit`.
    pub async fn check_free(&mut self, day: &str, limit: i64) -> Result<(i64, i64, i64), StoreError> {
        Ok(
            on!(self.tx, c => sqlx::query_as(CHECK_FREE).bind(self.id.as_str()).bind(day).bind(limit).fetch_one(c).await)?,
        )
    }

    /// Generations since a moment, and those at work since before `stuck_before`.
    pub async fn check_attempts(&mut self, since: UnixMs, stuck_before: UnixMs) -> Result<Attempts, StoreError> {
        let (count, tasks, distinct): (i64, i64, i64) = on!(self.tx, c => sqlx::query_as(CHECK_ATTEMPTS)
            .bind(self.id.as_str()).bind(since.0).fetch_one(c).await)?;
        let stuck = on!(self.tx, c => sqlx::query_scalar(CHECK_STUCK).bind(self.id.as_str()).bind(stuck_before.0)
            .fetch_one(c).await)?;
        Ok(Attempts { count, duplicates: tasks - distinct, stuck })
    }

    /// Open holds. Those should be resolved that are older than `late`, or than `longest` where a result waits for its person.
    pub async fn check_holds(&mut self, late: UnixMs, longest: UnixMs) -> Result<HoldsFound, StoreError> {
        let (open, sum, overdue) = on!(self.tx, c => sqlx::query_as(CHECK_HOLDS).bind(self.id.as_str()).bind(late.0)
            .bind(longest.0).fetch_one(c).await)?;
        Ok(HoldsFound { open, sum, overdue })
    }

    /// People's accounts that something moved on since a moment.
    pub async fn check_moved(&mut self, since: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(CHECK_MOVED).bind(self.id.as_str()).bind(since.0).fetch_one(c).await)?)
    }

    /// Open requests to top up.
    pub async fn check_invoices(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(CHECK_INVOICES).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Sessions that were used since a moment.
    pub async fn check_sessions(&mut self, since: UnixMs) -> Result<i64, StoreError> {
        Ok(
            on!(self.tx, c => sqlx::query_scalar(CHECK_SESSIONS).bind(self.id.as_str()).bind(since.0).fetch_one(c).await)?,
        )
    }

    /// Writes the value that [`TenantTx::probe_get`] reads.
    pub async fn probe_put(&mut self, value: &str) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(PROBE_PUT).bind(self.id.as_str()).bind(value).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// The value written last.
    pub async fn probe_get(&mut self) -> Result<Option<String>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(PROBE_GET).bind(self.id.as_str()).fetch_optional(c).await)?)
    }
}
