//! Pages: each is a struct that its template renders; a template says only the struct's fields (style.md 17).
//!
//! A new page: a folder and file here, a template of the same name in `templates/pages/`, a line in `router.rs`.
//!
//! ```text
//! #[derive(Template)]
//! #[template(path = "pages/panel/home.html")]
//! struct Home<'a> { shell: Shell<'a>, … }
//! ```

pub(super) mod error;
pub(super) mod miniapp;
pub(super) mod nav;
pub(super) mod onboarding;
pub(super) mod owner;
pub(super) mod panel;
pub(super) mod shell;
pub(super) mod signin;
mod visitor;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};

use super::failure::Failure;

/// Renders a page; a template that fails is a defect.
fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Failure::Broken.into_response()
        }
    }
}
