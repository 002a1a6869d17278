//! Who did what in a bot, and whether the chain of its entries is whole (reliability.md T39). A view follows what came since the
//! last check and compares the entries that it shows; the auditor follows the whole chain from time to time, and a button now.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

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

/// An entry.
struct Entry {
    seq: i64,
    when: When,
    who: String,
    door: String,
    origin: Option<String>,
    what: String,
    object: String,
    change: Option<String>,
    reason: Option<String>,
    corr: String,
}

/// The log.
#[derive(Template)]
#[template(path = "pages/panel/audit.html")]
struct Audit<'a> {
    shell: Shell<'a>,
    entries: Vec<Entry>,
    whole: bool,
    chain: String,
    /// How far the chain was followed, and when.
    followed: String,
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
    let shown = |moment: UnixMs| moment.shown(at.tenant.zone());
    let whole_at = known.map_or(at.now, |known| known.full_at);
    let pager = Pager::cut(&at, &mut rows, |row| row.seq.to_string());
    let page = Audit {
        shell: Shell::at(&at, nav::AUDIT, words.get("panel-audit")),
        entries: rows.into_iter().map(|row| entry(&at, row)).collect(),
        whole: matches!(chain, Chain::Whole(_)),
        chain: match chain {
            Chain::Whole(n) => words.plain("panel-audit-whole", args![n = n]),
            Chain::BrokenAt(seq) => words.plain("panel-audit-broken", args![n = seq]),
        },
        followed: match chain {
            Chain::Whole(n) => {
                words.plain("panel-audit-followed", args![n = n, at = shown(at.now), whole = shown(whole_at)])
            }
            Chain::BrokenAt(_) => words.get("panel-audit-broken-help"),
        },
        checks: at.may(Act::Operate),
        pager,
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Follows the whole chain now.
pub(in crate::web) async fn check(at: At, _form: OurForm) -> Result<Response, Failure> {
    let (found, _) = audit::check(&at.platform().db, &at.tenant.id, at.now, at.now).await?;
    Ok(if found.broken_at.is_none() { at.done("audit", "audit-whole") } else { at.problem("audit", "audit-broken") })
}

fn entry(at: &At, row: AuditRow) -> Entry {
    let words = at.words();
    let change = match (&row.was, &row.became) {
        (None, None) => None,
        (was, became) => {
            let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| words.get("panel-dash"));
            Some(format!("{} → {}", shown(was), shown(became)))
        }
    };
    Entry {
        seq: row.seq,
        when: When::new(words, at.tenant.zone(), row.at, at.now),
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
pub(super) fn actor_name(words: Words<'_>, actor: &str) -> String {
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
