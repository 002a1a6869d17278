//! Claiming jobs over all tenants, fairly: one tenant's backlog costs the others nothing (reliability.md 3.3).
//!
//! The claim walks from tenant to tenant along an index (a loose scan), takes a few due jobs of each, and gives out first the
//! oldest of every tenant, then the second. So neither its cost nor its shares depend on how much one tenant has waiting.

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, Corr, JobId, Lane, UnixMs};

/// The next tenant is asked for in the order of `jobs_ready` down to its last column, so that no other index will do. What was
/// locked is changed by its place in the table: whatever the statistics say, no plan reads the table for it.
const JOBS_CLAIM_POSTGRES: &str = "WITH RECURSIVE t(bot) AS (
       SELECT (SELECT f.bot_instance_id FROM jobs f WHERE f.lane = $1 AND f.state = 'ready'
         ORDER BY f.lane, f.bot_instance_id, f.run_at LIMIT 1)
       UNION ALL
       SELECT (SELECT n.bot_instance_id FROM jobs n WHERE n.lane = $1 AND n.state = 'ready' AND n.bot_instance_id > t.bot
         ORDER BY n.lane, n.bot_instance_id, n.run_at LIMIT 1)
       FROM t WHERE t.bot IS NOT NULL),
     c AS (SELECT d.tid, d.bot_instance_id, d.run_at, ROW_NUMBER() OVER (PARTITION BY t.bot ORDER BY d.run_at, d.id) AS place
       FROM t CROSS JOIN LATERAL (SELECT j.ctid AS tid, j.bot_instance_id, j.id, j.run_at FROM jobs j
         WHERE j.lane = $1 AND j.bot_instance_id = t.bot AND j.state = 'ready' AND j.run_at <= $2
         ORDER BY j.run_at LIMIT $4 FOR UPDATE SKIP LOCKED) d),
     p AS (SELECT tid FROM c ORDER BY place, run_at, bot_instance_id LIMIT $3)
     UPDATE jobs SET state = 'running', attempt = jobs.attempt + 1, lease_until = (SELECT ms FROM db_clock) + $5
     WHERE jobs.ctid = ANY (ARRAY(SELECT tid FROM p)) AND jobs.state = 'ready'
     RETURNING jobs.bot_instance_id AS tenant, jobs.id, jobs.lane, jobs.kind, jobs.dedupe_key, jobs.run_at, jobs.attempt,
       jobs.max_attempts, jobs.payload, jobs.corr, jobs.created_at";
const JOBS_CLAIM_SQLITE: &str = "WITH RECURSIVE t(bot) AS (
       SELECT (SELECT f.bot_instance_id FROM jobs f WHERE f.lane = $1 AND f.state = 'ready'
         ORDER BY f.lane, f.bot_instance_id, f.run_at LIMIT 1)
       UNION ALL
       SELECT (SELECT n.bot_instance_id FROM jobs n WHERE n.lane = $1 AND n.state = 'ready' AND n.bot_instance_id > t.bot
         ORDER BY n.lane, n.bot_instance_id, n.run_at LIMIT 1)
       FROM t WHERE t.bot IS NOT NULL),
     c AS (SELECT d.bot_instance_id, d.id, d.run_at, ROW_NUMBER() OVER (PARTITION BY t.bot ORDER BY d.run_at, d.id) AS place
       FROM t JOIN jobs d ON d.bot_instance_id = t.bot AND d.id IN (SELECT j.id FROM jobs j
         WHERE j.lane = $1 AND j.bot_instance_id = t.bot AND j.state = 'ready' AND j.run_at <= $2
         ORDER BY j.run_at LIMIT $4)),
     p AS (SELECT bot_instance_id, id FROM c ORDER BY place, run_at, bot_instance_id LIMIT $3)
     UPDATE jobs SET state = 'running', attempt = jobs.attempt + 1, lease_until = (SELECT ms FROM db_clock) + $5
     FROM p WHERE jobs.bot_instance_id = p.bot_instance_id AND jobs.id = p.id AND jobs.state = 'ready'
     RETURNING jobs.bot_instance_id AS tenant, jobs.id, jobs.lane, jobs.kind, jobs.dedupe_key, jobs.run_at, jobs.attempt,
       jobs.max_attempts, jobs.payload, jobs.corr, jobs.created_at";
const JOBS_EXPIRE: &str = "UPDATE jobs SET lease_until = NULL, error = 'the worker went away',
       state = CASE WHEN attempt >= max_attempts THEN 'dead' ELSE 'ready' END,
       finished_at = CASE WHEN attempt >= max_attempts THEN CAST($1 AS BIGINT) ELSE NULL END
     WHERE state = 'running' AND lease_until < (SELECT ms FROM db_clock)
     RETURNING CASE WHEN state = 'dead' THEN 1 ELSE 0 END AS dead";
const JOBS_DEAD_OF: &str =
    "SELECT j.bot_instance_id AS tenant, j.id, j.lane, j.kind, j.dedupe_key, j.run_at, j.attempt,
       j.max_attempts, j.payload, j.corr, j.created_at
     FROM jobs j JOIN tenants t ON t.bot_instance_id = j.bot_instance_id
     WHERE j.state = 'dead' AND j.finished_at IS NOT NULL AND j.kind = $1 AND t.state <> 'deleted'
     ORDER BY j.finished_at, j.id LIMIT $2";
const JOBS_OPEN_COUNT: &str = "SELECT COUNT(*) FROM jobs WHERE state IN ('ready', 'running')";

row! {
    /// A claimed job.
    pub struct JobRow of "jobs" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Its name.
        pub id: JobId,
        /// Which queue it waited in.
        pub lane: Lane,
        /// Which work it is.
        pub kind: String,
        /// Names the work.
        pub dedupe_key: String,
        /// When it was due.
        pub run_at: UnixMs,
        /// Which claim this is, from 1; what the worker reports carries it.
        pub attempt: i64,
        /// After so many claims that end without an outcome the job is dead.
        pub max_attempts: i64,
        /// JSON.
        pub payload: String,
        /// The story it belongs to.
        pub corr: Corr,
        /// When it was put.
        pub created_at: UnixMs,
    }
}

/// What became of the jobs of dead workers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExpiredJobs {
    /// Ready for another worker.
    pub ready: usize,
    /// Out of attempts.
    pub dead: usize,
}

impl PlatformTx {
    /// Claims at most `limit` due jobs of a lane, at most `per_tenant` of one tenant, for `lease_ms` of the database's clock.
    /// Each claim is an attempt. Oldest first.
    pub async fn jobs_claim(
        &mut self,
        lane: Lane,
        now: UnixMs,
        lease_ms: i64,
        limit: i64,
        per_tenant: i64,
    ) -> Result<Vec<JobRow>, StoreError> {
        let sql = if self.tx.is_postgres() { JOBS_CLAIM_POSTGRES } else { JOBS_CLAIM_SQLITE };
        let mut jobs: Vec<JobRow> = on!(self.tx, c => all(sqlx::query(sql).bind(lane.as_str()).bind(now.0).bind(limit)
            .bind(per_tenant).bind(lease_ms).fetch_all(c).await))?;
        jobs.sort_by(|a, b| (a.run_at, &a.id).cmp(&(b.run_at, &b.id)));
        Ok(jobs)
    }

    /// Takes back the jobs of dead workers (their lease ended by the database's clock): ready again at once, or dead when no
    /// attempt is left.
    pub async fn jobs_expire_leases(&mut self, now: UnixMs) -> Result<ExpiredJobs, StoreError> {
        let rows: Vec<(i32,)> = on!(self.tx, c => sqlx::query_as(JOBS_EXPIRE).bind(now.0).fetch_all(c).await)?;
        let dead = rows.iter().filter(|(dead,)| *dead == 1).count();
        Ok(ExpiredJobs { ready: rows.len() - dead, dead })
    }

    /// Jobs of a kind that were given up, of bots in service; those first that were given up first.
    pub async fn jobs_dead_of(&mut self, kind: &str, limit: i64) -> Result<Vec<JobRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(JOBS_DEAD_OF).bind(kind).bind(limit).fetch_all(c).await))
    }

    /// How many jobs wait or run, in all lanes.
    pub async fn jobs_open_count(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(JOBS_OPEN_COUNT).fetch_one(c).await)?)
    }
}
