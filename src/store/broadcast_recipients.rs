//! Who is still owed a broadcast: written down in slices once it is confirmed, walked once for each try, removed when done with
//! (bot.md 14.7). So a million recipients are many short transactions, and what is left after a crash is what is not sent.
//!
//! Every step of a walk carries the epoch of the claim it belongs to: a worker whose lease went to another changes nothing,
//! and must roll back.

use super::{StoreError, TenantTx, on};
use crate::domain::{BroadcastId, UnixMs, UserId};

/// `$5` is the moment of the confirmation: who pressed /start later is not among them.
const RECIPIENTS_GATHER: &str = "INSERT INTO broadcast_recipients (bot_instance_id, broadcast_id, user_id, tries)
     SELECT bot_instance_id, $2, user_id, 0 FROM users WHERE bot_instance_id = $1 AND user_id > $3
       AND started_at IS NOT NULL AND blocked_at IS NULL AND unreachable_at IS NULL AND started_at <= $5
     ORDER BY user_id LIMIT $4 RETURNING user_id";
const RECIPIENTS_NEXT: &str = "SELECT user_id FROM broadcast_recipients
     WHERE bot_instance_id = $1 AND broadcast_id = $2 AND tries = $3 AND user_id > $4 ORDER BY user_id LIMIT $5";
const RECIPIENTS_NEXT_TRY: &str =
    "SELECT MIN(tries) FROM broadcast_recipients WHERE bot_instance_id = $1 AND broadcast_id = $2";
const RECIPIENT_DONE: &str =
    "DELETE FROM broadcast_recipients WHERE bot_instance_id = $1 AND broadcast_id = $2 AND user_id = $3";
/// A whole window: those who have another try have left this walk before.
const RECIPIENTS_DONE: &str =
    "DELETE FROM broadcast_recipients WHERE bot_instance_id = $1 AND broadcast_id = $2 AND tries = $3
       AND user_id > $4 AND user_id <= $5";
const RECIPIENT_AGAIN: &str = "UPDATE broadcast_recipients SET tries = tries + 1
     WHERE bot_instance_id = $1 AND broadcast_id = $2 AND user_id = $3 AND tries = $4";
const RECIPIENTS_DROP: &str = "DELETE FROM broadcast_recipients WHERE bot_instance_id = $1 AND broadcast_id = $2
       AND user_id IN (SELECT r.user_id FROM broadcast_recipients r
         WHERE r.bot_instance_id = $1 AND r.broadcast_id = $2 ORDER BY r.user_id LIMIT $3)";
const BROADCAST_STEP: &str =
    "UPDATE broadcasts SET sent = sent + $4, unreachable = unreachable + $5, failed = failed + $6,
       reached = $7, tries = $8, run_at = $9, lease_until = (SELECT ms FROM db_clock) + $10
     WHERE bot_instance_id = $1 AND id = $2 AND epoch = $3";
const BROADCAST_GATHERED: &str = "UPDATE broadcasts SET gathered_at = $4, reached = $5, tries = 0,
       recipients = (SELECT COUNT(*) FROM broadcast_recipients r WHERE r.bot_instance_id = $1 AND r.broadcast_id = $2)
     WHERE bot_instance_id = $1 AND id = $2 AND epoch = $3 AND gathered_at IS NULL";
const BROADCAST_DONE: &str =
    "UPDATE broadcasts SET state = 'done', finished_at = $4, rows_left = FALSE, lease_until = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND epoch = $3 AND state = 'running'";
const BROADCAST_CLEARED: &str = "UPDATE broadcasts SET rows_left = FALSE, lease_until = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND epoch = $3 AND state = 'stopped'";
const BROADCAST_RELEASE: &str = "UPDATE broadcasts SET lease_until = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND epoch = $3";

/// Where a walk stands after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// The claim it belongs to.
    pub epoch: i64,
    /// The last person that is done with.
    pub reached: i64,
    /// Which try it is, from 0.
    pub tries: i64,
    /// Not before.
    pub run_at: UnixMs,
    /// How long the claim goes on, in milliseconds of the database's clock.
    pub lease_ms: i64,
}

/// What came of one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipientOutcome {
    /// Telegram has it.
    Sent,
    /// Blocked the bot, deleted the account, or never was.
    Unreachable,
    /// Given up.
    Failed,
    /// Once more in the next walk.
    Again,
}

impl TenantTx {
    /// Writes down the next recipients: those who could be reached and had pressed /start by `by`. Gives the last one and how
    /// many; `None`: there are no more.
    pub async fn recipients_gather(
        &mut self,
        broadcast: &BroadcastId,
        after: i64,
        limit: i64,
        by: UnixMs,
    ) -> Result<Option<(i64, usize)>, StoreError> {
        let users: Vec<i64> = on!(self.tx, c => sqlx::query_scalar(RECIPIENTS_GATHER).bind(self.id.as_str())
            .bind(broadcast.as_str()).bind(after).bind(limit).bind(by.0).fetch_all(c).await)?;
        Ok(users.iter().max().map(|last| (*last, users.len())))
    }

    /// All recipients are written down: the first walk begins. `false`: another worker has it.
    pub async fn broadcast_gathered(
        &mut self,
        broadcast: &BroadcastId,
        epoch: i64,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_GATHERED).bind(self.id.as_str()).bind(broadcast.as_str())
            .bind(epoch).bind(now.0).bind(i64::MIN).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// The next recipients of a walk.
    pub async fn recipients_next(
        &mut self,
        broadcast: &BroadcastId,
        tries: i64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<UserId>, StoreError> {
        let users: Vec<i64> = on!(self.tx, c => sqlx::query_scalar(RECIPIENTS_NEXT).bind(self.id.as_str())
            .bind(broadcast.as_str()).bind(tries).bind(after).bind(limit).fetch_all(c).await)?;
        Ok(users.into_iter().map(UserId).collect())
    }

    /// Which walk the recipients that are left belong to; `None`: nobody is left.
    pub async fn recipients_next_try(&mut self, broadcast: &BroadcastId) -> Result<Option<i64>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(RECIPIENTS_NEXT_TRY).bind(self.id.as_str()).bind(broadcast.as_str())
            .fetch_one(c).await)?)
    }

    /// Records what came of some recipients of a walk and where it stands now. With `whole` they are everybody between the
    /// given place and `walk.reached`. `false`: another worker has it, roll back.
    pub async fn broadcast_step(
        &mut self,
        broadcast: &BroadcastId,
        outcomes: &[(UserId, RecipientOutcome)],
        whole: Option<i64>,
        walk: &Walk,
    ) -> Result<bool, StoreError> {
        let mut settled = Vec::with_capacity(outcomes.len());
        for (user, outcome) in outcomes {
            if *outcome == RecipientOutcome::Again {
                on!(self.tx, c => sqlx::query(RECIPIENT_AGAIN).bind(self.id.as_str()).bind(broadcast.as_str()).bind(user.0)
                    .bind(walk.tries).execute(c).await.map(|_| ()))?;
            } else {
                settled.push((*user, *outcome));
            }
        }
        let counted = match whole {
            Some(after) if !settled.is_empty() => {
                let gone = on!(self.tx, c => sqlx::query(RECIPIENTS_DONE).bind(self.id.as_str()).bind(broadcast.as_str())
                    .bind(walk.tries).bind(after).bind(walk.reached).execute(c).await.map(|d| d.rows_affected()))?;
                // Recorded before, by a commit whose answer was lost: nothing is counted twice.
                if gone == 0 { Vec::new() } else { settled }
            }
            _ => self.recipients_done(broadcast, settled).await?,
        };
        let count = |wanted| {
            let n = counted.iter().filter(|(_, outcome)| *outcome == wanted).count();
            i64::try_from(n).unwrap_or(i64::MAX)
        };
        let done = on!(self.tx, c => sqlx::query(BROADCAST_STEP).bind(self.id.as_str()).bind(broadcast.as_str())
            .bind(walk.epoch).bind(count(RecipientOutcome::Sent)).bind(count(RecipientOutcome::Unreachable))
            .bind(count(RecipientOutcome::Failed)).bind(walk.reached).bind(walk.tries).bind(walk.run_at.0)
            .bind(walk.lease_ms).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Removes recipients one by one. Gives those who were still there.
    async fn recipients_done(
        &mut self,
        broadcast: &BroadcastId,
        settled: Vec<(UserId, RecipientOutcome)>,
    ) -> Result<Vec<(UserId, RecipientOutcome)>, StoreError> {
        let mut met = Vec::with_capacity(settled.len());
        for (user, outcome) in settled {
            let gone = on!(self.tx, c => sqlx::query(RECIPIENT_DONE).bind(self.id.as_str()).bind(broadcast.as_str())
                .bind(user.0).execute(c).await.map(|d| d.rows_affected()))?;
            if gone == 1 {
                met.push((user, outcome));
            }
        }
        Ok(met)
    }

    /// Nobody is left. `false`: another worker has it, or it does not run.
    pub async fn broadcast_done(
        &mut self,
        broadcast: &BroadcastId,
        epoch: i64,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_DONE).bind(self.id.as_str()).bind(broadcast.as_str())
            .bind(epoch).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Removes some recipients of a stopped broadcast. Gives how many.
    pub async fn recipients_drop(&mut self, broadcast: &BroadcastId, limit: i64) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(RECIPIENTS_DROP).bind(self.id.as_str()).bind(broadcast.as_str()).bind(limit)
            .execute(c).await.map(|d| d.rows_affected()))?)
    }

    /// A stopped broadcast has no recipients left. `false`: another worker has it.
    pub async fn broadcast_cleared(&mut self, broadcast: &BroadcastId, epoch: i64) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_CLEARED).bind(self.id.as_str()).bind(broadcast.as_str())
            .bind(epoch).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives a claim back. `false`: another worker has it.
    pub async fn broadcast_release(&mut self, broadcast: &BroadcastId, epoch: i64) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_RELEASE).bind(self.id.as_str()).bind(broadcast.as_str())
            .bind(epoch).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
