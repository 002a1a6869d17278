//! The billing preflight (platform.md 5): the last report, one that is made now, those before it, and the ledger's light.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::ledger::{self, Light};
use super::report::{self, Kept};
use crate::accounts::Act;
use crate::diagnostics::Trouble;
use crate::diagnostics::runs::preflight_run;
use crate::domain::{ReportAsker, ReportKind};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Reports that the history shows: all that are kept.
const HISTORY: i64 = 50;

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/preflight.html")]
struct Preflight<'a> {
    shell: Shell<'a>,
    /// The report that is shown; none was made yet, or the address names one that is gone.
    shown: Option<Kept>,
    history: Vec<Kept>,
    ledger: Light,
    /// The reader may have one made.
    runs: bool,
    base: String,
}

/// `?run=…`: one of those before.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let mut tx = at.reads().await?;
    let rows = tx.reports_last(ReportKind::Preflight, HISTORY).await?;
    let last = tx.ledger_check_get().await?;
    drop(tx);
    let asked = at.asked("run");
    let shown = match asked {
        Some(id) => Some(rows.iter().find(|row| row.id.as_str() == id).ok_or(Failure::NotFound)?),
        None => rows.first(),
    };
    let page = Preflight {
        shell: Shell::at(&at, nav::PREFLIGHT, at.words().get("panel-preflight")),
        shown: shown.map(|row| report::kept(&at, row)),
        history: rows.iter().map(|row| report::kept(&at, row)).collect(),
        ledger: ledger::light(&at, last),
        runs: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Makes one now.
pub(in crate::web) async fn run(at: At, _form: OurForm) -> Result<Response, Failure> {
    let made = preflight_run(&at.platform().subject(&at.tenant), ReportAsker::Panel).await;
    Ok(match made.trouble() {
        None => at.done("preflight", "preflight"),
        Some(Trouble::Timeout) => at.problem("preflight", "preflight-slow"),
        Some(Trouble::Storage(_)) => at.problem("preflight", "preflight-storage"),
    })
}
