//! `/live`, `/ready` and `/metrics` (platform.md 5).

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::state::WebState;
use crate::bot::Platform;
use crate::domain::UnixMs;
use crate::locks::Reach;

/// Longer than this and the database counts as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer is good this long, so that asking often costs one write a second and not one each.
const FRESH: Duration = Duration::from_secs(1);

/// The database's real write and read.
pub(super) struct Probe {
    instance: String,
    started_at: UnixMs,
    last: Mutex<Option<(Instant, bool)>>,
}

impl Probe {
    pub(super) fn new(instance: String, started_at: UnixMs) -> Self {
        Self { instance, started_at, last: Mutex::new(None) }
    }

    /// Whether a row could be written, read and committed just now. Those who ask meanwhile get the same answer.
    async fn database_works(&self, platform: &Platform) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, works)) = *last
            && at.elapsed() < FRESH
        {
            return works;
        }
        let probe = async {
            let mut tx = platform.db.platform().await?;
            tx.readiness_probe(&self.instance, self.started_at, platform.clock.now()).await?;
            tx.commit().await
        };
        let works = match timeout(PATIENCE, probe).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready: the database");
                false
            }
            Err(_) => {
                tracing::warn!("not ready: the database did not answer in time");
                false
            }
        };
        *last = Some((Instant::now(), works));
        works
    }
}

/// The event loop breathes.
pub(super) async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "OK" }))
}

/// Whether to send traffic here: 200, or 503 with the reasons. Words only: the address is public.
pub(super) async fn ready(State(state): State<WebState>) -> Response {
    let health = state.tasks.health();
    let mut reasons = Vec::new();
    if health.stopping {
        reasons.push("stopping");
    }
    if !health.healthy {
        reasons.push("tasks");
    }
    if !health.stopping && !state.probe.database_works(&state.platform).await {
        reasons.push("database");
    }
    if !reasons.is_empty() {
        let body = json!({ "status": "FAIL", "reasons": reasons });
        return (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response();
    }
    if state.platform.locks.reach() == Reach::Fallback {
        return Json(json!({ "status": "DEGRADED", "reasons": ["redis"] })).into_response();
    }
    Json(json!({ "status": "READY" })).into_response()
}

/// For Prometheus.
pub(super) async fn metrics(State(state): State<WebState>) -> impl IntoResponse {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, kind)], state.metrics.render())
}
