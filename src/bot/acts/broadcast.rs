//! Broadcasts (bot.md 14.7): composing in the panel, beginning now or later, holding, continuing, ending. The chat composes by
//! the message itself (`screens/broadcasts/compose.rs`); from the confirmation on both doors do the same.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Hands;
use crate::accounts::audit::Act;
use crate::domain::markup::{Marked, MarkupError};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{
    AuditAction, BroadcastId, BroadcastKind, ChatId, MediaId, MessageClass, MessageId, UnixMs, UserId,
};
use crate::store::{BroadcastRow, NewBroadcast, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{self, Say};
use crate::tenants::tenant::TenantError;
use crate::vault::Column;

/// Characters of a message that a bot may send.
pub const TEXT: usize = 4_096;
/// Characters of a caption that a bot may send.
pub const CAPTION: usize = 1_024;
/// How far ahead one can be put off.
pub const AHEAD: Duration = Duration::from_hours(24 * 30);

/// What is composed in the panel, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// As it was typed, with marks.
    pub text: String,
    /// A picture above it: where it is and its MIME type.
    pub picture: Option<(MediaId, String)>,
}

/// Why a draft cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Nothing was written.
    Empty,
    /// More than Telegram takes: characters there are, characters there may be.
    TooLong(usize, usize),
    /// A mark is wrong.
    Marks(MarkupError),
}

/// Reads what was written, if it can be sent: below a picture Telegram takes fewer characters.
pub fn read(text: &str, picture: bool) -> Result<Marked, Refused> {
    let read = Marked::parse(text).map_err(Refused::Marks)?;
    let most = if picture { CAPTION } else { TEXT };
    match read.length() {
        _ if read.is_blank() && !picture => Err(Refused::Empty),
        length if length > most => Err(Refused::TooLong(length, most)),
        _ => Ok(read),
    }
}

/// What was composed in the panel. `None`: in the chat, or there is no such broadcast.
pub async fn draft(tx: &mut TenantTx, tenant: &Tenant, id: &BroadcastId) -> Result<Option<Draft>, TenantError> {
    let Some(sealed) = tx.broadcast_draft(id).await? else { return Ok(None) };
    serde_json::from_slice(&tenant.open(Column::Draft, &sealed)?).map(Some).map_err(|_| TenantError::Data("draft"))
}

/// Keeps a draft and sends it to its author, as everybody will see it: what they get is what is copied to all. An earlier
/// draft of theirs is forgotten. Wake their chat after the commit.
pub async fn compose(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    author: UserId,
    draft: &Draft,
    text: &Marked,
) -> Result<BroadcastId, TenantError> {
    let (id, corr, now) = (BroadcastId::random(), hands.actor.corr, hands.now);
    let plain = serde_json::to_vec(draft).map_err(|_| TenantError::Data("draft"))?;
    let sealed = hands.tenant.seal(Column::Draft, &plain)?;
    let kind = if draft.picture.is_some() { BroadcastKind::Photo } else { BroadcastKind::Text };
    let chat = ChatId::from(author);
    let new = NewBroadcast { id: &id, kind, admin: author, chat, message: MessageId(0), sealed: Some(&sealed), corr };
    tx.broadcast_compose(&new, now).await?;
    let html = text.html().to_owned();
    let outgoing = match &draft.picture {
        Some((media, mime)) => Outgoing::Picture {
            media: media.clone(),
            mime: mime.clone(),
            caption: html,
            keyboard: Keyboard::new(),
            review: None,
            draft: Some(id.clone()),
        },
        None => Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Draft(id.clone()) },
    };
    let key = format!("bc:{}:draft", id.short());
    let about = Say { chat, class: MessageClass::MustArrive, key, corr, now };
    say::say(tx, hands.tenant, about, &outgoing).await?;
    Ok(id)
}

/// Sends it to an admin once more. Wake their chat after the commit.
pub async fn test(tx: &mut TenantTx, hands: &Hands<'_>, row: &BroadcastRow, to: UserId) -> Result<(), TenantError> {
    let (chat, corr, now) = (ChatId::from(to), hands.actor.corr, hands.now);
    let copy = Outgoing::Copy { from: row.source_chat, message: row.source_message, preview_of: None };
    let key = format!("bc:{}:test:{}:{}", row.id.short(), to, now.0);
    say::say(tx, hands.tenant, Say { chat, class: MessageClass::MayVanish, key, corr, now }, &copy).await?;
    Ok(())
}

/// What came of beginning one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It is on its way, under this number.
    Yes(i64),
    /// There is nobody to send it to.
    Nobody,
    /// It is no draft any more, its author has not got it yet, or another one is unfinished.
    Refused,
}

/// Begins a draft at `at`: who is there then gets it. Wake the workers after the commit.
pub async fn start(tx: &mut TenantTx, hands: &Hands<'_>, id: &BroadcastId, at: UnixMs) -> Result<Started, StoreError> {
    let audience = tx.broadcast_audience().await?;
    if audience == 0 {
        return Ok(Started::Nobody);
    }
    let Some(number) = tx.broadcast_confirm(id, audience, at, hands.now).await? else { return Ok(Started::Refused) };
    let became = if at > hands.now { format!("at {}", at.timestamp()) } else { "running".to_owned() };
    note(tx, hands, id, AuditAction::BroadcastStarted, &became).await?;
    Ok(Started::Yes(number))
}

/// What can be done with one that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Hold it.
    Pause,
    /// Go on.
    Resume,
    /// End it: who was not reached is not reached any more.
    Stop,
}

/// Does it. `false`: it is in another state. Wake the workers after the commit.
pub async fn change(tx: &mut TenantTx, hands: &Hands<'_>, id: &BroadcastId, to: Change) -> Result<bool, StoreError> {
    let (done, became) = match to {
        Change::Pause => (tx.broadcast_pause(id, None).await?, "paused"),
        Change::Resume => (tx.broadcast_resume(id).await?, "running"),
        Change::Stop => (tx.broadcast_stop(id, hands.now).await?, "stopped"),
    };
    if done {
        note(tx, hands, id, AuditAction::BroadcastChanged, became).await?;
    }
    Ok(done)
}

/// How long so many messages take, in minutes.
pub fn minutes(pace: Duration, audience: i64) -> u64 {
    let whole = pace.saturating_mul(u32::try_from(audience).unwrap_or(u32::MAX));
    whole.as_secs().div_ceil(60).max(1)
}

async fn note(
    tx: &mut TenantTx,
    hands: &Hands<'_>,
    id: &BroadcastId,
    action: AuditAction,
    became: &str,
) -> Result<(), StoreError> {
    let object = format!("broadcast:{}", id.short());
    hands.note(tx, Act::new(action, &object).changed(None, Some(became))).await
}
