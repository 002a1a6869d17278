//! What a person does in a chat: writes, presses, pays, blocks.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::{Refusal, pair, talking};
use crate::domain::TransferId;
use crate::sandbox::telegram::bot::Press;
use crate::sandbox::telegram::chat::{typed_text, user_json};
use crate::sandbox::telegram::keyboard::has_button;
use crate::sandbox::telegram::updates::Queue;
use crate::sandbox::telegram::{delivery, pay as pay_invoice};
use crate::sandbox::wire::{ChatMessage, PressAnswer};
use crate::sandbox::world::World;

type Chat = Path<(String, i64)>;

/// A text to send.
#[derive(Deserialize)]
pub(super) struct Text {
    text: String,
    reply_to: Option<i64>,
}

/// `POST …/text`.
pub(super) async fn text(
    State(world): State<Arc<World>>,
    Path((bot, user)): Chat,
    Json(body): Json<Text>,
) -> Result<Json<ChatMessage>, Refusal> {
    let (bot, person) = talking(&world, &bot, user)?;
    let text = body.text.trim();
    if text.is_empty() || text.chars().count() > 4_096 {
        return Err(Refusal::bad("a message has 1 to 4096 characters"));
    }
    let mut content = typed_text(text);
    if let Some(id) = body.reply_to {
        let original = bot.state().chats.get(&user).and_then(|chat| chat.message(id)).map(|m| m.json.clone());
        content.insert("reply_to_message".to_owned(), original.ok_or_else(|| Refusal::not_found("message"))?);
    }
    Ok(Json(bot.receive(&world, &person, content)))
}

/// `POST …/content`: any message content word for word, for stickers, contacts and whatever is newer than this code.
pub(super) async fn content(
    State(world): State<Arc<World>>,
    Path((bot, user)): Chat,
    Json(content): Json<Map<String, Value>>,
) -> Result<Json<ChatMessage>, Refusal> {
    let (bot, person) = talking(&world, &bot, user)?;
    Ok(Json(bot.receive(&world, &person, content)))
}

/// `POST /sandbox/bots/<bot>/updates`: an update word for word, also one with a used `update_id`.
pub(super) async fn raw_update(
    State(world): State<Arc<World>>,
    Path(bot): Path<String>,
    Json(update): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let bot = world.bot(&bot).ok_or_else(|| Refusal::not_found("bot"))?;
    if !update.is_object() {
        return Err(Refusal::bad("an update is a JSON object"));
    }
    let chat = update["message"]["chat"]["id"].as_i64();
    let queue = chat.map_or(Queue::Other, Queue::Chat);
    let id = bot.state().updates.push_raw(update, queue, world.clock.now().0);
    bot.bump(&world);
    delivery::wake(&world, &bot, queue);
    Ok(Json(json!({"update_id": id})))
}

/// A button to press.
#[derive(Deserialize)]
pub(super) struct Button {
    message_id: i64,
    data: String,
    /// Presses a button that the message does not show (any more), as old clients and forgers do.
    #[serde(default)]
    forged: bool,
    /// How long to wait for the answer, ms.
    wait_ms: Option<u64>,
}

/// `POST …/press`: gives what `answerCallbackQuery` said.
pub(super) async fn press(
    State(world): State<Arc<World>>,
    Path((bot, user)): Chat,
    Json(button): Json<Button>,
) -> Result<Json<PressAnswer>, Refusal> {
    let (bot, person) = talking(&world, &bot, user)?;
    let query = TransferId::random().short().to_owned();
    let (answer, answered) = oneshot::channel();
    let body = {
        let mut state = bot.state();
        let message = state.chats.get(&user).and_then(|chat| chat.message(button.message_id));
        let message = message.ok_or_else(|| Refusal::not_found("message"))?;
        if !button.forged && !has_button(&message.json, &button.data) {
            return Err(Refusal::not_found("button"));
        }
        let body = json!({
            "id": query,
            "from": user_json(&person),
            "message": message.json,
            "chat_instance": format!("{}", user.wrapping_mul(7_919) ^ bot.id),
            "data": button.data,
        });
        state.presses.insert(query, Press { user, at: world.clock.now().0, answer });
        body
    };
    bot.push_update(&world, "callback_query", body, Queue::Callback(user));
    let wait = button.wait_ms.map_or(world.settings.telegram.callback_life, Duration::from_millis);
    let answer = tokio::time::timeout(wait, answered).await;
    Ok(Json(answer.ok().and_then(Result::ok).unwrap_or_default()))
}

/// An invoice to pay.
#[derive(Deserialize)]
pub(super) struct Invoice {
    message_id: i64,
}

/// `POST …/pay`: pre-checkout, then the payment.
pub(super) async fn pay(
    State(world): State<Arc<World>>,
    Path((bot, user)): Chat,
    Json(invoice): Json<Invoice>,
) -> Result<Json<Value>, Refusal> {
    let (bot, person) = talking(&world, &bot, user)?;
    pay_invoice(&world, &bot, &person, invoice.message_id).await.map(Json).map_err(Refusal::conflict)
}

/// Whether to block.
#[derive(Deserialize)]
pub(super) struct Block {
    blocked: bool,
}

/// `POST …/block`: blocks or unblocks, and tells the bot as Telegram does.
pub(super) async fn block(
    State(world): State<Arc<World>>,
    Path((bot, user)): Chat,
    Json(body): Json<Block>,
) -> Result<Json<Value>, Refusal> {
    let (bot, person) = pair(&world, &bot, user)?;
    let (me, username, changed) = {
        let mut state = bot.state();
        let (me, username) = (state.user_json(bot.id), state.username.clone());
        let chat = state.chats.entry(user).or_default();
        let changed = chat.blocked != body.blocked;
        chat.blocked = body.blocked;
        (me, username, changed)
    };
    if changed {
        let member = |blocked: bool| {
            if blocked {
                json!({"user": me, "status": "kicked", "until_date": 0})
            } else {
                json!({"user": me, "status": "member"})
            }
        };
        let update = json!({
            "chat": crate::sandbox::telegram::chat::chat_json(&person),
            "from": user_json(&person),
            "date": world.seconds(),
            "old_chat_member": member(!body.blocked),
            "new_chat_member": member(body.blocked),
        });
        bot.push_update(&world, "my_chat_member", update, Queue::Membership(user));
        world.events.tell(&username, user, "chat", || json!({"blocked": body.blocked}));
    }
    Ok(Json(json!({"blocked": body.blocked})))
}
