//! Broadcasts: how each goes, and holding, continuing or stopping it (bot.md 14.7). Composing stands in `compose.rs`, one
//! broadcast with what it says and its confirmation in `card.rs`.

pub(in crate::web) mod card;
pub(in crate::web) mod compose;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::figures::count;
use super::log::When;
use crate::accounts::Act;
use crate::bot::acts::broadcast::Change;
use crate::bot::acts::{self, Hands};
use crate::bot::screens::broadcasts::pace;
use crate::domain::{BroadcastId, BroadcastState};
use crate::store::BroadcastRow;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Broadcasts that are listed.
const LISTED: i64 = 50;
/// Drafts that are listed.
const DRAFTS: i64 = 10;

/// One.
struct Line {
    id: String,
    number: Option<i64>,
    state: String,
    class: &'static str,
    sent: String,
    of: String,
    unreachable: String,
    failed: String,
    /// In percent.
    percent: i64,
    when: When,
    /// When it begins, while that is still to come.
    planned: Option<String>,
    running: bool,
    paused: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/broadcasts.html")]
struct Broadcasts<'a> {
    shell: Shell<'a>,
    audience: String,
    drafts: Vec<Line>,
    lines: Vec<Line>,
    operates: bool,
    /// The platform's owner allows them.
    allowed: bool,
    base: String,
}

/// The list.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let mut tx = at.reads().await?;
    let audience = tx.broadcast_audience().await?;
    let (rows, drafts) = (tx.broadcasts_recent(LISTED).await?, tx.broadcasts_drafts(DRAFTS).await?);
    let page = Broadcasts {
        shell: Shell::at(&at, nav::BROADCASTS, at.words().get("panel-broadcasts")).refreshing(),
        audience: at.words().plain("panel-broadcasts-audience", crate::args![n = count(audience.unsigned_abs())]),
        drafts: drafts.iter().map(|row| line(&at, row)).collect(),
        lines: rows.iter().map(|row| line(&at, row)).collect(),
        operates: at.may(Act::Operate),
        allowed: pace(at.platform(), &at.tenant).is_some(),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

fn line(at: &At, row: &BroadcastRow) -> Line {
    let planned = row.state == BroadcastState::Running && row.is_planned(at.now);
    let (key, class) = match row.state {
        BroadcastState::Draft => ("broadcast-state-draft", "warn"),
        BroadcastState::Running if planned => ("panel-broadcast-state-planned", "busy"),
        BroadcastState::Running => ("broadcast-state-running", "busy"),
        BroadcastState::Paused => ("broadcast-state-paused", "warn"),
        BroadcastState::Stopped => ("broadcast-state-stopped", "fail"),
        BroadcastState::Done => ("broadcast-state-done", "ok"),
    };
    let shown = |n: i64| count(n.unsigned_abs());
    let done = row.sent + row.unreachable + row.failed;
    Line {
        id: row.id.short().to_owned(),
        number: row.number,
        state: at.words().get(key),
        class,
        sent: shown(row.sent),
        of: shown(row.recipients),
        unreachable: shown(row.unreachable),
        failed: shown(row.failed),
        percent: if row.recipients > 0 { (done.saturating_mul(100) / row.recipients).min(100) } else { 0 },
        when: When::new(at.words(), at.tenant.zone(), row.confirmed_at.unwrap_or(row.created_at), at.now),
        planned: planned.then(|| row.run_at.shown(at.tenant.zone())),
        running: row.state == BroadcastState::Running,
        paused: row.state == BroadcastState::Paused,
    }
}

fn id(text: &str) -> Result<BroadcastId, Failure> {
    BroadcastId::from_short(text).map_err(|_| Failure::NotFound)
}

fn hands(at: &At) -> Hands<'_> {
    Hands { platform: at.platform(), tenant: &at.tenant, actor: at.actor(), now: at.now }
}

/// Holds one.
pub(in crate::web) async fn pause(at: At, path: Path<(String, String)>, _form: OurForm) -> Result<Response, Failure> {
    change(&at, &path.0.1, Change::Pause, "broadcast-paused").await
}

/// Continues one.
pub(in crate::web) async fn resume(at: At, path: Path<(String, String)>, _form: OurForm) -> Result<Response, Failure> {
    change(&at, &path.0.1, Change::Resume, "broadcast-running").await
}

/// Ends one: who was not reached is not reached any more.
pub(in crate::web) async fn stop(at: At, path: Path<(String, String)>, _form: OurForm) -> Result<Response, Failure> {
    change(&at, &path.0.1, Change::Stop, "broadcast-stopped").await
}

async fn change(at: &At, text: &str, to: Change, said: &str) -> Result<Response, Failure> {
    let id = id(text)?;
    let mut tx = at.writes().await?;
    tx.broadcast_get(&id).await?.ok_or(Failure::NotFound)?;
    if !acts::broadcast::change(&mut tx, &hands(at), &id, to).await? {
        return Ok(at.problem("broadcasts", "broadcast-late"));
    }
    tx.commit().await?;
    at.platform().signals.job();
    Ok(at.done("broadcasts", said))
}
