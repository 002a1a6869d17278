//! Forms that change something: sent by a page of ours, made for this session (reliability.md T36).

use std::collections::HashMap;

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header::HeaderMap;

use super::SignedIn;
use crate::accounts::Session;
use crate::accounts::forms::{self, Holder};
use crate::web::failure::Failure;
use crate::web::same_origin;
use crate::web::state::WebState;

/// The name of a form's token.
pub(in crate::web) const TOKEN: &str = "form_token";

/// A genuine form and whose it is.
pub(in crate::web) struct OurForm {
    pub(in crate::web) session: Session,
}

impl FromRequest<WebState> for OurForm {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Failure> {
        if is_foreign(request.headers(), state) {
            return Err(Failure::ForeignForm);
        }
        let (mut parts, body) = request.into_parts();
        let SignedIn(session) = SignedIn::from_request_parts(&mut parts, state).await?;
        let fields = fields(Request::from_parts(parts, body), state).await?;
        let given = fields.get(TOKEN).map(String::as_str).unwrap_or_default();
        if !forms::is_genuine(&state.platform.vault, Holder::Session(&session.id), given) {
            return Err(Failure::ForeignForm);
        }
        Ok(Self { session })
    }
}

/// Whether another site sent it.
pub(in crate::web) fn is_foreign(headers: &HeaderMap, state: &WebState) -> bool {
    !same_origin::is_ours(headers, state.public_url.as_str(), state.public_url.is_https())
}

/// The form's fields.
pub(in crate::web) async fn fields(request: Request, state: &WebState) -> Result<HashMap<String, String>, Failure> {
    match Form::<HashMap<String, String>>::from_request(request, state).await {
        Ok(Form(fields)) => Ok(fields),
        Err(refused) => Err(Failure::of_status(refused.status()).unwrap_or(Failure::BadRequest)),
    }
}
