//! Command menus in Telegram: everybody's, and one for each admin's own chat, in each language (bot.md 3). Set only when
//! their content changed (decisions.md 21): `command_menus` remembers what Telegram has. Where people can reach the panel by https,
//! the button beside an admin's text field opens it inside Telegram (platform.md 6).

use sha2::{Digest as _, Sha256};

use super::Tenant;
use crate::clients::telegram::{Bot, BotCommand, CommandScope, TelegramError};
use crate::config::Settings;
use crate::domain::{ChatId, Language, UnixMs};
use crate::store::{Db, MenuRow, StoreError, TenantTx};
use crate::texts::Texts;

/// The commands everybody sees, in their order (bot.md 3).
const COMMANDS: [&str; 9] =
    ["start", "models", "balance", "status", "cancel", "help", "language", "privacy", "paysupport"];

/// What admins see besides.
const ADMIN_COMMANDS: [&str; 6] = ["admin", "payments", "panel", "add", "selftest", "config_check"];

/// Languages as Telegram keeps them: English for all without a menu of their own.
const LANGUAGES: [(Language, Option<&str>); 2] = [(Language::En, None), (Language::Ru, Some("ru"))];

/// Stands for everybody among the chats.
const EVERYBODY: ChatId = ChatId(0);

/// Why the menus are not as they should be.
#[derive(Debug, thiserror::Error)]
pub enum MenuError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Telegram. Admins' chats that it does not know are no error.
    #[error(transparent)]
    Telegram(#[from] TelegramError),
}

/// Brings Telegram's menus to what they should be now: everybody's, and those of the admins who have pressed /start.
pub async fn sync(
    bot: &Bot<'_>,
    tenant: &Tenant,
    db: &Db,
    settings: &Settings,
    texts: &Texts,
    now: UnixMs,
) -> Result<(), MenuError> {
    let panel = panel_button(tenant, settings, texts);
    let mut tx = db.tenant_read(&tenant.id).await?;
    let (chats, set) = (wanted(&mut tx).await?, tx.menus_list().await?);
    drop(tx);
    let has = |chat: ChatId, print: &str| set.iter().any(|row| row.chat_id == chat && row.fingerprint == print);
    let mut done = Vec::new();
    for chat in chats.iter().copied() {
        let print = fingerprint(tenant, texts, chat, panel.as_ref());
        if has(chat, &print) {
            continue;
        }
        match set_menu(bot, texts, chat, panel.as_ref()).await {
            Ok(()) => done.push((chat, Some(print))),
            Err(error) if chat != EVERYBODY && is_final(&error) => {
                tracing::info!(tenant = %tenant.id, error = %error, "an admin's chat takes no command menu");
            }
            Err(error) => {
                note(db, tenant, &done, now).await?;
                return Err(error.into());
            }
        }
    }
    for MenuRow { chat_id, .. } in set.iter().filter(|row| !chats.contains(&row.chat_id)) {
        let mut gone = Ok(());
        for (_, code) in LANGUAGES {
            gone = gone.and(bot.delete_my_commands(scope(*chat_id), code).await);
        }
        if panel.is_some() && *chat_id != EVERYBODY {
            gone = gone.and(bot.set_chat_menu_button(*chat_id, None).await);
        }
        if let Err(error) = gone
            && !is_final(&error)
        {
            note(db, tenant, &done, now).await?;
            return Err(error.into());
        }
        done.push((*chat_id, None));
    }
    Ok(note(db, tenant, &done, now).await?)
}

/// Writes down what Telegram has now.
async fn note(db: &Db, tenant: &Tenant, done: &[(ChatId, Option<String>)], now: UnixMs) -> Result<(), StoreError> {
    if done.is_empty() {
        return Ok(());
    }
    let mut tx = db.tenant(&tenant.id).await?;
    for (chat, print) in done {
        match print {
            Some(print) => tx.menu_put(*chat, print, now).await?,
            None => tx.menu_forget(*chat).await.map(|_| ())?,
        }
    }
    tx.commit().await
}

async fn wanted(tx: &mut TenantTx) -> Result<Vec<ChatId>, StoreError> {
    let mut chats = vec![EVERYBODY];
    for admin in tx.admins_list().await? {
        let started = tx.user_get(admin.user_id).await?.is_some_and(|user| user.started_at.is_some());
        if started {
            chats.push(admin.user_id.into());
        }
    }
    Ok(chats)
}

async fn set_menu(
    bot: &Bot<'_>,
    texts: &Texts,
    chat: ChatId,
    panel: Option<&PanelButton>,
) -> Result<(), TelegramError> {
    for (language, code) in LANGUAGES {
        bot.set_my_commands(&list(texts, language, chat), scope(chat), code).await?;
    }
    match panel {
        Some(panel) if chat != EVERYBODY => bot.set_chat_menu_button(chat, Some((&panel.label, &panel.url))).await,
        _ => Ok(()),
    }
}

/// What opens the panel inside Telegram.
struct PanelButton {
    label: String,
    url: String,
}

/// Telegram opens https addresses only.
fn panel_button(tenant: &Tenant, settings: &Settings, texts: &Texts) -> Option<PanelButton> {
    let public = settings.server.public_url.as_ref().or(settings.webhook.base_url.as_ref())?;
    let base = public.as_str();
    let label = texts.words(tenant.settings.default_language).get("cmd-panel");
    base.starts_with("https://").then(|| PanelButton { label, url: format!("{base}/miniapp?bot={}", tenant.id) })
}

fn scope(chat: ChatId) -> CommandScope {
    if chat == EVERYBODY { CommandScope::Default } else { CommandScope::Chat { chat_id: chat } }
}

fn list(texts: &Texts, language: Language, chat: ChatId) -> Vec<BotCommand> {
    let words = texts.words(language);
    let more = if chat == EVERYBODY { &[][..] } else { &ADMIN_COMMANDS[..] };
    let command = |name: &&str| BotCommand {
        command: (*name).to_owned(),
        description: words.get(&format!("cmd-{}", name.replace('_', "-"))),
    };
    COMMANDS.iter().chain(more).map(command).collect()
}

/// Names a menu: for which bot, and every word of it.
fn fingerprint(tenant: &Tenant, texts: &Texts, chat: ChatId, panel: Option<&PanelButton>) -> String {
    let mut hash = Sha256::new();
    hash.update(tenant.token.bot_id().0.to_be_bytes());
    for (language, _) in LANGUAGES {
        for entry in list(texts, language, chat) {
            for part in [entry.command, entry.description] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
        }
    }
    if let Some(panel) = panel.filter(|_| chat != EVERYBODY) {
        for part in [&panel.label, &panel.url] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hex::encode(hash.finalize())
}

/// Telegram's last word: the same call later changes nothing.
fn is_final(error: &TelegramError) -> bool {
    matches!(error, TelegramError::Blocked(_) | TelegramError::Rejected { .. })
}
