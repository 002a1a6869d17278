//! A tenant's token and its key at the provider, replaced from inside (platform.md 3): every row stays, and every process takes
//! the new one up within seconds. Whether Telegram knows the token is the registrar's next look.

use super::Tenant;
use super::tenant::TenantError;
use crate::domain::{BotToken, Secret, UnixMs};
use crate::store::{Db, TenantToken, TenantTx};
use crate::vault::{Column, Vault};

/// What came of a new token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// Stored.
    Done,
    /// It is the token that is in use.
    Same,
    /// It speaks for another bot, whose people and payments these are not.
    OtherBot,
}

/// Gives the bot another token of its own. The old one stops to work when BotFather has made the new one.
pub async fn replace_token(
    db: &Db,
    vault: &Vault,
    tenant: &Tenant,
    token: &BotToken,
    now: UnixMs,
) -> Result<Replaced, TenantError> {
    if token.bot_id() != tenant.token.bot_id() {
        return Ok(Replaced::OtherBot);
    }
    if token.expose() == tenant.token.expose() {
        return Ok(Replaced::Same);
    }
    let fingerprint = vault.fingerprint(token);
    let new = TenantToken {
        bot_id: token.bot_id(),
        bot_username: tenant.username.as_deref(),
        token_fingerprint: &fingerprint,
        token_sealed: &tenant.seal(Column::BotToken, token.expose().as_bytes())?,
        webhook_secret_sealed: &tenant.seal(Column::WebhookSecret, tenant.webhook_secret.expose().as_bytes())?,
    };
    let mut tx = db.platform().await?;
    tx.tenant_set_token(&tenant.id, &new, now).await?;
    Ok(tx.commit().await.map(|()| Replaced::Done)?)
}

/// Sets the bot's own key at the provider, or takes it away.
pub async fn set_provider_key(
    tx: &mut TenantTx,
    tenant: &Tenant,
    key: Option<&Secret>,
    now: UnixMs,
) -> Result<(), TenantError> {
    let sealed = key.map(|key| tenant.seal(Column::ProviderKey, key.expose().as_bytes())).transpose()?;
    Ok(tx.provider_key_set(sealed.as_deref(), now).await?)
}
