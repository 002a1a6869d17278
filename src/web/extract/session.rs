//! Who is signed in.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;

use crate::accounts::Session;
use crate::accounts::sessions::{self, Presence, Rights};
use crate::bot::Platform;
use crate::domain::{AdminRole, BotInstanceId, UserId};
use crate::web::cookies::{self, Kind};
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// What our script sends with its own requests: nobody touched the page, so the session does not count as used.
const REFRESH: &str = "x-botyard-refresh";

/// A session that passed every check just now.
pub(in crate::web) struct SignedIn(pub(in crate::web) Session);

impl FromRequestParts<WebState> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let cookie = cookies::read(&parts.headers, Kind::Session, state.public_url.is_https());
        let cookie = cookie.ok_or(Failure::SignedOut)?;
        // A stream of news is asked for by the browser itself, again and again.
        let stream = parts.headers.get(ACCEPT).is_some_and(|kind| kind.as_bytes() == b"text/event-stream");
        let by_itself = stream || parts.headers.contains_key(REFRESH);
        let presence = if by_itself { Presence::Unattended } else { Presence::Active };
        let platform = &*state.platform;
        let (vault, settings, now) = (&platform.vault, &platform.settings, platform.clock.now());
        let checked = sessions::check(&platform.db, vault, settings, platform, &cookie, presence, now).await?;
        Ok(Self(checked))
    }
}

impl Rights for Platform {
    fn role_in(&self, tenant: &BotInstanceId, user: UserId) -> Option<AdminRole> {
        let tenant = self.tenants.get(tenant)?;
        tenant.admins.iter().find(|(id, _)| *id == user).map(|(_, role)| *role)
    }

    fn exists(&self, tenant: &BotInstanceId) -> bool {
        self.tenants.get(tenant).is_some()
    }

    fn owns_platform(&self, user: UserId) -> bool {
        self.settings.owner.ids.contains(&user)
    }
}
