//! `setMyCommands` and its like: lists by scope and language, and which of them a person sees.

use serde_json::{Value, json};

use super::Outcome;
use crate::sandbox::telegram::bot::{Bot, BotState};
use crate::sandbox::telegram::error::{ApiError, Reply};
use crate::sandbox::telegram::params::Params;
use crate::sandbox::world::World;

fn key(params: &Params) -> Result<String, ApiError> {
    let scope: Option<Value> = params.nested("scope")?;
    let kind = scope.as_ref().and_then(|s| s["type"].as_str()).unwrap_or("default").to_owned();
    let chat = match &scope {
        Some(scope) if matches!(kind.as_str(), "chat" | "chat_administrators" | "chat_member") => {
            let id = &scope["chat_id"];
            let id = id.as_i64().or_else(|| id.as_str()?.parse().ok());
            id.ok_or_else(|| ApiError::bad("chat not found"))?.to_string()
        }
        _ => String::new(),
    };
    if !matches!(
        kind.as_str(),
        "default"
            | "all_private_chats"
            | "all_group_chats"
            | "all_chat_administrators"
            | "chat"
            | "chat_administrators"
            | "chat_member"
    ) {
        return Err(ApiError::bad("can't parse BotCommandScope: unsupported type specified"));
    }
    let language = params.text("language_code").unwrap_or_default();
    if !(language.is_empty() || language.len() == 2 && language.bytes().all(|c| c.is_ascii_lowercase())) {
        return Err(ApiError::bad("invalid language code specified"));
    }
    Ok(format!("{kind}|{chat}|{language}"))
}

/// `setMyCommands`.
pub(super) fn set(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let commands: Vec<Value> =
        params.nested("commands")?.ok_or_else(|| ApiError::bad("can't parse commands JSON object"))?;
    if commands.len() > 100 {
        return Err(ApiError::bad("too many commands specified"));
    }
    for command in &commands {
        let name = command["command"].as_str().unwrap_or("").trim_start_matches('/');
        let about = command["description"].as_str().unwrap_or("").chars().count();
        let name_ok = (1..=32).contains(&name.len())
            && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_');
        if !name_ok {
            return Err(ApiError::bad("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&about) {
            return Err(ApiError::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    let key = key(params)?;
    bot.state().commands.insert(key, commands);
    Ok(told(world, bot))
}

/// `deleteMyCommands`.
pub(super) fn delete(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let key = key(params)?;
    bot.state().commands.remove(&key);
    Ok(told(world, bot))
}

fn told(world: &World, bot: &Bot) -> Reply {
    bot.bump(world);
    world.events.tell(&bot.username(), 0, "commands", || Value::Null);
    Value::Bool(true).into()
}

/// `getMyCommands`: exactly this scope and language.
pub(super) fn get(bot: &Bot, params: &Params) -> Outcome {
    let key = key(params)?;
    Ok(json!(bot.state().commands.get(&key).cloned().unwrap_or_default()).into())
}

/// The commands a person's client shows: the nearest scope first, in it their language first.
pub(crate) fn seen_by(state: &BotState, user: i64, language: Option<&str>) -> Vec<Value> {
    let language: String = language.unwrap_or("").chars().take(2).collect();
    for scope in [format!("chat|{user}"), "all_private_chats|".to_owned(), "default|".to_owned()] {
        for wanted in [language.as_str(), ""] {
            if let Some(list) = state.commands.get(&format!("{scope}|{wanted}")) {
                return list.clone();
            }
        }
    }
    Vec::new()
}
