//! Puts this module's jobs into the queue, in the transaction that makes them necessary.

use std::time::Duration;

use super::GenerationError;
use super::jobs::Job;
use crate::domain::{Corr, JobId, UnixMs};
use crate::store::{NewJob, TenantTx};

/// Puts a job that runs at once; an equal one that waits is pulled forward.
pub(super) async fn put(tx: &mut TenantTx, job: &Job, corr: &Corr, now: UnixMs) -> Result<(), GenerationError> {
    put_after(tx, job, corr, now, Duration::ZERO).await
}

/// Puts a job that runs after a while; an equal one that waits runs at the earlier of both times.
pub(super) async fn put_after(
    tx: &mut TenantTx,
    job: &Job,
    corr: &Corr,
    now: UnixMs,
    after: Duration,
) -> Result<(), GenerationError> {
    let (key, run_at) = (job.dedupe_key(), now.plus(after));
    let new = NewJob {
        id: JobId::random(),
        lane: job.lane(),
        kind: job.kind(),
        dedupe_key: &key,
        run_at,
        max_attempts: job.max_attempts(),
        payload: &job.payload(),
        corr,
    };
    if !tx.job_put(&new, now).await? {
        tx.job_wake(&key, run_at).await?;
    }
    Ok(())
}
