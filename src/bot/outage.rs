//! The database is away: /start and pure navigation get the minimal menu from memory, buttons a toast, the rest waits at
//! Telegram (decisions.md 4). Nothing is recorded and nothing about money is done.

use super::callback::Callback;
use super::command::Command;
use super::platform::Platform;
use super::receive::Press;
use super::screens::menu;
use super::turn::Toast;
use super::update::{Chat, From, Kind, Update};
use crate::domain::outgoing::{Outgoing, Track};
use crate::locks::{LockKey, Notice, Purpose};
use crate::tenants::Tenant;

/// Answers from memory. `true` when the update is done with; `false` when Telegram shall keep and repeat it.
pub(super) async fn answer(
    platform: &Platform,
    tenant: &Tenant,
    update: &Update,
    chat: &Chat,
    from: &From,
    press: &Press,
) -> bool {
    let words = platform.texts.words(tenant.language_of(None, from.language_code.as_deref()));
    press.answer(platform, Some(Toast { text: words.get("outage-toast"), alert: false }));
    let navigation = match &update.kind {
        Kind::Message(message) => matches!(
            message.text.as_deref().and_then(Command::parse),
            Some(Ok(Command::Start(_) | Command::Help | Command::Models | Command::Generate(None)))
        ),
        Kind::Callback(query) => matches!(
            query.data.as_deref().and_then(Callback::parse),
            Some(Callback::BackToMenu | Callback::ShowModels | Callback::Help | Callback::GenType(_) | Callback::Noop)
        ),
        _ => false,
    };
    if !navigation {
        return false;
    }
    let key = LockKey::new(&tenant.id, Purpose::Notice { kind: Notice::Maintenance, chat: chat.id });
    if platform.locks.once(&key, platform.settings.bot.outage_notice_every).await {
        let (title, keyboard) = menu::minimal(words);
        let html = format!("{title}\n\n{}\n{}", words.get("outage"), words.get("menu-balance-unavailable"));
        platform.signals.say(
            &tenant.id,
            chat.id,
            Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing },
        );
    }
    true
}
