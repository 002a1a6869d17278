//! Queues as the platform's owner sees them: what waits, what was given up, who is there (platform.md 6).

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, Corr, JobId, Lane, UnixMs};

const LANES: &str = "SELECT lane, SUM(CASE WHEN state = 'ready' THEN 1 ELSE 0 END) AS ready,
       SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END) AS running, MIN(run_at) AS oldest
     FROM jobs WHERE state IN ('ready', 'running') GROUP BY lane ORDER BY lane";
const DEAD_JOBS: &str = "SELECT bot_instance_id AS tenant, id, lane, kind, attempt, corr, error, finished_at FROM jobs
     WHERE state = 'dead' AND finished_at IS NOT NULL AND (finished_at, id) < ($1, $2)
     ORDER BY finished_at DESC, id DESC LIMIT $3";
const DEAD_COUNT: &str = "SELECT COUNT(*) FROM jobs WHERE state = 'dead' AND finished_at IS NOT NULL";
const OUTBOX_WAITING: &str =
    "SELECT COUNT(*) AS n, MIN(run_at) AS oldest FROM outbox WHERE state IN ('queued', 'sending')";
const REPLICAS: &str = "SELECT instance, started_at, seen_at FROM heartbeats ORDER BY seen_at DESC LIMIT 50";
const LEASES: &str = "SELECT name, holder, epoch, expires_at FROM leases WHERE holder <> '' ORDER BY name LIMIT 200";

row! {
    /// A queue.
    pub struct LaneRow of "jobs" by "lane" {
        /// Which.
        pub lane: Lane,
        /// Jobs that wait.
        pub ready: i64,
        /// Jobs at work.
        pub running: i64,
        /// When the oldest of both was due.
        pub oldest: UnixMs,
    }
}

row! {
    /// A job that was given up.
    pub struct DeadJobRow of "jobs" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Its name.
        pub id: JobId,
        /// Which queue it waited in.
        pub lane: Lane,
        /// Which work it is.
        pub kind: String,
        /// How often it was tried.
        pub attempt: i64,
        /// The story it belongs to.
        pub corr: Corr,
        /// The last error.
        pub error: Option<String>,
        /// When it was given up.
        pub finished_at: UnixMs,
    }
}

row! {
    /// A process that serves.
    pub struct ReplicaRow of "heartbeats" by "instance" {
        /// Its name.
        pub instance: String,
        /// Since when.
        pub started_at: UnixMs,
        /// When it said so last.
        pub seen_at: UnixMs,
    }
}

row! {
    /// A role that one process has.
    pub struct LeaseRow of "leases" by "name" {
        /// The role.
        pub name: String,
        /// Who has it.
        pub holder: String,
        /// How often it was given out.
        pub epoch: i64,
        /// Until when, on the database's clock.
        pub expires_at: UnixMs,
    }
}

row! {
    /// Messages that wait.
    pub struct OutboxWaitingRow of "outbox" by "n" {
        /// How many.
        pub n: i64,
        /// When the oldest of them was due.
        pub oldest: Option<UnixMs>,
    }
}

impl PlatformTx {
    /// Every queue that has something in it.
    pub async fn lanes(&mut self) -> Result<Vec<LaneRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(LANES).fetch_all(c).await))
    }

    /// Jobs that were given up before `(at, id)`, newest first.
    pub async fn dead_jobs(&mut self, before: (UnixMs, &str), limit: i64) -> Result<Vec<DeadJobRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(DEAD_JOBS).bind(before.0.0).bind(before.1).bind(limit).fetch_all(c).await))
    }

    /// How many jobs were given up and not put once more.
    pub async fn dead_jobs_count(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(DEAD_COUNT).fetch_one(c).await)?)
    }

    /// Messages that wait to be said.
    pub async fn outbox_waiting(&mut self) -> Result<OutboxWaitingRow, StoreError> {
        on!(self.tx, c => super::rows::one(sqlx::query(OUTBOX_WAITING).fetch_one(c).await))
    }

    /// The processes that said they live, the last one first.
    pub async fn replicas(&mut self) -> Result<Vec<ReplicaRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(REPLICAS).fetch_all(c).await))
    }

    /// Roles and who has them.
    pub async fn leases_all(&mut self) -> Result<Vec<LeaseRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(LEASES).fetch_all(c).await))
    }
}
