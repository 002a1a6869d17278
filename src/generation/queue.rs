//! Puts this module's jobs into the queue, in the transaction that makes them necessary.

use std::time::Duration;

use super::GenerationError;
use super::jobs::Job;
use crate::domain::{Corr, JobId, UnixMs};
use crate::store::{NewJob, StoreError, TenantTx};

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
    let run_at = now.plus(after);
    if !insert(tx, job, corr, now, run_at).await? {
        tx.job_wake(&job.dedupe_key(), run_at).await?;
    }
    Ok(())
}

/// Puts a job that runs at once, unless an equal one waits or runs. `false`: one does.
pub(super) async fn put_if_none(tx: &mut TenantTx, job: &Job, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
    insert(tx, job, corr, now, now).await
}

async fn insert(tx: &mut TenantTx, job: &Job, corr: &Corr, now: UnixMs, run_at: UnixMs) -> Result<bool, StoreError> {
    let new = NewJob {
        id: JobId::random(),
        lane: job.lane(),
        kind: job.kind(),
        dedupe_key: &job.dedupe_key(),
        run_at,
        max_attempts: job.max_attempts(),
        payload: &job.payload(),
        corr,
    };
    tx.job_put(&new, now).await
}
