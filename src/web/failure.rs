//! What a handler could not do, by name. `around.rs` turns it into a page with the way back, or into JSON for programs.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::accounts::{Denied, Refused};
use crate::store::StoreError;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// There is no such page, or it is somebody else's: nobody can tell which (reliability.md T12).
    NotFound,
    /// Another method is asked for.
    WrongMethod,
    /// One has to sign in.
    SignedOut,
    /// The session is over.
    SessionOver,
    /// One's own, but not for this role.
    Forbidden,
    /// The act wants a confirmation by the bot that is some minutes old at most.
    StepUp,
    /// A form that this site did not make for this session.
    ForeignForm,
    /// A link that was used.
    LinkUsed,
    /// A link whose minutes are over.
    LinkExpired,
    /// What is no link.
    LinkUnknown,
    /// A file whose link, or life, is over.
    FileGone,
    /// Too often; again after this long.
    TooOften(Duration),
    /// The body is larger than it may be.
    TooLarge,
    /// The body is not what it should be.
    BadRequest,
    /// The database is away for now; again after this long.
    Away(Duration),
    /// A defect. What happened is in the log, under the id on the page.
    Broken,
}

/// A minute of maintenance looks like this to a browser and to Telegram.
const AGAIN: Duration = Duration::from_secs(5);

impl Failure {
    /// The status.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::LinkUnknown => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignedOut | Self::SessionOver => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::StepUp | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::LinkUsed | Self::LinkExpired | Self::FileGone => StatusCode::GONE,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The word that programs get.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotFound | Self::LinkUnknown => "not_found",
            Self::WrongMethod => "method_not_allowed",
            Self::SignedOut | Self::SessionOver => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::StepUp => "step_up_required",
            Self::ForeignForm => "foreign_form",
            Self::LinkUsed | Self::LinkExpired | Self::FileGone => "gone",
            Self::TooOften(_) => "too_many_requests",
            Self::TooLarge => "payload_too_large",
            Self::BadRequest => "bad_request",
            Self::Away(_) => "unavailable",
            Self::Broken => "internal_error",
        }
    }

    /// When to come again.
    pub const fn retry_after(self) -> Option<Duration> {
        match self {
            Self::TooOften(wait) | Self::Away(wait) => Some(wait),
            _ => None,
        }
    }

    /// For answers that a layer below made without naming a failure: the router's own 404 and 405, a body over its cap.
    pub(super) fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::WrongMethod),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::INTERNAL_SERVER_ERROR => Some(Self::Broken),
            status if status.is_client_error() => Some(Self::BadRequest),
            _ => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if error.is_temporary() {
            tracing::warn!(%error, "the database is away, the page is not shown");
            Self::Away(AGAIN)
        } else {
            tracing::error!(%error, class = error.class(), "a page could not be made");
            Self::Broken
        }
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::SignedOut => Self::SignedOut,
            Denied::Over => Self::SessionOver,
            Denied::Store(error) => error.into(),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown => Self::LinkUnknown,
            Refused::Used => Self::LinkUsed,
            Refused::Expired => Self::LinkExpired,
            Refused::Store(error) => error.into(),
        }
    }
}
