//! What admins should hear of, and the depth of queues, over all tenants (bot.md 15.1, platform.md 5).

use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, HookEvent, UnixMs};

const ERRORS_RECENT: &str = "SELECT bot_instance_id, class, COUNT(*), MAX(corr) FROM error_log WHERE created_at >= $1
     GROUP BY bot_instance_id, class ORDER BY bot_instance_id, class LIMIT $2";
const JOBS_DEAD_RECENT: &str = "SELECT bot_instance_id, 'dead_letter', COUNT(*), MAX(corr) FROM jobs
     WHERE finished_at IS NOT NULL AND finished_at >= $1 AND state = 'dead'
     GROUP BY bot_instance_id ORDER BY bot_instance_id LIMIT $2";
const DELIVERIES_OLD: &str = "SELECT bot_instance_id, 'delivery_old', COUNT(*), MAX(corr) FROM generations
     WHERE state = 'delivering' AND updated_at <= $1 GROUP BY bot_instance_id ORDER BY bot_instance_id LIMIT $2";
const BUSY_RECENT: &str = "SELECT bot_instance_id, 'busy', COUNT(*), MAX(corr) FROM generations
     WHERE state = 'failed' AND cause = 'busy' AND updated_at >= $1 AND created_at >= $3
     GROUP BY bot_instance_id HAVING COUNT(*) > $4 ORDER BY bot_instance_id LIMIT $2";
const JOBS_DEPTH: &str =
    "SELECT lane, COUNT(*), MIN(run_at) FROM jobs WHERE state = 'ready' AND run_at <= $1 GROUP BY lane ORDER BY lane";
const OUTBOX_DEPTH: &str = "SELECT COUNT(*), MIN(run_at) FROM outbox WHERE state = 'queued' AND run_at <= $1";
const FIGURES_OF_TENANTS: &str =
    "SELECT bot_instance_id, name, CAST(SUM(value) AS BIGINT) FROM daily_counters WHERE day >= $1
       AND name IN ('active_users', 'generations', 'delivered', 'failed', 'revenue', 'payments')
     GROUP BY bot_instance_id, name ORDER BY bot_instance_id, name";

/// `$1` is the event between commas.
const TENANTS_TOLD_OF: &str = "SELECT DISTINCT bot_instance_id FROM webhook_endpoints
     WHERE disabled_at IS NULL AND ',' || events || ',' LIKE '%' || $1 || '%' ORDER BY bot_instance_id LIMIT $2";

/// Tenants told of in one pass.
const ROWS: i64 = 500;

/// Something that a tenant's admins should hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Whose.
    pub tenant: BotInstanceId,
    /// Which class.
    pub class: String,
    /// How often.
    pub count: i64,
    /// One of the stories.
    pub corr: String,
}

/// From when on [`PlatformTx::happened`] looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// Errors and dead jobs.
    pub trouble: UnixMs,
    /// Refusals of a busy provider.
    pub busy: UnixMs,
    /// The oldest order that such a refusal may end: an order waits a while before it is given up.
    pub busy_ordered: UnixMs,
    /// More of these than so many are told of.
    pub busy_over: u32,
    /// Deliveries that have not moved since.
    pub delivering: UnixMs,
}

/// A queue's depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// Which queue.
    pub lane: String,
    /// What is due.
    pub count: i64,
    /// Since when the first of it.
    pub oldest: Option<UnixMs>,
}

impl PlatformTx {
    /// Errors, dead jobs, orders that a busy provider refused, and deliveries that do not move.
    pub async fn happened(&mut self, since: Since) -> Result<Vec<Happened>, StoreError> {
        let mut rows: Vec<(String, String, i64, String)> = Vec::new();
        let looks =
            [(ERRORS_RECENT, since.trouble), (JOBS_DEAD_RECENT, since.trouble), (DELIVERIES_OLD, since.delivering)];
        for (look, at) in looks {
            rows.extend(on!(self.tx, c => sqlx::query_as(look).bind(at.0).bind(ROWS).fetch_all(c).await)?);
        }
        rows.extend(on!(self.tx, c => sqlx::query_as(BUSY_RECENT).bind(since.busy.0).bind(ROWS)
            .bind(since.busy_ordered.0).bind(i64::from(since.busy_over)).fetch_all(c).await)?);
        let read = |(tenant, class, count, corr): (String, String, i64, String)| {
            let id = BotInstanceId::parse(&tenant);
            let id = id.map_err(|_| StoreError::corrupt("error_log", "bot_instance_id", &tenant))?;
            Ok(Happened { tenant: id, class, count, corr })
        };
        rows.into_iter().map(read).collect()
    }

    /// Tenants whose partners have a webhook that wants to be told of this.
    pub async fn tenants_told_of(&mut self, event: HookEvent) -> Result<Vec<BotInstanceId>, StoreError> {
        let word = format!(",{},", event.as_str());
        let names: Vec<String> =
            on!(self.tx, c => sqlx::query_scalar(TENANTS_TOLD_OF).bind(&word).bind(ROWS).fetch_all(c).await)?;
        let read = |name: String| {
            BotInstanceId::parse(&name)
                .map_err(|_| StoreError::corrupt("webhook_endpoints", "bot_instance_id", name.as_str()))
        };
        names.into_iter().map(read).collect()
    }

    /// What is due in each queue of jobs, and, as `outbox`, what is to be said.
    pub async fn depths(&mut self, now: UnixMs) -> Result<Vec<Depth>, StoreError> {
        let jobs: Vec<(String, i64, Option<i64>)> =
            on!(self.tx, c => sqlx::query_as(JOBS_DEPTH).bind(now.0).fetch_all(c).await)?;
        let (count, oldest): (i64, Option<i64>) =
            on!(self.tx, c => sqlx::query_as(OUTBOX_DEPTH).bind(now.0).fetch_one(c).await)?;
        let read =
            |(lane, count, oldest): (String, i64, Option<i64>)| Depth { lane, count, oldest: oldest.map(UnixMs) };
        let outbox = read(("outbox".to_owned(), count, oldest));
        Ok(jobs.into_iter().map(read).chain([outbox]).collect())
    }

    /// The figures that partners are shown, from a day on (`YYYY-MM-DD`): tenant, name, value.
    pub async fn figures_of_tenants(&mut self, from: &str) -> Result<Vec<(String, String, i64)>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(FIGURES_OF_TENANTS).bind(from).fetch_all(c).await)?)
    }
}
