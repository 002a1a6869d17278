//! Who did what in a bot, and whether the chain of its entries is whole (reliability.md T39). A view follows what came since the
//! last check and compares the entries that it shows; the auditor follows the whole chain from time to time, and a button now.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::log::When;
use super::paging::{Pager, ROWS};
use crate::accounts::Act;
use crate::accounts::audit::{self, Chain};
use crate::args;
use crate::domain::UnixMs;
use crate::store::AuditRow;
use crate::texts::{Words, key_part};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// An entry, of a bot's log or of the platform owner's; the template `components/act.html` shows what was done.
pub(in crate::web::pages) struct Entry {
    pub(in crate::web::pages) seq: i64,
    pub(in crate::web::pages) when: When,
    pub(in crate::web::pages) who: String,
    pub(in crate::web::pages) door: String,
    pub(in crate::web::pages) origin: Option<String>,
    pub(in crate::web::pages) what: String,
    pub(in crate::web::pages) object: String,
    pub(in crate::web::pages) change: Option<String>,
    pub(in crate::web::pages) reason: Option<String>,
    pub(in crate::web::pages) corr: String,
}

/// The log.
#[derive(Template)]
#[template(path = "pages/panel/audit.html")]
struct Audit<'a> {
    shell: Shell<'a>,
    entries: Vec<Entry>,
    proof: Proof,
    /// The reader may have it followed from its beginning now.
    checks: bool,
    pager: Pager,
    base: String,
}

/// `?before=…`: the entries before that number.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let words = at.words();
    let before = at.asked("before").and_then(|seq| seq.parse().ok()).unwrap_or(i64::MAX);
    let mut tx = at.reads().await?;
    let mut rows = tx.audit_last(before, ROWS + 1).await?;
    let known = tx.audit_check_get().await?;
    let chain = match audit::forged(&at.tenant.id, &rows) {
        Some(seq) => Chain::BrokenAt(seq),
        None => audit::verify_since(&mut tx, known.as_ref()).await?,
    };
    let whole_at = known.map_or(at.now, |known| known.full_at);
    let pager = Pager::cut(&at, &mut rows, |row| row.seq.to_string());
    let page = Audit {
        shell: Shell::at(&at, nav::AUDIT, words.get("panel-audit")),
        entries: rows.into_iter().map(|row| entry(words, at.tenant.zone(), at.now, row)).collect(),
        proof: Proof::new(words, at.tenant.zone(), (at.now, whole_at), chain),
        checks: at.may(Act::Operate),
        pager,
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Whether a chain is whole, in words.
pub(in crate::web::pages) struct Proof {
    pub(in crate::web::pages) whole: bool,
    pub(in crate::web::pages) said: String,
    /// How far it was followed, and when.
    pub(in crate::web::pages) followed: String,
}

impl Proof {
    /// What a look now found of a chain that was followed from its beginning at `whole_at`.
    pub(in crate::web::pages) fn new(
        words: Words<'_>,
        zone: &TimeZone,
        (now, whole_at): (UnixMs, UnixMs),
        chain: Chain,
    ) -> Self {
        match chain {
            Chain::Whole(n) => Self {
                whole: true,
                said: words.plain("panel-audit-whole", args![n = n]),
                followed: words
                    .plain("panel-audit-followed", args![n = n, at = now.shown(zone), whole = whole_at.shown(zone)]),
            },
            Chain::BrokenAt(seq) => Self {
                whole: false,
                said: words.plain("panel-audit-broken", args![n = seq]),
                followed: words.get("panel-audit-broken-help"),
            },
        }
    }
}

/// Follows the whole chain now.
pub(in crate::web) async fn check(at: At, _form: OurForm) -> Result<Response, Failure> {
    let (found, _) = audit::check(&at.platform().db, &at.tenant.id, at.now, at.now).await?;
    Ok(if found.broken_at.is_none() { at.done("audit", "audit-whole") } else { at.problem("audit", "audit-broken") })
}

/// An entry in words.
pub(in crate::web::pages) fn entry(words: Words<'_>, zone: &TimeZone, now: UnixMs, row: AuditRow) -> Entry {
    let change = match (&row.was, &row.became) {
        (None, None) => None,
        (was, became) => {
            let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| words.get("panel-dash"));
            Some(format!("{} → {}", shown(was), shown(became)))
        }
    };
    Entry {
        seq: row.seq,
        when: When::new(words, zone, row.at, now),
        who: actor_name(words, &row.actor),
        door: words.get(&format!("panel-door-{}", key_part(&row.door))),
        origin: row.origin,
        what: act_name(words, &row.action),
        object: row.object,
        change,
        reason: row.reason,
        corr: row.corr.to_string(),
    }
}

/// An act in words.
pub(super) fn act_name(words: Words<'_>, action: &str) -> String {
    words.find(&format!("panel-act-{}", key_part(action))).unwrap_or_else(|| action.replace('_', " "))
}

/// Who acted.
pub(in crate::web::pages) fn actor_name(words: Words<'_>, actor: &str) -> String {
    match actor.strip_prefix("user:") {
        Some(id) => id.to_owned(),
        None if actor == "platform" => words.get("panel-actor-platform"),
        None => actor.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AuditAction, AuditDoor, Language};
    use crate::texts::Texts;

    #[test]
    fn every_act_and_every_door_has_a_name() {
        let texts = Texts::embedded().unwrap();
        for language in Language::ALL {
            let words = texts.words(language);
            for act in AuditAction::ALL {
                assert!(words.find(&format!("panel-act-{}", key_part(act.as_str()))).is_some(), "{act:?}");
            }
            for door in AuditDoor::ALL {
                assert!(words.find(&format!("panel-door-{}", key_part(door.as_str()))).is_some(), "{door:?}");
            }
        }
    }
}
