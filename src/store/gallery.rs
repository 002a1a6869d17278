//! Every generation of a tenant in one line, for its admins (bot.md 14.5): newest first, round and round.

use super::rows::maybe;
use super::{GenerationRow, StoreError, TenantTx, on};
use crate::domain::{GenerationId, UnixMs};

const GALLERY_NEWEST: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
const GALLERY_OLDEST: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 ORDER BY created_at, id LIMIT 1";
const GALLERY_OLDER: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND created_at <= $2 AND (created_at, id) < ($2, $3)
     ORDER BY created_at DESC, id DESC LIMIT 1";
const GALLERY_NEWER: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND created_at >= $2 AND (created_at, id) > ($2, $3)
     ORDER BY created_at, id LIMIT 1";
const GALLERY_BETWEEN: &str = "SELECT COUNT(*) FROM generations
     WHERE bot_instance_id = $1 AND created_at >= $2 AND created_at <= $3 AND (created_at, id) <= ($3, $4)";

impl TenantTx {
    /// The tenant's newest generation.
    pub async fn gallery_newest(&mut self) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GALLERY_NEWEST).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// The tenant's first generation.
    pub async fn gallery_oldest(&mut self) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GALLERY_OLDEST).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// The one before, whoever made it.
    pub async fn gallery_older(&mut self, at: UnixMs, id: &GenerationId) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GALLERY_OLDER).bind(self.id.as_str()).bind(at.0).bind(id.as_str())
            .fetch_optional(c).await))
    }

    /// The one after, whoever made it.
    pub async fn gallery_newer(&mut self, at: UnixMs, id: &GenerationId) -> Result<Option<GenerationRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(GALLERY_NEWER).bind(self.id.as_str()).bind(at.0).bind(id.as_str())
            .fetch_optional(c).await))
    }

    /// How many were confirmed from `from` up to this one, itself included.
    pub async fn gallery_between(&mut self, from: UnixMs, at: UnixMs, id: &GenerationId) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GALLERY_BETWEEN).bind(self.id.as_str()).bind(from.0).bind(at.0)
            .bind(id.as_str()).fetch_one(c).await)?)
    }
}
