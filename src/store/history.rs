//! A person's generations as the bot's history shows them, newest first (bot.md 5.4, S-38).

use super::rows::{all, maybe};
use super::{GenerationRow, StoreError, TenantTx, on};
use crate::domain::{GenerationId, UserId};

const GENERATIONS_HISTORY: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND user_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3";
const GENERATION_OLDER: &str =
    "SELECT g.bot_instance_id AS tenant, g.id, g.user_id, g.user_ref, g.chat_id, g.quote_id, g.model_id, g.gen_type,
       g.sealed, g.fingerprint, g.payer, g.price, g.units, g.charged, g.hold_id, g.state, g.cause, g.callback_hash,
       g.provider_task_id, g.provider_credits, g.submitted_at, g.accepted_at, g.finished_at, g.late_noticed_at,
       g.progress_message_id, g.progress_stage, g.items, g.corr, g.created_at, g.updated_at
     FROM generations g JOIN generations here ON here.bot_instance_id = g.bot_instance_id AND here.user_id = g.user_id
       AND here.id = $3
     WHERE g.bot_instance_id = $1 AND g.user_id = $2 AND (g.created_at, g.id) < (here.created_at, here.id)
     ORDER BY g.created_at DESC, g.id DESC LIMIT 1";
const GENERATION_NEWER: &str =
    "SELECT g.bot_instance_id AS tenant, g.id, g.user_id, g.user_ref, g.chat_id, g.quote_id, g.model_id, g.gen_type,
       g.sealed, g.fingerprint, g.payer, g.price, g.units, g.charged, g.hold_id, g.state, g.cause, g.callback_hash,
       g.provider_task_id, g.provider_credits, g.submitted_at, g.accepted_at, g.finished_at, g.late_noticed_at,
       g.progress_message_id, g.progress_stage, g.items, g.corr, g.created_at, g.updated_at
     FROM generations g JOIN generations here ON here.bot_instance_id = g.bot_instance_id AND here.user_id = g.user_id
       AND here.id = $3
     WHERE g.bot_instance_id = $1 AND g.user_id = $2 AND (g.created_at, g.id) > (here.created_at, here.id)
     ORDER BY g.created_at, g.id LIMIT 1";
const GENERATION_PLACE: &str =
    "SELECT COUNT(*) FILTER (WHERE (g.created_at, g.id) <= (here.created_at, here.id)) AS number,
       COUNT(*) AS total
     FROM generations g JOIN generations here ON here.bot_instance_id = g.bot_instance_id AND here.user_id = g.user_id
       AND here.id = $3
     WHERE g.bot_instance_id = $1 AND g.user_id = $2";

/// Where a generation stands among its person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryPlace {
    /// The person's first is number 1.
    pub number: i64,
    /// How many there are.
    pub total: i64,
}

impl TenantTx {
    /// A person's last generations, newest first.
    pub async fn generations_history(&mut self, user: UserId, limit: i64) -> Result<Vec<GenerationRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_HISTORY).bind(self.id.as_str()).bind(user.0).bind(limit)
            .fetch_all(c).await))
    }

    /// The one before `id`; `None`: it is the person's first, or not the person's.
    pub async fn generation_older(
        &mut self,
        user: UserId,
        id: &GenerationId,
    ) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GENERATION_OLDER).bind(self.id.as_str()).bind(user.0).bind(id.as_str())
            .fetch_optional(c).await))
    }

    /// The one after `id`; `None`: it is the person's last, or not the person's.
    pub async fn generation_newer(
        &mut self,
        user: UserId,
        id: &GenerationId,
    ) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GENERATION_NEWER).bind(self.id.as_str()).bind(user.0).bind(id.as_str())
            .fetch_optional(c).await))
    }

    /// Which number `id` has among the person's generations, and how many there are; `None`: it is not the person's.
    pub async fn generation_place(
        &mut self,
        user: UserId,
        id: &GenerationId,
    ) -> Result<Option<HistoryPlace>, StoreError> {
        let (number, total): (i64, i64) = on!(self.tx, c => sqlx::query_as(GENERATION_PLACE).bind(self.id.as_str())
            .bind(user.0).bind(id.as_str()).fetch_one(c).await)?;
        Ok((total > 0).then_some(HistoryPlace { number, total }))
    }
}
