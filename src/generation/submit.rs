//! Hands a generation to the provider (decisions.md 7; reliability.md 3.3). One intent, one call: the intent is committed
//! before the call, and a job that finds an intent without a task never calls again. Until the provider has said whether it
//! took it, the generation is an orphan that a callback may adopt.

use std::time::Duration;

use super::GenerationError;
use super::cause::{Failure, FailureKind};
use super::ctx::{Asking, Ctx};
use super::deal::Kept;
use super::fair::{self, Turn};
use super::items::ItemKind;
use super::jobs::Job;
use super::moves;
use super::prepare::{self, Unready};
use super::queue::{put, put_after};
use super::quota::{self, Leave};
use super::settle;
use crate::clients::kie::{CreateError, TaskId};
use crate::domain::{ChatId, GenerationId, GenerationState as State, Payer};
use crate::lifecycle::crash::crash_point;
use crate::store::GenerationRow;
use crate::tenants::Tenant;

/// How often what the provider said is written down before the lease is left to run out.
const WRITES: u32 = 6;
const BETWEEN_WRITES: Duration = Duration::from_millis(300);

/// Nobody comes again sooner.
const SOON: Duration = Duration::from_millis(50);

/// What came of it. Everything it says is already recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// The provider has it: `Job::Watch` is put.
    Accepted,
    /// Not now: run this job again after that long. The place in the queue is kept (state `created`).
    Later(Duration),
    /// Nobody knows whether the provider has it: `Job::Watch` looks at it when its time is over.
    Orphan,
    /// Over: money went back, `Job::Tell` is put.
    Failed(FailureKind),
    /// Dry run: `Job::Deliver` is put, with one item of kind `simulated`.
    Simulated,
    /// Nothing to do: it is further on, or over.
    Nothing,
}

/// Runs `Job::Submit`. Safe to run again at any point.
pub async fn submit(ctx: &Ctx<'_>, tenant: &Tenant, id: &GenerationId) -> Result<Submitted, GenerationError> {
    let Some(row) = ctx.row(tenant, id).await? else { return Ok(Submitted::Nothing) };
    match row.state {
        State::Created if row.payer == Payer::DryRun => simulate(ctx, tenant, &row).await,
        State::Created => call(ctx, tenant, &row).await,
        // An earlier run recorded its intent and went away: whether it called is unknown.
        State::Submitting => orphan(ctx, tenant, &row).await,
        _ => Ok(Submitted::Nothing),
    }
}

async fn call(ctx: &Ctx<'_>, tenant: &Tenant, row: &GenerationRow) -> Result<Submitted, GenerationError> {
    if tenant.stopped.is_some() {
        return later(ctx, tenant, row, None).await;
    }
    let kept = Kept::open(tenant, &row.sealed)?;
    let Some(key) = ctx.key(tenant) else { return fail(ctx, tenant, row, &FailureKind::KeyRefused.into()).await };
    let behind = match fair::turn(ctx, tenant, &row.id).await? {
        Turn::Go(behind) => behind,
        Turn::Wait(pause) => return waits(ctx, tenant, row, pause).await,
    };
    let prepared = match prepare::call(ctx, tenant, key, &kept).await? {
        Ok(prepared) => prepared,
        Err(Unready::Later) => return later(ctx, tenant, row, None).await,
        Err(Unready::Never(failure)) => return fail(ctx, tenant, row, &failure).await,
    };
    if let Err(pause) = ctx.allowed(tenant, Asking::Create).await {
        return waits(ctx, tenant, row, pause.saturating_add(behind)).await;
    }
    crash_point("submit.began");
    // One intent of a tenant at a time, or two would both find the last place in flight free, or the day's last credits. No chat
    // has the id 0.
    let mut tx = ctx.db.tenant_chat(&tenant.id, ChatId(0)).await?;
    let leave = quota::leave(&mut tx, tenant, &row.id, ctx.now()).await?;
    if leave != Leave::Now {
        tx.rollback().await?;
        return match leave {
            Leave::Never => fail(ctx, tenant, row, &FailureKind::Spent.into()).await,
            _ => later(ctx, tenant, row, None).await,
        };
    }
    let intent = moves::submitting(&mut tx, &row.id, ctx.now()).await?;
    tx.commit().await?;
    if intent.is_none() {
        return Ok(Submitted::Nothing);
    }
    crash_point("submit.intended");
    let said = ctx.kie.create_task(key, &prepared).await;
    crash_point("submit.called");
    let mut tried = 0;
    loop {
        tried += 1;
        match record(ctx, tenant, row, &said).await {
            Err(error) if error.is_temporary() && tried < WRITES => tokio::time::sleep(BETWEEN_WRITES).await,
            done => return done,
        }
    }
}

async fn record(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    said: &Result<TaskId, CreateError>,
) -> Result<Submitted, GenerationError> {
    match said {
        Ok(task) => accepted(ctx, tenant, row, task).await,
        Err(CreateError::Refused { cause }) => fail(ctx, tenant, row, &cause.clone().into()).await,
        Err(CreateError::Busy { retry_after }) => again(ctx, tenant, row, *retry_after).await,
        Err(CreateError::NotSent(_)) => again(ctx, tenant, row, None).await,
        Err(CreateError::Unknown(_)) => orphan(ctx, tenant, row).await,
    }
}

async fn accepted(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    task: &TaskId,
) -> Result<Submitted, GenerationError> {
    let now = ctx.now();
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    let mut known = moves::accepted(&mut tx, &row.id, task.as_str(), now).await?.is_some();
    if !known {
        // Canceled or given up meanwhile: it counts as running, or may still bring a result.
        known = tx.generation_note_task(&row.id, task.as_str(), now).await?;
    }
    if known {
        let watch = Job::Watch { generation: row.id.clone() };
        put_after(&mut tx, &watch, &row.corr, now, ctx.settings.generation.poll_first).await?;
    }
    tx.commit().await?;
    crash_point("submit.accepted");
    Ok(Submitted::Accepted)
}

/// The provider certainly did not take it: back into our own queue, or over when it has waited too long.
async fn again(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    retry_after: Option<Duration>,
) -> Result<Submitted, GenerationError> {
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    let back = moves::back_to_created(&mut tx, &row.id, ctx.now()).await?;
    tx.commit().await?;
    if back.is_some() { later(ctx, tenant, row, retry_after).await } else { Ok(Submitted::Nothing) }
}

/// Its turn comes by itself: nothing is wrong, so the pause does not grow. Over when it has waited too long.
async fn waits(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    pause: Duration,
) -> Result<Submitted, GenerationError> {
    let limit = ctx.settings.generation.busy_limit;
    let left = limit.saturating_sub(ctx.now().since(row.created_at));
    if left.is_zero() {
        return fail(ctx, tenant, row, &FailureKind::Busy.into()).await;
    }
    Ok(Submitted::Later(pause.max(SOON).min(left)))
}

async fn later(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    pause: Option<Duration>,
) -> Result<Submitted, GenerationError> {
    let rules = &ctx.settings.generation;
    let waited = ctx.now().since(row.created_at);
    if waited >= rules.busy_limit {
        return fail(ctx, tenant, row, &FailureKind::Busy.into()).await;
    }
    let usual = busy_pause(&rules.busy_pauses, waited);
    Ok(Submitted::Later(pause.unwrap_or(usual).max(usual).min(rules.busy_limit.saturating_sub(waited))))
}

/// The pause that follows after `waited`: the first, then the second …; the last one repeats. Counted from the time that was
/// waited, so a restart does not begin anew.
fn busy_pause(pauses: &[Duration], waited: Duration) -> Duration {
    let mut begun = Duration::ZERO;
    for pause in pauses {
        if waited < begun.saturating_add(*pause) {
            return *pause;
        }
        begun = begun.saturating_add(*pause);
    }
    pauses.last().copied().unwrap_or(Duration::from_secs(1))
}

async fn orphan(ctx: &Ctx<'_>, tenant: &Tenant, row: &GenerationRow) -> Result<Submitted, GenerationError> {
    let now = ctx.now();
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    let orphaned = moves::orphaned(&mut tx, &row.id, now).await?;
    if let Some(row) = &orphaned {
        let age = now.since(row.submitted_at.unwrap_or(now));
        let left = ctx.settings.generation.orphan_limit.saturating_sub(age);
        let watch = Job::Watch { generation: row.id.clone() };
        put_after(&mut tx, &watch, &row.corr, now, left).await?;
    }
    tx.commit().await?;
    Ok(if orphaned.is_some() { Submitted::Orphan } else { Submitted::Nothing })
}

async fn fail(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    failure: &Failure,
) -> Result<Submitted, GenerationError> {
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    let failed = settle::fail(&mut tx, tenant, &row.id, failure, ctx.now()).await?;
    tx.commit().await?;
    Ok(failed.map_or(Submitted::Nothing, |_| Submitted::Failed(failure.kind)))
}

/// Dry run: the provider is not called, nothing is charged; the person reads that it was simulated (bot.md 1.2).
async fn simulate(ctx: &Ctx<'_>, tenant: &Tenant, row: &GenerationRow) -> Result<Submitted, GenerationError> {
    let now = ctx.now();
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    let mut moved = moves::submitting(&mut tx, &row.id, now).await?.is_some();
    moved = moved && moves::accepted(&mut tx, &row.id, "dry-run", now).await?.is_some();
    moved = moved && moves::delivering(&mut tx, &row.id, 1, 0, now).await?.is_some();
    if !moved {
        tx.rollback().await?;
        return Ok(Submitted::Nothing);
    }
    tx.item_insert(&row.id, 0, ItemKind::Simulated.word(), None, now).await?;
    put(&mut tx, &Job::Deliver { generation: row.id.clone() }, &row.corr, now).await?;
    tx.commit().await?;
    Ok(Submitted::Simulated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_follow_from_the_time_waited() {
        let s = Duration::from_secs;
        let pauses = [s(1), s(2), s(4), s(15)];
        let after = |ms| busy_pause(&pauses, Duration::from_millis(ms));
        assert_eq!([after(0), after(999), after(1_000), after(2_999)], [s(1), s(1), s(2), s(2)]);
        assert_eq!([after(3_000), after(7_000), after(22_000), after(500_000)], [s(4), s(15), s(15), s(15)]);
        assert_eq!(busy_pause(&[], s(9)), s(1));
    }
}
