//! The first page of a bot: does it work, what happens in it, what went wrong.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::figures::{self, Drawing, Figures, Tile};
use super::log::{self, Fault, Recent};
use super::standing::{self, Standing};
use crate::accounts::Role;
use crate::args;
use crate::store::Counter;
use crate::web::extract::{ForTenant, Own};
use crate::web::failure::Failure;
use crate::web::language::Spoken;
use crate::web::pages::html;
use crate::web::pages::shell::Shell;
use crate::web::state::WebState;

/// How many lines the two lists have.
const LINES: i64 = 6;

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/home.html")]
struct Home<'a> {
    shell: Shell<'a>,
    name: String,
    id: String,
    username: Option<String>,
    standing: Standing,
    tiles: Vec<Tile>,
    work_empty: bool,
    /// The bot's address, while nobody has found it yet.
    share: Option<String>,
    recent: Vec<Recent>,
    faults: Vec<Fault>,
    updated: String,
    /// The platform's owner looks at somebody's bot: the way back to all of them.
    from_owner: bool,
}

/// One's own first page.
pub(in crate::web) async fn own(
    state: State<WebState>,
    spoken: Extension<Spoken>,
    own: Own,
) -> Result<Response, Failure> {
    match own {
        Own::Tenant(whose) => of_tenant(state, spoken, whose).await,
        Own::Platform => Ok(Redirect::to("/panel/owner").into_response()),
    }
}

/// The first page of the tenant that the path names.
pub(in crate::web) async fn of_tenant(
    State(state): State<WebState>,
    Extension(spoken): Extension<Spoken>,
    ForTenant { tenant, session }: ForTenant,
) -> Result<Response, Failure> {
    let platform = &state.platform;
    let now = platform.clock.now();
    let words = platform.texts.words(spoken.language);
    let row = platform.db.platform_read().await?.tenant_get(&tenant.id).await?.ok_or(Failure::NotFound)?;
    let days = figures::days(&tenant, now);
    let (first, last) = (days.first().ok_or(Failure::Broken)?, days.last().ok_or(Failure::Broken)?);
    let mut tx = platform.db.tenant_read(&tenant.id).await?;
    let counted = tx.counters_between(first, last).await?;
    let everybody = tx.users_count().await?;
    let recent = tx.generations_recent(LINES).await?;
    let faults = tx.errors_last(LINES).await?;
    drop(tx);
    let figures = Figures { words, days: &days, counted: &counted };
    let username = row.bot_username.clone().filter(|name| !name.is_empty());
    let share = username.as_ref().filter(|_| everybody == 0).map(|name| format!("t.me/{name}"));
    let support = !tenant.settings.support_contact.is_empty();
    let name = if tenant.settings.brand.is_empty() { tenant.id.to_string() } else { tenant.settings.brand.clone() };
    let page = Home {
        shell: Shell::inside(words, name.clone(), &session, &platform.vault),
        name,
        id: tenant.id.to_string(),
        username,
        standing: standing::of(words, &row, support, everybody, &platform.settings, now),
        tiles: vec![
            figures.money("panel-revenue", Counter::Revenue),
            figures.count("panel-tile-delivered", Counter::Delivered, true),
            figures.count("panel-tile-failed", Counter::Failed, false),
            figures.success("panel-success-rate"),
            figures.count("panel-tile-new", Counter::NewUsers, true),
            figures.count("panel-tile-active", Counter::ActiveUsers, true),
        ],
        share,
        work_empty: !figures.any(&[Counter::Generations, Counter::Delivered, Counter::Failed, Counter::Revenue]),
        recent: recent.into_iter().map(|row| log::recent(words, platform.catalog, &tenant, row, now)).collect(),
        faults: faults.iter().map(|row| log::fault(words, &tenant, row, now)).collect(),
        updated: words.plain("panel-updated", args![at = now.shown(tenant.zone())]),
        from_owner: session.who.role == Role::PlatformOwner,
    };
    Ok(html(StatusCode::OK, &page))
}
