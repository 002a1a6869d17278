//! The file host: results are made when they are first asked for, uploads come back as they were.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use bytes::Bytes;

use super::results;
use super::task::{End, Task};
use crate::sandbox::wire::Outcome;
use crate::sandbox::world::World;

const HTML_RESULT: &str = "<!doctype html><title>Just a moment</title><p>Checking your browser…</p>";

fn found(mime: &str, bytes: Bytes) -> Response {
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, mime.to_owned()), (header::CACHE_CONTROL, "max-age=3600".to_owned())];
    (headers, bytes).into_response()
}

/// `GET /files/results/<task>-<n>.<extension>`.
pub(super) async fn result(State(world): State<Arc<World>>, Path(name): Path<String>) -> Response {
    let missing = || StatusCode::NOT_FOUND.into_response();
    let kept = world.kie.inner().drawn.get(&name);
    if let Some((mime, bytes)) = kept {
        return found(&mime, bytes);
    }
    let parts = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-'));
    let Some((id, number)) = parts.and_then(|(id, n)| Some((id, n.parse::<usize>().ok()?))) else {
        return missing();
    };
    let task: Option<Task> = world.kie.inner().tasks.get(id).cloned();
    let Some(task) = task.filter(|task| task.end == Some(End::Success)) else {
        return missing();
    };
    match task.fault.outcome {
        Outcome::Gone => return missing(),
        Outcome::Html => return Html(HTML_RESULT).into_response(),
        _ => (),
    }
    let Ok(_turn) = world.kie.drawing.acquire().await else { return missing() };
    let side = world.settings.kie.picture_side;
    let wanted = name.clone();
    let made = tokio::task::spawn_blocking(move || results::make(&task, number, &wanted, side)).await;
    match made {
        Ok(Some((mime, bytes))) => {
            world.kie.inner().drawn.put(&name, &mime, bytes.clone());
            found(&mime, bytes)
        }
        _ => missing(),
    }
}

/// `GET /files/uploads/<path>`.
pub(super) async fn uploaded(State(world): State<Arc<World>>, Path(path): Path<String>) -> Response {
    let kept = world.kie.inner().uploads.get(&path);
    kept.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |(mime, bytes)| found(&mime, bytes))
}
