//! What is decided before a handler runs, in the order of bot.md 2.1: private chats only, tenant's state, blocks, rates.
//! Everything that asks the locks happens here, before a transaction is open.

use super::error::TurnError;
use super::platform::Platform;
use super::turn::{Turn, arg};
use super::update::{Chat, From, Kind, Update};
use crate::domain::outgoing::{Keyboard, Track};
use crate::domain::tenant::TenantState;
use crate::locks::{Budget, LockKey, Notice, Purpose, Take};
use crate::tenants::Tenant;

/// Whether and how an update is answered.
pub(super) enum Verdict {
    /// By its handler.
    Handle,
    /// By this text alone.
    Say(Said),
    /// Not at all: silent on purpose (decisions.md 19).
    Drop,
}

/// The texts that stand in for a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    PrivateOnly,
    Draft,
    Paused,
    Throttled,
}

/// Decides before a connection is taken.
pub(super) async fn check(platform: &Platform, tenant: &Tenant, chat: &Chat, from: &From, update: &Update) -> Verdict {
    if matches!(update.kind, Kind::Member(_)) {
        return Verdict::Handle;
    }
    let settings = &platform.settings.bot;
    let pressed = matches!(update.kind, Kind::Callback(_));
    if !chat.is_private() {
        let fresh = once(platform, tenant, Notice::PrivateOnly, chat, settings.group_notice_every).await;
        return if fresh || pressed { Verdict::Say(Said::PrivateOnly) } else { Verdict::Drop };
    }
    let admin = tenant.is_admin(from.id);
    match tenant.state {
        TenantState::Active => {}
        TenantState::Draft if admin => {}
        TenantState::Draft => return Verdict::Say(Said::Draft),
        TenantState::Deleted => return Verdict::Drop,
        TenantState::Paused | TenantState::Suspended if admin => {}
        TenantState::Paused | TenantState::Suspended => {
            let fresh = once(platform, tenant, Notice::Paused, chat, settings.paused_notice_every).await;
            return if fresh || pressed { Verdict::Say(Said::Paused) } else { Verdict::Drop };
        }
    }
    if is_start(update) && !once(platform, tenant, Notice::Start, chat, settings.start_once_within).await {
        return Verdict::Drop;
    }
    rate(platform, tenant, chat, from, update).await
}

/// One person's messages and presses (bot.md 2.3): at most one notice per 10 s, the rest is dropped in silence.
async fn rate(platform: &Platform, tenant: &Tenant, chat: &Chat, from: &From, update: &Update) -> Verdict {
    let settings = &platform.settings.bot;
    let (purpose, rate) = match &update.kind {
        Kind::Callback(_) => (Purpose::Callbacks(from.id), &settings.user_callbacks),
        Kind::Message(m) if m.media_group_id.is_some() => return Verdict::Handle,
        Kind::Message(_) => (Purpose::Messages(from.id), &settings.user_messages),
        Kind::Edited(_) => {
            let fresh = once(platform, tenant, Notice::Edited, chat, settings.edited_notice_every).await;
            return if fresh { Verdict::Handle } else { Verdict::Drop };
        }
        Kind::PreCheckout(_) | Kind::Member(_) | Kind::Other => return Verdict::Handle,
    };
    let key = LockKey::new(&tenant.id, purpose);
    match platform.locks.take(&key, Budget::new(rate.count, rate.per, rate.burst), 1).await {
        Take::Taken => Verdict::Handle,
        Take::Wait(_) if once(platform, tenant, Notice::SlowDown, chat, settings.throttle_notice_every).await => {
            Verdict::Say(Said::Throttled)
        }
        Take::Wait(_) => Verdict::Drop,
    }
}

async fn once(platform: &Platform, tenant: &Tenant, notice: Notice, chat: &Chat, within: std::time::Duration) -> bool {
    platform.locks.once(&LockKey::new(&tenant.id, Purpose::Notice { kind: notice, chat: chat.id }), within).await
}

fn is_start(update: &Update) -> bool {
    let Kind::Message(message) = &update.kind else { return false };
    message.text.as_deref().is_some_and(|t| t == "/start" || t.starts_with("/start ") || t.starts_with("/start@"))
}

/// Says the gate's text.
pub(super) fn say(turn: &mut Turn<'_>, said: Said) {
    let words = turn.words();
    let text = match said {
        Said::PrivateOnly => {
            let link = turn.tenant.username.as_ref().map_or_else(String::new, |name| format!("https://t.me/{name}"));
            words.fmt("private-only", arg("link", link))
        }
        Said::Draft => words.get("tenant-draft"),
        Said::Paused => words.get("tenant-paused"),
        Said::Throttled => words.fmt("throttled", arg("n", 1)),
    };
    if turn.incoming.pressed {
        turn.toast(text);
    } else {
        turn.say(text, Keyboard::new(), Track::Nothing);
    }
}

/// A blocked person is told so; payments' support and privacy still answer (bot.md 2.1, row 7).
pub(super) async fn blocked(turn: &mut Turn<'_>, update: &Update) -> Result<(), TurnError> {
    if let Kind::Message(message) = &update.kind {
        let text = message.text.as_deref().unwrap_or_default();
        if let Some(Ok(command @ (super::command::Command::Privacy | super::command::Command::PaySupport))) =
            super::command::Command::parse(text)
        {
            return super::route::command(turn, command).await;
        }
    }
    let text = turn.words().fmt("user-blocked", arg("support", turn.support()));
    if turn.incoming.pressed {
        turn.alert(text);
    } else {
        turn.say(text, Keyboard::new(), Track::Nothing);
    }
    Ok(())
}
