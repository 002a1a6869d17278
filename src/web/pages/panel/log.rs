//! What happened lately, and what went wrong: in words, with the number by which a story is found again.

use crate::args;
use crate::catalog::Catalog;
use crate::domain::{GenerationState, Payer, UnixMs};
use crate::store::{ErrorRow, RecentRow};
use crate::tenants::Tenant;
use crate::texts::{Words, key_part};

/// A moment as it is shown and as it is.
pub(in crate::web::pages) struct When {
    /// «5 minutes ago».
    pub(in crate::web::pages) ago: String,
    /// In the tenant's zone.
    pub(in crate::web::pages) exact: String,
    /// For programs.
    pub(in crate::web::pages) iso: String,
}

impl When {
    pub(in crate::web::pages) fn new(words: Words<'_>, zone: &jiff::tz::TimeZone, at: UnixMs, now: UnixMs) -> Self {
        Self { ago: words.ago(now.since(at)), exact: at.shown(zone), iso: at.timestamp().to_string() }
    }
}

/// A generation.
pub(super) struct Recent {
    pub(super) when: When,
    pub(super) model: String,
    pub(super) person: String,
    pub(super) state: String,
    /// The colour of the state: `ok`, `warn`, `fail` or `busy`.
    pub(super) class: &'static str,
    pub(super) price: String,
}

/// An error.
pub(super) struct Fault {
    pub(super) when: When,
    pub(super) class: String,
    pub(super) hint: String,
    pub(super) corr: String,
    /// Stage and handler, for who reads the log.
    pub(super) place: String,
}

pub(super) fn recent(words: Words<'_>, catalog: &Catalog, tenant: &Tenant, row: RecentRow, now: UnixMs) -> Recent {
    let title = catalog.model(&row.model_id).map_or(row.model_id.as_str(), |model| &model.title);
    Recent {
        when: When::new(words, tenant.zone(), row.created_at, now),
        model: words.model_title(&row.model_id, title),
        person: row.first_name,
        state: words.get(&format!("state-{}", key_part(row.state.as_str()))),
        class: class(row.state),
        price: match row.payer {
            Payer::Money => row.price.to_string(),
            Payer::Free => words.get("panel-price-free"),
            Payer::Admin => words.get("panel-price-admin"),
            Payer::DryRun => words.get("panel-price-trial"),
        },
    }
}

pub(super) fn fault(words: Words<'_>, tenant: &Tenant, row: &ErrorRow, now: UnixMs) -> Fault {
    let kind = kind(&row.class);
    Fault {
        when: When::new(words, tenant.zone(), row.created_at, now),
        class: words.get(&format!("panel-class-{kind}")),
        hint: words.plain(&format!("panel-hint-{kind}"), args![corr = row.corr.as_str()]),
        corr: row.corr.to_string(),
        place: format!("{} · {}", row.stage, row.handler),
    }
}

const fn class(state: GenerationState) -> &'static str {
    match state {
        GenerationState::Delivered | GenerationState::DeliveredLate => "ok",
        GenerationState::Failed | GenerationState::TimedOut => "fail",
        GenerationState::Undelivered | GenerationState::Canceled => "warn",
        _ => "busy",
    }
}

/// The families of classes that have words and a hint.
fn kind(class: &str) -> &'static str {
    match class {
        "db_away" | "db_busy" | "db_slow" => "busy",
        "db_refused" | "db_corrupt" | "db_failed" | "data" => "storage",
        "vault" => "vault",
        "too_long" => "slow",
        "session_moved" => "race",
        "panic" => "defect",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;
    use crate::texts::Texts;

    #[test]
    fn every_class_has_words_and_a_hint() {
        let texts = Texts::embedded().unwrap();
        for language in Language::ALL {
            let words = texts.words(language);
            for class in ["db_away", "db_failed", "vault", "too_long", "session_moved", "panic", "something new"] {
                let kind = kind(class);
                assert_ne!(words.get(&format!("panel-class-{kind}")), words.get("neutral"), "{class}");
                let hint = words.plain(&format!("panel-hint-{kind}"), args![corr = "ABC"]);
                assert_ne!(hint, words.get("neutral"), "{class}");
            }
            for state in GenerationState::ALL {
                let text = words.get(&format!("state-{}", key_part(state.as_str())));
                assert_ne!(text, words.get("neutral"), "{state:?}");
            }
        }
    }
}
