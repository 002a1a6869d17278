//! The chat page: one page, its style and its scripts, embedded; nothing comes from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

use super::world::World;

/// Only our own files; media also from blobs (previews of what is about to be sent).
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; \
                      script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

macro_rules! scripts {
    ($router:expr, $($name:literal),* $(,)?) => {
        $router$(.route(
            concat!("/assets/", $name),
            get(|| async { asset("text/javascript; charset=utf-8", include_str!(concat!("assets/", $name))) }),
        ))*
    };
}

/// `/`, its style and its scripts.
pub(crate) fn router() -> Router<Arc<World>> {
    let router = Router::new()
        .route("/", get(page))
        .route("/assets/chat.css", get(|| async { asset("text/css; charset=utf-8", include_str!("assets/chat.css")) }))
        .route("/favicon.svg", get(|| async { asset("image/svg+xml", include_str!("assets/favicon.svg")) }));
    scripts!(router, "app.js", "api.js", "bubbles.js", "composer.js", "format.js", "texts.js")
}

async fn page() -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Html(include_str!("assets/chat.html"))).into_response()
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}
