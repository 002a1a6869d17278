//! Generations of all tenants that stand still: for the sweeper (bot.md 9.2).

use super::rows::all;
use super::{GenerationRow, PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, UnixMs};

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
/// What still holds money or a free generation of a bot that is out of service.
const GENERATIONS_OF_DELETED: &str = "SELECT g.bot_instance_id AS tenant, g.id, g.user_id, g.user_ref, g.chat_id, g.quote_id,
       g.model_id, g.gen_type, g.sealed, g.fingerprint, g.payer, g.price, g.units, g.charged, g.hold_id, g.state, g.cause,
       g.callback_hash, g.provider_task_id, g.provider_credits, g.submitted_at, g.accepted_at, g.finished_at,
       g.late_noticed_at, g.progress_message_id, g.progress_stage, g.items, g.corr, g.created_at, g.updated_at
     FROM tenants t JOIN generations g ON g.bot_instance_id = t.bot_instance_id
     WHERE t.state = 'deleted' AND (g.state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')
       OR g.state = 'undelivered' AND g.finished_at IS NULL) ORDER BY g.updated_at LIMIT $1";
/// Its jobs and messages wait for nobody.
const JOBS_OF_DELETED_END: &str =
    "UPDATE jobs SET state = 'dead', lease_until = NULL, error = 'the bot is out of service',
       finished_at = $1 WHERE state IN ('ready', 'running')
       AND bot_instance_id IN (SELECT t.bot_instance_id FROM tenants t WHERE t.state = 'deleted')";
const OUTBOX_OF_DELETED_END: &str = "UPDATE outbox SET state = 'dead', error = 'the bot is out of service'
     WHERE state = 'queued' AND bot_instance_id IN (SELECT t.bot_instance_id FROM tenants t WHERE t.state = 'deleted')";

/// Of each other tenant at most `$2`.
const GENERATIONS_WAITING_BESIDE: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN n < $2 THEN n ELSE $2 END), 0) AS BIGINT)
     FROM (SELECT COUNT(*) AS n FROM generations g JOIN tenants t ON t.bot_instance_id = g.bot_instance_id
       WHERE g.state = 'created' AND t.provider_key_sealed IS NULL AND g.bot_instance_id <> $1
       GROUP BY g.bot_instance_id) w";

impl PlatformTx {
    /// How many generations of other tenants on the shared key wait before the one that has `before` of its own tenant's in
    /// front: of each tenant at most as many.
    pub async fn generations_waiting_beside(&mut self, tenant: &BotInstanceId, before: i64) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_WAITING_BESIDE).bind(tenant.as_str()).bind(before)
            .fetch_one(c).await)?)
    }

    /// Active generations whose state has not changed since before `before`, the longest standing first.
    pub async fn generations_open_older_than(
        &mut self,
        before: UnixMs,
        limit: i64,
    ) -> Result<Vec<GenerationRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_OPEN_OLDER).bind(before.0).bind(limit).fetch_all(c).await))
    }

    /// Generations of bots that are out of service which nobody has ended yet.
    pub async fn generations_of_deleted(&mut self, limit: i64) -> Result<Vec<GenerationRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_OF_DELETED).bind(limit).fetch_all(c).await))
    }

    /// Ends the jobs and messages of bots that are out of service. Gives how many of both.
    pub async fn work_of_deleted_end(&mut self, now: UnixMs) -> Result<u64, StoreError> {
        let jobs = on!(self.tx, c => sqlx::query(JOBS_OF_DELETED_END).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        let messages =
            on!(self.tx, c => sqlx::query(OUTBOX_OF_DELETED_END).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(jobs + messages)
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
