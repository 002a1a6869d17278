//! The messages that the platform sends itself: HTML, link previews off.

use serde::{Deserialize, Serialize};

use super::{Bot, InlineKeyboard, TelegramError};
use crate::domain::{ChatId, MessageId};

/// What sending gives back; everything else of the message is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Sent {
    /// The new message's id in its chat.
    pub message_id: MessageId,
}

/// What a message may carry beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extra<'a> {
    /// Buttons under the message.
    pub keyboard: Option<&'a InlineKeyboard>,
    /// The message it answers; sent anyway if that one is gone.
    pub reply_to: Option<MessageId>,
    /// Without a sound.
    pub silent: bool,
}

#[derive(Serialize)]
struct NoPreview {
    is_disabled: bool,
}

const NO_PREVIEW: NoPreview = NoPreview { is_disabled: true };

#[derive(Serialize)]
struct Reply {
    message_id: MessageId,
    allow_sending_without_reply: bool,
}

#[derive(Serialize)]
struct SendMessage<'a> {
    chat_id: ChatId,
    text: &'a str,
    parse_mode: &'static str,
    link_preview_options: NoPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<&'a InlineKeyboard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<Reply>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable_notification: bool,
}

#[derive(Serialize)]
struct EditMessageText<'a> {
    chat_id: ChatId,
    message_id: MessageId,
    text: &'a str,
    parse_mode: &'static str,
    link_preview_options: NoPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<&'a InlineKeyboard>,
}

#[derive(Serialize)]
struct EditMessageCaption<'a> {
    chat_id: ChatId,
    message_id: MessageId,
    caption: &'a str,
    parse_mode: &'static str,
    reply_markup: &'a InlineKeyboard,
}

#[derive(Serialize)]
struct AnswerCallbackQuery<'a> {
    callback_query_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    show_alert: bool,
}

#[derive(Serialize)]
struct AnswerInlineQuery<'a> {
    inline_query_id: &'a str,
    results: [(); 0],
    cache_time: u64,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
struct CopyMessage {
    chat_id: ChatId,
    from_chat_id: ChatId,
    message_id: MessageId,
}

#[derive(Serialize)]
struct OneMessage {
    chat_id: ChatId,
    message_id: MessageId,
}

impl Bot<'_> {
    /// Sends an HTML text of 1 to 4096 characters; gives the new message's id.
    pub async fn send_message(&self, chat: ChatId, html: &str, extra: Extra<'_>) -> Result<MessageId, TelegramError> {
        let body = SendMessage {
            chat_id: chat,
            text: html,
            parse_mode: "HTML",
            link_preview_options: NO_PREVIEW,
            reply_markup: extra.keyboard.filter(|keyboard| !keyboard.is_empty()),
            reply_parameters: extra.reply_to.map(|message_id| Reply { message_id, allow_sending_without_reply: true }),
            disable_notification: extra.silent,
        };
        self.call_raw::<Sent>("sendMessage", &body).await.map(|sent| sent.message_id)
    }

    /// Sends the same content with the same formatting, without its origin and its buttons; gives the new message's id.
    pub async fn copy_message(
        &self,
        chat: ChatId,
        from: ChatId,
        message: MessageId,
    ) -> Result<MessageId, TelegramError> {
        let body = CopyMessage { chat_id: chat, from_chat_id: from, message_id: message };
        self.call_raw::<Sent>("copyMessage", &body).await.map(|sent| sent.message_id)
    }

    /// Replaces a message's text and buttons; without `keyboard` the buttons go.
    pub async fn edit_message_text(
        &self,
        chat: ChatId,
        message: MessageId,
        html: &str,
        keyboard: Option<&InlineKeyboard>,
    ) -> Result<(), TelegramError> {
        let body = EditMessageText {
            chat_id: chat,
            message_id: message,
            text: html,
            parse_mode: "HTML",
            link_preview_options: NO_PREVIEW,
            reply_markup: keyboard,
        };
        self.call_raw::<serde::de::IgnoredAny>("editMessageText", &body).await.map(drop)
    }

    /// Replaces the words and buttons below a picture; at most 1024 characters.
    pub async fn edit_message_caption(
        &self,
        chat: ChatId,
        message: MessageId,
        html: &str,
        keyboard: &InlineKeyboard,
    ) -> Result<(), TelegramError> {
        let body = EditMessageCaption {
            chat_id: chat,
            message_id: message,
            caption: html,
            parse_mode: "HTML",
            reply_markup: keyboard,
        };
        self.call_raw::<serde::de::IgnoredAny>("editMessageCaption", &body).await.map(drop)
    }

    /// Ends a button's waiting circle, with a toast of up to 200 characters or, as `alert`, a window.
    pub async fn answer_callback_query(
        &self,
        query_id: &str,
        text: Option<&str>,
        alert: bool,
    ) -> Result<(), TelegramError> {
        let body = AnswerCallbackQuery { callback_query_id: query_id, text, show_alert: alert };
        self.call_raw::<bool>("answerCallbackQuery", &body).await.map(drop)
    }

    /// Answers an inline query with nothing, which Telegram may keep for so many seconds.
    pub async fn answer_inline_query(&self, query_id: &str, cache_seconds: u64) -> Result<(), TelegramError> {
        let body = AnswerInlineQuery { inline_query_id: query_id, results: [], cache_time: cache_seconds };
        self.call_raw::<bool>("answerInlineQuery", &body).await.map(drop)
    }

    /// Deletes a message younger than 48 h.
    pub async fn delete_message(&self, chat: ChatId, message: MessageId) -> Result<(), TelegramError> {
        let body = OneMessage { chat_id: chat, message_id: message };
        self.call_raw::<bool>("deleteMessage", &body).await.map(drop)
    }
}
