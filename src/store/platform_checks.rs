//! What the owner's billing preflight reads over all tenants (platform.md 5): on demand only.

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, Corr, ErrorId, UnixMs, UpdateId};

const TENANTS_COUNT: &str = "SELECT COUNT(*) FROM tenants WHERE state <> 'deleted'";
const TENANTS_SAMPLE: &str =
    "SELECT bot_instance_id FROM tenants WHERE state <> 'deleted' ORDER BY bot_instance_id LIMIT $1";
/// Everybody was new once, every generation was confirmed once: the days' figures add up.
const COUNTED: &str = "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM daily_counters WHERE name = $1";
const ALL_BALANCES: &str =
    "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN posted - held < 0 THEN 1 ELSE 0 END), 0) AS BIGINT)
     FROM accounts WHERE no_overdraft";
const ALL_UNBALANCED: &str = "SELECT COUNT(*) FROM (SELECT bot_instance_id, unit FROM accounts GROUP BY bot_instance_id, unit HAVING SUM(posted) <> 0) u";
const ALL_FREE: &str = "SELECT bot_instance_id, day, COUNT(*), CAST(COALESCE(SUM(used), 0) AS BIGINT),
       CAST(COALESCE(MAX(used + reserved), 0) AS BIGINT)
     FROM free_days WHERE day >= $1 GROUP BY bot_instance_id, day";
const ALL_HOLDS: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(p.amount), 0) AS BIGINT),
       CAST(COALESCE(SUM(CASE WHEN p.created_at < $1 AND (p.created_at < $2 OR NOT EXISTS (SELECT 1 FROM generations g
         WHERE g.bot_instance_id = p.bot_instance_id AND g.hold_id = p.id AND g.state = 'undelivered')) THEN 1 ELSE 0 END), 0)
         AS BIGINT)
     FROM transfers p WHERE p.kind = 'pending' AND NOT EXISTS (SELECT 1 FROM transfers r
       WHERE r.bot_instance_id = p.bot_instance_id AND r.pending_id = p.id)";
const ALL_ATTEMPTS: &str =
    "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN created_at < $1 THEN 1 ELSE 0 END), 0) AS BIGINT)
     FROM generations WHERE state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')";
const ALL_PAYMENTS: &str = "SELECT (SELECT COUNT(*) FROM invoices WHERE state = 'open'),
       (SELECT COUNT(*) FROM payments WHERE state = 'review'), (SELECT COUNT(*) FROM stars_checks WHERE drift <> '')";
const ALL_ERRORS_LAST: &str =
    "SELECT bot_instance_id AS tenant, id, corr, stage, handler, class, message, update_id, created_at
     FROM error_log ORDER BY created_at DESC LIMIT $1";
const TENANTS_CHECKED: &str = "SELECT COUNT(*), COUNT(token_checked_at), COUNT(token_error),
       CAST(COALESCE(SUM(CASE WHEN token_checked_at IS NOT NULL AND token_error IS NULL AND webhook_url IS NULL
         THEN 1 ELSE 0 END), 0) AS BIGINT)
     FROM tenants WHERE state <> 'deleted'";

/// What is stored of the tenants' tokens and webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TenantsChecked {
    /// Tenants.
    pub count: i64,
    /// Whose token was checked.
    pub checked: i64,
    /// Whose token was refused.
    pub refused: i64,
    /// Whose token is good and whose updates come by no known way.
    pub unset: i64,
}

/// Free generations of one tenant on one of its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeDay {
    /// Whose.
    pub tenant: BotInstanceId,
    /// Which day.
    pub day: String,
    /// People.
    pub people: i64,
    /// Units used.
    pub used: i64,
    /// The most that one person used or has reserved.
    pub most: i64,
}

row! {
    /// A line of a tenant's error log, with whose it is.
    pub struct PlatformErrorRow of "error_log" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Its name.
        pub id: ErrorId,
        /// The story it belongs to.
        pub corr: Corr,
        /// Where in the way of an update or a job.
        pub stage: String,
        /// Which screen, command or job.
        pub handler: String,
        /// What kind.
        pub class: String,
        /// In words.
        pub message: String,
        /// The update that was handled.
        pub update_id: Option<UpdateId>,
        /// When.
        pub created_at: UnixMs,
    }
}

impl PlatformTx {
    /// How many tenants there are, and the first `n` of them by name.
    pub async fn tenants_sample(&mut self, n: i64) -> Result<(i64, Vec<String>), StoreError> {
        let count = on!(self.tx, c => sqlx::query_scalar(TENANTS_COUNT).fetch_one(c).await)?;
        let names = on!(self.tx, c => sqlx::query_scalar(TENANTS_SAMPLE).bind(n).fetch_all(c).await)?;
        Ok((count, names))
    }

    /// How the tenants' tokens and webhooks stand.
    pub async fn tenants_checked(&mut self) -> Result<TenantsChecked, StoreError> {
        let (count, checked, refused, unset) = on!(self.tx, c => sqlx::query_as(TENANTS_CHECKED).fetch_one(c).await)?;
        Ok(TenantsChecked { count, checked, refused, unset })
    }

    /// All days of a counter of all tenants.
    pub async fn counted_in_all(&mut self, counter: super::Counter) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(COUNTED).bind(counter.name()).fetch_one(c).await)?)
    }

    /// People's accounts, those below zero, and units of tenants whose accounts do not add up to zero.
    pub async fn check_all_balances(&mut self) -> Result<(i64, i64, i64), StoreError> {
        let (records, negative): (i64, i64) = on!(self.tx, c => sqlx::query_as(ALL_BALANCES).fetch_one(c).await)?;
        let unbalanced = on!(self.tx, c => sqlx::query_scalar(ALL_UNBALANCED).fetch_one(c).await)?;
        Ok((records, negative, unbalanced))
    }

    /// Free generations by tenant and day, from a day on (`YYYY-MM-DD`).
    pub async fn check_all_free(&mut self, from: &str) -> Result<Vec<FreeDay>, StoreError> {
        let rows: Vec<(String, String, i64, i64, i64)> =
            on!(self.tx, c => sqlx::query_as(ALL_FREE).bind(from).fetch_all(c).await)?;
        let read = |(tenant, day, people, used, most): (String, String, i64, i64, i64)| {
            let corrupt = |_| StoreError::corrupt("free_days", "bot_instance_id", &tenant);
            Ok(FreeDay { tenant: BotInstanceId::parse(&tenant).map_err(corrupt)?, day, people, used, most })
        };
        rows.into_iter().map(read).collect()
    }

    /// Open holds: how many, their sum in kopecks, and those that should be resolved: older than `late`, or than `longest`
    /// where a result waits for its person.
    pub async fn check_all_holds(&mut self, late: UnixMs, longest: UnixMs) -> Result<(i64, i64, i64), StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(ALL_HOLDS).bind(late.0).bind(longest.0).fetch_one(c).await)?)
    }

    /// Generations at work, and those of them at work since before `stuck_before`.
    pub async fn check_all_attempts(&mut self, stuck_before: UnixMs) -> Result<(i64, i64), StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(ALL_ATTEMPTS).bind(stuck_before.0).fetch_one(c).await)?)
    }

    /// Open requests to top up, payments under review, tenants whose Stars differ from Telegram's list.
    pub async fn check_all_payments(&mut self) -> Result<(i64, i64, i64), StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(ALL_PAYMENTS).fetch_one(c).await)?)
    }

    /// The last `n` errors of all tenants, newest first.
    pub async fn errors_last_of_all(&mut self, n: i64) -> Result<Vec<PlatformErrorRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ALL_ERRORS_LAST).bind(n).fetch_all(c).await))
    }
}
