//! `sendMediaGroup`: two to ten files that are shown together.

use serde_json::{Map, Value};

use super::send::{caption_content, extras};
use super::{Outcome, chat_id};
use crate::sandbox::files::{FileEntry, FileKind};
use crate::sandbox::telegram::bot::{Bot, Extras};
use crate::sandbox::telegram::error::ApiError;
use crate::sandbox::telegram::media;
use crate::sandbox::telegram::params::Params;
use crate::sandbox::world::World;

/// One `InputMedia`: its file and its caption, ready to be message content.
pub(super) async fn input_media(
    world: &World,
    bot: &Bot,
    params: &Params,
    item: &Value,
) -> Result<(FileEntry, Map<String, Value>), ApiError> {
    let kind = item["type"].as_str().and_then(FileKind::from_field);
    let kind = kind.filter(|k| !matches!(k, FileKind::Voice | FileKind::Sticker));
    let kind = kind.ok_or_else(|| ApiError::bad("can't parse InputMedia: unknown media type"))?;
    let entities = item.get("caption_entities").and_then(Value::as_array).cloned();
    let caption = caption_content(item["caption"].as_str().unwrap_or(""), item["parse_mode"].as_str(), entities)?;
    let entry = media::resolve(world, bot, params, "media", item["media"].as_str(), kind).await?;
    let no_fields = Map::new();
    let mut content = media::content(&entry, item.as_object().unwrap_or(&no_fields));
    content.extend(caption);
    if item["has_spoiler"] == true {
        content.insert("has_media_spoiler".to_owned(), Value::Bool(true));
    }
    Ok((entry, content))
}

/// `sendMediaGroup`.
pub(super) async fn send(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let chat = chat_id(params)?;
    let items: Vec<Value> = params.nested("media")?.unwrap_or_default();
    if !(2..=10).contains(&items.len()) {
        return Err(ApiError::bad("group send failed: expected 2 to 10 items in the media group"));
    }
    let reply = extras(params)?;
    bot.state().reachable(world, chat)?;
    let mut contents = Vec::with_capacity(items.len());
    let mut kinds = Vec::new();
    for item in &items {
        let (entry, content) = input_media(world, bot, params, item).await?;
        kinds.push(entry.kind);
        contents.push((entry.number, content));
    }
    let alike = kinds.iter().all(|kind| *kind == kinds[0]);
    let visual = kinds.iter().all(|kind| matches!(kind, FileKind::Photo | FileKind::Video));
    let lonely = kinds.contains(&FileKind::Animation);
    if lonely || !(alike || visual) {
        return Err(ApiError::bad("can't mix these media types in a media group"));
    }
    let group = format!("14{:012}", contents[0].0);
    let mut sent = Vec::with_capacity(contents.len());
    for (_, mut content) in contents {
        content.insert("media_group_id".to_owned(), Value::from(group.as_str()));
        let extras = Extras { markup: None, ..reply_like(&reply) };
        sent.push(bot.post(world, chat, content, extras)?);
    }
    Ok(Value::Array(sent).into())
}

fn reply_like(extras: &Extras) -> Extras {
    Extras { markup: None, reply_to: extras.reply_to, reply_may_be_gone: extras.reply_may_be_gone }
}
