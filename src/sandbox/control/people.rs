//! Who there is: bots, people, and an overview of their chats.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::sandbox::telegram::chat::user_json;
use crate::sandbox::telegram::updates::Queue;
use crate::sandbox::wire::{BotInfo, BotSpec, Person};
use crate::sandbox::world::World;

/// `GET /sandbox/info`: links for the top of the page.
pub(super) async fn info(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({"links": world.settings.links}))
}

/// `GET /sandbox/bots`.
pub(super) async fn bots(State(world): State<Arc<World>>) -> Json<Vec<BotInfo>> {
    Json(world.all_bots().iter().map(|bot| bot.info()).collect())
}

/// `POST /sandbox/bots`.
pub(super) async fn add_bot(
    State(world): State<Arc<World>>,
    Json(spec): Json<BotSpec>,
) -> Result<Json<BotInfo>, Refusal> {
    let bot = world.add_bot(&spec).ok_or_else(|| {
        Refusal::bad("a bot token looks like 123456789:AA… (digits, a colon, 30 to 64 letters, digits, '_' or '-')")
    })?;
    Ok(Json(bot.info()))
}

/// `POST /sandbox/bots/{bot}/manage`: Bot Management Mode, as BotFather's Mini App switches it on.
pub(super) async fn manage(State(world): State<Arc<World>>, Path(bot): Path<String>) -> Result<Json<BotInfo>, Refusal> {
    let bot = world.bot(&bot).ok_or_else(|| Refusal::not_found("bot"))?;
    bot.state().manages = true;
    world.touch();
    Ok(Json(bot.info()))
}

/// A person confirms Telegram's page for a new bot.
#[derive(Deserialize)]
pub(super) struct NewManaged {
    user: i64,
    username: String,
    first_name: String,
}

/// `POST /sandbox/bots/{manager}/managed`: what a link `t.me/newbot/…` does. The manager is told.
pub(super) async fn create_managed(
    State(world): State<Arc<World>>,
    Path(manager): Path<String>,
    Json(body): Json<NewManaged>,
) -> Result<Json<BotInfo>, Refusal> {
    let manager = world.bot(&manager).ok_or_else(|| Refusal::not_found("bot"))?;
    let person = world.person(body.user).ok_or_else(|| Refusal::not_found("person"))?;
    if !manager.state().manages {
        return Err(Refusal::conflict("this bot does not manage others"));
    }
    if world.bot(&body.username).is_some() {
        return Err(Refusal::conflict("this username is taken"));
    }
    let id = world.all_bots().iter().map(|bot| bot.id).max().unwrap_or(7_000_000_000) + 1;
    let token = format!("{id}:AAfakemanaged{:0>22}", id % 1_000_000);
    let spec = BotSpec { token, username: body.username, first_name: body.first_name };
    let bot = world.add_bot(&spec).ok_or_else(|| Refusal::bad("the bot could not be made"))?;
    bot.state().managed_by = Some(manager.id);
    let update = json!({ "user": user_json(&person), "bot": bot.state().user_json(bot.id) });
    manager.push_update(&world, "managed_bot", update, Queue::Other);
    Ok(Json(bot.info()))
}

/// Lines of a bot's list of Stars, as Telegram gives them.
#[derive(Deserialize)]
pub(super) struct StarsLines {
    lines: Vec<Value>,
    /// They are all there is: the list begins anew.
    #[serde(default)]
    anew: bool,
}

/// `POST /sandbox/bots/{bot}/stars`: writes lines to the end of the list, and tells nobody.
pub(super) async fn stars(
    State(world): State<Arc<World>>,
    Path(bot): Path<String>,
    Json(body): Json<StarsLines>,
) -> Result<Json<Value>, Refusal> {
    let bot = world.bot(&bot).ok_or_else(|| Refusal::not_found("bot"))?;
    let mut state = bot.state();
    if body.anew {
        state.stars.clear();
    }
    state.stars.extend(body.lines);
    Ok(Json(json!({"lines": state.stars.len()})))
}

/// `GET /sandbox/people`.
pub(super) async fn people(State(world): State<Arc<World>>) -> Json<Vec<Person>> {
    Json(world.all_people())
}

/// `POST /sandbox/people`.
pub(super) async fn add_person(
    State(world): State<Arc<World>>,
    Json(person): Json<Person>,
) -> Result<Json<Person>, Refusal> {
    if person.id <= 0 || person.first_name.trim().is_empty() {
        return Err(Refusal::bad("a person needs a positive id and a first_name"));
    }
    world.add_person(person.clone());
    world.events.tell("", 0, "bots", || Value::Null);
    Ok(Json(person))
}

/// `GET /sandbox/chats`: every chat with its last message.
pub(super) async fn overview(State(world): State<Arc<World>>) -> Json<Vec<Value>> {
    let mut rows = Vec::new();
    for bot in world.all_bots() {
        let state = bot.state();
        for (user, chat) in &state.chats {
            rows.push(json!({
                "bot": state.username,
                "user": user,
                "last": chat.messages.back(),
                "count": chat.messages.len(),
                "blocked": chat.blocked,
            }));
        }
    }
    Json(rows)
}
