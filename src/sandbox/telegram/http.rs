//! The Bot API's two routes: a method call with its injected faults and its record, and a file download.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};

use super::bot::Bot;
use super::error::{ApiError, Reply, error_body};
use super::methods;
use super::params::{Params, UPLOAD_CAP};
use crate::sandbox::faults::hang_up;
use crate::sandbox::wire::{CallRecord, FaultAnswer};
use crate::sandbox::world::World;

/// Routes of the fake Bot API.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/{bot}/{method}", any(call))
        .route("/file/{bot}/{*path}", get(download))
        // Over the cap the answer is Telegram's own 413, so the general limit stands higher.
        .layer(DefaultBodyLimit::max(UPLOAD_CAP + 1024 * 1024))
}

async fn call(
    State(world): State<Arc<World>>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Some(token) = bot.strip_prefix("bot") else {
        return ApiError::not_found().into_response();
    };
    let Some(bot) = world.bot_by_token(token) else {
        return ApiError::unauthorized().into_response();
    };
    if !world.warm_up(&bot) {
        return ApiError::too_many(60).into_response();
    }
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(error) => return error.into_response(),
    };
    let name = methods::canonical(&method);
    let shown = name.unwrap_or(&method);
    let fault = world.faults.telegram(&bot.username(), shown, params.int("chat_id")).unwrap_or_default();
    fault.pause().await;
    let recorded = world.calls.wanted().then(|| params.recorded());
    if let Some(response) = instead(&fault) {
        let status = if fault.drop.is_some() { 0 } else { response.status().as_u16() };
        record(&world, &bot, shown, recorded, status, fault.description.clone(), None);
        return response;
    }
    let outcome = match name {
        Some(name) => methods::run(&world, &bot, name, params).await,
        None => Err(ApiError::no_method()),
    };
    let (status, description, message_id) = summary(&outcome);
    let status = if fault.drops_after() { 0 } else { status };
    record(&world, &bot, shown, recorded, status, description, message_id);
    if fault.drops_after() {
        return hang_up();
    }
    match outcome {
        Ok(reply) => reply.into_response(),
        Err(error) => error.into_response(),
    }
}

fn instead(fault: &FaultAnswer) -> Option<Response> {
    fault.instead(|status, text| error_body(status, text, fault.retry_after).to_string())
}

fn summary(outcome: &Result<Reply, ApiError>) -> (u16, Option<String>, Option<i64>) {
    match outcome {
        Ok(reply) => (200, None, reply.result.get("message_id").and_then(serde_json::Value::as_i64)),
        Err(error) => (error.code, Some(error.description.clone()), None),
    }
}

fn record(
    world: &World,
    bot: &Bot,
    method: &str,
    params: Option<serde_json::Value>,
    status: u16,
    description: Option<String>,
    message_id: Option<i64>,
) {
    if let Some(params) = params {
        world.calls.push(CallRecord {
            seq: 0,
            at: world.clock.now().0,
            bot: bot.username(),
            method: method.to_owned(),
            params,
            status,
            description,
            message_id,
        });
    }
}

async fn download(State(world): State<Arc<World>>, Path((bot, path)): Path<(String, String)>) -> Response {
    let Some(bot) = bot.strip_prefix("bot").and_then(|token| world.bot_by_token(token)) else {
        return ApiError::unauthorized().into_response();
    };
    match world.files.by_path(bot.id, &path) {
        // Telegram serves every file as octets, whatever it is.
        Some(file) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))], file.bytes).into_response()
        }
        None => ApiError::not_found().into_response(),
    }
}
