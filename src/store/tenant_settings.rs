//! A tenant's own settings, changed from inside: by its owner in the bot or the panel. The registry takes them up within
//! seconds (bot.md 1.2).

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{TenantState, UnixMs};

const SETTINGS_GET: &str = "SELECT settings, changed, version, managed FROM tenants WHERE bot_instance_id = $1";
const SETTINGS_SAVE: &str =
    "UPDATE tenants SET settings = $3, changed = $4, settings_at = $5, version = version + 1, updated_at = $5
     WHERE bot_instance_id = $1 AND version = $2";

const PROVIDER_KEY_SET: &str = "UPDATE tenants SET provider_key_sealed = $2, version = version + 1, updated_at = $3
     WHERE bot_instance_id = $1";
/// A state is left only from one that the act knows: of two at once the second changes nothing.
const STATE_CHANGE: &str = "UPDATE tenants SET state = $4, state_reason = $5, paused_by_file = FALSE, updated_at = $6
     WHERE bot_instance_id = $1 AND state IN ($2, $3)";

const TENANT_BEGAN: &str = "SELECT created_at FROM tenants WHERE bot_instance_id = $1";
const STATE_GET: &str = "SELECT state FROM tenants WHERE bot_instance_id = $1";
const STATE_MOVE: &str =
    "UPDATE tenants SET state = $3, state_reason = $4, paused_by_file = FALSE, version = version + 1, updated_at = $5
     WHERE bot_instance_id = $1 AND state = $2";

row! {
    /// The settings as they are stored.
    pub struct SettingsRow of "tenants" by "version" {
        /// JSON.
        pub settings: String,
        /// Those that were changed in the bot or the panel: JSON, name to Unix ms.
        pub changed: String,
        /// Grows by one with each change.
        pub version: i64,
        /// Whether the tenants file always wins.
        pub managed: bool,
    }
}

impl TenantTx {
    /// The tenant's settings as of now.
    pub async fn settings_get(&mut self) -> Result<Option<SettingsRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(SETTINGS_GET).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// Writes settings that were made from `version`. `false`: somebody changed them in between.
    pub async fn settings_save(
        &mut self,
        version: i64,
        settings: &str,
        changed: &str,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(SETTINGS_SAVE).bind(self.id.as_str()).bind(version).bind(settings)
            .bind(changed).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Moves the tenant from one of two states to another. `false`: it is in neither.
    pub async fn state_change(
        &mut self,
        from: [TenantState; 2],
        to: TenantState,
        reason: Option<&str>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(STATE_CHANGE).bind(self.id.as_str()).bind(from[0].as_str())
            .bind(from[1].as_str()).bind(to.as_str()).bind(reason).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Keeps the tenant's own key at the provider, sealed; `None` takes it away.
    pub async fn provider_key_set(&mut self, sealed: Option<&[u8]>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(PROVIDER_KEY_SET).bind(self.id.as_str()).bind(sealed).bind(now.0).execute(c).await
            .map(|_| ()))?;
        Ok(())
    }

    /// When the tenant was made.
    pub async fn tenant_began(&mut self) -> Result<Option<UnixMs>, StoreError> {
        let at: Option<i64> =
            on!(self.tx, c => sqlx::query_scalar(TENANT_BEGAN).bind(self.id.as_str()).fetch_optional(c).await)?;
        Ok(at.map(UnixMs))
    }

    /// Whether the bot works, as stored at this moment.
    pub async fn state_get(&mut self) -> Result<Option<TenantState>, StoreError> {
        let word: Option<String> =
            on!(self.tx, c => sqlx::query_scalar(STATE_GET).bind(self.id.as_str()).fetch_optional(c).await)?;
        let read = |word: String| TenantState::parse(&word).ok_or(StoreError::corrupt("tenants", "state", &word));
        word.map(read).transpose()
    }

    /// Moves the bot from one state to another. `false`: it stands elsewhere, somebody was first.
    pub async fn state_move(
        &mut self,
        from: TenantState,
        to: TenantState,
        reason: Option<&str>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(STATE_MOVE).bind(self.id.as_str()).bind(from.as_str())
            .bind(to.as_str()).bind(reason).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
