//! Editing and deleting messages.

use serde_json::{Map, Value, json};

use super::albums::input_media;
use super::send::{caption_content, text_content};
use super::{Outcome, chat_id};
use crate::sandbox::telegram::bot::Bot;
use crate::sandbox::telegram::error::ApiError;
use crate::sandbox::telegram::keyboard::reply_markup;
use crate::sandbox::telegram::params::Params;
use crate::sandbox::wire::ChatMessage;
use crate::sandbox::world::World;

/// Messages older than this cannot be deleted, seconds.
const DELETE_WITHIN: i64 = 48 * 60 * 60;
const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the \
                            same as a current content and reply markup of the message";
const MEDIA: [&str; 7] = ["photo", "document", "video", "audio", "voice", "animation", "sticker"];

/// `editMessageText`.
pub(super) fn text(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let content = text_content(params)?;
    change(world, bot, params, &["text", "entities"], content, |old| match old.get("text") {
        Some(_) => Ok(()),
        None => Err(ApiError::bad("there is no text in the message to edit")),
    })
}

/// `editMessageCaption`.
pub(super) fn caption(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let content = caption_content(
        &params.text("caption").unwrap_or_default(),
        params.text("parse_mode").as_deref(),
        params.nested("caption_entities")?,
    )?;
    change(world, bot, params, &["caption", "caption_entities"], content, |old| {
        let has_media = MEDIA.iter().any(|field| old.get(field).is_some());
        if has_media { Ok(()) } else { Err(ApiError::bad("there is no caption in the message to edit")) }
    })
}

/// `editMessageReplyMarkup`.
pub(super) fn markup(world: &World, bot: &Bot, params: &Params) -> Outcome {
    change(world, bot, params, &[], Map::new(), |_| Ok(()))
}

/// `editMessageMedia`.
pub(super) async fn media(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let item: Value = params.nested("media")?.ok_or_else(|| ApiError::bad("media is empty"))?;
    let (_, content) = input_media(world, bot, params, &item).await?;
    let mut replaced = MEDIA.to_vec();
    replaced.extend(["caption", "caption_entities", "text", "entities", "has_media_spoiler"]);
    change(world, bot, params, &replaced, content, |_| Ok(()))
}

/// Replaces the fields `replaced` by `content`, and the inline keyboard by the call's.
fn change(
    world: &World,
    bot: &Bot,
    params: &Params,
    replaced: &[&str],
    content: Map<String, Value>,
    allowed: impl Fn(&Value) -> Result<(), ApiError>,
) -> Outcome {
    let chat_id = chat_id(params)?;
    let id = params.int("message_id").ok_or_else(|| ApiError::bad("message identifier is not specified"))?;
    let markup = reply_markup(params)?;
    let seconds = world.seconds();
    let mut state = bot.state();
    let chat = state.reachable(world, chat_id)?;
    let message = chat.message_mut(id).ok_or_else(|| ApiError::bad("message to edit not found"))?;
    if !message.from_bot {
        return Err(ApiError::bad("message can't be edited"));
    }
    allowed(&message.json)?;
    let mut json = message.json.clone();
    if let Some(fields) = json.as_object_mut() {
        for field in replaced.iter().chain(&["reply_markup"]) {
            fields.remove(*field);
        }
        fields.extend(content);
        if let Some(markup) = markup {
            fields.insert("reply_markup".to_owned(), markup);
        }
    }
    if json == message.json {
        return Err(ApiError::bad(NOT_MODIFIED));
    }
    json["edit_date"] = Value::from(seconds);
    message.json = json.clone();
    message.edits += 1;
    let edited = message.clone();
    let username = state.username.clone();
    drop(state);
    bot.bump(world);
    world.events.tell(&username, chat_id, "edit", || json!(edited));
    Ok(json.into())
}

/// `deleteMessage`.
pub(super) fn delete(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let chat_id = chat_id(params)?;
    let id = params.int("message_id").unwrap_or(0);
    remove(world, bot, chat_id, id)?;
    Ok(Value::Bool(true).into())
}

/// `deleteMessages`: those that are not there are skipped.
pub(super) fn delete_many(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let chat_id = chat_id(params)?;
    let ids: Vec<i64> = params.nested("message_ids")?.unwrap_or_default();
    if !(1..=100).contains(&ids.len()) {
        return Err(ApiError::bad("message identifiers are not specified"));
    }
    bot.state().reachable(world, chat_id)?;
    for id in ids {
        let _ = remove(world, bot, chat_id, id);
    }
    Ok(Value::Bool(true).into())
}

fn remove(world: &World, bot: &Bot, chat_id: i64, id: i64) -> Result<ChatMessage, ApiError> {
    let seconds = world.seconds();
    let mut state = bot.state();
    let chat = state.reachable(world, chat_id)?;
    let message = chat.message(id).ok_or_else(|| ApiError::bad("message to delete not found"))?;
    if seconds - message.json["date"].as_i64().unwrap_or(0) > DELETE_WITHIN {
        return Err(ApiError::bad("message can't be deleted"));
    }
    let gone = chat.remove(id).ok_or_else(|| ApiError::bad("message to delete not found"))?;
    let username = state.username.clone();
    drop(state);
    bot.bump(world);
    world.events.tell(&username, chat_id, "delete", || json!({"id": id}));
    Ok(gone)
}
