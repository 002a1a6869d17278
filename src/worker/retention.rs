//! What is kept for a time and no longer (decisions.md 23): rows, files, and bots that left (platform.md 2).
//!
//! Rows and files are removed by every process at once, in bounded statements that take what they find. A bot is removed by one
//! process for all, with the function of `botyard tenant purge`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Workers;
use super::singleton::Role;
use crate::domain::{BotInstanceId, UnixMs};
use crate::generation;
use crate::store::{PlatformTx, StoreError};
use crate::tenants::archive::{self, ArchiveError};

/// Rows removed in one transaction.
const ROWS: u32 = 1_000;
/// Transactions for rows of one kind in one pass; what is left waits for the next one.
const BATCHES: u32 = 100;
/// Bots removed in one pass: each is one transaction over all its rows.
const BOTS: usize = 3;
/// Signs of life of processes are kept this long, and what of the panel's log-in has ended: a page says why a link is old.
const GONE: Duration = Duration::from_hours(24);
/// Answers of the API's writes are kept this long.
const ANSWERS: Duration = Duration::from_hours(24);

/// Removes what is past its time until the soft stop.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let role = Role::new(&workers, "retention");
    let mut failed = Failed::new();
    loop {
        let pause = tokio::time::sleep(workers.platform.settings.retention.sweep_every);
        if stop.run_until_cancelled(pause).await.is_none() {
            return role.give_back().await;
        }
        let _ = stop.run_until_cancelled(Box::pin(rows(&workers))).await;
        match role.take().await {
            Ok(true) => {
                let work = Box::pin(bots(&workers, &mut failed));
                let _ = stop.run_until_cancelled(role.while_held(work)).await;
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(error = %error, "the lease of what is past its time could not be asked for"),
        }
    }
}

/// A kind of rows that are removed by their age.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Updates,
    Messages,
    Jobs,
    ApiAnswers,
    Onboarding,
    HookDeliveries,
    Errors,
    PanelDoors,
    UsedOffers,
    Offers,
    Processes,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Updates,
        Self::Messages,
        Self::Jobs,
        Self::ApiAnswers,
        Self::Onboarding,
        Self::HookDeliveries,
        Self::Errors,
        Self::PanelDoors,
        Self::UsedOffers,
        Self::Offers,
        Self::Processes,
    ];

    /// Removes at most as many as one transaction may. Gives how many.
    async fn purge(self, tx: &mut PlatformTx, workers: &Workers, now: UnixMs) -> Result<u64, StoreError> {
        let settings = &workers.platform.settings;
        let (keep, rows) = (&settings.retention, i64::from(ROWS));
        match self {
            Self::Updates => tx.updates_purge(now.minus(keep.updates), rows).await,
            Self::Messages => tx.outbox_purge(now.minus(keep.outbox), rows).await,
            Self::Jobs => tx.jobs_purge(now.minus(keep.jobs), now.minus(keep.dead_jobs), rows).await,
            Self::ApiAnswers => tx.api_answers_purge(now.minus(ANSWERS), rows).await,
            Self::Onboarding => tx.onboarding_purge(now.minus(GONE)).await,
            Self::HookDeliveries => tx.hook_deliveries_purge(now.minus(settings.api.hook_log), rows).await,
            Self::Errors => tx.errors_purge(now.minus(keep.errors), rows).await,
            Self::PanelDoors => tx.panel_purge(now.minus(GONE), rows).await,
            // As long as the files that an order names: whoever is erased meanwhile is known by them.
            Self::UsedOffers => tx.quotes_empty(now.minus(keep.results), rows).await,
            Self::Offers => tx.quotes_purge(now.minus(keep.results), rows).await,
            Self::Processes => {
                // Processes that are gone: their names do not come again.
                let silent = tx.heartbeats_purge(now.minus(GONE)).await?;
                let ms = i64::try_from(GONE.as_millis()).unwrap_or(i64::MAX);
                Ok(silent + tx.leases_forget("instance:", ms).await?)
            }
        }
    }
}

/// One pass over rows and files. A kind that fails does not keep the others from it.
pub async fn rows(workers: &Workers) {
    let platform = &workers.platform;
    let now = platform.clock.now();
    for kind in Kind::ALL {
        if let Err(error) = drain(workers, kind, now).await {
            tracing::warn!(?kind, error = %error, "old rows were not removed");
        }
    }
    for _ in 0..BATCHES {
        match generation::sweep::media(&platform.db, &workers.media, now).await {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = %error, "files past their time were not removed");
                break;
            }
        }
    }
}

/// Removes one kind until nothing is left, or it has had its share of the pass.
async fn drain(workers: &Workers, kind: Kind, now: UnixMs) -> Result<(), StoreError> {
    for _ in 0..BATCHES {
        let mut tx = workers.platform.db.platform().await?;
        let removed = kind.purge(&mut tx, workers, now).await?;
        tx.commit().await?;
        if removed < u64::from(ROWS) {
            return Ok(());
        }
    }
    Ok(())
}

/// Bots that could not be removed, and when that was tried last.
pub type Failed = BTreeMap<BotInstanceId, UnixMs>;

/// Removes a few bots that left longer ago than they are kept. One that fails waits behind the others, is tried again in a later
/// pass, and is told of once.
pub async fn bots(workers: &Workers, failed: &mut Failed) {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let before = now.minus(platform.settings.retention.deleted_tenants);
    let due = async { platform.db.platform_read().await?.tenants_deleted_by(before).await };
    let mut due: Vec<BotInstanceId> = match due.await {
        Ok(due) => due,
        Err(error) => return tracing::warn!(error = %error, "bots that are to be removed were not looked for"),
    };
    failed.retain(|id, _| due.contains(id));
    due.sort_by_key(|id| failed.get(id).copied());
    for id in due.into_iter().take(BOTS) {
        match archive::purge(&platform.db, &platform.vault, &workers.media, &id, now).await {
            // Unknown: somebody else was faster.
            Ok(_) | Err(ArchiveError::Unknown(_)) => {
                failed.remove(&id);
            }
            Err(error) => {
                if failed.insert(id.clone(), now).is_none() {
                    tracing::error!(tenant = %id, error = %error, "a deleted bot was not removed; it is tried again");
                }
            }
        }
    }
}
