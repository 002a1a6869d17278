//! New partners (platform.md 3): a link that proves who came, then one page that shows how far they are, from a pasted token or
//! a bot created by link to a bot that answers everybody. Forms and links only: nothing here needs a script.

mod check;
mod enter;
mod pair;
mod sale;
mod start;

pub(in crate::web) use enter::{confirm, enter};
pub(in crate::web) use pair::{begin as pair, show as pairing};
pub(in crate::web) use sale::save as sell;
pub(in crate::web) use start::{another, go_live, paste, recheck, replace, show};

use std::collections::HashMap;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;

use crate::accounts::forms::{self, Holder};
use crate::accounts::onboarding;
use crate::domain::UserId;
use crate::web::client;
use crate::web::cookies::{self, Kind};
use crate::web::extract::{TOKEN, fields, is_foreign};
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// What the forms of these pages are made for.
const FORMS: &str = "onboarding";

/// Somebody who came by a link, now or some days ago.
pub(in crate::web) struct Visit {
    pub(in crate::web) person: UserId,
    sid: String,
}

impl Visit {
    /// The token that their forms carry.
    fn form_token(&self, state: &WebState) -> String {
        forms::token_for(&state.platform.vault, Holder::Visitor { nonce: &self.sid, link: FORMS })
    }
}

impl FromRequestParts<WebState> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let sid = cookies::read(&parts.headers, Kind::Onboarding, state.public_url.is_https());
        let sid = sid.ok_or(Failure::SignedOut)?;
        let platform = &state.platform;
        let person = onboarding::visitor(&platform.db, &sid, platform.clock.now()).await?;
        Ok(Self { person: person.ok_or(Failure::SignedOut)?, sid })
    }
}

/// A genuine form of these pages and whose it is.
pub(in crate::web) struct VisitForm {
    visit: Visit,
    /// The network it came from.
    origin: Option<String>,
    fields: HashMap<String, String>,
}

impl FromRequest<WebState> for VisitForm {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Failure> {
        if is_foreign(request.headers(), state) {
            return Err(Failure::ForeignForm);
        }
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let origin = client::network(&parts, &state.platform.settings.server.trusted_proxies);
        let fields = fields(Request::from_parts(parts, body), state).await?;
        let given = fields.get(TOKEN).map(String::as_str).unwrap_or_default();
        let holder = Holder::Visitor { nonce: &visit.sid, link: FORMS };
        if !forms::is_genuine(&state.platform.vault, holder, given) {
            return Err(Failure::ForeignForm);
        }
        Ok(Self { visit, origin, fields })
    }
}
