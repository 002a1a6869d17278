//! Keys of the API (platform.md 6): known by the hash of their text, which nobody keeps.

use super::rows::{all, maybe, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{ApiKeyId, BotInstanceId, PanelScope, UnixMs};

const API_KEY_INSERT: &str =
    "INSERT INTO api_keys (id, key_hash, scope, bot_instance_id, name, rights, made_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const API_KEY_BY_HASH: &str =
    "SELECT id, scope, bot_instance_id, name, rights, made_by, created_at, last_used_at, revoked_at FROM api_keys
     WHERE key_hash = $1";
const API_KEYS_OF: &str =
    "SELECT id, scope, bot_instance_id, name, rights, made_by, created_at, last_used_at, revoked_at FROM api_keys
     WHERE scope = $1 AND (bot_instance_id = $2 OR bot_instance_id IS NULL AND CAST($2 AS TEXT) IS NULL)
     ORDER BY created_at, id";
const API_KEYS_ALL: &str =
    "SELECT id, scope, bot_instance_id, name, rights, made_by, created_at, last_used_at, revoked_at FROM api_keys
     ORDER BY created_at, id";
const API_KEY_TOUCH: &str = "UPDATE api_keys SET last_used_at = $2
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)";
const API_KEY_REVOKE: &str = "UPDATE api_keys SET revoked_at = $4 WHERE id = $1 AND revoked_at IS NULL AND scope = $2
       AND (bot_instance_id = $3 OR bot_instance_id IS NULL AND CAST($3 AS TEXT) IS NULL)";

/// A key to record.
#[derive(Debug, Clone, Copy)]
pub struct NewApiKey<'a> {
    /// Its name in lists.
    pub id: &'a ApiKeyId,
    /// Hash of its text.
    pub key_hash: &'a str,
    /// What it opens.
    pub scope: &'a PanelScope,
    /// What its maker calls it.
    pub name: &'a str,
    /// What may be done with it, as words with commas.
    pub rights: &'a str,
    /// Who made it.
    pub made_by: &'a str,
}

row! {
    /// A key.
    pub struct ApiKeyRow of "api_keys" by "id" {
        /// Its name in lists.
        pub id: ApiKeyId,
        /// What it opens.
        pub scope: PanelScope,
        /// What its maker calls it.
        pub name: String,
        /// What may be done with it, as words with commas.
        pub rights: String,
        /// Who made it.
        pub made_by: String,
        /// When it was made.
        pub created_at: UnixMs,
        /// When it was last used, at most so much behind as it is touched.
        pub last_used_at: Option<UnixMs>,
        /// From then on it opens nothing.
        pub revoked_at: Option<UnixMs>,
    }
}

impl PlatformTx {
    /// Records a key.
    pub async fn api_key_insert(&mut self, new: &NewApiKey<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(API_KEY_INSERT).bind(new.id.as_str()).bind(new.key_hash).bind(new.scope.as_str())
            .bind(new.scope.tenant().map(BotInstanceId::as_str)).bind(new.name).bind(new.rights).bind(new.made_by)
            .bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// A key by the hash of its text, revoked or not.
    pub async fn api_key_by_hash(&mut self, key_hash: &str) -> Result<Option<ApiKeyRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(API_KEY_BY_HASH).bind(key_hash).fetch_optional(c).await))
    }

    /// The keys of one scope, the oldest first.
    pub async fn api_keys_of(&mut self, scope: &PanelScope) -> Result<Vec<ApiKeyRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(API_KEYS_OF).bind(scope.as_str())
            .bind(scope.tenant().map(BotInstanceId::as_str)).fetch_all(c).await))
    }

    /// Every key, the oldest first.
    pub async fn api_keys_all(&mut self) -> Result<Vec<ApiKeyRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(API_KEYS_ALL).fetch_all(c).await))
    }

    /// Notes that a key is used, unless that was noted after `unless_after`.
    pub async fn api_key_touch(
        &mut self,
        id: &ApiKeyId,
        now: UnixMs,
        unless_after: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(API_KEY_TOUCH).bind(id.as_str()).bind(now.0).bind(unless_after.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends a key of this scope. `false`: there is none, or it was ended before.
    pub async fn api_key_revoke(&mut self, scope: &PanelScope, id: &ApiKeyId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(API_KEY_REVOKE).bind(id.as_str()).bind(scope.as_str())
            .bind(scope.tenant().map(BotInstanceId::as_str)).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
