//! What a dead process or a lost signal left behind: leases that ran out, chats with something to say, generations that stand
//! still. Safe to run everywhere at once; each part is a few bounded statements. What is past its time is `retention.rs`'s.

use std::sync::Arc;
use std::time::Duration;

use super::Workers;
use super::sender::{self, Serving};
use crate::generation;
use crate::store::StoreError;

/// Chats found in one pass.
const CHATS: i64 = 500;
/// How often the work of bots that are out of service is looked for: whoever put one there has ended it already.
const DELETED_EVERY: Duration = Duration::from_mins(1);

/// Looks for what was left until the soft stop.
pub async fn run(workers: Arc<Workers>, serving: Arc<Serving>) {
    let stop = workers.tasks.soft();
    let every = workers.platform.settings.outbox.sweep_every.min(workers.platform.settings.jobs.sweep_every);
    let mut ended = workers.platform.clock.now();
    loop {
        if let Err(error) = sweep(&workers, &serving).await {
            tracing::warn!(error = %error, "a sweep did not end");
        }
        let now = workers.platform.clock.now();
        if now.since(ended) >= DELETED_EVERY {
            ended = now;
            match generation::sweep::of_deleted(&workers.platform.db, now).await {
                Ok(0) => {}
                Ok(ended) => tracing::info!(ended, "generations of bots that are out of service were ended"),
                Err(error) => {
                    tracing::warn!(error = %error, "what bots that are out of service had at work was not ended");
                }
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
