//! A bot's diagnostics (platform.md 5, 6): how its connection with Telegram stands and stood, and how it was started; each line
//! with what to do. A look can be ordered, it is made by a worker.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::log::When;
use super::report::{self, Kept, Row};
use crate::accounts::Act;
use crate::bot::jobs::put_look_now;
use crate::diagnostics::connection::{self, Facts};
use crate::domain::ReportKind;
use crate::store::WatchEventRow;
use crate::tenants::connect::webhook_url;
use crate::texts::key_part;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Changes that the history shows.
const CHANGES: i64 = 20;

/// Sections under one heading.
struct Rows {
    rows: Vec<Row>,
}

/// A change of the connection.
struct Change {
    when: When,
    class: &'static str,
    what: String,
    error: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/diagnostics.html")]
struct Diagnostics<'a> {
    shell: Shell<'a>,
    /// Where Telegram should bring updates; `None`: they are fetched.
    address: Option<String>,
    connection: Rows,
    changes: Vec<Change>,
    /// How the bot was connected last.
    boot: Option<Kept>,
    /// The reader may order a look.
    checks: bool,
    base: String,
}

/// The page.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let (words, tenant) = (at.words(), &*at.tenant);
    let mut tx = at.reads().await?;
    let known = tx.connection_get().await?.ok_or(Failure::NotFound)?;
    let watch = tx.watch_get().await?;
    let address = webhook_url(&at.platform().settings, tenant);
    let facts = Facts {
        connection: &known,
        watch: watch.as_ref(),
        webhook: address.as_deref(),
        update_last: tx.update_last_at().await?,
        outbox: tx.outbox_due(at.now).await?,
        zone: tenant.zone(),
        now: at.now,
    };
    let connection = Rows { rows: report::rows(words, &connection::report(&facts)) };
    let changes = tx.watch_events(CHANGES).await?.into_iter().map(|row| change(&at, row)).collect();
    let boot = tx.reports_last(ReportKind::Boot, 1).await?.pop().map(|row| report::kept(&at, &row));
    let page = Diagnostics {
        shell: Shell::at(&at, nav::DIAGNOSTICS, words.get("panel-diagnostics")),
        address,
        connection,
        changes,
        boot,
        checks: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

fn change(at: &At, row: WatchEventRow) -> Change {
    let words = at.words();
    let (class, what) = match (&row.trouble, &row.error) {
        (Some(trouble), _) => ("fail", words.find(&format!("panel-watch-{}", key_part(trouble)))),
        (None, Some(_)) => ("warn", Some(words.get("panel-watch-undelivered"))),
        (None, None) => ("ok", Some(words.get("panel-watch-well"))),
    };
    Change {
        when: When::new(words, at.tenant.zone(), row.at, at.now),
        class,
        what: what.or(row.trouble).unwrap_or_default(),
        error: row.error,
    }
}

/// Orders a look at the token and the webhook.
pub(in crate::web) async fn check(at: At, _form: OurForm) -> Result<Response, Failure> {
    let mut tx = at.writes().await?;
    let ordered = put_look_now(&mut tx, &at.corr, at.now).await?;
    tx.commit().await?;
    at.platform().signals.job();
    Ok(if ordered { at.done("diagnostics", "check-begun") } else { at.done("diagnostics", "check-runs") })
}
