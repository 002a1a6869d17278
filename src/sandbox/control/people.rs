//! Who there is: bots, people, and an overview of their chats.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Refusal;
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
