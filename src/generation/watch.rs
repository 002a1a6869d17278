//! Looks how a task goes until it has ended (bot.md 9.2, 9.3). The provider's record is the truth: a callback only makes the
//! next look come sooner. The timers run from acceptance; a look comes before a timer, so what ended in time counts as in time
//! even when nobody could look.

use std::time::Duration;

use rand::RngExt as _;

use super::GenerationError;
use super::cause::{Failure, FailureKind};
use super::ctx::{Asking, Ctx};
use super::fetch::{self, Fetched, Results, Source};
use super::jobs::{Job, News};
use super::moves;
use super::queue::put;
use super::settle::{self, Ending};
use super::stage::{Stage, age, soft_limit};
use crate::clients::kie::{Record, RecordState, StatusError, TaskId, Words};
use crate::domain::{GenerationId, GenerationState as State, UnixMs};
use crate::lifecycle::crash::crash_point;
use crate::store::{Counter, GenerationRow};
use crate::tenants::Tenant;

/// How long a task that ended here before it ended there is still looked at: its result is free, its place is taken.
const LATE_WATCH: Duration = Duration::from_hours(24);
/// Its looks come after a tenth of its age, not closer than this.
const LATE_PAUSE: Duration = Duration::from_secs(15);

/// Since when a task must have been taken to be looked at still.
pub(super) fn late_since(now: UnixMs) -> UnixMs {
    now.minus(LATE_WATCH)
}

/// What a look has shown. Everything it says is already recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// At work: run this job again after `after`.
    Again {
        /// The pause.
        after: Duration,
        /// What the progress message should say now.
        stage: Stage,
    },
    /// Results are here, `Job::Deliver` is put. Late ones (the money went back before) too: free.
    Results {
        /// Whether they came too late.
        late: bool,
    },
    /// Over without a result: money went back, `Job::Tell` is put. `again` as in `Again`, for a result that may still come.
    Failed {
        /// Why.
        kind: FailureKind,
        /// When to look again, if at all.
        again: Option<Duration>,
    },
    /// Ended here before, and nothing new: look again after that long.
    Late(Duration),
    /// Nothing to look at any more.
    Nothing,
}

impl Watched {
    /// When the job must run again; `None`: it is done.
    pub const fn again(&self) -> Option<Duration> {
        match self {
            Self::Again { after, .. } | Self::Late(after) => Some(*after),
            Self::Failed { again, .. } => *again,
            Self::Results { .. } | Self::Nothing => None,
        }
    }
}

/// Runs `Job::Watch`. Safe to run again at any point.
pub async fn watch(ctx: &Ctx<'_>, tenant: &Tenant, id: &GenerationId) -> Result<Watched, GenerationError> {
    let Some(row) = ctx.row(tenant, id).await? else { return Ok(Watched::Nothing) };
    let task = row.provider_task_id.as_deref().and_then(TaskId::parse);
    match (row.state, task) {
        (State::Orphan, _) => orphan(ctx, tenant, &row).await,
        (State::Queued | State::Running, Some(task)) => look(ctx, tenant, &row, &task).await,
        (State::Canceled | State::Failed | State::TimedOut, Some(task)) if row.provider_credits.is_none() => {
            look_late(ctx, tenant, &row, &task).await
        }
        _ => Ok(Watched::Nothing),
    }
}

/// An orphan that nobody has adopted in time is given up (bot.md 9.2).
async fn orphan(ctx: &Ctx<'_>, tenant: &Tenant, row: &GenerationRow) -> Result<Watched, GenerationError> {
    let now = ctx.now();
    let waited = now.since(row.submitted_at.unwrap_or(row.updated_at));
    let left = ctx.settings.generation.orphan_limit.saturating_sub(waited);
    if left.is_zero() {
        return end(ctx, tenant, row, &FailureKind::Orphan.into(), None).await;
    }
    Ok(Watched::Again { after: left, stage: Stage::Queued })
}

async fn look(ctx: &Ctx<'_>, tenant: &Tenant, row: &GenerationRow, task: &TaskId) -> Result<Watched, GenerationError> {
    let Record { state, credits } = match ask(ctx, tenant, row, task).await {
        Ok(record) => record,
        Err(pause) => return still(ctx, tenant, row, pause).await,
    };
    let credits = credits.unwrap_or(0);
    match state {
        RecordState::Waiting => still(ctx, tenant, row, None).await,
        RecordState::Running => {
            let mut tx = ctx.db.tenant(&tenant.id).await?;
            let moved = moves::running(&mut tx, &row.id, ctx.now()).await?;
            tx.commit().await?;
            still(ctx, tenant, moved.as_ref().unwrap_or(row), None).await
        }
        RecordState::Fail { cause, .. } => end(ctx, tenant, row, &cause.into(), Some(credits)).await,
        RecordState::Success { urls, text } => match fetched(ctx, tenant, row, task, &urls, text.as_ref()).await? {
            Results::Here(fetched) => deliver(ctx, tenant, row, fetched, credits).await,
            Results::Later if age(row, ctx.now()) < ctx.settings.generation.hard_limit => {
                still(ctx, tenant, row, None).await
            }
            Results::Later | Results::Broken => {
                end(ctx, tenant, row, &FailureKind::EmptyResult.into(), Some(credits)).await
            }
        },
    }
}

/// Asks for the record. The inner error is the pause that the key's budget asks for, if that was the reason.
async fn ask(ctx: &Ctx<'_>, tenant: &Tenant, row: &GenerationRow, task: &TaskId) -> Result<Record, Option<Duration>> {
    let Some(key) = ctx.key(tenant) else { return Err(None) };
    ctx.allowed(tenant, Asking::Read).await.map_err(Some)?;
    ctx.kie.record(key, ctx.api(&row.model_id), task).await.map_err(|error| {
        // Not visible yet is normal at first; everything else is borne until the task's time is over.
        if error != StatusError::NotVisibleYet || age(row, ctx.now()) > ctx.settings.generation.not_visible_grace {
            tracing::warn!(generation = %row.id, error = %error, "a task could not be looked at");
        }
        None
    })
}

async fn fetched(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    task: &TaskId,
    urls: &[String],
    text: Option<&Words>,
) -> Result<Results, GenerationError> {
    let Some(key) = ctx.key(tenant) else { return Ok(Results::Later) };
    let source = Source { tenant, key, api: ctx.api(&row.model_id), task };
    fetch::results(ctx, &source, urls, text).await
}

/// Not ended: given up at the hard limit, else looked at again.
async fn still(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    pause: Option<Duration>,
) -> Result<Watched, GenerationError> {
    let rules = &ctx.settings.generation;
    let (now, output) = (ctx.now(), ctx.output(&row.model_id));
    let age = age(row, now);
    if age >= rules.hard_limit {
        return end(ctx, tenant, row, &FailureKind::TimedOut.into(), None).await;
    }
    if age >= rules.late_notice && row.late_noticed_at.is_none() {
        notice(ctx, tenant, row).await?;
    }
    let usual = jittered(rules.poll_pause(age), rules.poll_jitter_percent);
    // No look is later than the next thing that falls due.
    let due = [soft_limit(output, rules), rules.late_notice, rules.hard_limit];
    let next = due.into_iter().filter(|at| *at > age).map(|at| at.saturating_sub(age)).min();
    let after = pause.unwrap_or(usual).min(next.unwrap_or(usual));
    Ok(Watched::Again { after, stage: Stage::of(row, output, rules, now) })
}

/// `late_notice`, once: recorded together with the job that says it.
async fn notice(ctx: &Ctx<'_>, tenant: &Tenant, row: &GenerationRow) -> Result<(), GenerationError> {
    let now = ctx.now();
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    if tx.generation_late_noticed(&row.id, now).await? {
        put(&mut tx, &Job::Tell { generation: row.id.clone(), news: News::Late }, &row.corr, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// `± percent` of a pause, so that many watchers do not ask at once.
fn jittered(pause: Duration, percent: u32) -> Duration {
    let spread = i64::from(percent.min(100));
    let factor = 100 + rand::rng().random_range(-spread..=spread);
    pause.saturating_mul(u32::try_from(factor).unwrap_or(100)) / 100
}

async fn deliver(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    fetched: Vec<Fetched>,
    credits: i64,
) -> Result<Watched, GenerationError> {
    crash_point("watch.fetched");
    let now = ctx.now();
    let items = i64::try_from(fetched.len()).unwrap_or(i64::MAX);
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    let mut late = false;
    if moves::delivering(&mut tx, &row.id, items, credits, now).await?.is_none() {
        // It ended here before: what comes now is free, unless its person did not want it any more.
        late = tx.generation_note_end(&row.id, credits, items).await?;
        let wanted = tx.generation_get(&row.id).await?.is_some_and(|row| row.state != State::Canceled);
        if !late || !wanted {
            if late {
                tx.counter_add(&tenant.today(now), Counter::ProviderCredits, credits).await?;
            }
            tx.commit().await?;
            fetch::discard(ctx, tenant, fetched).await;
            return Ok(Watched::Nothing);
        }
    }
    let keep = now.plus(ctx.settings.retention.results);
    fetch::record(&mut tx, &row.id, &fetched, keep, now).await?;
    tx.counter_add(&tenant.today(now), Counter::ProviderCredits, credits).await?;
    put(&mut tx, &Job::Deliver { generation: row.id.clone() }, &row.corr, now).await?;
    tx.commit().await?;
    crash_point("watch.committed");
    Ok(Watched::Results { late })
}

/// Over. `credits` where the provider itself said the end.
async fn end(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    failure: &Failure,
    credits: Option<i64>,
) -> Result<Watched, GenerationError> {
    let now = ctx.now();
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    let quiet = failure.kind == FailureKind::Orphan && {
        let lately = now.minus(ctx.settings.generation.orphan_notice_every);
        tx.generations_ended_by(row.user_id, lately, FailureKind::Orphan.word(), &row.id).await? > 0
    };
    let ending = Ending { failure, credits, quiet };
    let ended = settle::end(&mut tx, tenant, &row.id, &ending, now).await?;
    if let Some(credits) = credits.filter(|credits| *credits > 0 && ended.is_some()) {
        tx.counter_add(&tenant.today(now), Counter::ProviderCredits, credits).await?;
    }
    tx.commit().await?;
    let again = match ended {
        // Somebody was faster (a cancel, an adoption): look at what it is now.
        None => return Ok(Watched::Late(Duration::ZERO)),
        Some(row) if row.provider_task_id.is_some() && row.provider_credits.is_none() => Some(LATE_PAUSE),
        Some(_) => None,
    };
    Ok(Watched::Failed { kind: failure.kind, again })
}

/// A task that ended here before it ended there: canceled ones until they no longer count as running, given-up ones until
/// their result comes after all.
async fn look_late(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    task: &TaskId,
) -> Result<Watched, GenerationError> {
    let age = age(row, ctx.now());
    if age >= LATE_WATCH {
        return note_end(ctx, tenant, row, 0).await;
    }
    let later = Watched::Late((age / 10).max(LATE_PAUSE));
    let Ok(Record { state, credits }) = ask(ctx, tenant, row, task).await else { return Ok(later) };
    let credits = credits.unwrap_or(0);
    match state {
        RecordState::Waiting | RecordState::Running => Ok(later),
        RecordState::Fail { .. } => note_end(ctx, tenant, row, credits).await,
        RecordState::Success { .. } if row.state == State::Canceled => note_end(ctx, tenant, row, credits).await,
        RecordState::Success { urls, text } => match fetched(ctx, tenant, row, task, &urls, text.as_ref()).await? {
            Results::Here(fetched) => deliver(ctx, tenant, row, fetched, credits).await,
            Results::Later => Ok(later),
            Results::Broken => note_end(ctx, tenant, row, credits).await,
        },
    }
}

async fn note_end(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    row: &GenerationRow,
    credits: i64,
) -> Result<Watched, GenerationError> {
    let mut tx = ctx.db.tenant(&tenant.id).await?;
    if tx.generation_note_end(&row.id, credits, 0).await? && credits > 0 {
        tx.counter_add(&tenant.today(ctx.now()), Counter::ProviderCredits, credits).await?;
    }
    tx.commit().await?;
    Ok(Watched::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_spread_within_their_percentage() {
        let second = Duration::from_secs(1);
        let spread: Vec<_> = (0..200).map(|_| jittered(second, 20)).collect();
        assert!(spread.iter().all(|d| (800..=1200).contains(&d.as_millis())));
        assert!(spread.iter().any(|d| *d != spread[0]), "never spread");
        assert_eq!(jittered(second, 0), second);
    }
}
