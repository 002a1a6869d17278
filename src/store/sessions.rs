//! What a person is in the middle of, sealed; written with a version check, so a late update never overwrites a newer one
//! (bot.md 6.1).

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{UnixMs, UserId};

const SESSION_LOAD: &str =
    "SELECT version, sealed, touched_at FROM sessions WHERE bot_instance_id = $1 AND user_id = $2";
const SESSION_INSERT: &str = "INSERT INTO sessions (bot_instance_id, user_id, version, sealed, touched_at)
     VALUES ($1, $2, 1, $3, $4) ON CONFLICT (bot_instance_id, user_id) DO NOTHING";
const SESSION_UPDATE: &str = "UPDATE sessions SET version = version + 1, sealed = $3, touched_at = $4
     WHERE bot_instance_id = $1 AND user_id = $2 AND version = $5";
const SESSION_FORGET: &str = "DELETE FROM sessions WHERE bot_instance_id = $1 AND user_id = $2";

row! {
    /// A person's session.
    pub struct SessionRow of "sessions" by "user_id" {
        /// Grows by one with each save.
        pub version: i64,
        /// Draft, awaited input, anchor.
        pub sealed: Vec<u8>,
        /// The person's last action.
        pub touched_at: UnixMs,
    }
}

impl TenantTx {
    /// The session as it stands.
    pub async fn session_load(&mut self, user: UserId) -> Result<Option<SessionRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(SESSION_LOAD).bind(self.id.as_str()).bind(user.0).fetch_optional(c).await))
    }

    /// Saves what was made from version `expected` (0: there was none) as version `expected + 1`. `false`: somebody saved
    /// in between, nothing is changed; load and decide again.
    pub async fn session_save(
        &mut self,
        user: UserId,
        expected: i64,
        sealed: &[u8],
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let saved = if expected == 0 {
            on!(self.tx, c => sqlx::query(SESSION_INSERT).bind(self.id.as_str()).bind(user.0).bind(sealed).bind(now.0)
                .execute(c).await.map(|d| d.rows_affected()))?
        } else {
            on!(self.tx, c => sqlx::query(SESSION_UPDATE).bind(self.id.as_str()).bind(user.0).bind(sealed).bind(now.0)
                .bind(expected).execute(c).await.map(|d| d.rows_affected()))?
        };
        Ok(saved == 1)
    }

    /// Forgets what a person was in the middle of; whoever is writing it at this moment decides anew. `false`: nothing.
    pub async fn session_forget(&mut self, user: UserId) -> Result<bool, StoreError> {
        let gone = on!(self.tx, c => sqlx::query(SESSION_FORGET).bind(self.id.as_str()).bind(user.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(gone == 1)
    }
}
