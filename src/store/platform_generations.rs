//! Generations of all tenants that stand still: for the sweeper (bot.md 9.2).

use super::rows::all;
use super::{GenerationRow, PlatformTx, StoreError, on};
use crate::domain::UnixMs;

const GENERATIONS_OPEN_OLDER: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering') AND updated_at < $1
     ORDER BY updated_at LIMIT $2";
/// Whose hold was given back has a time of its end.
const GENERATIONS_UNDELIVERED_OLDER: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE state = 'undelivered' AND finished_at IS NULL AND updated_at < $1 ORDER BY updated_at LIMIT $2";

impl PlatformTx {
    /// Active generations whose state has not changed since before `before`, the longest standing first.
    pub async fn generations_open_older_than(
        &mut self,
        before: UnixMs,
        limit: i64,
    ) -> Result<Vec<GenerationRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_OPEN_OLDER).bind(before.0).bind(limit).fetch_all(c).await))
    }

    /// Undelivered generations since before `before` whose hold has not been given back: [`GenerationRow::finished_at`] is
    /// what the one who gives it back must set.
    pub async fn generations_undelivered_older_than(
        &mut self,
        before: UnixMs,
        limit: i64,
    ) -> Result<Vec<GenerationRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_UNDELIVERED_OLDER).bind(before.0).bind(limit).fetch_all(c).await))
    }
}
