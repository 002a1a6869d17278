//! A bot's months: what was taken, what the provider cost, what stays, what the owner's part is (decisions.md 26). The same
//! statement that `botyard statement` makes; a month's generations are a file.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::accounts::Act;
use crate::accounts::audit::{self, Act as Deed};
use crate::args;
use crate::billing::books;
use crate::billing::settlement::{CSV_HEAD, Month, Statement, csv_line, present};
use crate::domain::{AuditAction, BotInstanceId, Factor, GenerationId, UnixMs};
use crate::store::{Db, GenerationCostRow, StoreError};
use crate::web::csv;
use crate::web::extract::At;
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Months on a page: each is a walk along its own movements.
const MONTHS: usize = 3;
/// Lines of a file that are read at once.
const STEP: i64 = 500;

/// A month in words.
struct Line {
    month: String,
    /// It is not over.
    present: bool,
    made: Statement,
    /// When it was closed, and by what terms.
    closed: Option<String>,
    fee: String,
    file: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/statements.html")]
struct Statements<'a> {
    shell: Shell<'a>,
    lines: Vec<Line>,
    /// Where the months before these are.
    older: Option<String>,
    newest: Option<String>,
    zone: String,
}

/// `?from=2026-11`: that month and those before it.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let words = at.words();
    let zone = at.tenant.zone();
    let row = at.platform().db.platform_read().await?.tenant_get(&at.tenant.id).await?.ok_or(Failure::NotFound)?;
    let began = Month::of(row.created_at, zone);
    keep(&at).await?;
    let mut tx = at.reads().await?;
    let present = present(&mut tx, zone, at.now).await?;
    let asked = at.asked("from").and_then(|text| Month::parse(text).ok()).filter(|month| *month < present);
    let mut month = asked.unwrap_or(present);
    let mut lines = Vec::new();
    while lines.len() < MONTHS && month >= began {
        let made = books::month(&mut tx, &at.tenant.settings, &at.tenant.limits, month).await?;
        let percent = format!("{}.{:02}", made.fee_basis_points / 100, made.fee_basis_points % 100);
        lines.push(Line {
            month: month.to_string(),
            present: month == present,
            closed: made.closed_at.map(|closed| {
                let (rate, zone_name) = (made.rate.to_string(), made.zone.as_str());
                words.plain("panel-statement-terms", args![at = closed.shown(zone), rate = rate, zone = zone_name])
            }),
            fee: words.plain("panel-statement-fee", args![percent = percent, sum = made.fee]),
            file: at.may(Act::Operate).then(|| format!("{}?month={month}", at.url("statements.csv"))),
            made,
        });
        month = month.previous();
    }
    let page = Statements {
        shell: Shell::at(&at, nav::STATEMENTS, words.get("panel-statements")),
        lines,
        older: (month >= began).then(|| format!("{}?from={month}", at.url("statements"))),
        newest: asked.map(|_| at.url("statements")),
        zone: at.tenant.zone_name().to_owned(),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Months that are over are closed before they are shown.
async fn keep(at: &At) -> Result<(), Failure> {
    books::keep(&at.platform().db, &at.tenant.id, &at.tenant.settings, &at.tenant.limits, at.now).await?;
    Ok(())
}

/// `?month=2026-11`: its generations, each price beside what the provider took.
pub(in crate::web) async fn file(at: At) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    let asked = at.asked("month").map(Month::parse).transpose().map_err(|_| Failure::BadRequest)?;
    keep(&at).await?;
    let mut tx = at.reads().await?;
    let month = match asked {
        Some(month) => month,
        None => present(&mut tx, at.tenant.zone(), at.now).await?,
    };
    let made = books::month(&mut tx, &at.tenant.settings, &at.tenant.limits, month).await?;
    drop(tx);
    let object = format!("statement:{month}");
    let mut tx = at.writes().await?;
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::Exported, &object), at.now).await?;
    tx.commit().await?;
    let rest = Rest {
        db: at.platform().db.clone(),
        tenant: at.tenant.id.clone(),
        span: made.span,
        rate: made.rate,
        after: None,
        done: false,
    };
    let name = format!("statement-{}-{month}.csv", at.tenant.id);
    csv::file(&name, format!("{CSV_HEAD}\r\n"), futures::stream::unfold(rest, Rest::write))
}

/// What of a month is still to be written.
struct Rest {
    db: Db,
    tenant: BotInstanceId,
    span: (UnixMs, UnixMs),
    rate: Factor,
    /// After which generation to go on; `None`: from the beginning.
    after: Option<(UnixMs, GenerationId)>,
    /// Nothing more can be read.
    done: bool,
}

impl Rest {
    async fn write(mut self) -> Option<(Result<String, Failure>, Self)> {
        if self.done {
            return None;
        }
        let rows = match self.read().await {
            Ok(rows) => rows,
            Err(error) => {
                self.done = true;
                return Some((Err(error.into()), self));
            }
        };
        let last = rows.last()?;
        self.after = Some((last.created_at, last.id.clone()));
        let lines: Vec<String> = rows.iter().map(|row| csv_line(row, self.rate)).collect();
        Some((Ok(format!("{}\r\n", lines.join("\r\n"))), self))
    }

    async fn read(&self) -> Result<Vec<GenerationCostRow>, StoreError> {
        let after = self.after.as_ref().map(|(at, id)| (*at, id));
        let mut tx = self.db.tenant_read(&self.tenant).await?;
        tx.generations_between(self.span.0, self.span.1, after, STEP).await
    }
}
