//! Coming in by a link: looking spends nothing, the button does (as in `signin.rs`).

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::accounts::onboarding;
use crate::web::cookies::{self, Kind};
use crate::web::extract::TOKEN;
use crate::web::failure::Failure;
use crate::web::language::Spoken;
use crate::web::pages::html;
use crate::web::pages::shell::Shell;
use crate::web::pages::signin::missed;
use crate::web::pages::visitor::{self, Looks};
use crate::web::state::WebState;

#[derive(Template)]
#[template(path = "pages/onboarding/enter.html")]
struct Enter<'a> {
    shell: Shell<'a>,
    token_name: &'static str,
    form_token: String,
}

/// What a link opens, and the button that opens it.
pub(in crate::web) async fn confirm(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    Path(link): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let platform = &state.platform;
    let row = match onboarding::look(&platform.db, &link, platform.clock.now()).await {
        Ok(row) => row,
        Err(refused) => return Err(missed(&state, &parts, refused).await),
    };
    let language = if spoken.chosen { spoken.language } else { row.language };
    let words = platform.texts.words(language);
    let looks = Looks::at(&state, &parts, &link);
    let page = Enter {
        shell: Shell::outside(words, words.get("onboarding-title")),
        token_name: TOKEN,
        form_token: looks.form_token.clone(),
    };
    let mut response = html(StatusCode::OK, &page);
    looks.keep(&state, &mut response);
    Ok(response)
}

/// Spends the link.
pub(in crate::web) async fn enter(
    State(state): State<WebState>,
    Path(link): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let parts = visitor::sent(&state, &link, request).await?;
    let platform = &state.platform;
    let https = state.public_url.is_https();
    let (settings, now) = (&platform.settings.onboarding, platform.clock.now());
    let row = onboarding::look(&platform.db, &link, now).await;
    let sid = match onboarding::enter(&platform.db, settings, &link, now).await {
        Ok(sid) => sid,
        Err(refused) => return Err(missed(&state, &parts, refused).await),
    };
    let mut response = Redirect::to("/onboarding").into_response();
    let headers = response.headers_mut();
    cookies::set(headers, Kind::Onboarding, &sid, settings.visit_life, https);
    cookies::remove(headers, Kind::Visitor, https);
    if cookies::read(&parts.headers, Kind::Language, https).is_none()
        && let Ok(row) = row
    {
        cookies::set(headers, Kind::Language, row.language.code(), settings.visit_life, https);
    }
    Ok(response)
}
