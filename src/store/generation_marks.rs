//! What is noted of quotes and generations beside their moves, and the counts that decide whether a move is allowed
//! (bot.md 9.1, 9.4; decisions.md 8).

use super::rows::all;
use super::{GenerationRow, StoreError, TenantTx, on};
use crate::domain::{GenerationId, Payer, QuoteId, UnixMs, UserId};

const QUOTE_JOIN: &str = "UPDATE quotes SET state = 'closed', generation_id = $3
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'open'";
const QUOTE_REOPEN: &str = "UPDATE quotes SET state = 'open', generation_id = NULL
     WHERE bot_instance_id = $1 AND id = $2 AND state = 'used' AND generation_id = $3
       AND NOT EXISTS (SELECT 1 FROM generations g WHERE g.bot_instance_id = $1 AND g.quote_id = $2)";
/// A canceled task counts until the provider says its end (`provider_credits`), or its time is over.
const GENERATIONS_AT_WORK: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND user_id = $2
       AND (state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')
         OR (state = 'canceled' AND provider_task_id IS NOT NULL AND provider_credits IS NULL AND accepted_at > $3))";
const GENERATIONS_CANCELED_LATE: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND user_id = $2
       AND state = 'canceled' AND accepted_at <= finished_at AND finished_at >= $3";
const GENERATIONS_PAID_BY: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND created_at >= $2
       AND payer = $3";
const GENERATIONS_ENDED_BY: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND user_id = $2
       AND finished_at > $3 AND cause = $4 AND id <> $5";
const GENERATIONS_UNDELIVERED: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id, model_id, gen_type,
       sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash, provider_task_id, provider_credits,
       submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id, progress_stage, items, corr, created_at,
       updated_at
     FROM generations WHERE bot_instance_id = $1 AND user_id = $2 AND state = 'undelivered' ORDER BY created_at, id";
const GENERATION_NOTE_TASK: &str = "UPDATE generations SET provider_task_id = $3, accepted_at = COALESCE(accepted_at, $4)
     WHERE bot_instance_id = $1 AND id = $2 AND provider_task_id IS NULL AND state IN ('failed', 'canceled', 'timed_out')";
const GENERATION_NOTE_END: &str = "UPDATE generations SET provider_credits = $3, items = $4
     WHERE bot_instance_id = $1 AND id = $2 AND provider_credits IS NULL AND state IN ('failed', 'canceled', 'timed_out')";

impl TenantTx {
    /// Closes an open offer whose person joined an equal generation: a further press finds that. `false`: it was not open.
    pub async fn quote_join(&mut self, id: &QuoteId, generation: &GenerationId) -> Result<bool, StoreError> {
        let closed = on!(self.tx, c => sqlx::query(QUOTE_JOIN).bind(self.id.as_str()).bind(id.as_str())
            .bind(generation.as_str()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(closed == 1)
    }

    /// Takes back a use of a moment ago, in the same transaction, because the generation cannot be paid. `false`: nothing
    /// to take back.
    pub async fn quote_reopen(&mut self, id: &QuoteId, generation: &GenerationId) -> Result<bool, StoreError> {
        let opened = on!(self.tx, c => sqlx::query(QUOTE_REOPEN).bind(self.id.as_str()).bind(id.as_str())
            .bind(generation.as_str()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(opened == 1)
    }

    /// How many of a person's tasks are at work: active ones, and canceled ones accepted after `accepted_after` that the
    /// provider has not ended.
    pub async fn generations_at_work(&mut self, user: UserId, accepted_after: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_AT_WORK).bind(self.id.as_str()).bind(user.0)
            .bind(accepted_after.0).fetch_one(c).await)?)
    }

    /// How many generations a person has canceled since `since` after the provider had taken them.
    pub async fn generations_canceled_late(&mut self, user: UserId, since: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_CANCELED_LATE).bind(self.id.as_str()).bind(user.0)
            .bind(since.0).fetch_one(c).await)?)
    }

    /// How many generations confirmed at `since` or later have this payer.
    pub async fn generations_paid_by(&mut self, payer: Payer, since: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_PAID_BY).bind(self.id.as_str()).bind(since.0)
            .bind(payer.as_str()).fetch_one(c).await)?)
    }

    /// How many other generations of a person ended after `since` by this cause.
    pub async fn generations_ended_by(
        &mut self,
        user: UserId,
        since: UnixMs,
        cause: &str,
        but: &GenerationId,
    ) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_ENDED_BY).bind(self.id.as_str()).bind(user.0).bind(since.0)
            .bind(cause).bind(but.as_str()).fetch_one(c).await)?)
    }

    /// A person's undelivered results, the oldest first.
    pub async fn generations_undelivered(&mut self, user: UserId) -> Result<Vec<GenerationRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_UNDELIVERED).bind(self.id.as_str()).bind(user.0).fetch_all(c).await))
    }

    /// Notes the provider's task of a generation that has ended here already: it may still bring a result, or count as
    /// running. `false`: it is not ended, or has a task.
    pub async fn generation_note_task(
        &mut self,
        id: &GenerationId,
        task: &str,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let noted = on!(self.tx, c => sqlx::query(GENERATION_NOTE_TASK).bind(self.id.as_str()).bind(id.as_str())
            .bind(task).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(noted == 1)
    }

    /// Notes how the provider ended the task of a generation that had ended here before: what it took, in hundredths of a
    /// credit, and how many results there are. `true` once.
    pub async fn generation_note_end(
        &mut self,
        id: &GenerationId,
        credits: i64,
        items: i64,
    ) -> Result<bool, StoreError> {
        let noted = on!(self.tx, c => sqlx::query(GENERATION_NOTE_END).bind(self.id.as_str()).bind(id.as_str())
            .bind(credits).bind(items).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(noted == 1)
    }
}
