//! What a bot can ask: itself, a chat, a file; and the texts of its profile.

use serde_json::{Value, json};

use super::{Outcome, chat_id};
use crate::sandbox::telegram::bot::Bot;
use crate::sandbox::telegram::chat::chat_json;
use crate::sandbox::telegram::error::{ApiError, Reply};
use crate::sandbox::telegram::params::Params;
use crate::sandbox::world::World;

/// What bots can download (facts/telegram.md 4).
const DOWNLOAD_CAP: usize = 20 * 1024 * 1024;

/// `getMe`.
pub(super) fn me(bot: &Bot) -> Reply {
    let mut me = bot.state().user_json(bot.id);
    for flag in [
        "can_read_all_group_messages",
        "supports_inline_queries",
        "can_connect_to_business",
        "has_main_web_app",
        "has_topics_enabled",
    ] {
        me[flag] = Value::Bool(false);
    }
    me["can_manage_bots"] = Value::Bool(bot.state().manages);
    me["can_join_groups"] = Value::Bool(true);
    me.into()
}

/// `getManagedBotToken`, `replaceManagedBotToken`: for the manager a bot was created for (facts/telegram.md 2).
pub(super) fn managed_token(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let id = params.int("user_id").unwrap_or_default();
    let managed = world.bot(&id.to_string()).filter(|managed| managed.state().managed_by == Some(bot.id));
    let managed = managed.ok_or_else(|| ApiError::bad("user not found"))?;
    Ok(Value::from(managed.token_text()).into())
}

/// `getChat`.
pub(super) fn chat(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let id = chat_id(params)?;
    let known = bot.state().chats.contains_key(&id) || world.settings.telegram.open_chats;
    let person = world.person(id).filter(|_| known).ok_or_else(|| ApiError::bad("chat not found"))?;
    let mut chat = chat_json(&person);
    chat["accent_color_id"] = Value::from(id.rem_euclid(7));
    chat["max_reaction_count"] = Value::from(11);
    chat["accepted_gift_types"] = json!({
        "unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true, "premium_subscription": true,
    });
    Ok(chat.into())
}

/// `getFile`.
pub(super) fn file(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let id = params.text("file_id").unwrap_or_default();
    let wrong = || ApiError::bad("wrong file_id or the file is temporarily unavailable");
    let entry = world.files.get(&id).filter(|entry| entry.bot == bot.id).ok_or_else(wrong)?;
    if entry.size > DOWNLOAD_CAP {
        return Err(ApiError::bad("file is too big"));
    }
    Ok(json!({
        "file_id": id,
        "file_unique_id": entry.unique_id(),
        "file_size": entry.size,
        "file_path": entry.path(),
    })
    .into())
}

/// `setMyName`, `getMyDescription` and their like: a text per language.
pub(super) fn profile(world: &World, bot: &Bot, params: &Params, method: &str) -> Outcome {
    let (field, cap) = match &method[3..] {
        "MyName" => ("name", 64),
        "MyDescription" => ("description", 512),
        "MyShortDescription" => ("short_description", 120),
        "ChatMenuButton" => ("menu_button", 0),
        _ => return Err(ApiError::no_method()),
    };
    let chat = params.text("chat_id").unwrap_or_default();
    let key = format!("{field}|{chat}|{}", params.text("language_code").unwrap_or_default());
    if method.starts_with("get") {
        let kept = bot.state().profile.get(&key).cloned();
        return Ok(match (field, kept) {
            ("menu_button", kept) => kept.unwrap_or_else(|| json!({"type": "commands"})),
            ("name", None) => json!({"name": bot.state().first_name}),
            (_, kept) => json!({field: kept.unwrap_or_else(|| Value::from(""))}),
        }
        .into());
    }
    let value = if field == "menu_button" {
        params.nested("menu_button")?.unwrap_or_else(|| json!({"type": "default"}))
    } else {
        let text = params.text(field).unwrap_or_default();
        if text.chars().count() > cap {
            return Err(ApiError::bad(format!("{field} is too long")));
        }
        Value::from(text)
    };
    bot.state().profile.insert(key, value);
    world.touch();
    Ok(Value::Bool(true).into())
}
