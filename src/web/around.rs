//! What happens around every request of both listeners: its language, its error page, its headers, its measurement.

use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::cookies::{self, Kind};
use super::failure::Failure;
use super::language::{self, Spoken};
use super::listener::BodyMax;
use super::state::WebState;
use super::{api, headers, pages};
use crate::domain::Corr;
use crate::lifecycle::panic_text;

/// How long a chosen language is remembered.
const LANGUAGE_LIFE: std::time::Duration = std::time::Duration::from_hours(24 * 365);

/// Paths of programs: they get JSON where people get a page.
const FOR_PROGRAMS: [&str; 7] = ["/webhook/", "/kie/", "/api/", "/__diag/", "/live", "/ready", "/metrics"];

/// The middleware.
pub(super) async fn around(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let https = state.public_url.is_https();
    let (mut parts, body) = request.into_parts();
    let spoken = language::of(&parts, https);
    parts.extensions.insert(spoken);
    let for_programs = FOR_PROGRAMS.iter().any(|path| parts.uri.path().starts_with(path));
    let of_api = api::speaks(&parts.uri);
    let route =
        parts.extensions.get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let corr = Corr::random();
    parts.extensions.insert(corr.clone());
    let span = if for_programs { tracing::Span::none() } else { tracing::info_span!("page", route, corr = %corr) };
    let answered = answer(Request::from_parts(parts, body), next, &corr).instrument(span).await;
    let mut response = match failure_of(&answered) {
        Some(failure) => show(&state, failure, &answered, spoken, (for_programs, of_api), &corr),
        None => answered,
    };
    headers::secure(response.headers_mut(), https);
    if spoken.chosen && !for_programs {
        cookies::set(response.headers_mut(), Kind::Language, spoken.language.code(), LANGUAGE_LIFE, https);
    }
    let status = response.status().as_u16().to_string();
    metrics::counter!("botyard_http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("botyard_http_request_seconds", "route" => route).record(began.elapsed().as_secs_f64());
    response
}

/// A handler's panic costs its request and nothing else; nobody outside reads what it said.
async fn answer(request: Request, next: Next, corr: &Corr) -> Response {
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|panic| {
        tracing::error!(corr = %corr, panic = panic_text(panic.as_ref()), "a request's handler panicked");
        Failure::Broken.into_response()
    })
}

/// A named failure, or one of the layers below; an answer that is a page or JSON already is a handler's own.
fn failure_of(response: &Response) -> Option<Failure> {
    if let Some(failure) = response.extensions().get::<Failure>() {
        return Some(*failure);
    }
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let whole = kind.starts_with(b"text/html")
        || kind.starts_with(b"application/json")
        || kind.starts_with(b"application/problem+json");
    if whole { None } else { Failure::of_status(response.status()) }
}

fn show(
    state: &WebState,
    failure: Failure,
    from: &Response,
    spoken: Spoken,
    (for_programs, of_api): (bool, bool),
    corr: &Corr,
) -> Response {
    let mut response = if of_api {
        api::of_failure(failure)
    } else if for_programs {
        let body = serde_json::json!({ "ok": false, "error": failure.word() });
        (failure.status(), axum::Json(body)).into_response()
    } else {
        let settings = &state.platform.settings;
        let most = from.extensions().get::<BodyMax>().map(|most| most.0);
        let body_max = most.unwrap_or(settings.server.upload_body_max);
        let terms = pages::error::Terms { body_max, link_life: settings.media.link_life };
        pages::error::page(state.platform.texts.words(spoken.language), failure, terms, corr)
    };
    if let Some(allow) = from.headers().get(ALLOW) {
        response.headers_mut().insert(ALLOW, allow.clone());
    }
    if let Some(wait) = failure.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    response
}
