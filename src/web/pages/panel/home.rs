//! The first page of a bot: does it work, what happens in it, what went wrong.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::figures::{self, Drawing, Figures, Tile};
use super::ledger::{self, Light};
use super::log::{self, Fault, Work};
use super::standing::{self, Due, Standing};
use crate::accounts::{Act, Role};
use crate::args;
use crate::bot::requirements::due_in;
use crate::domain::{Factor, TenantState, UnixMs};
use crate::store::{Counter, ProviderCreditsRow, WorkKind};
use crate::web::extract::{At, Own};
use crate::web::failure::Failure;
use crate::web::pages::shell::{Shell, name_of};
use crate::web::pages::{html, nav};

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
    /// What is to be done: people who wait first, then what blocks.
    due: Vec<Due>,
    /// What the check of the ledger said last.
    ledger: Light,
    tiles: Vec<Tile>,
    /// What the provider's balance is good for.
    runway: Option<String>,
    work_empty: bool,
    /// The bot's address, while nobody has found it yet.
    share: Option<String>,
    /// The reader may see people and what they did.
    looks: bool,
    /// What one press does with the bot's state, if the reader may: its address and its words.
    press: Option<(&'static str, String, String)>,
    /// Where the bot's pages are.
    base: String,
    works: Vec<Work>,
    faults: Vec<Fault>,
    updated: String,
    /// The platform's owner looks at somebody's bot: the way back to all of them.
    from_owner: bool,
}

/// One's own first page.
pub(in crate::web) async fn own(own: Own) -> Result<Response, Failure> {
    match own {
        Own::Tenant(at) => of_tenant(*at).await,
        Own::Platform => Ok(Redirect::to("/panel/owner").into_response()),
    }
}

/// The first page of the tenant that the path names.
pub(in crate::web) async fn of_tenant(at: At) -> Result<Response, Failure> {
    let (platform, words, now, tenant) = (at.platform(), at.words(), at.now, &*at.tenant);
    let row = platform.db.platform_read().await?.tenant_get(&tenant.id).await?.ok_or(Failure::NotFound)?;
    let days = figures::days(tenant, now);
    let (first, last) = (days.first().ok_or(Failure::Broken)?, days.last().ok_or(Failure::Broken)?);
    let mut tx = at.reads().await?;
    let counted = tx.counters_between(first, last).await?;
    let everybody = tx.users_count().await?;
    // The platform's owner sees figures, not people.
    let (made, faults) = if at.may(Act::Look) {
        (tx.works_page(WorkKind::All, (UnixMs(i64::MAX), ""), LINES).await?, tx.errors_last(LINES).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let credits = tx.provider_credits_get().await?;
    let ledger = ledger::light(&at, tx.ledger_check_get().await?);
    let reviews = tx.payments_review_count().await?;
    let needs = due_in(&mut tx, &platform.settings, platform.catalog, tenant, now).await?;
    drop(tx);
    let figures = Figures { words, days: &days, counted: &counted };
    let username = row.bot_username.clone().filter(|name| !name.is_empty());
    let share = username.as_ref().filter(|_| everybody == 0).map(|name| format!("t.me/{name}"));
    let page = Home {
        shell: Shell::at(&at, nav::HOME, words.get("panel-home-title")).refreshing(),
        name: name_of(&at),
        id: tenant.id.to_string(),
        username,
        standing: standing::of(words, &row, (&needs, reviews), everybody, &platform.settings, now),
        due: standing::reviews_due(words, reviews, at.may(Act::Operate).then(|| at.url("payments#queue")))
            .into_iter()
            .chain(standing::due(words, &needs, at.may(Act::Look)))
            .collect(),
        ledger,
        tiles: tiles(&figures, tenant.settings.currency_rate),
        runway: runway(&at, &figures, credits),
        share,
        work_empty: !figures.any(&[Counter::Generations, Counter::Delivered, Counter::Failed, Counter::Revenue]),
        looks: at.may(Act::Look),
        press: press(&at, row.state),
        base: at.url(""),
        works: made.into_iter().map(|row| log::work(&at, row)).collect(),
        faults: faults.iter().map(|row| log::fault(&at, row)).collect(),
        updated: words.plain("panel-updated", args![at = now.shown(tenant.zone())]),
        from_owner: at.session.who.role == Role::PlatformOwner,
    };
    Ok(html(StatusCode::OK, &page))
}

/// Pausing or going on, as the state is; with what it means.
fn press(at: &At, state: TenantState) -> Option<(&'static str, String, String)> {
    let words = at.words();
    let (path, name, hint) = match state {
        TenantState::Active | TenantState::Draft => ("pause", "panel-pause", "panel-pause-hint"),
        TenantState::Paused => ("resume", "panel-resume", "panel-resume-hint"),
        TenantState::Suspended | TenantState::Deleted => return None,
    };
    at.may(Act::Operate).then(|| (path, words.get(name), words.get(hint)))
}

/// For how long the provider's balance lasts at the last week's pace; only where it is the bot's own and was read.
fn runway(at: &At, figures: &Figures<'_>, credits: Option<ProviderCreditsRow>) -> Option<String> {
    at.tenant.provider_key.as_ref()?;
    let credits = credits?.credits?;
    let words = at.words();
    let n = figures::count((credits / 100).unsigned_abs());
    match credits.checked_div(figures.spent_daily()).filter(|days| *days >= 0) {
        Some(days) => Some(words.plain("panel-runway-days", args![n = n, days = days])),
        None => Some(words.plain("panel-runway", args![n = n])),
    }
}

fn tiles(figures: &Figures<'_>, rate: Factor) -> Vec<Tile> {
    vec![
        figures.money("panel-revenue", Counter::Revenue),
        figures.cost("panel-cost", rate),
        figures.margin("panel-margin", rate),
        figures.count("panel-tile-delivered", Counter::Delivered, true),
        figures.count("panel-tile-failed", Counter::Failed, false),
        figures.success("panel-success-rate"),
        figures.count("panel-tile-new", Counter::NewUsers, true),
        figures.count("panel-tile-active", Counter::ActiveUsers, true),
    ]
}
