//! Broadcasts: what an admin composed, and how far it is (bot.md 14.7). Who is still owed it: `broadcast_recipients.rs`.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{BroadcastId, BroadcastKind, BroadcastState, ChatId, Corr, MessageId, PauseReason, UnixMs, UserId};

const BROADCAST_AUDIENCE: &str = "SELECT COUNT(*) FROM users WHERE bot_instance_id = $1
       AND started_at IS NOT NULL AND blocked_at IS NULL AND unreachable_at IS NULL";
const BROADCAST_DROP_DRAFTS: &str =
    "DELETE FROM broadcasts WHERE bot_instance_id = $1 AND admin_id = $2 AND state = 'draft'";
const BROADCAST_INSERT: &str =
    "INSERT INTO broadcasts (bot_instance_id, id, state, kind, admin_id, source_chat, source_message,
       recipients, sent, unreachable, failed, reached, tries, run_at, rows_left, progress_at, epoch, corr, created_at, draft_sealed)
     VALUES ($1, $2, 'draft', $3, $4, $5, $6, 0, 0, 0, 0, $7, 0, $8, FALSE, $8, 0, $9, $8, $10)";
const BROADCAST_DRAFT: &str = "SELECT draft_sealed FROM broadcasts WHERE bot_instance_id = $1 AND id = $2";
const BROADCASTS_DRAFTS: &str = "SELECT id, number, state, kind, admin_id, source_chat, source_message, recipients, sent,
       unreachable, failed, reached, tries, run_at, pause_reason, progress_chat, progress_message, progress_at, epoch, corr,
       created_at, confirmed_at, gathered_at, finished_at
     FROM broadcasts WHERE bot_instance_id = $1 AND state = 'draft' ORDER BY created_at DESC LIMIT $2";
const BROADCAST_DROP: &str = "DELETE FROM broadcasts WHERE bot_instance_id = $1 AND id = $2 AND state = 'draft'";
const BROADCAST_GET: &str = "SELECT id, number, state, kind, admin_id, source_chat, source_message, recipients, sent, unreachable,
       failed, reached, tries, run_at, pause_reason, progress_chat, progress_message, progress_at, epoch, corr, created_at,
       confirmed_at, gathered_at, finished_at
     FROM broadcasts WHERE bot_instance_id = $1 AND id = $2";
const BROADCAST_UNFINISHED: &str = "SELECT id, number, state, kind, admin_id, source_chat, source_message, recipients, sent,
       unreachable, failed, reached, tries, run_at, pause_reason, progress_chat, progress_message, progress_at, epoch, corr,
       created_at, confirmed_at, gathered_at, finished_at
     FROM broadcasts WHERE bot_instance_id = $1 AND state IN ('running', 'paused')";
const BROADCASTS_RECENT: &str = "SELECT id, number, state, kind, admin_id, source_chat, source_message, recipients, sent,
       unreachable, failed, reached, tries, run_at, pause_reason, progress_chat, progress_message, progress_at, epoch, corr,
       created_at, confirmed_at, gathered_at, finished_at
     FROM broadcasts WHERE bot_instance_id = $1 AND number IS NOT NULL ORDER BY number DESC LIMIT $2";
const BROADCAST_SET_SOURCE: &str = "UPDATE broadcasts SET source_chat = $3, source_message = $4
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'draft'";
const BROADCAST_SET_PROGRESS: &str = "UPDATE broadcasts SET progress_chat = $3, progress_message = $4
     WHERE bot_instance_id = $1 AND id = $2";
const BROADCAST_CONFIRM: &str =
    "UPDATE broadcasts SET state = 'running', confirmed_at = $4, run_at = $4, progress_at = $5,
       rows_left = TRUE, recipients = $3,
       number = (SELECT COALESCE(MAX(b.number), 0) + 1 FROM broadcasts b WHERE b.bot_instance_id = $1)
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'draft' AND source_message <> 0 AND NOT EXISTS (SELECT 1 FROM broadcasts r
       WHERE r.bot_instance_id = $1 AND r.state IN ('running', 'paused'))
     RETURNING number";
const BROADCAST_PAUSE: &str = "UPDATE broadcasts SET state = 'paused', pause_reason = $3
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'running'";
const BROADCAST_RESUME: &str = "UPDATE broadcasts SET state = 'running', pause_reason = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'paused'";
const BROADCAST_STOP: &str =
    "UPDATE broadcasts SET state = 'stopped', finished_at = $3, run_at = $3, lease_until = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND state IN ('running', 'paused')";
const BROADCAST_PROGRESS_SHOWN: &str = "UPDATE broadcasts SET progress_at = $3 WHERE bot_instance_id = $1 AND id = $2";

/// A broadcast to record, in state `draft`.
#[derive(Debug, Clone)]
pub struct NewBroadcast<'a> {
    /// Its name.
    pub id: &'a BroadcastId,
    /// What it is made of.
    pub kind: BroadcastKind,
    /// Who composed it.
    pub admin: UserId,
    /// Where the composed message is.
    pub chat: ChatId,
    /// The composed message; `0` until the bot has sent it to its author.
    pub message: MessageId,
    /// What was composed in the panel, sealed.
    pub sealed: Option<&'a [u8]>,
    /// The story it belongs to.
    pub corr: &'a Corr,
}

row! {
    /// A broadcast.
    pub struct BroadcastRow of "broadcasts" by "id" {
        /// Its name.
        pub id: BroadcastId,
        /// What people call it; from the confirmation on.
        pub number: Option<i64>,
        /// Where it stands.
        pub state: BroadcastState,
        /// What it is made of.
        pub kind: BroadcastKind,
        /// Who composed it, and hears how it goes.
        pub admin_id: UserId,
        /// Where the message to copy is.
        pub source_chat: ChatId,
        /// The message to copy.
        pub source_message: MessageId,
        /// How many get it.
        pub recipients: i64,
        /// How many have it.
        pub sent: i64,
        /// How many cannot be reached.
        pub unreachable: i64,
        /// How many have had all tries.
        pub failed: i64,
        /// The last person of the present walk.
        pub reached: i64,
        /// Which try the present walk is, from 0.
        pub tries: i64,
        /// Not before.
        pub run_at: UnixMs,
        /// Why it paused by itself.
        pub pause_reason: Option<PauseReason>,
        /// Where its progress is shown.
        pub progress_chat: Option<ChatId>,
        /// The message that shows it.
        pub progress_message: Option<MessageId>,
        /// When that message was last written.
        pub progress_at: UnixMs,
        /// Grows with each claim.
        pub epoch: i64,
        /// The story it belongs to.
        pub corr: Corr,
        /// When it was composed.
        pub created_at: UnixMs,
        /// When its recipients were fixed.
        pub confirmed_at: Option<UnixMs>,
        /// When all of them were written down.
        pub gathered_at: Option<UnixMs>,
        /// When it ended.
        pub finished_at: Option<UnixMs>,
    }
}

impl BroadcastRow {
    /// Whether it was put off and its moment has not come.
    pub fn is_planned(&self, now: UnixMs) -> bool {
        self.confirmed_at.is_some_and(|at| at > now)
    }
}

impl TenantTx {
    /// Whom a broadcast would reach now: everyone who ever pressed /start, is not blocked and can be reached.
    pub async fn broadcast_audience(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(BROADCAST_AUDIENCE).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Records what an admin composed; their earlier drafts are forgotten.
    pub async fn broadcast_compose(&mut self, new: &NewBroadcast<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(BROADCAST_DROP_DRAFTS).bind(self.id.as_str()).bind(new.admin.0).execute(c).await
            .map(|_| ()))?;
        on!(self.tx, c => sqlx::query(BROADCAST_INSERT).bind(self.id.as_str()).bind(new.id.as_str())
            .bind(new.kind.as_str()).bind(new.admin.0).bind(new.chat.0).bind(new.message.0).bind(i64::MIN).bind(now.0)
            .bind(new.corr.as_str()).bind(new.sealed).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// What was composed in the panel, sealed. `None`: there is no such broadcast, or it was composed in the chat.
    pub async fn broadcast_draft(&mut self, id: &BroadcastId) -> Result<Option<Vec<u8>>, StoreError> {
        let found: Option<Option<Vec<u8>>> = on!(self.tx, c => sqlx::query_scalar(BROADCAST_DRAFT).bind(self.id.as_str())
            .bind(id.as_str()).fetch_optional(c).await)?;
        Ok(found.flatten())
    }

    /// What is composed and not confirmed, newest first.
    pub async fn broadcasts_drafts(&mut self, limit: i64) -> Result<Vec<BroadcastRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(BROADCASTS_DRAFTS).bind(self.id.as_str()).bind(limit).fetch_all(c).await))
    }

    /// Forgets a draft. `false`: it is none.
    pub async fn broadcast_drop(&mut self, id: &BroadcastId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_DROP).bind(self.id.as_str()).bind(id.as_str()).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// A broadcast by its name.
    pub async fn broadcast_get(&mut self, id: &BroadcastId) -> Result<Option<BroadcastRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(BROADCAST_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c).await))
    }

    /// The broadcast that runs or is paused; there is at most one.
    pub async fn broadcast_unfinished(&mut self) -> Result<Option<BroadcastRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(BROADCAST_UNFINISHED).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// The last confirmed broadcasts, newest first.
    pub async fn broadcasts_recent(&mut self, limit: i64) -> Result<Vec<BroadcastRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(BROADCASTS_RECENT).bind(self.id.as_str()).bind(limit).fetch_all(c).await))
    }

    /// Notes which message a draft is copied from: the bot's own copy, which its author cannot change any more. `false`: it
    /// is no draft.
    pub async fn broadcast_set_source(
        &mut self,
        id: &BroadcastId,
        chat: ChatId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_SET_SOURCE).bind(self.id.as_str()).bind(id.as_str())
            .bind(chat.0).bind(message.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes which message shows how it goes. `false`: no such broadcast.
    pub async fn broadcast_set_progress(
        &mut self,
        id: &BroadcastId,
        chat: ChatId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_SET_PROGRESS).bind(self.id.as_str()).bind(id.as_str())
            .bind(chat.0).bind(message.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Begins a draft with so many expected recipients at `at`, which fixes who gets it. Gives its number; `None`: it is no
    /// draft, has not reached its author yet, or another one is unfinished.
    pub async fn broadcast_confirm(
        &mut self,
        id: &BroadcastId,
        audience: i64,
        at: UnixMs,
        now: UnixMs,
    ) -> Result<Option<i64>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(BROADCAST_CONFIRM).bind(self.id.as_str()).bind(id.as_str())
            .bind(audience).bind(at.0).bind(now.0).fetch_optional(c).await)?)
    }

    /// Pauses a running one; `reason` where it pauses by itself. `false`: it does not run.
    pub async fn broadcast_pause(&mut self, id: &BroadcastId, reason: Option<PauseReason>) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_PAUSE).bind(self.id.as_str()).bind(id.as_str())
            .bind(reason.map(PauseReason::as_str)).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Goes on with a paused one. A `retry_after` that is not over is still waited for. `false`: it is not paused.
    pub async fn broadcast_resume(&mut self, id: &BroadcastId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_RESUME).bind(self.id.as_str()).bind(id.as_str()).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends one for good; a worker removes the recipients that are left. `false`: it is over already.
    pub async fn broadcast_stop(&mut self, id: &BroadcastId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_STOP).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that the progress was written just now. `false`: no such broadcast.
    pub async fn broadcast_progress_shown(&mut self, id: &BroadcastId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(BROADCAST_PROGRESS_SHOWN).bind(self.id.as_str()).bind(id.as_str())
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
