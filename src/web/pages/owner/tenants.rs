//! Every bot at a glance, for the platform's owner.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use std::time::Duration;

use crate::args;
use crate::domain::settings::TenantSettings;
use crate::domain::{Money, UnixMs};
use crate::store::{Counter, TenantOverview, TenantRow};
use crate::texts::Words;
use crate::web::extract::Desk;
use crate::web::failure::Failure;
use crate::web::pages::panel::figures::count;
use crate::web::pages::panel::standing::{Connection, state_key, state_light};
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Errors of this long count.
const ERRORS_WITHIN: Duration = Duration::from_hours(24);

/// One bot.
struct Line {
    id: String,
    name: String,
    username: Option<String>,
    /// Served by this process: its page can be opened.
    live: bool,
    state: String,
    state_class: &'static str,
    connection: String,
    connection_class: &'static str,
    people: String,
    generations: String,
    revenue: String,
    errors: String,
    last_error: Option<String>,
}

/// All bots together.
struct Total {
    tenants: String,
    people: String,
    generations: String,
    revenue: String,
    errors: String,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/owner/tenants.html")]
struct Tenants<'a> {
    shell: Shell<'a>,
    lines: Vec<Line>,
    total: Total,
    updated: String,
}

/// The list.
pub(in crate::web) async fn all(desk: Desk) -> Result<Response, Failure> {
    let (platform, words, now) = (desk.platform(), desk.words(), desk.now);
    let overview = platform
        .db
        .platform_read()
        .await?
        .tenants_overview(|row| day_of(&settings(row), now), now.minus(ERRORS_WITHIN))
        .await?;
    let is_live = |row: &TenantRow| platform.tenants.get(&row.tenant).is_some();
    let page = Tenants {
        shell: Shell::over(&desk, nav::TENANTS, words.get("panel-owner-title")).refreshing(),
        total: total(words, &overview),
        lines: overview.iter().map(|one| line(words, one, is_live(&one.tenant), now)).collect(),
        updated: words.plain("panel-updated", args![at = now.shown(&jiff::tz::TimeZone::UTC)]),
    };
    Ok(html(StatusCode::OK, &page))
}

fn line(words: Words<'_>, one: &TenantOverview, live: bool, now: UnixMs) -> Line {
    let row = &one.tenant;
    let brand = settings(row).brand;
    let connection = Connection::of(row);
    let figure = |counter| count(one.today.get(counter).unsigned_abs());
    Line {
        id: row.tenant.to_string(),
        name: if brand.is_empty() { row.tenant.to_string() } else { brand },
        username: row.bot_username.clone().filter(|name| !name.is_empty()),
        live,
        state: words.get(state_key(row.state)),
        state_class: state_light(row.state).class(),
        connection: words.get(connection.text_key()),
        connection_class: connection.light().class(),
        people: count(one.people.unsigned_abs()),
        generations: figure(Counter::Generations),
        revenue: Money::kopecks(one.today.get(Counter::Revenue)).to_string(),
        errors: count(one.errors.unsigned_abs()),
        last_error: one.last_error_at.map(|at| words.ago(now.since(at))),
    }
}

fn total(words: Words<'_>, all: &[TenantOverview]) -> Total {
    let sum = |of: &dyn Fn(&TenantOverview) -> i64| all.iter().map(of).fold(0_i64, i64::saturating_add);
    let shown = |of: &dyn Fn(&TenantOverview) -> i64| count(sum(of).unsigned_abs());
    Total {
        tenants: words.plain("panel-owner-tenants", args![n = count(all.len() as u64)]),
        people: shown(&|one| one.people),
        generations: shown(&|one| one.today.get(Counter::Generations)),
        revenue: Money::kopecks(sum(&|one| one.today.get(Counter::Revenue))).to_string(),
        errors: shown(&|one| one.errors),
    }
}

/// What the tenant set; a row that does not read is listed under its id with the usual settings, not left out.
fn settings(row: &TenantRow) -> TenantSettings {
    serde_json::from_str(&row.settings).unwrap_or_default()
}

fn day_of(settings: &TenantSettings, now: UnixMs) -> String {
    now.day(settings.timezone.tz())
}
