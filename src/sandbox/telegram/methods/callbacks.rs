//! `answerCallbackQuery`: once per press, while the press lives.

use serde_json::{Value, json};

use super::Outcome;
use crate::sandbox::telegram::bot::Bot;
use crate::sandbox::telegram::error::ApiError;
use crate::sandbox::telegram::params::Params;
use crate::sandbox::wire::PressAnswer;
use crate::sandbox::world::World;

/// Longest toast, characters.
const TOAST_CAP: usize = 200;

/// `answerCallbackQuery`.
pub(super) fn answer(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let text = params.text("text").filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > TOAST_CAP) {
        return Err(ApiError::bad("MESSAGE_TOO_LONG"));
    }
    let id = params.text("callback_query_id").unwrap_or_default();
    let life = i64::try_from(world.settings.telegram.callback_life.as_millis()).unwrap_or(i64::MAX);
    let now = world.clock.now().0;
    let mut state = bot.state();
    state.presses.retain(|_, press| now - press.at <= life);
    let Some(press) = state.presses.remove(&id) else {
        return Err(ApiError::bad("query is too old and response timeout expired or query ID is invalid"));
    };
    let username = state.username.clone();
    drop(state);
    let answer = PressAnswer { answered: true, text, show_alert: params.flag("show_alert"), url: params.text("url") };
    world.events.tell(&username, press.user, "toast", || json!({"query": id, "answer": answer}));
    // The presser may have stopped waiting; the answer counts all the same.
    let _ = press.answer.send(answer);
    Ok(Value::Bool(true).into())
}
