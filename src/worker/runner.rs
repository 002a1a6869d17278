//! Runs jobs: claims them fairly over tenants, holds their leases, records what came of them. A worker that lost its lease
//! records nothing (reliability.md 3.3).

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::sync::Semaphore;
use tracing::Instrument as _;

use super::context::backoff;
use super::{Workers, jobs};
use crate::domain::Lane;
use crate::store::{JobRow, StoreError};

/// What came of a job.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing more to do.
    Done,
    /// Not finished, and nothing is wrong: look again after this long. Costs no try.
    Again(Duration),
    /// Failed; may work later.
    Failed(String),
    /// Will never work.
    Hopeless(String),
}

/// What one step of a worker did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ran this many jobs.
    Ran(usize),
    /// Nothing was due.
    Empty,
}

/// Claims and runs jobs of a lane until the soft stop.
pub async fn run(workers: Arc<Workers>, lane: Lane) {
    let stop = workers.tasks.soft();
    let settings = workers.platform.settings.jobs.clone();
    let room = Arc::new(Semaphore::new(usize::try_from(settings.workers).unwrap_or(16)));
    let wake = workers.platform.signals.jobs();
    while !stop.is_cancelled() {
        let woken = wake.notified();
        match claim_and_spawn(&workers, lane, &room).await {
            Ok(Step::Ran(_)) => continue,
            Ok(Step::Empty) => {}
            Err(error) => tracing::warn!(lane = lane.as_str(), error = %error, "jobs could not be claimed"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(settings.poll_every) => {}
        }
    }
}

async fn claim_and_spawn(workers: &Arc<Workers>, lane: Lane, room: &Arc<Semaphore>) -> Result<Step, StoreError> {
    let Ok(first) = room.clone().acquire_owned().await else { return Ok(Step::Empty) };
    let free = room.available_permits() + 1;
    drop(first);
    let claimed = claim(workers, lane, free).await?;
    let ran = claimed.len();
    for job in claimed {
        let Ok(permit) = room.clone().acquire_owned().await else { return Ok(Step::Empty) };
        let each = workers.clone();
        workers.tasks.spawn("job", async move {
            run_one(&each, job).await;
            drop(permit);
        });
    }
    Ok(if ran == 0 { Step::Empty } else { Step::Ran(ran) })
}

async fn claim(workers: &Workers, lane: Lane, limit: usize) -> Result<Vec<JobRow>, StoreError> {
    let settings = &workers.platform.settings.jobs;
    let lease = i64::try_from(settings.lease.as_millis()).unwrap_or(60_000);
    let mut tx = workers.platform.db.platform().await?;
    let now = workers.platform.clock.now();
    let limit = i64::try_from(limit).unwrap_or(1);
    let jobs = tx.jobs_claim(lane, now, lease, limit, i64::from(settings.tenant_claim)).await?;
    tx.commit().await?;
    Ok(jobs)
}

async fn run_one(workers: &Workers, job: JobRow) {
    let span =
        tracing::info_span!("job", tenant = %job.tenant, corr = %job.corr, kind = %job.kind, attempt = job.attempt);
    async {
        let work = AssertUnwindSafe(jobs::run(workers, &job)).catch_unwind();
        let outcome = tokio::select! {
            outcome = work => outcome.unwrap_or_else(|_| Outcome::Failed("panic".to_owned())),
            () = lost_lease(workers, &job) => {
                tracing::warn!("the lease was lost, another worker has the job");
                return;
            }
        };
        if let Err(error) = record(workers, &job, outcome).await {
            tracing::warn!(error = %error, "what came of a job was not recorded; its lease runs out");
        }
    }
    .instrument(span)
    .await;
}

/// Renews the lease until that fails.
async fn lost_lease(workers: &Workers, job: &JobRow) {
    let settings = &workers.platform.settings.jobs;
    let lease = i64::try_from(settings.lease.as_millis()).unwrap_or(60_000);
    loop {
        tokio::time::sleep(settings.heartbeat).await;
        let kept = async {
            let mut tx = workers.platform.db.tenant(&job.tenant).await?;
            let kept = tx.job_heartbeat(&job.id, job.attempt, lease).await?;
            tx.commit().await?;
            Ok::<bool, StoreError>(kept)
        };
        // An unreachable database is no proof that the lease is lost.
        if matches!(kept.await, Ok(false)) {
            return;
        }
    }
}

async fn record(workers: &Workers, job: &JobRow, outcome: Outcome) -> Result<(), StoreError> {
    let settings = &workers.platform.settings.jobs;
    let now = workers.platform.clock.now();
    let mut tx = workers.platform.db.tenant(&job.tenant).await?;
    let kept = match outcome {
        Outcome::Done => tx.job_finish(&job.id, job.attempt, now).await?,
        Outcome::Again(after) => tx.job_again(&job.id, job.attempt, now.plus(after)).await?,
        Outcome::Failed(why) if job.attempt < job.max_attempts => {
            tracing::warn!(error = %why, "a job failed and will be tried again");
            let pause = backoff(job.attempt, settings.backoff_first, settings.backoff_max);
            tx.job_retry(&job.id, job.attempt, now.plus(pause), &why).await?
        }
        Outcome::Failed(why) | Outcome::Hopeless(why) => {
            tracing::error!(error = %why, "a job is dead");
            tx.job_dead(&job.id, job.attempt, &why, now).await?
        }
    };
    tx.commit().await?;
    if !kept {
        tracing::warn!("a stale worker's result was not taken");
    }
    Ok(())
}
