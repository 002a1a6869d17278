//! Reading what happened (chats, calls, tasks) and breaking things.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, pair};
use crate::sandbox::telegram::bot::Bot;
use crate::sandbox::telegram::commands_seen_by;
use crate::sandbox::wire::{CallFilter, CallRecord, ChatView, KieFault, KieTuning, Person, TaskInfo, TelegramFault};
use crate::sandbox::world::World;

/// Longest wait of one request.
const LONGEST_WAIT_MS: u64 = 30_000;

/// How long to wait for a change.
#[derive(Deserialize)]
pub(super) struct Since {
    version: Option<u64>,
    #[serde(default)]
    wait_ms: u64,
}

/// `GET /sandbox/chats/<bot>/<user>`: at once, or after the bot's world differs from `version`.
pub(super) async fn chat(
    State(world): State<Arc<World>>,
    Path((bot, user)): Path<(String, i64)>,
    Query(since): Query<Since>,
) -> Result<Json<ChatView>, Refusal> {
    let (bot, person) = pair(&world, &bot, user)?;
    let mut changes = bot.changed.subscribe();
    if let Some(seen) = since.version {
        let wait = Duration::from_millis(since.wait_ms.min(LONGEST_WAIT_MS));
        // Out of time is an answer too: the unchanged chat.
        let _ = tokio::time::timeout(wait, changes.wait_for(|version| *version != seen)).await;
    }
    Ok(Json(view(&world, &bot, &person)))
}

fn view(world: &World, bot: &Bot, person: &Person) -> ChatView {
    // Read before the state: a change in between is seen next time.
    let version = *bot.changed.borrow();
    let state = bot.state();
    let commands = commands_seen_by(&state, person.id, person.language_code.as_deref());
    let chat = state.chats.get(&person.id);
    ChatView {
        messages: chat.map(|chat| chat.messages.iter().cloned().collect()).unwrap_or_default(),
        version,
        typing: chat.is_some_and(|chat| chat.typing_until > world.clock.now().0),
        blocked: chat.is_some_and(|chat| chat.blocked),
        commands,
        keyboard: chat.and_then(|chat| chat.keyboard.clone()),
    }
}

/// `GET /sandbox/calls`.
pub(super) async fn calls(State(world): State<Arc<World>>, Query(filter): Query<CallFilter>) -> Json<Vec<CallRecord>> {
    Json(world.calls.list(&filter))
}

/// `DELETE /sandbox/calls`.
pub(super) async fn forget_calls(State(world): State<Arc<World>>) -> Json<Value> {
    world.calls.clear();
    Json(json!({}))
}

/// `GET /sandbox/faults`: how many wait.
pub(super) async fn faults(State(world): State<Arc<World>>) -> Json<Value> {
    let (telegram, kie) = world.faults.waiting();
    Json(json!({"telegram": telegram, "kie": kie}))
}

/// `DELETE /sandbox/faults`.
pub(super) async fn forget_faults(State(world): State<Arc<World>>) -> Json<Value> {
    world.faults.clear();
    Json(json!({}))
}

/// `POST /sandbox/faults/telegram`.
pub(super) async fn break_telegram(State(world): State<Arc<World>>, Json(fault): Json<TelegramFault>) -> Json<Value> {
    world.faults.add_telegram(fault);
    Json(json!({}))
}

/// `POST /sandbox/faults/kie`.
pub(super) async fn break_kie(State(world): State<Arc<World>>, Json(fault): Json<KieFault>) -> Json<Value> {
    world.faults.add_kie(fault);
    Json(json!({}))
}

/// `GET /sandbox/kie`: all remembered tasks.
pub(super) async fn kie(State(world): State<Arc<World>>) -> Json<Vec<TaskInfo>> {
    Json(world.kie.list(world.clock.now().0))
}

/// `POST /sandbox/kie`: delay, keys, prices, signing key.
pub(super) async fn tune_kie(State(world): State<Arc<World>>, Json(tuning): Json<KieTuning>) -> Json<Value> {
    world.kie.tune(tuning);
    world.touch();
    Json(json!({}))
}
