//! What the platform's owner allows the bot, and how much of it is used (platform.md 3).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::figures::count;
use super::settings::{Tab, tabs};
use crate::domain::settings::TenantLimits;
use crate::store::Counter;
use crate::texts::key_part;
use crate::web::extract::At;
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// A limit with its use, where it is counted.
struct Line {
    name: String,
    used: Option<String>,
    most: String,
    /// In percent.
    percent: Option<i64>,
    /// Nearly all of it is used.
    tight: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/limits.html")]
struct Limits<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
}

/// All limits.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let words = at.words();
    let mut tx = at.reads().await?;
    let people = tx.counters_total().await?.get(Counter::NewUsers);
    let today = tx.counters_of_day(&at.tenant.today(at.now)).await?;
    let running = tx.work_now().await?.count;
    let credits = today.get(Counter::ProviderCredits) / 100;
    let own = at.tenant.provider_key.is_some();
    let Ok(limits) = serde_json::to_value(&at.tenant.limits) else { return Err(Failure::Broken) };
    let line = |name: &&str| {
        let most = limits.get(*name).and_then(serde_json::Value::as_i64).unwrap_or_default();
        let used = match *name {
            "users" => Some(people),
            "generations_per_day" => Some(today.get(Counter::Generations)),
            "generations_in_flight" => Some(running),
            "own_credits_per_day" if own => Some(credits),
            "shared_credits_per_day" if !own => Some(credits),
            _ => None,
        };
        let percent = used.filter(|_| most > 0).map(|used| (used.saturating_mul(100) / most).clamp(0, 100));
        Line {
            name: words.get(&format!("panel-limit-{}", key_part(name))),
            used: used.map(|used| count(used.unsigned_abs())),
            most: count(most.unsigned_abs()),
            percent,
            tight: percent.is_some_and(|percent| percent >= 90),
        }
    };
    let page = Limits {
        shell: Shell::at(&at, nav::SETTINGS, words.get("panel-limits")),
        tabs: tabs(&at, "limits"),
        lines: TenantLimits::NAMES.iter().map(line).collect(),
    };
    Ok(html(StatusCode::OK, &page))
}
