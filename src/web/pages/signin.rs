//! Coming in by a one-time link and going out again (reliability.md 3.8, T33).

use std::net::IpAddr;
use std::time::Duration;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::html;
use super::shell::Shell;
use super::visitor::{self, Looks};
use crate::accounts::{Identity, Refused, links, sessions};
use crate::args;
use crate::domain::{AuditAction, Language, PanelScope};
use crate::locks::{Budget, LockKey, PlatformPurpose, Take};
use crate::web::client;
use crate::web::cookies::{self, Kind};
use crate::web::entry;
use crate::web::extract::{Desk, OurForm, TOKEN};
use crate::web::failure::Failure;
use crate::web::language::Spoken;
use crate::web::state::WebState;

/// Links that are none: so many from one address, then it waits (reliability.md T38). Who holds a real link never waits.
const MISSES: Budget = Budget::new(5, Duration::from_mins(1), 5);
const LANGUAGE_LIFE: Duration = Duration::from_hours(24 * 365);

/// «You are signing in to …»: shows whose panel it is, and spends the link when its button is pressed.
#[derive(Template)]
#[template(path = "pages/signin/confirm.html")]
struct Confirm<'a> {
    shell: Shell<'a>,
    text: String,
    role: String,
    token_name: &'static str,
    form_token: String,
}

/// After signing out.
#[derive(Template)]
#[template(path = "pages/signin/signed_out.html")]
struct SignedOut<'a> {
    shell: Shell<'a>,
}

/// Shows whom a link lets in. A preview or a crawler that comes here spends nothing.
pub(in crate::web) async fn confirm(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    Path(link): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let platform = &state.platform;
    let who = match links::look(&platform.db, &link, platform.clock.now()).await {
        Ok(who) => who,
        Err(refused) => return Err(missed(&state, &parts, refused).await),
    };
    let words = platform.texts.words(spoken.language);
    let text = match &who.scope {
        PanelScope::Platform => words.get("panel-signin-text-owner"),
        PanelScope::Tenant(id) => {
            let tenant = platform.tenants.get(id).ok_or(Failure::LinkUnknown)?;
            words.plain("panel-signin-text", args![brand = tenant.settings.brand.as_str()])
        }
    };
    let looks = Looks::at(&state, &parts, &link);
    let page = Confirm {
        shell: Shell::outside(words, words.get("panel-signin-title")),
        text,
        role: words.plain("panel-signin-role", args![role = words.get(who.role.text_key())]),
        token_name: TOKEN,
        form_token: looks.form_token.clone(),
    };
    let mut response = html(StatusCode::OK, &page);
    looks.keep(&state, &mut response);
    Ok(response)
}

/// The button: spends the link and opens a session, for the browser that looked at the page.
pub(in crate::web) async fn enter(
    State(state): State<WebState>,
    Path(link): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let parts = visitor::sent(&state, &link, request).await?;
    let platform = &state.platform;
    let https = state.public_url.is_https();
    let (panel, now) = (&platform.settings.panel, platform.clock.now());
    let entered = match links::enter(&platform.db, &platform.vault, panel, &link, now).await {
        Ok(entered) => entered,
        Err(refused) => return Err(missed(&state, &parts, refused).await),
    };
    entry::came(&state, &parts, &entered.who, AuditAction::PanelEntered).await?;
    let mut response = Redirect::to("/panel").into_response();
    let headers = response.headers_mut();
    cookies::set(headers, Kind::Session, &entered.cookie, panel.session_life, https);
    cookies::remove(headers, Kind::Visitor, https);
    if cookies::read(&parts.headers, Kind::Language, https).is_none()
        && let Some(language) = language_in_bot(&state, &entered.who).await
    {
        cookies::set(headers, Kind::Language, language.code(), LANGUAGE_LIFE, https);
    }
    Ok(response)
}

/// Ends the session.
pub(in crate::web) async fn sign_out(desk: Desk, form: OurForm) -> Result<Response, Failure> {
    let state = &desk.state;
    if sessions::revoke(&state.platform.db, &form.session.id, desk.now).await? {
        let from = (&desk.corr, desk.origin.as_deref());
        entry::note(state, &form.session.who, from, AuditAction::PanelLeft).await?;
    }
    let mut response = Redirect::to("/panel/signed-out").into_response();
    cookies::remove(response.headers_mut(), Kind::Session, state.public_url.is_https());
    Ok(response)
}

/// Where signing out leads.
pub(in crate::web) async fn signed_out(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
) -> Response {
    let words = state.platform.texts.words(spoken.language);
    html(StatusCode::OK, &SignedOut { shell: Shell::outside(words, words.get("panel-signed-out-title")) })
}

/// What a link that does not open is answered with; whoever tries many that are none has to wait.
pub(super) async fn missed(state: &WebState, parts: &Parts, refused: Refused) -> Failure {
    if !matches!(refused, Refused::Unknown) {
        return refused.into();
    }
    let address: Option<IpAddr> = client::address(parts, &state.platform.settings.server.trusted_proxies);
    let Some(address) = address else { return refused.into() };
    let key = LockKey::platform(&PlatformPurpose::LogIns(address));
    match state.platform.locks.take(&key, MISSES, 1).await {
        Take::Taken => refused.into(),
        Take::Wait(wait) => Failure::TooOften(wait),
    }
}

/// The language the person uses in the bot, so that the panel speaks it too.
async fn language_in_bot(state: &WebState, who: &Identity) -> Option<Language> {
    let platform = &state.platform;
    let tenant = platform.tenants.get(who.scope.tenant()?)?;
    let mut tx = platform.db.tenant_read(&tenant.id).await.ok()?;
    let user = tx.user_get(who.subject.user()?).await.ok()??;
    Some(tenant.language_of(user.language, user.language_code.as_deref()))
}
