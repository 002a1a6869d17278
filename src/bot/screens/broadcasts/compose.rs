//! Composing a broadcast: one message of an admin, shown back exactly as everybody will see it.

use super::{act, button, pace, show};
use crate::bot::acts;
use crate::bot::awaits::{Awaits, BroadcastInput};
use crate::bot::callback::{BroadcastAction, BroadcastPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, home, lines};
use crate::bot::turn::{Turn, arg};
use crate::bot::update::Message;
use crate::domain::outgoing::{Keyboard, Outgoing};
use crate::domain::{BroadcastId, BroadcastKind, MessageClass};
use crate::store::NewBroadcast;
use crate::texts::Words;

/// Characters of a caption that a bot may send.
const CAPTION: usize = acts::broadcast::CAPTION;

/// S-49 asks for the message.
pub struct Ask {
    /// Why the last one cannot be sent.
    pub refused: Option<String>,
}

impl Screen for Ask {
    fn text(&self, words: Words<'_>) -> String {
        lines([self.refused.clone(), Some(words.get("broadcast-ask"))])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
            .row([button(words, "btn-back", BroadcastPress::List), home(words)])
    }
}

/// Below the preview.
pub struct Preview {
    /// Which draft.
    pub id: BroadcastId,
    /// How many would get it now.
    pub audience: i64,
    /// How long that would take, in minutes.
    pub minutes: u64,
}

impl Screen for Preview {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("broadcast-preview", arg("n", self.audience).with("m", self.minutes))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let to = |action, key: &str| act(action, &self.id).button(words.get(key));
        Keyboard::new()
            .row([to(BroadcastAction::Test, "btn-broadcast-test"), to(BroadcastAction::Edit, "btn-broadcast-edit")])
            .row([to(BroadcastAction::Confirm, "btn-broadcast-confirm")])
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

/// Asks for the message.
pub(super) fn ask(turn: &mut Turn<'_>, refused: Option<String>) {
    turn.session.awaits = Some(Awaits::Broadcast(BroadcastInput::default()));
    turn.show(&Ask { refused });
}

/// What an admin composed: kept as a draft and shown back, or refused with the rule.
pub async fn typed(turn: &mut Turn<'_>, message: &Message) -> Result<(), TurnError> {
    // Rights are read on every message: somebody may have stopped being an admin since.
    if !turn.is_admin() {
        turn.session.awaits = None;
        turn.notice(turn.words().get("admin-only"));
        return crate::bot::screens::menu::show(turn).await;
    }
    let Some(pace) = pace(turn.platform, turn.tenant) else { return show(turn).await };
    if message.media_group_id.is_some() {
        ask(turn, Some(turn.words().get("broadcast-bad-album")));
        return Ok(());
    }
    let kind = match kind(message) {
        Ok(kind) => kind,
        Err(refused) => {
            ask(turn, Some(refused.text(turn.words())));
            return Ok(());
        }
    };
    let id = BroadcastId::random();
    let new = NewBroadcast {
        id: &id,
        kind,
        admin: turn.user.user_id,
        chat: turn.incoming.chat,
        message: message.message_id,
        sealed: None,
        corr: &turn.corr,
    };
    turn.tx.broadcast_compose(&new, turn.now).await?;
    turn.session.awaits = Some(Awaits::Broadcast(BroadcastInput { draft: Some(id.clone()) }));
    let copy = Outgoing::Copy { from: turn.incoming.chat, message: message.message_id, preview_of: Some(id.clone()) };
    turn.push(copy, MessageClass::MayVanish);
    let audience = turn.tx.broadcast_audience().await?;
    turn.show(&Preview { id, audience, minutes: acts::broadcast::minutes(pace, audience) });
    Ok(())
}

/// Why a message cannot be sent to everybody.
enum Refused {
    Kind,
    Caption(usize),
}

impl Refused {
    fn text(&self, words: Words<'_>) -> String {
        match self {
            Self::Kind => words.get("broadcast-bad-kind"),
            Self::Caption(length) => words.fmt("broadcast-bad-caption", arg("n", *length)),
        }
    }
}

/// What a message is made of. A GIF is a file too, so it is looked for first.
fn kind(message: &Message) -> Result<BroadcastKind, Refused> {
    let length = message.caption.as_deref().map_or(0, |caption| caption.chars().count());
    if length > CAPTION {
        return Err(Refused::Caption(length));
    }
    if message.text.is_some() {
        Ok(BroadcastKind::Text)
    } else if message.animation.is_some() {
        Ok(BroadcastKind::Animation)
    } else if message.video.is_some() {
        Ok(BroadcastKind::Video)
    } else if !message.photo.is_empty() {
        Ok(BroadcastKind::Photo)
    } else if message.document.is_some() {
        Ok(BroadcastKind::Document)
    } else {
        Err(Refused::Kind)
    }
}
