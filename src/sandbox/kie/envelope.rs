//! What every KIE answer and request have in common: the envelope, the key, the User-Agent, injected faults.

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::wire::KieFault;
use crate::sandbox::world::World;

/// A business error: HTTP 200 with this `code` (facts/kie-api.md 1).
#[derive(Debug, Clone)]
pub(crate) struct KieError {
    pub code: i64,
    pub msg: String,
}

impl KieError {
    pub(crate) fn new(code: i64, msg: impl Into<String>) -> Self {
        Self { code, msg: msg.into() }
    }
}

impl IntoResponse for KieError {
    fn into_response(self) -> Response {
        Json(json!({"code": self.code, "msg": self.msg, "data": null})).into_response()
    }
}

/// `{code: 200, msg: "success", data}`.
pub(crate) fn success(data: &Value) -> Response {
    Json(json!({"code": 200, "msg": "success", "data": data})).into_response()
}

/// Runs one request: front door, injected fault, work, injected hang-up. `creates`: faults without a path apply.
pub(crate) async fn serve(
    world: &Arc<World>,
    headers: &HeaderMap,
    path: &str,
    model: Option<&str>,
    creates: bool,
    work: impl AsyncFnOnce(&str, Option<KieFault>) -> Result<Response, KieError>,
) -> Response {
    // Cloudflare stands before the real hosts and turns clients without a name away.
    if headers.get(header::USER_AGENT).is_none_or(HeaderValue::is_empty) {
        return (StatusCode::FORBIDDEN, "error code: 1010").into_response();
    }
    let key = match authorised(world, headers) {
        Ok(key) => key,
        Err(error) => return error.into_response(),
    };
    let fault = world.faults.kie(path, model, creates);
    if let Some(fault) = &fault {
        fault.answer.pause().await;
        let body = |status: u16, text: &str| json!({"code": status, "msg": text, "data": null}).to_string();
        if let Some(response) = fault.answer.instead(body) {
            return response;
        }
        if let Some(code) = fault.code {
            let msg = fault.answer.description.clone().unwrap_or_else(|| words(code).to_owned());
            return KieError::new(code, msg).into_response();
        }
    }
    let drops = fault.as_ref().is_some_and(|fault| fault.answer.drops_after());
    let response = work(&key, fault).await.unwrap_or_else(IntoResponse::into_response);
    if drops { crate::sandbox::faults::hang_up() } else { response }
}

fn authorised(world: &World, headers: &HeaderMap) -> Result<String, KieError> {
    let denied = || KieError::new(401, "You do not have access permissions");
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).ok_or_else(denied)?;
    let key = value.strip_prefix("Bearer ").ok_or_else(denied)?;
    let known = world.kie.inner().accounts.contains_key(key);
    known.then(|| key.to_owned()).ok_or_else(denied)
}

/// KIE's words for a code.
fn words(code: i64) -> &'static str {
    match code {
        401 => "You do not have access permissions",
        402 => "The current credits are insufficient. Please top up to continue",
        404 => "The requested resource or endpoint does not exist",
        422 => "The request parameters failed validation checks",
        429 => "Your call frequency is too high. Please try again later.",
        451 => "Failed to fetch the image",
        455 => "The service is currently undergoing maintenance",
        505 => "The requested feature is currently disabled",
        _ => "Server exception, please try again later",
    }
}
