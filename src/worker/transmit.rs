//! One recorded message as calls to Telegram: a screen edited or sent, files alone or as an album, by their ids or from our own
//! copies (bot.md 2.3, 10). What Telegram refuses takes its next way as a message of its own (`jobs/fallback.rs`).

use std::io::ErrorKind;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Workers;
use super::split::{PART, split};
use crate::clients::Why;
use crate::clients::telegram::{Bot, Button, Extra, InlineKeyboard, InputFile, StarsInvoice, TelegramError};
use crate::domain::outgoing::{FileKind, Keyboard, OutFile, Outgoing, Press};
use crate::domain::{ChatId, MediaId, MessageId};
use crate::tenants::Tenant;

/// The code of a refusal that is ours: there is nothing to send.
pub(super) const UNREADABLE: u16 = 0;

/// The largest picture that Telegram takes as a photo, bytes.
const PHOTO_MOST: usize = 10 << 20;

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
    let bot = tenant.bot(&workers.telegram);
    match outgoing {
        Outgoing::Screen { html, keyboard, edit, .. } => screen(&bot, chat, html, keyboard, *edit).await,
        Outgoing::Files { files, caption, .. } => results(workers, tenant, &bot, chat, files, caption).await,
        Outgoing::ResultText { item, html, .. } => {
            let message = text(&bot, chat, html, &Keyboard::new()).await?;
            Ok(Sent { message: Some(message), items: vec![Item { number: *item, message, file_id: None }] })
        }
        Outgoing::Copy { from, message, .. } => {
            let message = bot.copy_message(chat, *from, *message).await?;
            Ok(Sent { message: Some(message), items: Vec::new() })
        }
        Outgoing::Invoice { invoice, title, description, stars } => {
            let start_parameter = format!("pay{}", invoice.short());
            let (payload, stars) = (invoice.as_str(), *stars);
            let asked = StarsInvoice { title, description, payload, start_parameter: &start_parameter, stars };
            Ok(Sent { message: Some(bot.send_invoice(chat, &asked).await?), items: Vec::new() })
        }
        Outgoing::Picture { media, mime, caption, keyboard, .. } => {
            picture(workers, tenant, &bot, chat, (media, mime), (caption, keyboard)).await
        }
        Outgoing::Caption { message, html, keyboard } => caption(&bot, chat, *message, html, keyboard).await,
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

/// Files as Telegram has them already, where it does; else, or when it does not know them any more, our own copies.
async fn results(
    workers: &Workers,
    tenant: &Tenant,
    bot: &Bot<'_>,
    chat: ChatId,
    files: &[OutFile],
    caption: &str,
) -> Result<Sent, TelegramError> {
    if files.iter().all(|file| file.file_id.is_some()) {
        match put(bot, chat, files, &[], caption).await {
            Err(TelegramError::Rejected { .. }) => {}
            done => return done,
        }
    }
    let mut contents = Vec::with_capacity(files.len());
    for file in files {
        contents.push(content(workers, tenant, file).await?);
    }
    put(bot, chat, files, &contents, caption).await
}

/// Our own copy. One that is gone will not come back, whichever way it would be sent.
async fn content(workers: &Workers, tenant: &Tenant, file: &OutFile) -> Result<Bytes, TelegramError> {
    let gone = || TelegramError::Rejected { code: UNREADABLE, description: "there is no copy of the file".to_owned() };
    let Some(media) = &file.media else { return Err(gone()) };
    workers.media.get(tenant, media).await.map_err(|error| {
        tracing::error!(tenant = %tenant.id, error = %error, "a stored result cannot be read");
        // Where nothing went out and the store may answer the next time, the message is tried again.
        if error.is_passing() { TelegramError::NotSent(Why::Connect(ErrorKind::NotConnected)) } else { gone() }
    })
}

/// One file alone, several as an album. Without `contents` by their ids at Telegram.
async fn put(
    bot: &Bot<'_>,
    chat: ChatId,
    files: &[OutFile],
    contents: &[Bytes],
    caption: &str,
) -> Result<Sent, TelegramError> {
    let items = match files {
        [] => Vec::new(),
        [file] => vec![single(bot, chat, file, contents.first(), caption).await?],
        several => album(bot, chat, several, contents, caption).await?,
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

async fn single(
    bot: &Bot<'_>,
    chat: ChatId,
    file: &OutFile,
    content: Option<&Bytes>,
    caption: &str,
) -> Result<Item, TelegramError> {
    let (method, field) = method(file.kind);
    let mut fields = common(chat);
    fields.insert("caption".to_owned(), json!(caption));
    fields.insert("parse_mode".to_owned(), json!("HTML"));
    if file.kind == FileKind::Video {
        fields.insert("supports_streaming".to_owned(), json!(true));
    }
    let mut inputs = Vec::new();
    match content {
        Some(bytes) => inputs.push(input(field, file, bytes)),
        None => drop(fields.insert(field.to_owned(), json!(file.file_id))),
    }
    let sent: SentMessage = bot.upload(method, &fields, inputs).await?;
    Ok(Item { number: file.item, message: sent.message_id, file_id: sent.file_id() })
}

/// 2 to 10 photos and videos as one album.
async fn album(
    bot: &Bot<'_>,
    chat: ChatId,
    files: &[OutFile],
    contents: &[Bytes],
    caption: &str,
) -> Result<Vec<Item>, TelegramError> {
    let mut media = Vec::new();
    let mut inputs = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let field = format!("file{n}");
        let source = match contents.get(n) {
            Some(bytes) => {
                inputs.push(input(&field, file, bytes));
                format!("attach://{field}")
            }
            None => file.file_id.clone().unwrap_or_default(),
        };
        let mut entry =
            json!({ "type": if file.kind == FileKind::Video { "video" } else { "photo" }, "media": source });
        if n == 0 {
            entry["caption"] = json!(caption);
            entry["parse_mode"] = json!("HTML");
        }
        media.push(entry);
    }
    let mut fields = common(chat);
    fields.insert("media".to_owned(), Value::String(Value::Array(media).to_string()));
    let sent: Vec<SentMessage> = bot.upload("sendMediaGroup", &fields, inputs).await?;
    let items = files.iter().zip(sent);
    Ok(items
        .map(|(file, sent)| Item { number: file.item, message: sent.message_id, file_id: sent.file_id() })
        .collect())
}

/// A picture of the tenant's store with words and buttons: as a photo, as a document where Telegram does not take it as one, and
/// the words alone where there is no copy any more.
async fn picture(
    workers: &Workers,
    tenant: &Tenant,
    bot: &Bot<'_>,
    chat: ChatId,
    (media, mime): (&MediaId, &str),
    (words, keyboard): (&str, &Keyboard),
) -> Result<Sent, TelegramError> {
    let bytes = match workers.media.get(tenant, media).await {
        Ok(bytes) => bytes,
        Err(error) if error.is_passing() => return Err(TelegramError::NotSent(Why::Connect(ErrorKind::NotConnected))),
        Err(error) => {
            tracing::error!(tenant = %tenant.id, error = %error, "a stored picture cannot be read");
            return Ok(Sent { message: Some(text(bot, chat, words, keyboard).await?), items: Vec::new() });
        }
    };
    let mut fields = common(chat);
    fields.insert("caption".to_owned(), json!(words));
    fields.insert("parse_mode".to_owned(), json!("HTML"));
    fields.insert("reply_markup".to_owned(), serde_json::to_value(markup(keyboard)).unwrap_or_default());
    let is_photo = ["image/jpeg", "image/png"].contains(&mime) && bytes.len() <= PHOTO_MOST;
    for kind in [FileKind::Photo, FileKind::Document].into_iter().skip(usize::from(!is_photo)) {
        let (method, field) = method(kind);
        let extension = mime.rsplit('/').next().unwrap_or("bin");
        let file = InputFile {
            field: field.to_owned(),
            file_name: format!("{}.{extension}", media.short()),
            mime: mime.to_owned(),
            bytes: bytes.clone(),
        };
        match bot.upload::<SentMessage>(method, &fields, vec![file]).await {
            Err(TelegramError::Rejected { .. }) if kind == FileKind::Photo => {}
            sent => return Ok(Sent { message: Some(sent?.message_id), items: Vec::new() }),
        }
    }
    Ok(Sent { message: Some(text(bot, chat, words, keyboard).await?), items: Vec::new() })
}

/// Changes what stands below a picture. A message that has none is a text; one that is gone needs nothing.
async fn caption(
    bot: &Bot<'_>,
    chat: ChatId,
    message: MessageId,
    html: &str,
    keyboard: &Keyboard,
) -> Result<Sent, TelegramError> {
    let keyboard = markup(keyboard);
    let edited = match bot.edit_message_caption(chat, message, html, &keyboard).await {
        Err(TelegramError::Rejected { .. }) => bot.edit_message_text(chat, message, html, Some(&keyboard)).await,
        edited => edited,
    };
    match edited {
        Ok(()) | Err(TelegramError::NotModified | TelegramError::MessageGone | TelegramError::Rejected { .. }) => {
            Ok(Sent { message: Some(message), items: Vec::new() })
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
