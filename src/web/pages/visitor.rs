//! The proof that a one-time link is spent by the browser that looked at its page (reliability.md 3.8, T33): looking sets a
//! cookie, and the form carries a token that only the two of them and the link make. The panel's door and onboarding's use it.

use std::time::Duration;

use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;

use crate::accounts::forms::{self, Holder};
use crate::web::cookies::{self, Kind};
use crate::web::extract::{TOKEN, fields, is_foreign};
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// How long the confirm page may stay open; its link ends sooner.
const LIFE: Duration = Duration::from_mins(30);

/// Somebody who looks at a link's page.
pub(super) struct Looks {
    nonce: String,
    /// What the page's form carries.
    pub(super) form_token: String,
}

impl Looks {
    /// At the page of this link: the same browser keeps its cookie.
    pub(super) fn at(state: &WebState, parts: &Parts, link: &str) -> Self {
        let https = state.public_url.is_https();
        let nonce = cookies::read(&parts.headers, Kind::Visitor, https).unwrap_or_else(forms::nonce);
        let form_token = forms::token_for(&state.platform.vault, Holder::Visitor { nonce: &nonce, link });
        Self { nonce, form_token }
    }

    /// Lets the answer set the cookie.
    pub(super) fn keep(&self, state: &WebState, response: &mut Response) {
        cookies::set(response.headers_mut(), Kind::Visitor, &self.nonce, LIFE, state.public_url.is_https());
    }
}

/// The request's head, if it is the form of this link's page, sent by the browser that looked at it.
pub(super) async fn sent(state: &WebState, link: &str, request: Request) -> Result<Parts, Failure> {
    if is_foreign(request.headers(), state) {
        return Err(Failure::ForeignForm);
    }
    let (parts, body) = request.into_parts();
    let nonce = cookies::read(&parts.headers, Kind::Visitor, state.public_url.is_https());
    let nonce = nonce.ok_or(Failure::ForeignForm)?;
    let fields = fields(Request::from_parts(parts.clone(), body), state).await?;
    let given = fields.get(TOKEN).map(String::as_str).unwrap_or_default();
    let genuine = forms::is_genuine(&state.platform.vault, Holder::Visitor { nonce: &nonce, link }, given);
    if genuine { Ok(parts) } else { Err(Failure::ForeignForm) }
}
