//! The registry: every tenant, its sealed keys and settings, its state, and what the last checks said (decisions.md 15, 20).

use super::rows::{all, maybe, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, Origin, TenantState, UnixMs, UserId};

const TENANT_INSERT: &str =
    "INSERT INTO tenants (bot_instance_id, partner_id, state, origin, paused_by_file, managed, bot_id,
       bot_username, token_fingerprint, token_sealed, webhook_secret_sealed, provider_key_sealed, data_key_wrapped,
       telegram_api_url, settings, settings_at, version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $15, $15)";
const TENANTS_ALL: &str = "SELECT bot_instance_id AS tenant, partner_id, state, state_reason, origin, paused_by_file, managed,
       bot_id, bot_username, token_fingerprint, token_sealed, webhook_secret_sealed, provider_key_sealed, data_key_wrapped,
       telegram_api_url, settings, limits, settings_at, version, token_checked_at, token_error, webhook_url, webhook_checked_at,
       webhook_error, changed, created_at, updated_at
     FROM tenants ORDER BY bot_instance_id";
const TENANT_GET: &str = "SELECT bot_instance_id AS tenant, partner_id, state, state_reason, origin, paused_by_file, managed,
       bot_id, bot_username, token_fingerprint, token_sealed, webhook_secret_sealed, provider_key_sealed, data_key_wrapped,
       telegram_api_url, settings, limits, settings_at, version, token_checked_at, token_error, webhook_url, webhook_checked_at,
       webhook_error, changed, created_at, updated_at
     FROM tenants WHERE bot_instance_id = $1";
const TENANT_UPDATE_SETTINGS: &str =
    "UPDATE tenants SET settings = $3, settings_at = $4, partner_id = $5, managed = $6,
       provider_key_sealed = $7, telegram_api_url = $8, version = version + 1, updated_at = $4
     WHERE bot_instance_id = $1 AND version = $2";
const TENANT_SET_LIMITS: &str = "UPDATE tenants SET limits = $2, version = version + 1, updated_at = $3
     WHERE bot_instance_id = $1 AND limits <> $2";
const TENANT_SET_STATE: &str = "UPDATE tenants SET state = $2, state_reason = $3, paused_by_file = $4, updated_at = $5
     WHERE bot_instance_id = $1";
const TENANT_SET_TOKEN: &str =
    "UPDATE tenants SET bot_id = $2, bot_username = $3, token_fingerprint = $4, token_sealed = $5,
       webhook_secret_sealed = $6, token_checked_at = NULL, token_error = NULL, webhook_url = NULL,
       webhook_checked_at = NULL, webhook_error = NULL, updated_at = $7
     WHERE bot_instance_id = $1";
const TENANT_DESTROY: &str = "UPDATE tenants SET state = 'deleted', token_sealed = $3, webhook_secret_sealed = $3,
       provider_key_sealed = NULL, data_key_wrapped = $3, token_fingerprint = '', version = version + 1, updated_at = $2
     WHERE bot_instance_id = $1 AND state <> 'deleted'";
const TENANT_NOTE_CHECK: &str = "UPDATE tenants SET bot_username = COALESCE($2, bot_username), token_error = $3,
       webhook_url = $4, webhook_error = $5, token_checked_at = $6, webhook_checked_at = $6
     WHERE bot_instance_id = $1";

/// A tenant to create.
#[derive(Debug, Clone)]
pub struct NewTenant<'a> {
    /// Its name in every path, row and key.
    pub tenant: &'a BotInstanceId,
    /// The partner's own name.
    pub partner_id: &'a str,
    /// Draft or active.
    pub state: TenantState,
    /// Who makes it.
    pub origin: Origin,
    /// A managed bot of Telegram's.
    pub managed: bool,
    /// The bot's own Telegram id.
    pub bot_id: UserId,
    /// Without `@`, when known.
    pub bot_username: Option<&'a str>,
    /// Keyed hash of the token: two tenants cannot have one bot.
    pub token_fingerprint: &'a str,
    /// Sealed.
    pub token_sealed: &'a [u8],
    /// Sealed.
    pub webhook_secret_sealed: &'a [u8],
    /// Sealed; the platform's own key is used without it.
    pub provider_key_sealed: Option<&'a [u8]>,
    /// The tenant's data key under the master key.
    pub data_key_wrapped: &'a [u8],
    /// A Bot API server other than the platform's.
    pub telegram_api_url: Option<&'a str>,
    /// JSON.
    pub settings: &'a str,
}

row! {
    /// A tenant.
    pub struct TenantRow of "tenants" by "tenant" {
        /// Its name in every path, row and key.
        pub tenant: BotInstanceId,
        /// The partner's own name.
        pub partner_id: String,
        /// Whether it serves people.
        pub state: TenantState,
        /// Why it does not, as told to its admins.
        pub state_reason: Option<String>,
        /// Who made it.
        pub origin: Origin,
        /// Paused because its file dropped it: coming back resumes only this pause.
        pub paused_by_file: bool,
        /// A managed bot of Telegram's.
        pub managed: bool,
        /// The bot's own Telegram id.
        pub bot_id: UserId,
        /// Without `@`.
        pub bot_username: Option<String>,
        /// Keyed hash of the token.
        pub token_fingerprint: String,
        /// Sealed.
        pub token_sealed: Vec<u8>,
        /// Sealed.
        pub webhook_secret_sealed: Vec<u8>,
        /// Sealed; `None`: the platform's own key.
        pub provider_key_sealed: Option<Vec<u8>>,
        /// The tenant's data key under the master key.
        pub data_key_wrapped: Vec<u8>,
        /// A Bot API server other than the platform's.
        pub telegram_api_url: Option<String>,
        /// JSON.
        pub settings: String,
        /// What the platform's owner allows it: JSON.
        pub limits: String,
        /// When the settings were last changed.
        pub settings_at: UnixMs,
        /// Grows by one with each change of settings.
        pub version: i64,
        /// When the token was last checked.
        pub token_checked_at: Option<UnixMs>,
        /// What that check found wrong.
        pub token_error: Option<String>,
        /// Where Telegram delivers, as it says itself.
        pub webhook_url: Option<String>,
        /// When that was last asked.
        pub webhook_checked_at: Option<UnixMs>,
        /// What Telegram or the check says is wrong with it.
        pub webhook_error: Option<String>,
        /// Settings that were changed in the bot or the panel: JSON, name to Unix ms.
        pub changed: String,
        /// When it was made.
        pub created_at: UnixMs,
        /// When it was last changed; checks do not count.
        pub updated_at: UnixMs,
    }
}

/// What a change of settings writes; the rest of the row stays.
#[derive(Debug, Clone, Copy)]
pub struct TenantSettingsChange<'a> {
    /// JSON.
    pub settings: &'a str,
    /// The partner's own name.
    pub partner_id: &'a str,
    /// A managed bot of Telegram's.
    pub managed: bool,
    /// Sealed.
    pub provider_key_sealed: Option<&'a [u8]>,
    /// A Bot API server other than the platform's.
    pub telegram_api_url: Option<&'a str>,
}

/// Another token of a tenant, with the webhook secret that goes with it.
#[derive(Debug, Clone, Copy)]
pub struct TenantToken<'a> {
    /// The bot's own Telegram id.
    pub bot_id: UserId,
    /// Without `@`, when known.
    pub bot_username: Option<&'a str>,
    /// Keyed hash of the token.
    pub token_fingerprint: &'a str,
    /// Sealed.
    pub token_sealed: &'a [u8],
    /// Sealed.
    pub webhook_secret_sealed: &'a [u8],
}

/// What a check of token and webhook found; `None` in an error: all is well.
#[derive(Debug, Clone, Copy, Default)]
pub struct TenantCheck<'a> {
    /// Without `@`; `None` keeps what is known.
    pub bot_username: Option<&'a str>,
    /// What is wrong with the token.
    pub token_error: Option<&'a str>,
    /// Where Telegram delivers.
    pub webhook_url: Option<&'a str>,
    /// What is wrong with that.
    pub webhook_error: Option<&'a str>,
}

impl PlatformTx {
    /// Creates a tenant. A name that exists, or a bot or token of a living tenant, is [`StoreError::Refused`] (`tenants_pkey`,
    /// `tenants_bot_key`, `tenants_token_key`; on SQLite the columns `bot_instance_id`, `bot_id`, `token_fingerprint`) and
    /// ends the transaction.
    pub async fn tenant_insert(&mut self, new: &NewTenant<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(TENANT_INSERT).bind(new.tenant.as_str()).bind(new.partner_id)
            .bind(new.state.as_str()).bind(new.origin.as_str()).bind(new.managed).bind(new.bot_id.0)
            .bind(new.bot_username).bind(new.token_fingerprint).bind(new.token_sealed).bind(new.webhook_secret_sealed)
            .bind(new.provider_key_sealed).bind(new.data_key_wrapped).bind(new.telegram_api_url).bind(new.settings)
            .bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Every tenant, deleted ones too, by name.
    pub async fn tenants_all(&mut self) -> Result<Vec<TenantRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(TENANTS_ALL).fetch_all(c).await))
    }

    /// One tenant.
    pub async fn tenant_get(&mut self, tenant: &BotInstanceId) -> Result<Option<TenantRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(TENANT_GET).bind(tenant.as_str()).fetch_optional(c).await))
    }

    /// Writes settings that were made from `version`. `false`: somebody changed them in between, or there is no such tenant.
    pub async fn tenant_update_settings(
        &mut self,
        tenant: &BotInstanceId,
        version: i64,
        change: &TenantSettingsChange<'_>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(TENANT_UPDATE_SETTINGS).bind(tenant.as_str()).bind(version)
            .bind(change.settings).bind(now.0).bind(change.partner_id).bind(change.managed)
            .bind(change.provider_key_sealed).bind(change.telegram_api_url).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Writes what the platform's owner allows a tenant. `false`: it is that already, or there is no such tenant.
    pub async fn tenant_set_limits(
        &mut self,
        tenant: &BotInstanceId,
        limits: &str,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(TENANT_SET_LIMITS).bind(tenant.as_str()).bind(limits).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Moves a tenant to a state. `paused_by_file` is true only for a pause that `tenants.toml` made. `false`: no such tenant.
    pub async fn tenant_set_state(
        &mut self,
        tenant: &BotInstanceId,
        state: TenantState,
        reason: Option<&str>,
        paused_by_file: bool,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(TENANT_SET_STATE).bind(tenant.as_str()).bind(state.as_str())
            .bind(reason).bind(paused_by_file).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives a tenant another token; what earlier checks found is forgotten. Refused like [`Self::tenant_insert`]. `false`: no
    /// such tenant.
    pub async fn tenant_set_token(
        &mut self,
        tenant: &BotInstanceId,
        token: &TenantToken<'_>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(TENANT_SET_TOKEN).bind(tenant.as_str()).bind(token.bot_id.0)
            .bind(token.bot_username).bind(token.token_fingerprint).bind(token.token_sealed)
            .bind(token.webhook_secret_sealed).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes a tenant out of service: its secrets and its data key are no more. `false`: that was done before.
    pub async fn tenant_destroy_secrets(&mut self, tenant: &BotInstanceId, now: UnixMs) -> Result<bool, StoreError> {
        let nothing: &[u8] = b"";
        let done = on!(self.tx, c => sqlx::query(TENANT_DESTROY).bind(tenant.as_str()).bind(now.0).bind(nothing)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes what a check of token and webhook found. `false`: no such tenant.
    pub async fn tenant_note_check(
        &mut self,
        tenant: &BotInstanceId,
        check: &TenantCheck<'_>,
        at: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(TENANT_NOTE_CHECK).bind(tenant.as_str()).bind(check.bot_username)
            .bind(check.token_error).bind(check.webhook_url).bind(check.webhook_error).bind(at.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
