//! A report of the diagnostics as a page shows it: each section with how it stands, what it says and what to do. The report is
//! made in `diagnostics/` and shown by the bot, the command line and the API as well.

use super::log::When;
use crate::diagnostics::{Report, Section, Status, Verdict, runs, shown};
use crate::store::ReportRow;
use crate::texts::Words;
use crate::web::extract::At;

/// A section.
pub(in crate::web::pages) struct Row {
    pub(in crate::web::pages) class: &'static str,
    pub(in crate::web::pages) status: String,
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) note: String,
    pub(in crate::web::pages) fix: Option<String>,
    pub(in crate::web::pages) ms: Option<u64>,
}

/// A report that was kept.
pub(in crate::web::pages) struct Kept {
    pub(in crate::web::pages) id: String,
    pub(in crate::web::pages) when: When,
    pub(in crate::web::pages) class: &'static str,
    pub(in crate::web::pages) verdict: String,
    /// What the verdict means, and what to do.
    pub(in crate::web::pages) help: String,
    /// Who had it made.
    pub(in crate::web::pages) by: String,
    /// Its sections; none where an older program wrote it in a way that is not read any more.
    pub(in crate::web::pages) rows: Vec<Row>,
}

/// The sections of a report.
pub(in crate::web::pages) fn rows(words: Words<'_>, report: &Report) -> Vec<Row> {
    report.sections.iter().map(|section| row(words, section)).collect()
}

fn row(words: Words<'_>, section: &Section) -> Row {
    Row {
        class: match section.status {
            Status::Ok => "ok",
            Status::Unknown => "busy",
            Status::Degraded => "warn",
            Status::Fail => "fail",
        },
        status: words.get(&format!("panel-report-{}", section.status.as_str().to_lowercase())),
        name: shown::name(section, words),
        note: shown::note(section, words),
        fix: section.how_to_fix.as_deref().and_then(|fix| words.find(fix)),
        ms: section.latency_ms,
    }
}

/// A stored report, ready for its page.
pub(in crate::web::pages) fn kept(at: &At, row: &ReportRow) -> Kept {
    let words = at.words();
    let (class, word) = match row.verdict.as_str() {
        verdict if verdict == Verdict::Ready.as_str() => ("ok", "ready"),
        verdict if verdict == Verdict::Degraded.as_str() => ("warn", "degraded"),
        _ => ("fail", "fail"),
    };
    Kept {
        id: row.id.as_str().to_owned(),
        when: When::new(words, at.tenant.zone(), row.at, at.now),
        class,
        verdict: words.get(&format!("panel-verdict-{word}")),
        help: words.get(&format!("panel-verdict-{word}-help")),
        by: words.get(&format!("panel-asked-{}", row.asked_by.as_str())),
        rows: runs::read(&row.report).map(|report| rows(words, &report)).unwrap_or_default(),
    }
}
