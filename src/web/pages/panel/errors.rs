//! What went wrong in a bot, by class and time; and the story of one correlation id (platform.md 5).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use std::time::Duration;

use super::log::{self, Fault, When};
use super::paging::{Chip, Cursor, Pager, ROWS, address, chips};
use crate::accounts::Act;
use crate::args;
use crate::diagnostics::hints;
use crate::diagnostics::trace::{self, StepKind};
use crate::domain::{Corr, GenerationId, PaymentId, UnixMs, UserId};
use crate::web::extract::At;
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

const DAY: Duration = Duration::from_hours(24);

/// A class with how often it came.
struct Class {
    href: String,
    name: String,
    code: String,
    count: String,
    /// What to do about it.
    hint: String,
    last: When,
    current: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "pages/panel/errors.html")]
struct Errors<'a> {
    shell: Shell<'a>,
    spans: Vec<Chip>,
    classes: Vec<Class>,
    faults: Vec<Fault>,
    pager: Pager,
    unknown: bool,
    /// Whose errors are asked for, as it was typed; and that it is nobody's number.
    user: Option<String>,
    nobody: bool,
    /// What the form of the person keeps of the other filters.
    kept: Vec<(String, String)>,
    file: Option<String>,
    base: String,
}

/// `?class=db_slow&span=week&user=42`, `?corr=…` opens a story.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let asked = at.asked("corr");
    if let Some(corr) = asked.and_then(Corr::parse) {
        return Ok(Redirect::to(&at.url(&format!("trace/{corr}"))).into_response());
    }
    let since = since(&at);
    let class = at.asked("class");
    let user = user(&at);
    let cursor = Cursor::of(&at);
    let mut tx = at.reads().await?;
    let mut rows = match user {
        Ok(user) => tx.errors_page((class, user), since, (cursor.at, &cursor.id), ROWS + 1).await?,
        Err(NoNumber) => Vec::new(),
    };
    let pager = Pager::cut(&at, &mut rows, |row| Cursor::text(row.created_at, row.id.as_str()));
    let classes = tx.error_classes(since).await?;
    let spans = [("week", "panel-span-week"), ("day", "panel-span-day"), ("month", "panel-span-month")];
    let page = Errors {
        shell: Shell::at(&at, nav::ERRORS, at.words().get("panel-errors")),
        spans: chips(&at, "span", &spans),
        classes: classes.into_iter().map(|class| one_class(&at, class)).collect(),
        faults: rows.iter().map(|row| log::fault(&at, row)).collect(),
        pager,
        unknown: asked.is_some(),
        user: at.asked("user").map(str::to_owned),
        nobody: user.is_err(),
        kept: ["class", "span"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), at.asked(name)?.to_owned())))
            .collect(),
        file: at.may(Act::Operate).then(|| format!("{}{}", at.url("errors.csv"), address(&at, &[("before", None)]))),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// From when on the address asks for errors.
pub(super) fn since(at: &At) -> UnixMs {
    at.now.minus(match at.asked("span") {
        Some("day") => DAY,
        Some("month") => DAY * 30,
        _ => DAY * 7,
    })
}

/// What stands where a person's number should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoNumber;

/// Whose errors the address asks for.
pub(super) fn user(at: &At) -> Result<Option<UserId>, NoNumber> {
    at.asked("user").map(|text| text.parse().map(UserId).map_err(|_| NoNumber)).transpose()
}

fn one_class(at: &At, (code, count, last): (String, i64, UnixMs)) -> Class {
    let current = at.asked("class") == Some(code.as_str());
    Class {
        href: address(at, &[("class", (!current).then_some(code.as_str())), ("before", None)]),
        name: at.words().get(&format!("panel-class-{}", log::kind(&code))),
        count: super::figures::count(count.unsigned_abs()),
        hint: at.words().get(hints::of_class(&code)),
        last: When::new(at.words(), at.tenant.zone(), last, at.now),
        current,
        code,
    }
}

/// A step of a story.
struct Step {
    when: When,
    class: &'static str,
    what: String,
    href: Option<String>,
}

/// The story.
#[derive(Template)]
#[template(path = "pages/panel/trace.html")]
struct Trace<'a> {
    shell: Shell<'a>,
    corr: Corr,
    steps: Vec<Step>,
    faults: Vec<Fault>,
    /// What is said where nothing is recorded.
    empty: String,
    base: String,
}

/// Everything that has this correlation id, in its order: the story that `/admin corr`, the API and `/__diag/corr` tell, too.
pub(in crate::web) async fn trace(at: At, Path((_, corr)): Path<(String, String)>) -> Result<Response, Failure> {
    let corr = Corr::parse(&corr).ok_or(Failure::NotFound)?;
    let words = at.words();
    let mut tx = at.reads().await?;
    let story = trace::trace(&mut tx, &corr).await?;
    let faults = tx.errors_of_corr(&corr).await?.iter().map(|row| log::fault(&at, row)).collect();
    let page = Trace {
        shell: Shell::at(&at, nav::ERRORS, words.plain("panel-trace-title", args![corr = corr.as_str()])),
        corr,
        steps: story.steps.into_iter().map(|step| told(&at, step)).collect(),
        faults,
        empty: words.plain("panel-trace-empty", args![time = words.span(at.platform().settings.retention.errors)]),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

fn told(at: &At, step: trace::Step) -> Step {
    let words = at.words();
    Step {
        when: When {
            exact: step.at.shown_to_the_second(at.tenant.zone()),
            ..When::new(words, at.tenant.zone(), step.at, at.now)
        },
        class: match step.kind {
            StepKind::Error => "fail",
            StepKind::Ledger | StepKind::Payment => "ok",
            _ => "busy",
        },
        href: page_of(&step).map(|page| at.url(&page)),
        what: words.plain(&step.said.key, step.said.values),
    }
}

/// The page of what a step is about.
fn page_of(step: &trace::Step) -> Option<String> {
    let named = |name: &str| step.detail.get(name).and_then(serde_json::Value::as_str);
    if let Some(id) = named("generation").and_then(|id| GenerationId::parse(id).ok()) {
        return Some(format!("generations/{}", id.short()));
    }
    let id = named("payment").and_then(|id| PaymentId::parse(id).ok())?;
    Some(format!("payments/{}", id.short()))
}
