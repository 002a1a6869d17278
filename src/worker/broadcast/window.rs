//! A few recipients at once: sent within the bot's rate, recorded together.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join_all;

use super::{Step, tell, walk};
use crate::bot::screens::broadcasts::pace;
use crate::clients::http::Why;
use crate::clients::telegram::{TelegramError, Verdict};
use crate::domain::{ChatId, PauseReason, UnixMs, UserId};
use crate::generation::GenerationError;
use crate::store::{BroadcastRow, RecipientOutcome, StoreError, TenantTx, Walk};
use crate::tenants::Tenant;
use crate::worker::Workers;

/// A longer wait for one chat's turn leaves it for the next walk; for the whole bot's it pauses the broadcast.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often what came of a window is written down before the lease is left to run out.
const WRITES: u32 = 6;
const BETWEEN_WRITES: Duration = Duration::from_millis(300);

/// What came of one send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    /// This recipient is settled, or tried again in the next walk.
    Came(RecipientOutcome),
    /// Not tried: everybody waits this long (429, no connection).
    Wait(Duration),
    /// Not tried: an admin must act.
    Pause(PauseReason),
    /// Not tried: another one of the window said wait, or the process stops.
    Skipped,
}

/// Sends the next window of a walk, or begins the next walk, or ends.
pub(super) async fn send(
    workers: &Workers,
    tenant: &Tenant,
    mut tx: TenantTx,
    row: &BroadcastRow,
) -> Result<Step, GenerationError> {
    let platform = &workers.platform;
    let Some(every) = pace(platform, tenant) else { return Ok(Step::Rest) };
    let size = size(platform.settings.broadcast.window, every);
    let users = tx.recipients_next(&row.id, row.tries, row.reached, size).await?;
    drop(tx);
    if users.is_empty() {
        return next_walk(workers, tenant, row).await;
    }
    let halted = AtomicBool::new(false);
    let sent = join_all(users.iter().map(|user| one(workers, tenant, row, *user, every, &halted))).await;
    let came: Vec<(UserId, Sent)> = users.into_iter().zip(sent).collect();
    let mut tried = 0;
    loop {
        tried += 1;
        match record(workers, tenant, row, &came).await {
            Err(GenerationError::Store(error)) if error.is_temporary() && tried < WRITES => {
                tracing::info!(error = %error, "what came of a broadcast's window is written down again");
                tokio::time::sleep(BETWEEN_WRITES).await;
            }
            done => return done,
        }
    }
}

/// At most a third of a second's worth, so that a pause or a stop is obeyed soon.
fn size(window: u32, every: Duration) -> i64 {
    let third = Duration::from_millis(333).as_micros() / every.as_micros().max(1);
    i64::try_from(third).unwrap_or(i64::MAX).clamp(1, i64::from(window))
}

async fn one(
    workers: &Workers,
    tenant: &Tenant,
    row: &BroadcastRow,
    user: UserId,
    every: Duration,
    halted: &AtomicBool,
) -> Sent {
    let (chat, stop) = (ChatId::from(user), workers.tasks.soft());
    loop {
        if halted.load(Ordering::Relaxed) || stop.is_cancelled() {
            return Sent::Skipped;
        }
        let Verdict::NotBefore(at) = workers.budget.ask_bulk(&tenant.id, chat, every).await else { break };
        let now = workers.platform.clock.now();
        let pause = at.since(now);
        if pause > PATIENCE {
            let whole = workers.budget.bot_paused_until(&tenant.id).since(now);
            if whole.is_zero() {
                return Sent::Came(again(workers, row));
            }
            halted.store(true, Ordering::Relaxed);
            return Sent::Wait(whole);
        }
        tokio::time::sleep(pause.max(Duration::from_millis(1))).await;
    }
    let bot = tenant.bot(&workers.telegram);
    let copied = bot.copy_message(chat, row.source_chat, row.source_message);
    let came = match copied.await {
        Ok(_) | Err(TelegramError::BadAnswer) => return Sent::Came(RecipientOutcome::Sent),
        Err(error) => outcome(workers, tenant, row, chat, &error).await,
    };
    if !matches!(came, Sent::Came(_)) {
        halted.store(true, Ordering::Relaxed);
    }
    came
}

/// What an error means for the recipient, or for everybody.
async fn outcome(workers: &Workers, tenant: &Tenant, row: &BroadcastRow, chat: ChatId, error: &TelegramError) -> Sent {
    match error {
        TelegramError::Blocked(_) => Sent::Came(RecipientOutcome::Unreachable),
        TelegramError::RetryAfter(wait) => {
            workers.budget.refused(&tenant.id, chat, *wait).await;
            Sent::Wait(*wait)
        }
        // Without a connection nobody can be reached: that is nobody's try.
        TelegramError::NotSent(_) => Sent::Wait(workers.platform.settings.broadcast.retry_pause),
        TelegramError::Unauthorized => Sent::Pause(PauseReason::TokenRefused),
        TelegramError::MessageGone => Sent::Pause(PauseReason::SourceGone),
        TelegramError::Rejected { description, .. } if source_gone(description) => Sent::Pause(PauseReason::SourceGone),
        // It may have arrived: each gets it at most once, so it is not sent again.
        TelegramError::InDoubt(Why::Server(_)) => Sent::Came(again(workers, row)),
        TelegramError::InDoubt(_) | TelegramError::BadAnswer => Sent::Came(RecipientOutcome::Failed),
        TelegramError::Rejected { .. }
        | TelegramError::Conflict(_)
        | TelegramError::FileTooBig
        | TelegramError::Migrated(_)
        | TelegramError::NotModified
        | TelegramError::QueryTooOld => {
            tracing::info!(error = %error, "a recipient of a broadcast was refused");
            Sent::Came(again(workers, row))
        }
    }
}

fn source_gone(description: &str) -> bool {
    let words = description.to_lowercase();
    words.contains("message to copy not found") || words.contains("message can't be copied")
}

/// Once more in the next walk, while there are tries.
fn again(workers: &Workers, row: &BroadcastRow) -> RecipientOutcome {
    let last = row.tries + 1 >= i64::from(workers.platform.settings.broadcast.tries);
    if last { RecipientOutcome::Failed } else { RecipientOutcome::Again }
}

/// Writes down what came of a window, and shows the progress when it is time.
async fn record(
    workers: &Workers,
    tenant: &Tenant,
    row: &BroadcastRow,
    came: &[(UserId, Sent)],
) -> Result<Step, GenerationError> {
    let now = workers.platform.clock.now();
    let mut outcomes = Vec::with_capacity(came.len());
    let (mut run_at, mut pause, mut left) = (now, None, None::<i64>);
    for (user, sent) in came {
        match sent {
            Sent::Came(outcome) => {
                outcomes.push((*user, *outcome));
                continue;
            }
            Sent::Wait(wait) => run_at = run_at.max(now.plus(*wait)),
            Sent::Pause(reason) => pause = Some(*reason),
            Sent::Skipped => {}
        }
        left = Some(left.map_or(user.0, |first| first.min(user.0)));
    }
    // The walk goes on before the first who was not tried; the others of the window are settled and not met again.
    let last = came.last().map_or(row.reached, |(user, _)| user.0);
    let reached = left.map_or(last, |first| first.saturating_sub(1));
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    for (user, _) in outcomes.iter().filter(|(_, outcome)| *outcome == RecipientOutcome::Unreachable) {
        tx.user_unreachable(*user, now).await?;
    }
    let step: Walk = walk(workers, row, reached, row.tries, run_at);
    if !tx.broadcast_step(&row.id, &outcomes, left.is_none().then_some(row.reached), &step).await? {
        tx.rollback().await?;
        return Ok(Step::Lost);
    }
    if let Some(reason) = pause {
        tracing::warn!(reason = reason.as_str(), "a broadcast paused by itself");
        tx.broadcast_pause(&row.id, Some(reason)).await?;
    }
    let halts = pause.is_some() || run_at > now;
    let due = now.since(row.progress_at) >= workers.platform.settings.broadcast.progress_every;
    let says = if halts || due { tell::progress(workers, tenant, &mut tx, &row.id, now).await? } else { None };
    tx.commit().await?;
    if let Some(chat) = says {
        workers.platform.signals.chat(&tenant.id, chat);
    }
    Ok(if halts { Step::Rest } else { Step::Go })
}

/// A walk is over: those left have another one after a pause, or it is done.
async fn next_walk(workers: &Workers, tenant: &Tenant, row: &BroadcastRow) -> Result<Step, GenerationError> {
    let now = workers.platform.clock.now();
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    if let Some(tries) = tx.recipients_next_try(&row.id).await? {
        let rest = if tries == row.tries { Duration::ZERO } else { workers.platform.settings.broadcast.retry_pause };
        let step = walk(workers, row, i64::MIN, tries, now.plus(rest));
        let kept = tx.broadcast_step(&row.id, &[], None, &step).await?;
        tx.commit().await?;
        return Ok(if kept { Step::Rest } else { Step::Lost });
    }
    let kept = done(&mut tx, row, now).await?;
    let says = if kept { tell::over(workers, tenant, &mut tx, row, now).await? } else { Vec::new() };
    tx.commit().await?;
    for chat in says {
        workers.platform.signals.chat(&tenant.id, chat);
    }
    Ok(Step::Lost)
}

async fn done(tx: &mut TenantTx, row: &BroadcastRow, now: UnixMs) -> Result<bool, StoreError> {
    let kept = tx.broadcast_done(&row.id, row.epoch, now).await?;
    if kept {
        tracing::info!(sent = row.sent, unreachable = row.unreachable, failed = row.failed, "a broadcast is over");
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_small_enough_to_stop_soon() {
        let ms = Duration::from_millis;
        assert_eq!(size(8, ms(40)), 8, "25 a second");
        assert_eq!(size(8, ms(100)), 3);
        assert_eq!(size(8, ms(1_000)), 1);
        assert_eq!(size(64, Duration::from_micros(500)), 64);
    }

    #[test]
    fn a_vanished_message_is_nobodys_fault() {
        assert!(source_gone("Bad Request: message to copy not found"));
        assert!(!source_gone("Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"));
    }
}
