//! Broadcasts on their way (bot.md 14.7): claimed like jobs, recipients written down in slices, then sent in small windows.
//! What came of a window is recorded in one transaction before the next one begins, so after a crash at most one window comes
//! twice and nobody is left out. Answers of the same bot go first (`clients/telegram/budget.rs`); other bots are not touched.

mod tell;
mod window;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tracing::Instrument as _;

use super::Workers;
use crate::domain::{BroadcastState, TenantState, UnixMs};
use crate::generation::GenerationError;
use crate::store::{BroadcastRow, ClaimedBroadcast, StoreError, Walk};
use crate::tenants::Tenant;

/// Broadcasts under way at once in one process.
const AT_ONCE: usize = 64;
/// Recipients of a stopped broadcast removed in one transaction.
const DROPPED: i64 = 1_000;

/// What one step did.
enum Step {
    /// Something; there is more to do now.
    Go,
    /// Nothing more to do for now: the claim is given back.
    Rest,
    /// Another worker has it.
    Lost,
}

/// Claims and sends broadcasts until the soft stop.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let wake = workers.platform.signals.jobs();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    while !stop.is_cancelled() {
        let woken = wake.notified();
        if let Err(error) = claim_and_spawn(&workers, &room).await {
            tracing::warn!(error = %error, "broadcasts could not be claimed");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(workers.platform.settings.jobs.poll_every) => {}
        }
    }
}

async fn claim_and_spawn(workers: &Arc<Workers>, room: &Arc<Semaphore>) -> Result<(), StoreError> {
    let free = i64::try_from(room.available_permits()).unwrap_or(0);
    if free == 0 {
        return Ok(());
    }
    let now = workers.platform.clock.now();
    // Claiming writes, and there is one writer on SQLite: first a look whether there is anything.
    if !workers.platform.db.platform_read().await?.broadcasts_wait(now).await? {
        return Ok(());
    }
    let mut tx = workers.platform.db.platform().await?;
    let claimed = tx.broadcasts_claim(now, free, lease(workers)).await?;
    tx.commit().await?;
    for one in claimed {
        let Ok(permit) = room.clone().acquire_owned().await else { return Ok(()) };
        let each = workers.clone();
        workers.tasks.spawn("broadcast", async move {
            let span = tracing::info_span!("broadcast", tenant = %one.tenant, broadcast = %one.id);
            serve(&each, &one).instrument(span).await;
            drop(permit);
        });
    }
    Ok(())
}

fn lease(workers: &Workers) -> i64 {
    i64::try_from(workers.platform.settings.broadcast.lease.as_millis()).unwrap_or(30_000)
}

/// Goes on with a claimed broadcast until it rests, is over, or the process stops.
async fn serve(workers: &Workers, claimed: &ClaimedBroadcast) {
    let stop = workers.tasks.soft();
    // A tenant that does not work keeps its broadcast: looked at again when the lease is over.
    let works = |tenant: &Tenant| matches!(tenant.state, TenantState::Active | TenantState::Draft);
    let Some(tenant) = workers.platform.tenants.get(&claimed.tenant).filter(|tenant| works(tenant)) else { return };
    while !stop.is_cancelled() {
        match step(workers, &tenant, claimed).await {
            Ok(Step::Go) => {}
            Ok(Step::Rest) => break,
            Ok(Step::Lost) => {
                tracing::warn!("the claim was lost, another worker has the broadcast");
                return;
            }
            Err(error) => {
                tracing::warn!(error = %error, "a broadcast cannot go on for now; its lease runs out");
                return;
            }
        }
    }
    let release = async {
        let mut tx = workers.platform.db.tenant(&tenant.id).await?;
        tx.broadcast_release(&claimed.id, claimed.epoch).await?;
        tx.commit().await
    };
    if let Err(error) = release.await {
        tracing::debug!(error = %error, "a claim was not given back; its lease runs out");
    }
}

async fn step(workers: &Workers, tenant: &Tenant, claimed: &ClaimedBroadcast) -> Result<Step, GenerationError> {
    let db = &workers.platform.db;
    let mut tx = db.tenant_read(&tenant.id).await?;
    let Some(row) = tx.broadcast_get(&claimed.id).await? else { return Ok(Step::Lost) };
    if row.epoch != claimed.epoch {
        return Ok(Step::Lost);
    }
    match row.state {
        BroadcastState::Stopped => {
            drop(tx);
            clear(workers, tenant, &row).await
        }
        BroadcastState::Running if row.run_at > workers.platform.clock.now() => Ok(Step::Rest),
        BroadcastState::Running if row.gathered_at.is_none() => {
            drop(tx);
            gather(workers, tenant, &row).await
        }
        BroadcastState::Running => window::send(workers, tenant, tx, &row).await,
        BroadcastState::Draft | BroadcastState::Paused | BroadcastState::Done => Ok(Step::Rest),
    }
}

/// Writes down the next slice of recipients.
async fn gather(workers: &Workers, tenant: &Tenant, row: &BroadcastRow) -> Result<Step, GenerationError> {
    let now = workers.platform.clock.now();
    let slice = i64::from(workers.platform.settings.broadcast.slice);
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    let by = row.confirmed_at.unwrap_or(row.created_at);
    let kept = match tx.recipients_gather(&row.id, row.reached, slice, by).await? {
        Some((reached, _)) => {
            tx.broadcast_step(&row.id, &[], None, &walk(workers, row, reached, row.tries, now)).await?
        }
        None => tx.broadcast_gathered(&row.id, row.epoch, now).await?,
    };
    if !kept {
        tx.rollback().await?;
        return Ok(Step::Lost);
    }
    tx.commit().await?;
    Ok(Step::Go)
}

/// Removes what a stopped broadcast has left.
async fn clear(workers: &Workers, tenant: &Tenant, row: &BroadcastRow) -> Result<Step, GenerationError> {
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    let over = tx.recipients_drop(&row.id, DROPPED).await? == 0;
    let kept = if over {
        tx.broadcast_cleared(&row.id, row.epoch).await?
    } else {
        tx.broadcast_step(&row.id, &[], None, &walk(workers, row, row.reached, row.tries, row.run_at)).await?
    };
    tx.commit().await?;
    Ok(if !kept {
        Step::Lost
    } else if over {
        Step::Rest
    } else {
        Step::Go
    })
}

fn walk(workers: &Workers, row: &BroadcastRow, reached: i64, tries: i64, run_at: UnixMs) -> Walk {
    Walk { epoch: row.epoch, reached, tries, run_at, lease_ms: lease(workers) }
}
