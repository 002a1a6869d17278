//! What a dead process or a lost signal left behind: leases that ran out, chats with something to say, generations that stand
//! still, rows past their time. Safe to run everywhere at once; each part is a few bounded statements.

use std::sync::Arc;
use std::time::Duration;

use super::Workers;
use super::sender::{self, Serving};
use crate::generation;
use crate::store::StoreError;

/// Chats found in one pass.
const CHATS: i64 = 500;
/// Rows removed in one statement.
const ROWS: i64 = 1_000;
/// Signs of life of processes are kept this long.
const GONE: Duration = Duration::from_hours(24);
/// Answers of the API's writes are kept this long.
const ANSWERS: Duration = Duration::from_hours(24);
/// How often old rows are looked for.
const PURGE_EVERY: Duration = Duration::from_mins(1);

/// Looks for what was left until the soft stop.
pub async fn run(workers: Arc<Workers>, serving: Arc<Serving>) {
    let stop = workers.tasks.soft();
    let every = workers.platform.settings.outbox.sweep_every.min(workers.platform.settings.jobs.sweep_every);
    let mut purged = workers.platform.clock.now();
    loop {
        if let Err(error) = sweep(&workers, &serving).await {
            tracing::warn!(error = %error, "a sweep did not end");
        }
        let now = workers.platform.clock.now();
        if now.since(purged) >= PURGE_EVERY {
            purged = now;
            if let Err(error) = purge(&workers).await {
                tracing::warn!(error = %error, "old rows were not removed");
            }
            match generation::sweep::of_deleted(&workers.platform.db, now).await {
                Ok(0) => {}
                Ok(ended) => tracing::info!(ended, "generations of bots that are out of service were ended"),
                Err(error) => {
                    tracing::warn!(error = %error, "what bots that are out of service had at work was not ended");
                }
            }
            if let Err(error) = generation::sweep::media(&workers.platform.db, &workers.media, now).await {
                tracing::warn!(error = %error, "files past their time were not removed");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// One pass over what was left.
pub async fn sweep(workers: &Arc<Workers>, serving: &Arc<Serving>) -> Result<(), StoreError> {
    let now = workers.platform.clock.now();
    let mut tx = workers.platform.db.platform().await?;
    let mut chats = tx.outbox_expire_leases().await?;
    let lost = tx.jobs_expire_leases(now).await?;
    chats.extend(tx.outbox_due_chats(now, CHATS).await?);
    tx.commit().await?;
    for key in chats {
        sender::wake(workers, serving, &key);
    }
    if lost.ready + lost.dead > 0 {
        tracing::warn!(ready = lost.ready, dead = lost.dead, "leases ran out");
        workers.platform.signals.job();
    }
    let restarted = generation::sweep::restart(&workers.platform.db, &workers.platform.settings, now).await?;
    if restarted > 0 {
        tracing::warn!(generations = restarted, "generations stood still and were taken up again");
        workers.platform.signals.job();
    }
    Ok(())
}

async fn purge(workers: &Workers) -> Result<(), StoreError> {
    let keep = &workers.platform.settings.retention;
    let now = workers.platform.clock.now();
    let mut tx = workers.platform.db.platform().await?;
    tx.updates_purge(now.minus(keep.updates), ROWS).await?;
    tx.outbox_purge(now.minus(keep.outbox), ROWS).await?;
    tx.jobs_purge(now.minus(keep.jobs), now.minus(keep.dead_jobs), ROWS).await?;
    tx.api_answers_purge(now.minus(ANSWERS), ROWS).await?;
    tx.onboarding_purge(now.minus(GONE)).await?;
    tx.hook_deliveries_purge(now.minus(workers.platform.settings.api.hook_log), ROWS).await?;
    tx.errors_purge(now.minus(keep.errors), ROWS).await?;
    // Processes that are gone: their names do not come again.
    tx.heartbeats_purge(now.minus(GONE)).await?;
    tx.leases_forget("instance:", i64::try_from(GONE.as_millis()).unwrap_or(i64::MAX)).await?;
    tx.commit().await
}
