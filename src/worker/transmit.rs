//! One recorded message as calls to Telegram: a screen edited or sent, files alone or as an album, a photo that Telegram
//! refuses as a document (bot.md 2.3, 10).

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Workers;
use super::split::{PART, split};
use crate::clients::telegram::{Bot, Button, Extra, InlineKeyboard, InputFile, TelegramError};
use crate::domain::outgoing::{FileKind, Keyboard, OutFile, Outgoing, Press};
use crate::domain::{ChatId, MessageId};
use crate::tenants::Tenant;

/// What Telegram has now.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The message, for a screen.
    pub(super) message: Option<MessageId>,
    /// The items of a result.
    pub(super) items: Vec<Item>,
}

/// One item of a result at Telegram.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) number: i64,
    pub(super) message: MessageId,
    pub(super) file_id: Option<String>,
}

/// Sends one recorded message.
pub(super) async fn send(
    workers: &Workers,
    tenant: &Tenant,
    chat: ChatId,
    outgoing: &Outgoing,
) -> Result<Sent, TelegramError> {
    let own = tenant.api_url.as_deref().and_then(|url| url::Url::parse(url).ok());
    let bot = workers.telegram.bot(&tenant.token, own.as_ref());
    match outgoing {
        Outgoing::Screen { html, keyboard, edit, .. } => screen(&bot, chat, html, keyboard, *edit).await,
        Outgoing::Files { files, caption, .. } => results(workers, tenant, &bot, chat, files, caption).await,
        Outgoing::ResultText { item, html, .. } => {
            let message = text(&bot, chat, html, &Keyboard::new()).await?;
            Ok(Sent { message: Some(message), items: vec![Item { number: *item, message, file_id: None }] })
        }
        Outgoing::Delete { message } => match bot.delete_message(chat, *message).await {
            Ok(()) | Err(TelegramError::MessageGone) => Ok(Sent::default()),
            Err(error) => Err(error),
        },
    }
}

/// Edits the pressed message; whatever Telegram has against that but "not modified" leads to a new message.
async fn screen(
    bot: &Bot<'_>,
    chat: ChatId,
    html: &str,
    keyboard: &Keyboard,
    edit: Option<MessageId>,
) -> Result<Sent, TelegramError> {
    if let Some(message) = edit.filter(|_| html.chars().count() <= PART) {
        match bot.edit_message_text(chat, message, html, Some(&markup(keyboard))).await {
            Ok(()) | Err(TelegramError::NotModified) => return Ok(Sent { message: Some(message), items: Vec::new() }),
            Err(TelegramError::Rejected { .. } | TelegramError::MessageGone) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Sent { message: Some(text(bot, chat, html, keyboard).await?), items: Vec::new() })
}

/// A text in as many messages as it needs; the buttons are under the last, whose id is given.
async fn text(bot: &Bot<'_>, chat: ChatId, html: &str, keyboard: &Keyboard) -> Result<MessageId, TelegramError> {
    let keyboard = markup(keyboard);
    let parts = split(html, PART);
    let mut last = MessageId(0);
    for (n, part) in parts.iter().enumerate() {
        let extra = Extra { keyboard: (n + 1 == parts.len()).then_some(&keyboard), ..Extra::default() };
        last = bot.send_message(chat, part, extra).await?;
    }
    Ok(last)
}

fn markup(keyboard: &Keyboard) -> InlineKeyboard {
    keyboard.0.iter().fold(InlineKeyboard::new(), |all, row| {
        all.row(row.iter().map(|button| match &button.press {
            Press::Callback(data) => Button::callback(&button.text, data),
            Press::Url(url) => Button::url(&button.text, url),
        }))
    })
}

async fn results(
    workers: &Workers,
    tenant: &Tenant,
    bot: &Bot<'_>,
    chat: ChatId,
    files: &[OutFile],
    caption: &str,
) -> Result<Sent, TelegramError> {
    let mut loaded = Vec::with_capacity(files.len());
    for file in files {
        let bytes = workers.media.get(tenant, &file.media).await.map_err(|error| {
            tracing::error!(tenant = %tenant.id, error = %error, "a stored result cannot be read");
            TelegramError::Rejected { code: 0, description: "the stored file cannot be read".to_owned() }
        })?;
        loaded.push((file, bytes));
    }
    let items = match loaded.as_slice() {
        [] => Vec::new(),
        [(file, bytes)] => vec![single(bot, chat, file, bytes, caption).await?],
        several => album(bot, chat, several, caption).await?,
    };
    Ok(Sent { message: None, items })
}

/// Where a kind goes: method, field.
fn method(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::Photo => ("sendPhoto", "photo"),
        FileKind::Video => ("sendVideo", "video"),
        FileKind::Audio => ("sendAudio", "audio"),
        FileKind::Voice => ("sendVoice", "voice"),
        FileKind::Animation => ("sendAnimation", "animation"),
        FileKind::Document => ("sendDocument", "document"),
    }
}

/// One file; what Telegram refuses as a picture or video goes as a document, once.
async fn single(
    bot: &Bot<'_>,
    chat: ChatId,
    file: &OutFile,
    bytes: &Bytes,
    caption: &str,
) -> Result<Item, TelegramError> {
    match one_file(bot, chat, file, file.kind, bytes, caption).await {
        Err(TelegramError::Rejected { .. } | TelegramError::FileTooBig) if file.kind != FileKind::Document => {
            one_file(bot, chat, file, FileKind::Document, bytes, caption).await
        }
        done => done,
    }
}

async fn one_file(
    bot: &Bot<'_>,
    chat: ChatId,
    file: &OutFile,
    kind: FileKind,
    bytes: &Bytes,
    caption: &str,
) -> Result<Item, TelegramError> {
    let (method, field) = method(kind);
    let mut fields = common(chat);
    fields.insert("caption".to_owned(), json!(caption));
    fields.insert("parse_mode".to_owned(), json!("HTML"));
    if kind == FileKind::Video {
        fields.insert("supports_streaming".to_owned(), json!(true));
    }
    let sent: SentMessage = bot.upload(method, &fields, vec![input(field, file, bytes)]).await?;
    Ok(Item { number: file.item, message: sent.message_id, file_id: sent.file_id() })
}

/// 2 to 10 photos and videos as one album; if Telegram refuses it as such, one by one.
async fn album(
    bot: &Bot<'_>,
    chat: ChatId,
    files: &[(&OutFile, Bytes)],
    caption: &str,
) -> Result<Vec<Item>, TelegramError> {
    let mut media = Vec::new();
    let mut inputs = Vec::new();
    for (n, (file, bytes)) in files.iter().enumerate() {
        let field = format!("file{n}");
        let mut entry = json!({ "type": if file.kind == FileKind::Video { "video" } else { "photo" }, "media": format!("attach://{field}") });
        if n == 0 {
            entry["caption"] = json!(caption);
            entry["parse_mode"] = json!("HTML");
        }
        media.push(entry);
        inputs.push(input(&field, file, bytes));
    }
    let mut fields = common(chat);
    fields.insert("media".to_owned(), Value::String(Value::Array(media).to_string()));
    match bot.upload::<Vec<SentMessage>>("sendMediaGroup", &fields, inputs).await {
        Ok(sent) => Ok(files
            .iter()
            .zip(sent)
            .map(|((file, _), sent)| Item { number: file.item, message: sent.message_id, file_id: sent.file_id() })
            .collect()),
        Err(TelegramError::Rejected { .. } | TelegramError::FileTooBig) => {
            let mut items = Vec::new();
            for (n, (file, bytes)) in files.iter().enumerate() {
                items.push(single(bot, chat, file, bytes, if n == 0 { caption } else { "" }).await?);
            }
            Ok(items)
        }
        Err(error) => Err(error),
    }
}

fn common(chat: ChatId) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("chat_id".to_owned(), json!(chat));
    fields
}

fn input(field: &str, file: &OutFile, bytes: &Bytes) -> InputFile {
    InputFile {
        field: field.to_owned(),
        file_name: file.file_name.clone(),
        mime: file.mime.clone(),
        bytes: bytes.clone(),
    }
}

#[derive(Deserialize)]
struct FileId {
    file_id: String,
}

#[derive(Deserialize)]
struct SentMessage {
    message_id: MessageId,
    #[serde(default)]
    photo: Vec<FileId>,
    video: Option<FileId>,
    audio: Option<FileId>,
    voice: Option<FileId>,
    animation: Option<FileId>,
    document: Option<FileId>,
}

impl SentMessage {
    fn file_id(mut self) -> Option<String> {
        let photo = self.photo.pop();
        [photo, self.video, self.audio, self.voice, self.animation, self.document]
            .into_iter()
            .flatten()
            .next()
            .map(|f| f.file_id)
    }
}
