//! What the master key itself has sealed: the installation's check value, the tenants' data keys, tokens that wait in onboarding.
//! Everything else is sealed with a data key. A new kind of such value needs its statements here, or a change of the master key
//! would leave it behind.

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, UnixMs, UserId};

/// Where the vault's check value stands in `platform_meta`.
pub const CHECK_VALUE: &str = "vault_check";
/// Where it stands that a master key was given up, and when (Unix ms); the key's short name follows.
const GIVEN_UP: &str = "vault_given_up:";

/// The head of a sealed value is its format and its key's id: five bytes.
const SEALED_HEADS: &str = "SELECT kind, head, COUNT(*) AS values_under FROM (
       SELECT 'data_key' AS kind, SUBSTR(data_key_wrapped, 1, 5) AS head FROM tenants WHERE LENGTH(data_key_wrapped) > 0
       UNION ALL
       SELECT 'waiting_token' AS kind, SUBSTR(waiting_sealed, 1, 5) AS head FROM onboardings WHERE waiting_sealed IS NOT NULL
       UNION ALL
       SELECT 'check_value' AS kind, SUBSTR(value, 1, 5) AS head FROM platform_meta WHERE key = $1
     ) sealed GROUP BY kind, head ORDER BY kind, head";
const CHECK_VALUE_REPLACE: &str = "UPDATE platform_meta SET value = $3 WHERE key = $1 AND value = $2";
const DATA_KEYS_NOT_UNDER: &str = "SELECT bot_instance_id AS tenant, data_key_wrapped AS sealed FROM tenants
     WHERE bot_instance_id > $1 AND LENGTH(data_key_wrapped) > 0 AND SUBSTR(data_key_wrapped, 2, 4) <> $2
     ORDER BY bot_instance_id LIMIT $3";
const DATA_KEY_REPLACE: &str =
    "UPDATE tenants SET data_key_wrapped = $3 WHERE bot_instance_id = $1 AND data_key_wrapped = $2";
const WAITING_TOKENS_NOT_UNDER: &str = "SELECT person, waiting_sealed AS sealed FROM onboardings
     WHERE person > $1 AND waiting_sealed IS NOT NULL AND SUBSTR(waiting_sealed, 2, 4) <> $2 ORDER BY person LIMIT $3";
const WAITING_TOKEN_REPLACE: &str =
    "UPDATE onboardings SET waiting_sealed = $3 WHERE person = $1 AND waiting_sealed = $2";

row! {
    /// So many values of one kind have one head.
    pub struct SealedHeadRow of "sealed" by "kind" {
        /// `check_value`, `data_key` or `waiting_token`.
        pub kind: String,
        /// The first five bytes: the format and the key's id.
        pub head: Vec<u8>,
        /// How many.
        pub values_under: i64,
    }
}

row! {
    /// A tenant's data key.
    pub struct WrappedKeyRow of "tenants" by "tenant" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// As it is stored.
        pub sealed: Vec<u8>,
    }
}

row! {
    /// A token that waits for a person's word.
    pub struct WaitingTokenRow of "onboardings" by "person" {
        /// Whose.
        pub person: UserId,
        /// As it is stored.
        pub sealed: Vec<u8>,
    }
}

impl PlatformTx {
    /// How many values of each kind are sealed under which key. What a tenant had that is gone is not counted.
    pub async fn sealed_heads(&mut self) -> Result<Vec<SealedHeadRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(SEALED_HEADS).bind(CHECK_VALUE).fetch_all(c).await))
    }

    /// Puts another check value in the place of the one that was read. `false`: it is not that one any more.
    pub async fn check_value_replace(&mut self, was: &[u8], becomes: &[u8]) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CHECK_VALUE_REPLACE).bind(CHECK_VALUE).bind(was).bind(becomes).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that the installation has left a master key.
    pub async fn master_key_give_up(&mut self, key: &str, now: UnixMs) -> Result<(), StoreError> {
        self.meta_put_if_absent(&format!("{GIVEN_UP}{key}"), now.0.to_string().as_bytes()).await?;
        Ok(())
    }

    /// The short names of all master keys that the installation has left.
    pub async fn master_keys_given_up(&mut self) -> Result<Vec<String>, StoreError> {
        let found = self.meta_like(GIVEN_UP).await?;
        Ok(found.iter().filter_map(|(key, _)| key.strip_prefix(GIVEN_UP)).map(str::to_owned).collect())
    }

    /// At most `n` data keys, of tenants behind `after`, that are not wrapped by the key with this id (four bytes).
    pub async fn data_keys_not_under(
        &mut self,
        key: &[u8],
        after: &str,
        n: i64,
    ) -> Result<Vec<WrappedKeyRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(DATA_KEYS_NOT_UNDER).bind(after).bind(key).bind(n).fetch_all(c).await))
    }

    /// Stores a data key wrapped anew. `false`: it is not the one that was read any more.
    pub async fn data_key_replace(
        &mut self,
        tenant: &BotInstanceId,
        was: &[u8],
        becomes: &[u8],
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(DATA_KEY_REPLACE).bind(tenant.as_str()).bind(was).bind(becomes).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// At most `n` waiting tokens, of people behind `after`, that are not sealed by the key with this id (four bytes).
    pub async fn waiting_tokens_not_under(
        &mut self,
        key: &[u8],
        after: UserId,
        n: i64,
    ) -> Result<Vec<WaitingTokenRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(WAITING_TOKENS_NOT_UNDER).bind(after.0).bind(key).bind(n).fetch_all(c).await))
    }

    /// Stores a waiting token sealed anew. `false`: it is not the one that was read any more.
    pub async fn waiting_token_replace(
        &mut self,
        person: UserId,
        was: &[u8],
        becomes: &[u8],
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(WAITING_TOKEN_REPLACE).bind(person.0).bind(was).bind(becomes).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
