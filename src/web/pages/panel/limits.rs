//! What the platform's owner allows the bot, and how much of it is used (platform.md 3).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::figures::count;
use super::settings::{Tab, tabs};
use crate::generation::quota;
use crate::texts::{Words, key_part};
use crate::web::extract::At;
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// A limit with its use, where it is counted.
struct Line {
    name: String,
    used: Option<String>,
    most: String,
    /// How much of it is used, in percent.
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

/// All limits: what is counted as the bot counts it before an order, then what is only set.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let words = at.words();
    let quotas = quota::quotas(&mut at.reads().await?, &at.tenant, at.now).await?;
    let limits = &at.tenant.limits;
    let off = words.get(if limits.generation_off == 0 { "panel-limit-no" } else { "panel-limit-yes" });
    let mut lines: Vec<Line> =
        quotas.iter().map(|quota| line(words, quota.name, quota.used(), quota.limit())).collect();
    lines.push(said(words.get("panel-limit-fee"), format!("{} %", percent(limits.fee_basis_points))));
    lines.push(said(words.get("panel-limit-stopped"), off));
    let shell = Shell::at(&at, nav::SETTINGS, words.get("panel-limits"));
    Ok(html(StatusCode::OK, &Limits { shell, tabs: tabs(&at, "limits"), lines }))
}

/// What is only set, in words.
fn said(name: String, value: String) -> Line {
    Line { name, used: None, most: value, percent: None, tight: false }
}

/// Hundredths of a percent as percent: 1250 is 12.5.
fn percent(basis_points: u32) -> String {
    let text = format!("{}.{:02}", basis_points / 100, basis_points % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn line(words: Words<'_>, name: &str, used: Option<i64>, most: i64) -> Line {
    let percent = used.filter(|_| most > 0).map(|used| (used.saturating_mul(100) / most).clamp(0, 100));
    Line {
        name: words.get(&format!("panel-limit-{}", key_part(name))),
        used: used.map(|used| count(used.unsigned_abs())),
        most: count(most.unsigned_abs()),
        percent,
        tight: percent.is_some_and(|percent| percent >= 90),
    }
}
