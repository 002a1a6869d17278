//! The control API under `/sandbox/…`: moves people, breaks services, reads what happened. The chat page and the
//! tests use the same routes.

mod chats;
mod people;
mod stream;
mod uploads;
mod watch;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use super::telegram::bot::Bot;
use super::telegram::error::ApiError;
use super::wire::Person;
use super::world::World;

/// All control routes.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/sandbox/info", get(people::info))
        .route("/sandbox/bots", get(people::bots).post(people::add_bot))
        .route("/sandbox/bots/{bot}/updates", post(chats::raw_update))
        .route("/sandbox/bots/{bot}/manage", post(people::manage))
        .route("/sandbox/bots/{bot}/managed", post(people::create_managed))
        .route("/sandbox/bots/{bot}/stars", post(people::stars))
        .route("/sandbox/people", get(people::people).post(people::add_person))
        .route("/sandbox/chats", get(people::overview))
        .route("/sandbox/chats/{bot}/{user}", get(watch::chat))
        .route("/sandbox/chats/{bot}/{user}/text", post(chats::text))
        .route("/sandbox/chats/{bot}/{user}/content", post(chats::content))
        .route("/sandbox/chats/{bot}/{user}/file", post(uploads::send))
        .route("/sandbox/chats/{bot}/{user}/press", post(chats::press))
        .route("/sandbox/chats/{bot}/{user}/pay", post(chats::pay))
        .route("/sandbox/chats/{bot}/{user}/block", post(chats::block))
        .route("/sandbox/files/{file_id}", get(uploads::download))
        .route("/sandbox/events", get(stream::events))
        .route("/sandbox/calls", get(watch::calls).delete(watch::forget_calls))
        .route("/sandbox/faults", get(watch::faults).delete(watch::forget_faults))
        .route("/sandbox/faults/telegram", post(watch::break_telegram))
        .route("/sandbox/faults/kie", post(watch::break_kie))
        .route("/sandbox/kie", get(watch::kie).post(watch::tune_kie))
        .layer(DefaultBodyLimit::max(64 * 1024 * 1024))
}

/// Why a control request was refused: a status and a sentence.
pub(super) struct Refusal(StatusCode, String);

impl Refusal {
    fn not_found(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("the sandbox has no such {what}"))
    }

    fn bad(why: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, why.into())
    }

    fn conflict(why: impl Into<String>) -> Self {
        Self(StatusCode::CONFLICT, why.into())
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::bad(error.description)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

/// The bot and the person of a chat's path.
fn pair(world: &World, bot: &str, user: i64) -> Result<(Arc<Bot>, Person), Refusal> {
    let bot = world.bot(bot).ok_or_else(|| Refusal::not_found("bot"))?;
    let person = world.person(user).ok_or_else(|| Refusal::not_found("person"))?;
    Ok((bot, person))
}

/// The same, for something the person does: not while they block the bot.
fn talking(world: &World, bot: &str, user: i64) -> Result<(Arc<Bot>, Person), Refusal> {
    let (bot, person) = pair(world, bot, user)?;
    let blocked = bot.state().chats.get(&user).is_some_and(|chat| chat.blocked);
    if blocked { Err(Refusal::conflict("this person blocked the bot")) } else { Ok((bot, person)) }
}
