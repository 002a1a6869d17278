//! `/live`, `/ready` and `/metrics` (platform.md 5).

mod queue;

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use queue::Queue;

use super::state::WebState;
use crate::bot::Platform;
use crate::domain::UnixMs;
use crate::generation::MediaStore;
use crate::locks::Reach;

/// Longer than this and what is looked at counts as away.
const PATIENCE: Duration = Duration::from_secs(3);
/// The database's answer is good this long, so that asking often costs one write a second and not one each.
const FRESH: Duration = Duration::from_secs(1);
/// The media store's: it may be a paid service that counts calls.
const MEDIA_FRESH: Duration = Duration::from_secs(10);

/// The database's real write and read, and a look at the media store.
pub(super) struct Probe {
    instance: String,
    started_at: UnixMs,
    database: Look<Queue>,
    media: Look<()>,
}

/// What was found last; `None`: it does not work. Those who ask meanwhile get the same answer.
struct Look<T>(Mutex<Option<(Instant, Option<T>)>>);

impl<T: Copy> Look<T> {
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    async fn at<E: std::fmt::Display>(
        &self,
        what: &'static str,
        fresh: Duration,
        probe: impl Future<Output = Result<T, E>>,
    ) -> Option<T> {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = *last
            && at.elapsed() < fresh
        {
            return found;
        }
        let found = match timeout(PATIENCE, probe).await {
            Ok(Ok(found)) => Some(found),
            Ok(Err(error)) => {
                tracing::warn!(what, %error, "not ready");
                None
            }
            Err(_) => {
                tracing::warn!(what, "not ready: no answer in time");
                None
            }
        };
        *last = Some((Instant::now(), found));
        found
    }
}

impl Probe {
    pub(super) fn new(instance: String, started_at: UnixMs) -> Self {
        Self { instance, started_at, database: Look::new(), media: Look::new() }
    }

    /// Writes, reads and commits a row just now, and looks at the queue. `None`: the database does not work.
    async fn database(&self, platform: &Platform) -> Option<Queue> {
        let probe = async {
            let mut tx = platform.db.platform().await?;
            tx.readiness_probe(&self.instance, self.started_at, platform.clock.now()).await?;
            tx.commit().await?;
            queue::look(platform).await
        };
        self.database.at("database", FRESH, probe).await
    }

    /// Whether files of tenants can be reached.
    async fn media_works(&self, media: &MediaStore) -> bool {
        self.media.at("media", MEDIA_FRESH, media.look()).await.is_some()
    }
}

/// The event loop breathes.
pub(super) async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "OK" }))
}

/// Whether to send traffic here, and why not.
pub(super) struct Readiness {
    word: &'static str,
    reasons: Vec<&'static str>,
}

impl Readiness {
    pub(super) fn status(&self) -> StatusCode {
        if self.word == "FAIL" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
    }

    /// Words only: the address is public.
    pub(super) fn body(&self) -> serde_json::Value {
        match self.reasons.as_slice() {
            [] => json!({ "status": self.word }),
            reasons => json!({ "status": self.word, "reasons": reasons }),
        }
    }
}

/// Looks at everything that readiness is made of.
pub(super) async fn readiness(state: &WebState) -> Readiness {
    let health = state.tasks.health();
    let mut reasons = Vec::new();
    if health.stopping {
        reasons.push("stopping");
    }
    if !health.healthy {
        reasons.push("tasks");
    }
    let queue = if health.stopping { Some(Queue::Flows) } else { state.probe.database(&state.platform).await };
    match queue {
        None => reasons.push("database"),
        Some(Queue::Stands) => reasons.push("queue"),
        Some(Queue::Flows | Queue::Uneven) => {}
    }
    if !reasons.is_empty() {
        return Readiness { word: "FAIL", reasons };
    }
    // Without these people are answered still: a replica that is left out for them would help nobody.
    if state.platform.locks.reach() == Reach::Fallback {
        reasons.push("redis");
    }
    if queue == Some(Queue::Uneven) {
        reasons.push("queue");
    }
    if !state.probe.media_works(&state.media).await {
        reasons.push("media");
    }
    let word = if reasons.is_empty() { "READY" } else { "DEGRADED" };
    Readiness { word, reasons }
}

/// 200, or 503 with the reasons.
pub(super) async fn ready(State(state): State<WebState>) -> Response {
    let found = readiness(&state).await;
    (found.status(), Json(found.body())).into_response()
}

/// For Prometheus.
pub(super) async fn metrics(State(state): State<WebState>) -> impl IntoResponse {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, kind)], state.metrics.render())
}
