//! What takes long says so meanwhile: /start shows the minimal menu, whose place the full one takes when it is ready (bot.md
//! 2.3); a confirm says that it is under way (bot.md 9.1). Both are said from memory and recorded nowhere, so they cost the turn
//! nothing: whoever waits for a lock or the database hears something all the same.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::callback::Callback;
use super::gate::{self, Verdict};
use super::platform::Platform;
use super::receive::Press;
use super::screens::{home, menu};
use super::update::{Chat, From, Kind, Update};
use crate::domain::MessageId;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::locks::{LockKey, Notice, Purpose};
use crate::signals::StandIn;
use crate::tenants::Tenant;
use crate::texts::Words;

/// What is said of an update that takes long.
struct Patience {
    notice: Notice,
    /// After this long.
    after: Duration,
    /// Once within this.
    every: Duration,
    say: fn(Words<'_>) -> (String, Keyboard),
}

impl Patience {
    fn of(platform: &Platform, update: &Update) -> Option<Self> {
        let (bot, rules) = (&platform.settings.bot, &platform.settings.generation);
        if gate::is_start(update) {
            let (after, every) = (bot.start_menu_within, bot.start_once_within);
            return Some(Self { notice: Notice::SlowStart, after, every, say: minimal_menu });
        }
        let Kind::Callback(query) = &update.kind else { return None };
        let confirms = query.data.as_deref().and_then(Callback::parse) == Some(Callback::ConfirmGenerate);
        let (after, every) = (rules.confirm_lock, rules.confirm_lock);
        confirms.then_some(Self { notice: Notice::SlowConfirm, after, every, say: under_way })
    }
}

fn minimal_menu(words: Words<'_>) -> (String, Keyboard) {
    let (title, keyboard) = menu::minimal(words);
    (format!("{title}\n\n{}", words.get("menu-slow")), keyboard)
}

fn under_way(words: Words<'_>) -> (String, Keyboard) {
    let status = Callback::MyGenerations.button(words.get("btn-status"));
    (words.get("launching"), Keyboard::new().row([status]).row([home(words)]))
}

/// Lets the work go on, but says something when it takes long.
pub(super) async fn patiently<T>(
    platform: &Platform,
    tenant: &Tenant,
    (update, verdict): (&Update, Verdict),
    chat: &Chat,
    from: &From,
    press: &Press,
    work: impl Future<Output = T>,
) -> T {
    let patience = Patience::of(platform, update).filter(|_| verdict == Verdict::Handle);
    let Some(Patience { notice, after, every, say }) = patience else { return work.await };
    let late = async {
        tokio::time::sleep(after).await;
        let key = LockKey::new(&tenant.id, Purpose::Notice { kind: notice, chat: chat.id });
        if platform.locks.once(&key, every).await {
            let (html, keyboard) = say(platform.texts.words(tenant.language_of(None, from.language_code.as_deref())));
            let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
            platform.signals.stand_in(&tenant.id, chat.id, outgoing, press.stand_in.clone());
        }
        std::future::pending::<std::convert::Infallible>().await
    };
    tokio::select! {
        biased;
        done = work => done,
        never = late => match never {},
    }
}

/// Where the stand-in is, for the screen to take its place. Asked for once: one that is not sent by then is not sent at all.
pub(super) fn taken(stand_in: &StandIn) -> Option<MessageId> {
    *stand_in.get_or_init(|| None)
}

/// None yet.
pub(super) fn none() -> StandIn {
    Arc::new(OnceLock::new())
}
