//! Sending: texts, files, copies, and "typing…".

use serde_json::{Map, Value, json};

use super::{Outcome, chat_id};
use crate::sandbox::files::FileKind;
use crate::sandbox::telegram::bot::{Bot, Extras};
use crate::sandbox::telegram::error::ApiError;
use crate::sandbox::telegram::html::{self, Formatted};
use crate::sandbox::telegram::keyboard::reply_markup;
use crate::sandbox::telegram::media;
use crate::sandbox::telegram::params::Params;
use crate::sandbox::world::World;

/// Longest text of a message, characters after parsing.
const TEXT_CAP: usize = 4_096;
/// Longest caption.
const CAPTION_CAP: usize = 1_024;
/// How long a chat action stands, ms.
const ACTION_MS: i64 = 5_000;
const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

/// The parsed text of a call.
pub(super) fn formatted(params: &Params, field: &str, entities: &str) -> Result<Formatted, ApiError> {
    let mode = params.text("parse_mode");
    format_one(&params.text(field).unwrap_or_default(), mode.as_deref(), params.nested(entities)?)
}

fn format_one(source: &str, mode: Option<&str>, entities: Option<Vec<Value>>) -> Result<Formatted, ApiError> {
    match mode.unwrap_or("").to_ascii_lowercase().as_str() {
        "" => Ok(html::plain(source, entities.unwrap_or_default())),
        "html" => html::parse(source),
        "markdown" | "markdownv2" => Err(ApiError::bad("the sandbox reads HTML only, not Markdown")),
        _ => Err(ApiError::bad("unsupported parse_mode")),
    }
}

/// The text of a message, checked.
pub(super) fn text_content(params: &Params) -> Result<Map<String, Value>, ApiError> {
    let out = formatted(params, "text", "entities")?;
    if out.text.is_empty() {
        return Err(ApiError::bad("message text is empty"));
    }
    if out.text.chars().count() > TEXT_CAP {
        return Err(ApiError::bad("message is too long"));
    }
    let mut content = Map::new();
    put(&mut content, "text", "entities", out);
    Ok(content)
}

/// A caption, checked; nothing if it is empty.
pub(super) fn caption_content(
    source: &str,
    mode: Option<&str>,
    entities: Option<Vec<Value>>,
) -> Result<Map<String, Value>, ApiError> {
    let out = format_one(source, mode, entities)?;
    if out.text.chars().count() > CAPTION_CAP {
        return Err(ApiError::bad("message caption is too long"));
    }
    let mut content = Map::new();
    if !out.text.is_empty() {
        put(&mut content, "caption", "caption_entities", out);
    }
    Ok(content)
}

fn put(content: &mut Map<String, Value>, text: &str, entities: &str, out: Formatted) {
    content.insert(text.to_owned(), Value::from(out.text));
    if !out.entities.is_empty() {
        content.insert(entities.to_owned(), Value::Array(out.entities));
    }
}

/// Reply, keyboard and the like.
pub(super) fn extras(params: &Params) -> Result<Extras, ApiError> {
    let reply = params.nested::<Value>("reply_parameters")?;
    let said = |name: &str| reply.as_ref().and_then(|r| r.get(name));
    Ok(Extras {
        markup: reply_markup(params)?,
        reply_to: said("message_id").and_then(Value::as_i64).or_else(|| params.int("reply_to_message_id")),
        reply_may_be_gone: said("allow_sending_without_reply").and_then(Value::as_bool).unwrap_or(false)
            || params.flag("allow_sending_without_reply"),
    })
}

/// `sendMessage`.
pub(super) fn message(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let chat = chat_id(params)?;
    let mut content = text_content(params)?;
    if let Some(options) = params.nested::<Value>("link_preview_options")? {
        content.insert("link_preview_options".to_owned(), options);
    }
    protect(&mut content, params);
    Ok(bot.post(world, chat, content, extras(params)?)?.into())
}

fn protect(content: &mut Map<String, Value>, params: &Params) {
    if params.flag("protect_content") {
        content.insert("has_protected_content".to_owned(), Value::Bool(true));
    }
}

/// `sendPhoto` and its like.
pub(super) async fn file(world: &World, bot: &Bot, params: &Params, kind: FileKind) -> Outcome {
    let chat = chat_id(params)?;
    let extras = extras(params)?;
    let caption = caption_content(
        &params.text("caption").unwrap_or_default(),
        params.text("parse_mode").as_deref(),
        params.nested("caption_entities")?,
    )?;
    // Refuse an unreachable chat before reading a file, as the real server does.
    bot.state().reachable(world, chat)?;
    let source = params.text(kind.field());
    let entry = media::resolve(world, bot, params, kind.field(), source.as_deref(), kind).await?;
    let mut content = media::content(&entry, &params.values);
    content.extend(caption);
    if params.flag("has_spoiler") {
        content.insert("has_media_spoiler".to_owned(), Value::Bool(true));
    }
    protect(&mut content, params);
    Ok(bot.post(world, chat, content, extras)?.into())
}

/// `copyMessage`: the same content without its origin.
pub(super) fn copy(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let chat = chat_id(params)?;
    let from = params.int("from_chat_id").ok_or_else(|| ApiError::bad("chat not found"))?;
    let id = params.int("message_id").unwrap_or(0);
    let original = bot.state().chats.get(&from).and_then(|c| c.message(id)).map(|m| m.json.clone());
    let Some(Value::Object(mut content)) = original else {
        return Err(ApiError::bad("message to copy not found"));
    };
    for own in ["message_id", "date", "chat", "from", "reply_to_message", "reply_markup", "edit_date", "media_group_id"]
    {
        content.remove(own);
    }
    let posted = bot.post(world, chat, content, extras(params)?)?;
    Ok(json!({"message_id": posted["message_id"]}).into())
}

/// `sendChatAction`.
pub(super) fn chat_action(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let chat = chat_id(params)?;
    let action = params.text("action").unwrap_or_default();
    if !ACTIONS.contains(&action.as_str()) {
        return Err(ApiError::bad("wrong parameter action in request"));
    }
    let now = world.clock.now().0;
    let mut state = bot.state();
    state.reachable(world, chat)?.typing_until = now + ACTION_MS;
    let username = state.username.clone();
    drop(state);
    world.events.tell(&username, chat, "typing", || json!({"action": action, "ms": ACTION_MS}));
    Ok(Value::Bool(true).into())
}
