//! A tenant's bot and Telegram: who it is, where its updates go, its command menu. Paced, because a token that the Bot API
//! server has not seen lately is expensive (decisions.md 21); what came of it is stored and shown.

use std::time::Duration;

use super::{Tenant, commands};
use crate::clients::telegram::{Bot, Telegram, TelegramError, Webhook};
use crate::config::Settings;
use crate::domain::{Corr, HookEvent, UnixMs};
use crate::locks::{Budget, LockKey, Locks, PlatformPurpose, Take};
use crate::store::{Db, NewHookEvent, StoreError, TenantCheck};
use crate::texts::Texts;

/// What the handlers know what to do with; always said explicitly, because Telegram keeps an omitted list as it was.
pub const ALLOWED_UPDATES: &[&str] = &[
    "message",
    "edited_message",
    "callback_query",
    "pre_checkout_query",
    "my_chat_member",
    "inline_query",
    "managed_bot",
];

/// What Telegram said of a bot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Connection {
    /// `@name` without the sign.
    pub username: Option<String>,
    /// Why the token is of no use.
    pub token_error: Option<String>,
    /// Where updates go; empty for long polling.
    pub webhook_url: Option<String>,
    /// Why the webhook could not be set.
    pub webhook_error: Option<String>,
}

impl Connection {
    /// Whether the bot can hear and speak.
    pub fn works(&self) -> bool {
        self.token_error.is_none() && self.webhook_error.is_none()
    }
}

/// Tells Telegram where a tenant's updates go (or that they are polled), sets its commands, and stores what came of it.
pub async fn connect(
    tenant: &Tenant,
    telegram: &Telegram,
    locks: &Locks,
    db: &Db,
    settings: &Settings,
    texts: &Texts,
    now: UnixMs,
) -> Result<Connection, StoreError> {
    let bot = tenant.bot(telegram);
    if settings.telegram.is_cloud() {
        wait_for_room(locks, settings).await;
    }
    let mut connection = Connection::default();
    match bot.get_me().await {
        Ok(me) => connection.username = Some(me.username),
        Err(error) => connection.token_error = Some(error.to_string()),
    }
    if connection.token_error.is_none() {
        match point(&bot, tenant, settings).await {
            Ok(url) => connection.webhook_url = Some(url),
            Err(error) => connection.webhook_error = Some(error.to_string()),
        }
        if let Err(error) = commands::sync(&bot, tenant, db, settings, texts, now).await {
            tracing::warn!(tenant = %tenant.id, error = %error, "the command menus were not set");
        }
    }
    let check = TenantCheck {
        bot_username: connection.username.as_deref(),
        token_error: connection.token_error.as_deref(),
        webhook_url: connection.webhook_url.as_deref(),
        webhook_error: connection.webhook_error.as_deref(),
    };
    let mut tx = db.platform().await?;
    tx.tenant_note_check(&tenant.id, &check, now).await?;
    tx.commit().await?;
    if !connection.works() {
        tell_partner(tenant, db, &connection, now).await?;
    }
    Ok(connection)
}

/// The partner's own webhooks learn what keeps the bot from working, each thing once a day.
async fn tell_partner(tenant: &Tenant, db: &Db, found: &Connection, now: UnixMs) -> Result<(), StoreError> {
    let code = if found.token_error.is_some() { "token_valid" } else { "webhook_set" };
    let (fact, corr) = (format!("{code}:{}", tenant.today(now)), Corr::random());
    let data = serde_json::json!({ "code": code, "severity": "blocking" });
    let mut tx = db.tenant(&tenant.id).await?;
    let event = HookEvent::RequirementDue;
    tx.hook_event_put(&NewHookEvent { event, fact: &fact, data: &data, corr: &corr }, now).await?;
    tx.commit().await
}

/// The address a tenant's webhook has: the path names the tenant, the secret header proves it.
pub fn webhook_url(settings: &Settings, tenant: &Tenant) -> Option<String> {
    settings.webhook.base_url.as_ref().map(|base| format!("{}/webhook/{}", base.as_str(), tenant.id))
}

/// Tells Telegram where this bot's updates go; gives the address, empty where they are fetched.
pub async fn point(bot: &Bot<'_>, tenant: &Tenant, settings: &Settings) -> Result<String, TelegramError> {
    let Some(url) = webhook_url(settings, tenant) else {
        bot.delete_webhook().await?;
        return Ok(String::new());
    };
    let max_connections = u8::try_from(settings.webhook.max_connections).unwrap_or(8);
    let webhook =
        Webhook { url: &url, secret: &tenant.webhook_secret, allowed_updates: ALLOWED_UPDATES, max_connections };
    bot.set_webhook(webhook).await?;
    Ok(url)
}

/// At most 9 cold tokens a minute over all replicas.
pub async fn wait_for_room(locks: &Locks, settings: &Settings) {
    let rate = settings.telegram.cold_tokens;
    let key = LockKey::platform(&PlatformPurpose::ColdTokens);
    while let Take::Wait(wait) = locks.take(&key, Budget::new(rate.count, rate.per, rate.burst), 1).await {
        tokio::time::sleep(wait.max(Duration::from_millis(50))).await;
    }
}
