//! `/__diag/…`: how things stand, for programs (platform.md 5, decisions.md 16). Each answers 200 with its report or 503 with why
//! there is none, in JSON and within five seconds: whatever is broken, this is where one looks.

mod boot;
mod corr;
mod errors;
mod preflight;
mod requirements;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use serde_json::{Value, json};

pub use boot::BootSlot;
pub(super) use boot::boot;
pub(super) use corr::corr;
pub(super) use errors::last_errors;
pub(super) use preflight::billing_preflight;
pub(super) use requirements::requirements;

use super::extract::Scope;
use super::health;
use super::state::WebState;
use crate::domain::Language;
use crate::lifecycle::panic_text;
use crate::store::StoreError;
use crate::texts::Words;

/// Every answer is made by then.
const PATIENCE: Duration = Duration::from_millis(4_800);

/// Why there is no report: a word for programs, and the class of what failed.
struct NoReport {
    timeout: bool,
    detail: String,
}

impl From<StoreError> for NoReport {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "a diagnostic report was not made");
        Self { timeout: matches!(error, StoreError::Slow | StoreError::Busy), detail: error.class().to_owned() }
    }
}

/// Makes an answer: the report, or 503.
async fn answer(name: &'static str, work: impl Future<Output = Result<Value, NoReport>>) -> Response {
    let done = tokio::time::timeout(PATIENCE, AssertUnwindSafe(work).catch_unwind()).await;
    let why = match done {
        Ok(Ok(Ok(report))) => return Json(report).into_response(),
        Ok(Ok(Err(why))) => why,
        Ok(Err(panic)) => {
            tracing::error!(report = name, panic = panic_text(panic.as_ref()), "a diagnostic report panicked");
            NoReport { timeout: false, detail: "defect".to_owned() }
        }
        Err(_) => NoReport { timeout: true, detail: "no answer in time".to_owned() },
    };
    let (status, end) = if why.timeout { ("timeout", "timeout") } else { ("error", "failed") };
    let body = json!({ "ok": false, "status": status, "error": format!("{name}_{end}"), "detail": why.detail });
    (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}

/// Reports are in English for programs.
fn words(state: &WebState) -> Words<'_> {
    state.platform.texts.words(Language::En)
}

/// `GET /__diag/ready`: what `/ready` says, with the tasks behind it; what there is of one tenant is no process.
pub(super) async fn ready(State(state): State<WebState>, scope: Scope) -> Response {
    let found = health::readiness(&state).await;
    let mut body = found.body();
    if let (Scope::Platform, Value::Object(fields)) = (&scope, &mut body) {
        let tasks = state.tasks.health().tasks;
        let row = |task: &crate::lifecycle::TaskHealth| {
            json!({ "name": task.name, "running": task.running, "panics": task.panics, "restarts": task.restarts,
                    "healthy": task.healthy })
        };
        fields.insert("tasks".to_owned(), tasks.iter().map(row).collect());
    }
    (found.status(), Json(body)).into_response()
}
