//! What a write of the API answered (platform.md 6): claimed before the change, filled with it, in one transaction. Whoever
//! brings the same key meanwhile waits for that transaction and then reads what it left.

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const API_ANSWER_CLAIM: &str =
    "INSERT INTO api_answers (bot_instance_id, caller, idem_key, fingerprint, status, body, created_at)
     VALUES ($1, $2, $3, $4, 0, $7, $5)
     ON CONFLICT (bot_instance_id, caller, idem_key) DO UPDATE SET fingerprint = excluded.fingerprint, status = 0,
       body = excluded.body, created_at = excluded.created_at WHERE api_answers.created_at <= $6";
const API_ANSWER_GET: &str = "SELECT idem_key, fingerprint, status, body, created_at FROM api_answers
     WHERE bot_instance_id = $1 AND caller = $2 AND idem_key = $3";
const API_ANSWER_SET: &str = "UPDATE api_answers SET status = $4, body = $5
     WHERE bot_instance_id = $1 AND caller = $2 AND idem_key = $3";

/// The body of a write that is being worked on.
pub(super) const NOTHING: &[u8] = b"";

/// One write, as its caller names it.
#[derive(Debug, Clone, Copy)]
pub struct ApiWrite<'a> {
    /// Whose key.
    pub caller: &'a str,
    /// The key that the caller gave this write.
    pub idem_key: &'a str,
    /// Method, path and body, hashed.
    pub fingerprint: &'a str,
}

row! {
    /// What a write answered.
    pub struct ApiAnswerRow of "api_answers" by "idem_key" {
        /// The caller's key.
        pub idem_key: String,
        /// Of the request it was given to.
        pub fingerprint: String,
        /// The status; 0 while it is being worked on.
        pub status: i64,
        /// The body.
        pub body: Vec<u8>,
        /// When it came.
        pub created_at: UnixMs,
    }
}

impl TenantTx {
    /// Claims a write. `false`: it was claimed after `since`; then [`Self::api_answer_get`] has what came of it.
    pub async fn api_answer_claim(
        &mut self,
        write: &ApiWrite<'_>,
        since: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(API_ANSWER_CLAIM).bind(self.id.as_str()).bind(write.caller)
            .bind(write.idem_key).bind(write.fingerprint).bind(now.0).bind(since.0).bind(NOTHING).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// What a write left.
    pub async fn api_answer_get(&mut self, caller: &str, idem_key: &str) -> Result<Option<ApiAnswerRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(API_ANSWER_GET).bind(self.id.as_str()).bind(caller).bind(idem_key)
            .fetch_optional(c).await))
    }

    /// Notes what the claimed write answers, sealed.
    pub async fn api_answer_set(&mut self, write: &ApiWrite<'_>, status: u16, body: &[u8]) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(API_ANSWER_SET).bind(self.id.as_str()).bind(write.caller)
            .bind(write.idem_key).bind(i64::from(status)).bind(body).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
