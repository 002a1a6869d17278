//! What a bot is at Telegram: itself, its webhook, its commands, its waiting updates.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Bot, TelegramError};
use crate::domain::{ChatId, Secret, UserId};

/// The bot's own account. Capabilities newer than the library are read by name: [`Me::can`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// The bot's Telegram id.
    pub id: UserId,
    /// Without the `@`.
    pub username: String,
    /// The shown name.
    pub first_name: String,
    /// Everything else that `getMe` said.
    #[serde(flatten)]
    pub more: serde_json::Map<String, serde_json::Value>,
}

impl Me {
    /// Whether a capability such as `can_manage_bots` is on; unknown ones are off.
    pub fn can(&self, capability: &str) -> bool {
        self.more.get(capability).and_then(serde_json::Value::as_bool).unwrap_or(false)
    }
}

/// How updates shall reach us.
#[derive(Debug, Clone, Copy)]
pub struct Webhook<'a> {
    /// An https address on port 443, 80, 88 or 8443.
    pub url: &'a str,
    /// 1 to 256 of `A-Z a-z 0-9 _ -`, comes back in a header.
    pub secret: &'a Secret,
    /// Always named: an omitted list would keep the previous one.
    pub allowed_updates: &'a [&'a str],
    /// 1 to 100 parallel deliveries.
    pub max_connections: u8,
}

/// What Telegram says about a bot's webhook. The secret is not among it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct WebhookInfo {
    /// Empty: none is set.
    pub url: String,
    /// Updates that wait for delivery.
    pub pending_update_count: u64,
    /// Unix seconds of the last failed delivery.
    pub last_error_date: Option<i64>,
    /// The last failure in Telegram's words.
    pub last_error_message: Option<String>,
    /// As it was set.
    pub max_connections: Option<u32>,
    /// As it was set; empty means Telegram's default.
    pub allowed_updates: Vec<String>,
}

/// One entry of the command menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BotCommand {
    /// 1 to 32 of `a-z 0-9 _`.
    pub command: String,
    /// 1 to 256 characters.
    pub description: String,
}

/// Whom a command menu is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CommandScope {
    /// Everybody.
    Default,
    /// Every private chat.
    AllPrivateChats,
    /// One chat, for example an admin's.
    Chat {
        /// Which.
        chat_id: ChatId,
    },
}

#[derive(Serialize)]
struct SetWebhook<'a> {
    url: &'a str,
    secret_token: &'a str,
    allowed_updates: &'a [&'a str],
    max_connections: u8,
}

#[derive(Serialize)]
struct GetUpdates<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    timeout: u64,
    limit: u8,
    allowed_updates: &'a [&'a str],
}

#[derive(Serialize)]
struct SetMyCommands<'a> {
    commands: &'a [BotCommand],
    scope: CommandScope,
    #[serde(skip_serializing_if = "Option::is_none")]
    language_code: Option<&'a str>,
}

#[derive(Serialize)]
struct SetChatMenuButton {
    chat_id: ChatId,
    menu_button: serde_json::Value,
}

#[derive(Serialize)]
struct DeleteMyCommands<'a> {
    scope: CommandScope,
    #[serde(skip_serializing_if = "Option::is_none")]
    language_code: Option<&'a str>,
}

impl Bot<'_> {
    /// Who this token is. The cheapest way to prove a token; mind the pace of cold ones (decisions.md 21).
    pub async fn get_me(&self) -> Result<Me, TelegramError> {
        self.call_raw("getMe", &()).await
    }

    /// Sets the webhook. Updates that wait are kept (reliability.md 3.2).
    pub async fn set_webhook(&self, webhook: Webhook<'_>) -> Result<(), TelegramError> {
        let body = SetWebhook {
            url: webhook.url,
            secret_token: webhook.secret.expose(),
            allowed_updates: webhook.allowed_updates,
            max_connections: webhook.max_connections,
        };
        self.call_raw::<bool>("setWebhook", &body).await.map(drop)
    }

    /// Removes the webhook, keeps the waiting updates.
    pub async fn delete_webhook(&self) -> Result<(), TelegramError> {
        self.call_raw::<bool>("deleteWebhook", &()).await.map(drop)
    }

    /// The webhook as Telegram knows it.
    pub async fn get_webhook_info(&self) -> Result<WebhookInfo, TelegramError> {
        self.call_raw("getWebhookInfo", &()).await
    }

    /// Waits up to `timeout` (at most 50 s) for updates from `offset` on; what lies below it counts as handled.
    /// The updates are given as they came.
    pub async fn get_updates(
        &self,
        offset: Option<i64>,
        timeout: Duration,
        allowed_updates: &[&str],
    ) -> Result<Vec<Box<RawValue>>, TelegramError> {
        let timeout = timeout.min(Duration::from_secs(50));
        let body = GetUpdates { offset, timeout: timeout.as_secs(), limit: 100, allowed_updates };
        self.json("getUpdates", &body, Some(timeout + Duration::from_secs(10))).await
    }

    /// Sets a command menu; `language` as a two-letter code, `None` for all without their own.
    pub async fn set_my_commands(
        &self,
        commands: &[BotCommand],
        scope: CommandScope,
        language: Option<&str>,
    ) -> Result<(), TelegramError> {
        let body = SetMyCommands { commands, scope, language_code: language };
        self.call_raw::<bool>("setMyCommands", &body).await.map(drop)
    }

    /// Sets what the button beside the text field of a private chat opens, as its label and an https address; `None`: what it
    /// opens everywhere else.
    pub async fn set_chat_menu_button(
        &self,
        chat_id: ChatId,
        web_app: Option<(&str, &str)>,
    ) -> Result<(), TelegramError> {
        let menu_button = match web_app {
            Some((text, url)) => serde_json::json!({ "type": "web_app", "text": text, "web_app": { "url": url } }),
            None => serde_json::json!({ "type": "default" }),
        };
        let body = SetChatMenuButton { chat_id, menu_button };
        self.call_raw::<bool>("setChatMenuButton", &body).await.map(drop)
    }

    /// Takes a command menu away, so that the next wider scope shows.
    pub async fn delete_my_commands(&self, scope: CommandScope, language: Option<&str>) -> Result<(), TelegramError> {
        let body = DeleteMyCommands { scope, language_code: language };
        self.call_raw::<bool>("deleteMyCommands", &body).await.map(drop)
    }
}
