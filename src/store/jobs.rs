//! Jobs of one tenant: put by the transaction that needs the work, ended by the transaction that has its result
//! (reliability.md 3.3). Claims over all tenants are in `platform_jobs.rs`.
//!
//! Whoever ends or keeps a job says which attempt it is; a worker whose lease went to another gets `false` and must drop what
//! it has, by rolling back.

use super::{StoreError, TenantTx, on};
use crate::domain::{Corr, JobId, Lane, UnixMs};

const JOB_PUT: &str =
    "INSERT INTO jobs (bot_instance_id, id, lane, kind, dedupe_key, state, run_at, attempt, max_attempts,
       payload, corr, created_at) VALUES ($1, $2, $3, $4, $5, 'ready', $6, 0, $7, $8, $9, $10)
     ON CONFLICT (bot_instance_id, dedupe_key) WHERE state IN ('ready', 'running') DO NOTHING";
const JOB_FINISH: &str = "UPDATE jobs SET state = 'done', lease_until = NULL, finished_at = $4, error = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
const JOB_RETRY: &str = "UPDATE jobs SET state = 'ready', lease_until = NULL, run_at = $4, error = $5
     WHERE bot_instance_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
/// A pause that the work asked for is no failed try: the limit grows with the attempt, which keeps fencing stale workers.
const JOB_AGAIN: &str = "UPDATE jobs SET state = 'ready', lease_until = NULL, run_at = $4, error = NULL,
       max_attempts = max_attempts + 1
     WHERE bot_instance_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
const JOB_DEAD: &str = "UPDATE jobs SET state = 'dead', lease_until = NULL, finished_at = $4, error = $5
     WHERE bot_instance_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
const JOB_HEARTBEAT: &str = "UPDATE jobs SET lease_until = (SELECT ms FROM db_clock) + $4
     WHERE bot_instance_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
const JOB_WAKE: &str = "UPDATE jobs SET run_at = $3
     WHERE bot_instance_id = $1 AND dedupe_key = $2 AND state = 'ready' AND run_at > $3";

/// The attempt is kept: it fences whoever still holds an older one. A job whose work waits or runs anew stays dead.
const JOB_REQUEUE: &str =
    "UPDATE jobs SET state = 'ready', run_at = $3, finished_at = NULL, max_attempts = attempt + $4
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'dead' AND NOT EXISTS (SELECT 1 FROM jobs o
       WHERE o.bot_instance_id = $1 AND o.dedupe_key = jobs.dedupe_key AND o.state IN ('ready', 'running'))";

/// A job that was given up needs nothing more: whoever waited for it has its answer.
const JOB_SETTLE: &str = "UPDATE jobs SET state = 'done', finished_at = $3
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'dead'";

/// Work to record.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// Its name.
    pub id: JobId,
    /// Which queue it waits in.
    pub lane: Lane,
    /// Which work it is: the worker's word.
    pub kind: &'a str,
    /// Names the work; while one job with it is open, another is not put.
    pub dedupe_key: &'a str,
    /// Not before.
    pub run_at: UnixMs,
    /// After so many claims that end without an outcome the job is dead.
    pub max_attempts: i64,
    /// JSON.
    pub payload: &'a str,
    /// The story it belongs to.
    pub corr: &'a Corr,
}

impl TenantTx {
    /// Records work. `false`: a job with this dedupe key waits or runs already.
    pub async fn job_put(&mut self, new: &NewJob<'_>, now: UnixMs) -> Result<bool, StoreError> {
        let put = on!(self.tx, c => sqlx::query(JOB_PUT).bind(self.id.as_str()).bind(new.id.as_str())
            .bind(new.lane.as_str()).bind(new.kind).bind(new.dedupe_key).bind(new.run_at.0).bind(new.max_attempts)
            .bind(new.payload).bind(new.corr.as_str()).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(put == 1)
    }

    /// The work is done, in the transaction of its result. `false`: another worker has the job.
    pub async fn job_finish(&mut self, job: &JobId, attempt: i64, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(JOB_FINISH).bind(self.id.as_str()).bind(job.as_str()).bind(attempt)
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Once more, not before `run_at`. `false`: another worker has the job.
    pub async fn job_retry(
        &mut self,
        job: &JobId,
        attempt: i64,
        run_at: UnixMs,
        error: &str,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(JOB_RETRY).bind(self.id.as_str()).bind(job.as_str()).bind(attempt)
            .bind(run_at.0).bind(error).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Nothing is wrong, but it is not finished: look again at `run_at`. Costs no try. `false`: another worker has the job.
    pub async fn job_again(&mut self, job: &JobId, attempt: i64, run_at: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(JOB_AGAIN).bind(self.id.as_str()).bind(job.as_str()).bind(attempt)
            .bind(run_at.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Given up. `false`: another worker has the job.
    pub async fn job_dead(&mut self, job: &JobId, attempt: i64, error: &str, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(JOB_DEAD).bind(self.id.as_str()).bind(job.as_str()).bind(attempt)
            .bind(now.0).bind(error).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Keeps a claimed job for another `lease_ms` of the database's clock. `false`: another worker has the job, stop.
    pub async fn job_heartbeat(&mut self, job: &JobId, attempt: i64, lease_ms: i64) -> Result<bool, StoreError> {
        let kept = on!(self.tx, c => sqlx::query(JOB_HEARTBEAT).bind(self.id.as_str()).bind(job.as_str()).bind(attempt)
            .bind(lease_ms).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(kept == 1)
    }

    /// Brings a waiting job forward to `run_at`: what it waits for has happened. `false`: none waits longer than that.
    pub async fn job_wake(&mut self, dedupe_key: &str, run_at: UnixMs) -> Result<bool, StoreError> {
        let woken = on!(self.tx, c => sqlx::query(JOB_WAKE).bind(self.id.as_str()).bind(dedupe_key).bind(run_at.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(woken == 1)
    }

    /// Ends a job that was given up, in the transaction that answers for it. `true` only once; the error that ended it stays.
    pub async fn job_settle(&mut self, job: &JobId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(JOB_SETTLE).bind(self.id.as_str()).bind(job.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Puts a job that was given up once more, for `tries` more claims. `false`: it is not dead, or its work waits again.
    pub async fn job_requeue(&mut self, job: &JobId, tries: i64, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(JOB_REQUEUE).bind(self.id.as_str()).bind(job.as_str()).bind(now.0)
            .bind(tries).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
