//! What the platform owner's writes answered that belong to no tenant yet: claimed in a transaction of its own, because what
//! they do takes several.

use super::api_answers::NOTHING;
use super::rows::maybe;
use super::{ApiAnswerRow, ApiWrite, PlatformTx, StoreError, on};
use crate::domain::UnixMs;

const OWNER_ANSWER_CLAIM: &str =
    "INSERT INTO api_owner_answers (caller, idem_key, fingerprint, status, body, created_at)
     VALUES ($1, $2, $3, 0, $7, $4)
     ON CONFLICT (caller, idem_key) DO UPDATE SET fingerprint = excluded.fingerprint, status = 0,
       body = excluded.body, created_at = excluded.created_at
     WHERE api_owner_answers.created_at <= $5 OR api_owner_answers.status = 0 AND api_owner_answers.created_at <= $6";
const OWNER_ANSWER_GET: &str = "SELECT idem_key, fingerprint, status, body, created_at FROM api_owner_answers
     WHERE caller = $1 AND idem_key = $2";
const OWNER_ANSWER_SET: &str =
    "UPDATE api_owner_answers SET status = $3, body = $4 WHERE caller = $1 AND idem_key = $2";
const OWNER_ANSWER_FORGET: &str = "DELETE FROM api_owner_answers WHERE caller = $1 AND idem_key = $2 AND status = 0";
const OWNER_ANSWERS_PURGE: &str = "DELETE FROM api_owner_answers WHERE created_at < $1";
const API_ANSWERS_PURGE: &str = "DELETE FROM api_answers WHERE (bot_instance_id, caller, idem_key) IN (
       SELECT a.bot_instance_id, a.caller, a.idem_key FROM api_answers a WHERE a.created_at < $1
       ORDER BY a.created_at LIMIT $2)";
const DELIVERIES_PURGE: &str = "DELETE FROM webhook_deliveries WHERE (bot_instance_id, id) IN (
       SELECT d.bot_instance_id, d.id FROM webhook_deliveries d WHERE d.created_at < $1 AND d.state <> 'waiting'
       ORDER BY d.created_at LIMIT $2)";

impl PlatformTx {
    /// Claims a write. `false`: it was claimed after `since` and answered, or claimed after `dead_since` and is worked on.
    pub async fn owner_answer_claim(
        &mut self,
        write: &ApiWrite<'_>,
        (since, dead_since): (UnixMs, UnixMs),
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(OWNER_ANSWER_CLAIM).bind(write.caller).bind(write.idem_key)
            .bind(write.fingerprint).bind(now.0).bind(since.0).bind(dead_since.0).bind(NOTHING).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// What a write left.
    pub async fn owner_answer_get(&mut self, caller: &str, idem_key: &str) -> Result<Option<ApiAnswerRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(OWNER_ANSWER_GET).bind(caller).bind(idem_key).fetch_optional(c).await))
    }

    /// Notes what the claimed write answers.
    pub async fn owner_answer_set(
        &mut self,
        write: &ApiWrite<'_>,
        status: u16,
        body: &[u8],
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(OWNER_ANSWER_SET).bind(write.caller).bind(write.idem_key)
            .bind(i64::from(status)).bind(body).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives a claim back after a refusal.
    pub async fn owner_answer_forget(&mut self, write: &ApiWrite<'_>) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(OWNER_ANSWER_FORGET).bind(write.caller).bind(write.idem_key)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Forgets what partners' webhooks were told before `before`. Gives how many.
    pub async fn hook_deliveries_purge(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(DELIVERIES_PURGE).bind(before.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?)
    }

    /// Forgets answers of writes that came before `before`. Gives how many.
    pub async fn api_answers_purge(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        let owners = on!(self.tx, c => sqlx::query(OWNER_ANSWERS_PURGE).bind(before.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        let tenants = on!(self.tx, c => sqlx::query(API_ANSWERS_PURGE).bind(before.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(owners + tenants)
    }
}
