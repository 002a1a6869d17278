//! What is decided before a handler runs, in the order of bot.md 2.1: private chats only, tenant's state, blocks, rates.
//! Everything that asks the locks happens here, before a transaction is open.

use super::callback::Callback;
use super::command::Command;
use super::platform::Platform;
use super::screens::tokens;
use super::turn::{Turn, arg};
use super::update::{Chat, From, Kind, Update};
use crate::domain::outgoing::{Keyboard, Track};
use crate::domain::tenant::TenantState;
use crate::locks::{Budget, LockKey, Notice, Purpose, Take};
use crate::tenants::Tenant;

/// Whether and how an update is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// By its handler.
    Handle,
    /// By this text alone.
    Say(Said),
    /// By the one text for chats that are not private.
    Outside,
    /// By nothing, although it is recorded: a blocked person who was told a moment ago.
    Quiet,
    /// Not at all: silent on purpose (decisions.md 19).
    Drop,
}

/// The texts that stand in for a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Draft,
    Paused,
    Blocked,
    /// Too fast: so many seconds to wait.
    Throttled(u64),
}

/// Whether the bot may take one more update now: what the platform's owner allows it in a second, and as much again after a
/// pause. A payment's last check is never held back.
pub(super) async fn keeps_pace(platform: &Platform, tenant: &Tenant, update: &Update) -> bool {
    if matches!(update.kind, Kind::PreCheckout(_)) {
        return true;
    }
    let (count, key) = (tenant.limits.updates_per_second, LockKey::new(&tenant.id, Purpose::Updates));
    let budget = Budget::new(count, std::time::Duration::from_secs(1), count.saturating_mul(2));
    count > 0 && platform.locks.take(&key, budget, 1).await == Take::Taken
}

/// Decides before a connection is taken.
pub(super) async fn check(platform: &Platform, tenant: &Tenant, chat: &Chat, from: &From, update: &Update) -> Verdict {
    if matches!(update.kind, Kind::Member(_)) || update.is_payment() {
        return Verdict::Handle;
    }
    let settings = &platform.settings.bot;
    let pressed = matches!(update.kind, Kind::Callback(_));
    if !chat.is_private() {
        let fresh = once(platform, tenant, Notice::PrivateOnly, chat, settings.group_notice_every).await;
        return if fresh || pressed { Verdict::Outside } else { Verdict::Drop };
    }
    let admin = tenant.is_admin(from.id);
    match tenant.state {
        TenantState::Active => {}
        TenantState::Draft if admin => {}
        TenantState::Draft => return Verdict::Say(Said::Draft),
        TenantState::Deleted => return Verdict::Drop,
        TenantState::Paused | TenantState::Suspended if admin || about_rights(update) => {}
        TenantState::Paused | TenantState::Suspended => {
            let fresh = once(platform, tenant, Notice::Paused, chat, settings.paused_notice_every).await;
            return if fresh || pressed { Verdict::Say(Said::Paused) } else { Verdict::Drop };
        }
    }
    rate(platform, tenant, chat, from, update).await
}

/// One person's messages and presses (bot.md 2.3): at most one notice per 10 s, the rest is dropped in silence.
async fn rate(platform: &Platform, tenant: &Tenant, chat: &Chat, from: &From, update: &Update) -> Verdict {
    let settings = &platform.settings.bot;
    let mut same = None;
    let (purpose, rate) = match &update.kind {
        Kind::Callback(query) => {
            let data = query.data.clone().unwrap_or_default();
            same = Some((Purpose::SameCallback(from.id, data), &settings.same_callbacks));
            (Purpose::Callbacks(from.id), &settings.user_callbacks)
        }
        Kind::Message(m) if m.media_group_id.is_some() => return Verdict::Handle,
        Kind::Message(_) => (Purpose::Messages(from.id), &settings.user_messages),
        // A token is removed however it came.
        Kind::Edited(message) if tokens::is_in(message) => return Verdict::Handle,
        Kind::Edited(_) => {
            let fresh = once(platform, tenant, Notice::Edited, chat, settings.edited_notice_every).await;
            return if fresh { Verdict::Handle } else { Verdict::Drop };
        }
        Kind::PreCheckout(_) | Kind::Member(_) | Kind::Inline(_) | Kind::Other => return Verdict::Handle,
    };
    for (purpose, rate) in [(purpose, rate)].into_iter().chain(same) {
        let key = LockKey::new(&tenant.id, purpose);
        let taken = platform.locks.take(&key, Budget::new(rate.count, rate.per, rate.burst), 1).await;
        if let Take::Wait(wait) = taken {
            let fresh = once(platform, tenant, Notice::SlowDown, chat, settings.throttle_notice_every).await;
            let seconds = wait.as_millis().div_ceil(1_000).max(1);
            let said = Said::Throttled(u64::try_from(seconds).unwrap_or(u64::MAX));
            return if fresh { Verdict::Say(said) } else { Verdict::Drop };
        }
    }
    Verdict::Handle
}

/// A person turned out to be blocked: told so on every press, and once in a while on what they write (bot.md 2.1, row 7).
pub(super) async fn blocked(platform: &Platform, tenant: &Tenant, chat: &Chat, pressed: bool) -> Verdict {
    let every = platform.settings.bot.blocked_notice_every;
    if pressed || once(platform, tenant, Notice::Blocked, chat, every).await {
        Verdict::Say(Said::Blocked)
    } else {
        Verdict::Quiet
    }
}

/// Whether an update is a command or a button that works in every state of bot and person: whom to ask about money, what is
/// stored, and that it be erased.
pub(super) fn about_rights(update: &Update) -> bool {
    match &update.kind {
        Kind::Message(message) => {
            let command = message.text.as_deref().and_then(Command::parse);
            matches!(command, Some(Ok(Command::Privacy | Command::PaySupport)))
        }
        Kind::Callback(query) => {
            matches!(query.data.as_deref().and_then(Callback::parse), Some(Callback::Privacy(_)))
        }
        _ => false,
    }
}

async fn once(platform: &Platform, tenant: &Tenant, notice: Notice, chat: &Chat, within: std::time::Duration) -> bool {
    platform.locks.once(&LockKey::new(&tenant.id, Purpose::Notice { kind: notice, chat: chat.id }), within).await
}

/// Whether an update is /start, with whatever it carries.
pub(super) fn is_start(update: &Update) -> bool {
    let Kind::Message(message) = &update.kind else { return false };
    message.text.as_deref().is_some_and(|t| t == "/start" || t.starts_with("/start ") || t.starts_with("/start@"))
}

/// Says the gate's text.
pub(super) fn say(turn: &mut Turn<'_>, said: Said) {
    let words = turn.words();
    let text = match said {
        Said::Draft => words.get("tenant-draft"),
        Said::Paused => words.get("tenant-paused"),
        Said::Blocked => words.fmt("user-blocked", arg("support", turn.support())),
        Said::Throttled(seconds) => words.fmt("throttled", arg("n", seconds)),
    };
    if turn.incoming.pressed && said == Said::Blocked {
        turn.alert(text);
    } else if turn.incoming.pressed {
        turn.toast(text);
    } else {
        turn.say(text, Keyboard::new(), Track::Nothing);
    }
}
