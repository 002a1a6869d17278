//! What went wrong, as RFC 9457 has it: `application/problem+json`. Two problems of one kind are the same bytes, so nobody can
//! tell somebody else's row from one that is not there.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::bot::error::TurnError;
use crate::generation::GenerationError;
use crate::store::StoreError;
use crate::tenants::tenant::TenantError;
use crate::web::failure::Failure;

/// Whether an address answers in problems: everything under `/api/`.
pub(in crate::web) fn speaks(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

/// A failure of the layers around the API.
pub(in crate::web) fn of_failure(failure: Failure) -> Response {
    let title = match failure {
        Failure::NotFound => "There is no such thing, or it is not yours",
        Failure::WrongMethod => "This address has other methods: see Allow",
        Failure::TooLarge => "The body is larger than it may be",
        Failure::Away(_) => "The service cannot reach its data, try again",
        Failure::Broken => "The service failed; what happened is in its log",
        _ => "The request could not be read",
    };
    let problem = Problem::new(failure.status().as_u16(), failure.word(), title);
    Problem { retry: failure.retry_after(), ..problem }.into_response()
}

/// Why a call was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: u16,
    /// The kind, for programs: the end of `type`.
    pub(super) kind: &'static str,
    /// What it means, the same for the whole kind.
    pub(super) title: &'static str,
    /// What it is this time.
    pub(super) detail: Option<String>,
    /// Again after this long.
    pub(super) retry: Option<Duration>,
}

impl Problem {
    pub(super) const fn new(status: u16, kind: &'static str, title: &'static str) -> Self {
        Self { status, kind, title, detail: None, retry: None }
    }

    pub(super) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub(super) const fn not_found() -> Self {
        Self::new(404, "not_found", "There is no such thing, or it is not yours")
    }

    pub(super) const fn unauthorized() -> Self {
        Self::new(401, "unauthorized", "A good key is needed: Authorization: Bearer …")
    }

    pub(super) fn forbidden(right: &str) -> Self {
        Self::new(403, "forbidden", "This key may not do that").detail(format!("it needs the right {right}"))
    }

    pub(super) fn wrong_parameter(what: impl Into<String>) -> Self {
        Self::new(400, "wrong_parameter", "A parameter is not what it should be").detail(what)
    }

    pub(super) fn wrong_body(what: impl Into<String>) -> Self {
        Self::new(400, "wrong_body", "The body is not what it should be").detail(what)
    }

    pub(super) fn conflict(kind: &'static str, title: &'static str) -> Self {
        Self::new(409, kind, title)
    }

    pub(super) fn too_often(wait: Duration) -> Self {
        let problem = Self::new(429, "too_many_requests", "Too many calls, see Retry-After");
        Self { retry: Some(wait), ..problem }
    }

    /// JSON.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "type": format!("urn:botyard:problem:{}", self.kind), "title": self.title, "status": self.status,
        });
        if let (Some(detail), Some(body)) = (&self.detail, body.as_object_mut()) {
            body.insert("detail".to_owned(), detail.as_str().into());
        }
        body
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(CONTENT_TYPE, kind)], self.body().to_string()).into_response();
        if let Some(wait) = self.retry {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_temporary() {
            tracing::warn!(%error, "the database is away, a call was not done");
            let problem = Self::new(503, "unavailable", "The service cannot reach its data, try again");
            Self { retry: Some(Duration::from_secs(5)), ..problem }
        } else {
            tracing::error!(%error, class = error.class(), "a call could not be done");
            Self::new(500, "internal_error", "The service failed; what happened is in its log")
        }
    }
}

impl From<TenantError> for Problem {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::Store(error) => error.into(),
            error => {
                tracing::error!(%error, "a call could not be done");
                Self::new(500, "internal_error", "The service failed; what happened is in its log")
            }
        }
    }
}

impl From<TurnError> for Problem {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Store(error) => error.into(),
            error => {
                tracing::error!(%error, class = error.class(), "a call could not be done");
                Self::new(500, "internal_error", "The service failed; what happened is in its log")
            }
        }
    }
}

impl From<GenerationError> for Problem {
    fn from(error: GenerationError) -> Self {
        match error {
            GenerationError::Store(error) => error.into(),
            error => {
                tracing::error!(%error, class = error.class(), "a call could not be done");
                Self::new(500, "internal_error", "The service failed; what happened is in its log")
            }
        }
    }
}
