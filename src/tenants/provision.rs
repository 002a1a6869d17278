//! How a hosted bot comes to be: secrets made and sealed, rows written. Speaking to Telegram about it is `connect.rs`.

use rand::RngExt as _;

use super::tenant::TenantError;
use crate::domain::settings::{TenantLimits, TenantSettings};
use crate::domain::tenant::{AdminRole, Origin, TenantState};
use crate::domain::{BanKind, BotInstanceId, BotToken, Secret, UnixMs, UserId};
use crate::store::{Db, NewTenant, PlatformTx, StoreError};
use crate::vault::{self, Column, DataKey, Vault, VaultError};

/// A bot to be hosted.
pub struct NewBot<'a> {
    /// Its name here.
    pub id: &'a BotInstanceId,
    /// Speaks for it at Telegram.
    pub token: &'a BotToken,
    /// The partner's own Telegram id first, then the other admins.
    pub admins: &'a [UserId],
    /// Who runs it.
    pub partner_id: &'a str,
    /// What the partner set.
    pub settings: &'a TenantSettings,
    /// A key of its own at the provider.
    pub provider_key: Option<&'a Secret>,
    /// A Bot API server of its own.
    pub telegram_api_url: Option<&'a str>,
    /// Where it was added.
    pub origin: Origin,
    /// Whether its file always wins over the panel.
    pub managed: bool,
}

/// Why a bot was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The name is in use.
    #[error("a bot named {0} is hosted already: choose another bot_instance_id, or see `botyard tenant show {0}`")]
    NameTaken(BotInstanceId),
    /// The same bot is hosted under another name.
    #[error("this bot token belongs to {0}, which is hosted already: a bot can be hosted once")]
    BotTaken(BotInstanceId),
    /// No admin was named.
    #[error("{0} needs at least one admin: a Telegram id, for example 123456789")]
    NoAdmin(BotInstanceId),
    /// The bot or its owner is not wanted.
    #[error("this bot or its owner is banned on this installation; `botyard ban list` shows why")]
    Banned,
    /// Secrets or stored data.
    #[error(transparent)]
    Tenant(#[from] TenantError),
}

impl From<StoreError> for AddError {
    fn from(error: StoreError) -> Self {
        Self::Tenant(error.into())
    }
}

impl From<VaultError> for AddError {
    fn from(error: VaultError) -> Self {
        Self::Tenant(error.into())
    }
}

/// Writes the rows of a new bot that serves people. It is live once the registry is refreshed and Telegram was told (`connect.rs`).
pub async fn add(db: &Db, vault: &Vault, bot: &NewBot<'_>, now: UnixMs) -> Result<(), AddError> {
    add_as(db, vault, bot, TenantState::Active, now).await
}

/// The same for a bot in another state: one that is being set up.
pub async fn add_as(db: &Db, vault: &Vault, bot: &NewBot<'_>, state: TenantState, now: UnixMs) -> Result<(), AddError> {
    if bot.admins.is_empty() {
        return Err(AddError::NoAdmin(bot.id.clone()));
    }
    let key = DataKey::random();
    let seal = |column: Column, text: &str| -> Result<Vec<u8>, VaultError> {
        Ok(vault::seal(&key, bot.id, column, text.as_bytes())?.into_bytes())
    };
    let fingerprint = vault.fingerprint(bot.token);
    let provider_key = bot.provider_key.map(|k| seal(Column::ProviderKey, k.expose())).transpose()?;
    let settings = serde_json::to_string(bot.settings).map_err(|_| TenantError::Data("settings"))?;
    let wrapped = vault.wrap(bot.id, &key)?;
    let row = NewTenant {
        tenant: bot.id,
        partner_id: bot.partner_id,
        state,
        origin: bot.origin,
        managed: bot.managed,
        bot_id: bot.token.bot_id(),
        bot_username: None,
        token_fingerprint: &fingerprint,
        token_sealed: &seal(Column::BotToken, bot.token.expose())?,
        webhook_secret_sealed: &seal(Column::WebhookSecret, webhook_secret().expose())?,
        provider_key_sealed: provider_key.as_deref(),
        data_key_wrapped: wrapped.as_bytes(),
        telegram_api_url: bot.telegram_api_url,
        settings: &settings,
    };
    let mut tx = db.platform().await?;
    let owner = bot.admins.first().copied().unwrap_or(UserId(0));
    if tx.ban_is(BanKind::Bot, bot.token.bot_id()).await? || tx.ban_is(BanKind::Person, owner).await? {
        return Err(AddError::Banned);
    }
    for other in tx.tenants_all().await? {
        if other.tenant == *bot.id {
            return Err(AddError::NameTaken(bot.id.clone()));
        }
        if other.state != TenantState::Deleted && other.bot_id == bot.token.bot_id() {
            return Err(AddError::BotTaken(other.tenant));
        }
    }
    tx.tenant_insert(&row, now).await?;
    tx.commit().await?;
    let mut tx = db.tenant(bot.id).await?;
    tx.admins_replace(&roles(bot.admins), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes what the platform's owner allows a tenant (platform.md 3); every process knows it with its next refresh.
pub async fn set_limits(db: &Db, id: &BotInstanceId, limits: &TenantLimits, now: UnixMs) -> Result<(), TenantError> {
    let mut tx = db.platform().await?;
    put_limits(&mut tx, id, limits, now).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction that also says who did it.
pub async fn put_limits(
    tx: &mut PlatformTx,
    id: &BotInstanceId,
    limits: &TenantLimits,
    now: UnixMs,
) -> Result<(), TenantError> {
    let limits = serde_json::to_string(limits).map_err(|_| TenantError::Data("limits"))?;
    tx.tenant_set_limits(id, &limits, now).await?;
    Ok(())
}

/// The first id is the owner, the others are admins (bot.md 1.1).
pub fn roles(admins: &[UserId]) -> Vec<(UserId, AdminRole)> {
    let role = |n: usize| if n == 0 { AdminRole::Owner } else { AdminRole::Admin };
    admins.iter().enumerate().map(|(n, id)| (*id, role(n))).collect()
}

/// 256 random bits in the letters that Telegram takes (facts/telegram.md 1).
fn webhook_secret() -> Secret {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    let mut rng = rand::rng();
    Secret::new((0..43).map(|_| char::from(LETTERS[rng.random_range(0..64usize)])).collect::<String>())
}
