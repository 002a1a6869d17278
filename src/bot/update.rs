//! Incoming updates: a small tolerant model of our own. Unknown fields, kinds and entity types are ignored and never cost a
//! user's text (architecture.md 3).

use serde::Deserialize;

use crate::domain::{ChatId, MessageId, UpdateId, UserId};

/// A person or bot that sent something.
#[derive(Debug, Clone, Deserialize)]
pub struct From {
    /// Telegram id.
    pub id: UserId,
    /// Whether it is a bot.
    #[serde(default)]
    pub is_bot: bool,
    /// Shown name.
    #[serde(default)]
    pub first_name: String,
    /// Second name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// Without `@`.
    #[serde(default)]
    pub username: Option<String>,
    /// IETF tag of the person's Telegram.
    #[serde(default)]
    pub language_code: Option<String>,
}

/// Where something was said.
#[derive(Debug, Clone, Deserialize)]
pub struct Chat {
    /// Telegram id.
    pub id: ChatId,
    /// `private`, `group`, …; unknown kinds stay as they are.
    #[serde(rename = "type", default)]
    pub kind: String,
}

impl Chat {
    /// Whether it is a person's private chat.
    pub fn is_private(&self) -> bool {
        self.kind == "private"
    }
}

/// A file that Telegram keeps.
#[derive(Debug, Clone, Deserialize)]
pub struct TelegramFile {
    /// What `getFile` takes.
    pub file_id: String,
    /// The same for every copy of the file.
    #[serde(default)]
    pub file_unique_id: String,
    /// Bytes, when Telegram says so.
    #[serde(default)]
    pub file_size: Option<i64>,
    /// MIME type as the sender's app named it.
    #[serde(default)]
    pub mime_type: Option<String>,
    /// Whole seconds.
    #[serde(default)]
    pub duration: Option<i64>,
    /// Pixels.
    #[serde(default)]
    pub width: Option<i64>,
    /// Pixels.
    #[serde(default)]
    pub height: Option<i64>,
}

/// A message.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// Its id in the chat.
    pub message_id: MessageId,
    /// Who wrote it.
    #[serde(default)]
    pub from: Option<From>,
    /// Where.
    pub chat: Chat,
    /// Text of a text message.
    #[serde(default)]
    pub text: Option<String>,
    /// Words below a photo, video or file.
    #[serde(default)]
    pub caption: Option<String>,
    /// Sizes of a photo, smallest first.
    #[serde(default)]
    pub photo: Vec<TelegramFile>,
    /// A file sent as a document.
    #[serde(default)]
    pub document: Option<TelegramFile>,
    /// Music.
    #[serde(default)]
    pub audio: Option<TelegramFile>,
    /// A voice message.
    #[serde(default)]
    pub voice: Option<TelegramFile>,
    /// A video.
    #[serde(default)]
    pub video: Option<TelegramFile>,
    /// A round video.
    #[serde(default)]
    pub video_note: Option<TelegramFile>,
    /// A GIF.
    #[serde(default)]
    pub animation: Option<TelegramFile>,
    /// Parts of one album share it.
    #[serde(default)]
    pub media_group_id: Option<String>,
    /// Stars were paid.
    #[serde(default)]
    pub successful_payment: Option<StarsPayment>,
    /// Stars went back.
    #[serde(default)]
    pub refunded_payment: Option<StarsPayment>,
}

/// A charge, as the message about it tells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StarsPayment {
    /// `XTR`.
    pub currency: String,
    /// Stars.
    pub total_amount: i64,
    /// What the invoice hid.
    pub invoice_payload: String,
    /// Telegram's name for the charge.
    pub telegram_payment_charge_id: String,
    /// A subscription's: never sold here.
    #[serde(default)]
    pub is_recurring: bool,
}

impl Message {
    /// The picture in the message: the photo's largest size, or a document of an image type.
    pub fn picture(&self) -> Option<&TelegramFile> {
        self.photo.last().or_else(|| self.document_like("image/"))
    }

    /// The sound in the message: voice, audio, or a document of an audio type.
    pub fn sound(&self) -> Option<&TelegramFile> {
        self.voice.as_ref().or(self.audio.as_ref()).or_else(|| self.document_like("audio/"))
    }

    /// The video in the message: video, round video, animation, or a document of a video type.
    pub fn film(&self) -> Option<&TelegramFile> {
        self.video
            .as_ref()
            .or(self.video_note.as_ref())
            .or(self.animation.as_ref())
            .or_else(|| self.document_like("video/"))
    }

    fn document_like(&self, prefix: &str) -> Option<&TelegramFile> {
        self.document.as_ref().filter(|d| d.mime_type.as_deref().is_some_and(|m| m.starts_with(prefix)))
    }
}

/// A pressed button.
#[derive(Debug, Clone, Deserialize)]
pub struct CallbackQuery {
    /// What the answer names.
    pub id: String,
    /// Who pressed.
    pub from: From,
    /// The message with the button; absent or bare when it is too old.
    #[serde(default)]
    pub message: Option<Message>,
    /// The button's data.
    #[serde(default)]
    pub data: Option<String>,
}

/// A person blocked the bot or came back.
#[derive(Debug, Clone, Deserialize)]
pub struct MemberChange {
    /// Where.
    pub chat: Chat,
    /// Who.
    pub from: From,
    /// The bot's new standing.
    pub new_chat_member: Member,
}

/// The bot's standing in a chat.
#[derive(Debug, Clone, Deserialize)]
pub struct Member {
    /// `member`, `kicked`, …
    pub status: String,
}

/// A payment's last check: may it be taken?
#[derive(Debug, Clone, Deserialize)]
pub struct PreCheckout {
    /// What the answer names.
    pub id: String,
    /// Who pays.
    pub from: From,
    /// `XTR`.
    #[serde(default)]
    pub currency: String,
    /// Stars.
    #[serde(default)]
    pub total_amount: i64,
    /// What the invoice hid.
    #[serde(default)]
    pub invoice_payload: String,
}

/// Somebody typed the bot's name in another chat.
#[derive(Debug, Clone, Deserialize)]
pub struct InlineQuery {
    /// What the answer names.
    pub id: String,
    /// Who.
    pub from: From,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Somebody wrote.
    Message(Box<Message>),
    /// Somebody changed an earlier message.
    Edited(Box<Message>),
    /// Somebody pressed a button.
    Callback(Box<CallbackQuery>),
    /// Somebody is about to pay.
    PreCheckout(Box<PreCheckout>),
    /// Somebody blocked or unblocked the bot.
    Member(Box<MemberChange>),
    /// Somebody asked the bot for something to put into another chat.
    Inline(Box<InlineQuery>),
    /// Something this program does not use, or newer than it.
    Other,
}

/// One update.
#[derive(Debug, Clone)]
pub struct Update {
    /// Unique per bot for some days.
    pub id: UpdateId,
    /// What happened.
    pub kind: Kind,
}

/// Why a body is not an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an update of the Bot API")]
pub struct NotAnUpdate;

#[derive(Deserialize)]
struct Wire {
    update_id: UpdateId,
    #[serde(default)]
    message: Option<Box<serde_json::value::RawValue>>,
    #[serde(default)]
    edited_message: Option<Box<serde_json::value::RawValue>>,
    #[serde(default)]
    callback_query: Option<Box<serde_json::value::RawValue>>,
    #[serde(default)]
    pre_checkout_query: Option<Box<serde_json::value::RawValue>>,
    #[serde(default)]
    my_chat_member: Option<Box<serde_json::value::RawValue>>,
    #[serde(default)]
    inline_query: Option<Box<serde_json::value::RawValue>>,
}

impl Update {
    /// Reads a body. A known kind whose content cannot be read becomes [`Kind::Other`], so its id is still recorded.
    pub fn parse(body: &[u8]) -> Result<Self, NotAnUpdate> {
        fn read<T: serde::de::DeserializeOwned>(raw: &serde_json::value::RawValue) -> Option<Box<T>> {
            serde_json::from_str(raw.get()).ok().map(Box::new)
        }
        let wire: Wire = serde_json::from_slice(body).map_err(|_| NotAnUpdate)?;
        let kind = if let Some(raw) = &wire.message {
            read(raw).map(Kind::Message)
        } else if let Some(raw) = &wire.callback_query {
            read(raw).map(Kind::Callback)
        } else if let Some(raw) = &wire.edited_message {
            read(raw).map(Kind::Edited)
        } else if let Some(raw) = &wire.pre_checkout_query {
            read(raw).map(Kind::PreCheckout)
        } else if let Some(raw) = &wire.my_chat_member {
            read(raw).map(Kind::Member)
        } else if let Some(raw) = &wire.inline_query {
            read(raw).map(Kind::Inline)
        } else {
            None
        };
        Ok(Self { id: wire.update_id, kind: kind.unwrap_or(Kind::Other) })
    }

    /// Whether it tells of money: such an update is never put off, refused or forgotten (bot.md 2.1, row 3).
    pub fn is_payment(&self) -> bool {
        matches!(&self.kind, Kind::Message(m) if m.successful_payment.is_some() || m.refunded_payment.is_some())
    }

    /// Who caused it.
    pub fn from(&self) -> Option<&From> {
        match &self.kind {
            Kind::Message(m) | Kind::Edited(m) => m.from.as_ref(),
            Kind::Callback(q) => Some(&q.from),
            Kind::PreCheckout(q) => Some(&q.from),
            Kind::Member(m) => Some(&m.from),
            Kind::Inline(q) => Some(&q.from),
            Kind::Other => None,
        }
    }

    /// Where: the chat of the message, or the presser's private chat when the message is too old to be sent along.
    pub fn chat(&self) -> Option<Chat> {
        match &self.kind {
            Kind::Message(m) | Kind::Edited(m) => Some(m.chat.clone()),
            Kind::Callback(q) => Some(
                q.message
                    .as_ref()
                    .map_or_else(|| Chat { id: q.from.id.into(), kind: "private".to_owned() }, |m| m.chat.clone()),
            ),
            Kind::Member(m) => Some(m.chat.clone()),
            Kind::PreCheckout(_) | Kind::Inline(_) | Kind::Other => None,
        }
    }

    /// A short stable word for logs.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Message(_) => "message",
            Kind::Edited(_) => "edited_message",
            Kind::Callback(_) => "callback_query",
            Kind::PreCheckout(_) => "pre_checkout_query",
            Kind::Member(_) => "my_chat_member",
            Kind::Inline(_) => "inline_query",
            Kind::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_entity_does_not_cost_the_text() {
        let body = br#"{"update_id":5,"brand_new":1,"message":{"message_id":9,"date":1,"from":{"id":42,"is_bot":false,
            "first_name":"A"},"chat":{"id":42,"type":"private"},"text":"hi","entities":[{"type":"date_time","offset":0}]}}"#;
        let update = Update::parse(body).unwrap();
        let Kind::Message(message) = update.kind else { panic!("a message was expected") };
        assert_eq!(message.text.as_deref(), Some("hi"));
    }

    #[test]
    fn an_unknown_kind_keeps_its_id() {
        let update = Update::parse(br#"{"update_id":7,"managed_bot":{"user":{"id":1}}}"#).unwrap();
        assert_eq!(update.id, UpdateId(7));
        assert!(matches!(update.kind, Kind::Other));
        assert!(Update::parse(b"{}").is_err());
        assert!(Update::parse(b"not json").is_err());
    }

    #[test]
    fn a_known_kind_of_unknown_shape_keeps_its_id() {
        let update = Update::parse(br#"{"update_id":8,"message":{"message_id":"text"}}"#).unwrap();
        assert_eq!(update.id, UpdateId(8));
        assert!(matches!(update.kind, Kind::Other));
    }
}
