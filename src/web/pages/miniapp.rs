//! The panel inside Telegram (decisions.md 13). The page brings what Telegram said about who opened it; genuine data of an admin
//! opens the ordinary session in Telegram's own webview. Framed by Telegram's web version a browser would keep no cookie of ours,
//! so there a one-time link to the browser is shown instead.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::html;
use super::shell::Shell;
use crate::accounts::{Identity, LinkError, links, miniapp};
use crate::domain::{AuditAction, BotInstanceId};
use crate::tenants::Tenant;
use crate::texts::Words;
use crate::web::cookies::{self, Kind};
use crate::web::entry;
use crate::web::extract::{fields, is_foreign};
use crate::web::failure::Failure;
use crate::web::headers::CSP_FRAMED;
use crate::web::language::Spoken;
use crate::web::state::WebState;

/// Whose panel.
#[derive(Deserialize)]
pub(in crate::web) struct Whose {
    bot: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/miniapp/open.html")]
struct Open<'a> {
    shell: Shell<'a>,
    bot: String,
}

#[derive(Template)]
#[template(path = "pages/miniapp/link.html")]
struct Link<'a> {
    shell: Shell<'a>,
    link: String,
}

/// The page that Telegram opens: it sends on what Telegram gave it. The same for a bot that is here and one that is not.
pub(in crate::web) async fn open(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    Query(whose): Query<Whose>,
) -> Response {
    let words = state.platform.texts.words(spoken.language);
    let bot = whose.bot.filter(|bot| BotInstanceId::parse(bot).is_ok()).unwrap_or_default();
    framed(html(StatusCode::OK, &Open { shell: shell(words), bot }))
}

/// Takes what Telegram said.
pub(in crate::web) async fn enter(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    request: Request,
) -> Result<Response, Failure> {
    if is_foreign(request.headers(), &state) {
        return Err(Failure::ForeignForm);
    }
    let in_frame = in_frame(request.headers());
    let (parts, body) = request.into_parts();
    let given = fields(Request::from_parts(parts.clone(), body), &state).await?;
    let platform = &state.platform;
    let field = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let id = BotInstanceId::parse(field("bot")).map_err(|_| Failure::SignedOut)?;
    let tenant = platform.tenants.get(&id).ok_or(Failure::SignedOut)?;
    let now = platform.clock.now();
    let who = admin(&tenant, field("init_data"), now).ok_or(Failure::SignedOut)?;
    let words = platform.texts.words(spoken.language);
    if in_frame {
        let path = match links::issue(&platform.db, &platform.settings.panel, &who, now).await {
            Ok(path) => path,
            Err(LinkError::TooMany(wait)) => return Err(Failure::TooOften(wait)),
            Err(LinkError::Store(error)) => return Err(error.into()),
        };
        let link = format!("{}{path}", state.public_url.as_str());
        return Ok(framed(html(StatusCode::OK, &Link { shell: shell(words), link })));
    }
    let (vault, panel) = (&platform.vault, &platform.settings.panel);
    let entered = miniapp::enter(&platform.db, vault, panel, &who, now).await?;
    entry::came(&state, &parts, &who, AuditAction::MiniappEntered).await?;
    let mut response = Redirect::to("/panel").into_response();
    let https = state.public_url.is_https();
    cookies::set(response.headers_mut(), Kind::Session, &entered.cookie, panel.session_life, https);
    Ok(response)
}

/// The admin who opened it.
fn admin(tenant: &Arc<Tenant>, init_data: &str, now: crate::domain::UnixMs) -> Option<Identity> {
    let user = miniapp::verify(&tenant.token, init_data, now)?;
    let role = tenant.admins.iter().find(|(id, _)| *id == user).map(|(_, role)| *role)?;
    Some(Identity::admin(&tenant.id, role, user))
}

/// Browsers say what a page is loaded into.
fn in_frame(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|dest| dest == "iframe" || dest == "frame")
}

fn shell(words: Words<'_>) -> Shell<'_> {
    Shell::outside(words, words.get("miniapp-title"))
}

/// These pages alone may stand in a frame of Telegram's.
fn framed(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP_FRAMED));
    response
}
