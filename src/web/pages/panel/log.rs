//! What happened lately, and what went wrong: in words, with the number by which a story is found again.

use crate::args;
use crate::billing::settlement::provider_cost;
use crate::domain::{GenerationState, Money, Payer, UnixMs};
use crate::store::{ErrorRow, WorkLine};
use crate::texts::{Words, key_part};
use crate::web::extract::At;

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
pub(in crate::web::pages) struct Work {
    /// Its name in addresses.
    pub(in crate::web::pages) id: String,
    pub(in crate::web::pages) when: When,
    pub(in crate::web::pages) model: String,
    pub(in crate::web::pages) person: String,
    pub(in crate::web::pages) state: String,
    /// The colour of the state: `ok`, `warn`, `fail` or `busy`.
    pub(in crate::web::pages) class: &'static str,
    pub(in crate::web::pages) price: String,
    /// What the provider took for it, in roubles.
    pub(in crate::web::pages) cost: Option<Money>,
}

/// An error.
pub(in crate::web::pages) struct Fault {
    pub(in crate::web::pages) when: When,
    pub(in crate::web::pages) class: String,
    pub(in crate::web::pages) hint: String,
    pub(in crate::web::pages) corr: String,
    /// Stage and handler, for who reads the log.
    pub(in crate::web::pages) place: String,
}

pub(in crate::web::pages) fn work(at: &At, row: WorkLine) -> Work {
    let words = at.words();
    Work {
        id: row.id.short().to_owned(),
        when: When::new(words, at.tenant.zone(), row.created_at, at.now),
        model: model(at, &row.model_id),
        person: if row.first_name.trim().is_empty() { row.user_id.to_string() } else { row.first_name },
        state: state(words, row.state),
        class: class(row.state),
        price: price(words, row.payer, row.price),
        cost: row.provider_credits.and_then(|credits| provider_cost(credits, at.tenant.settings.currency_rate)),
    }
}

/// A model as people read it.
pub(in crate::web::pages) fn model(at: &At, id: &str) -> String {
    let title = at.platform().catalog.model(id).map_or(id, |model| &model.title);
    at.words().model_title(id, title)
}

/// Where a generation stands.
pub(in crate::web::pages) fn state(words: Words<'_>, state: GenerationState) -> String {
    words.get(&format!("state-{}", key_part(state.as_str())))
}

/// What a generation costs its person.
pub(in crate::web::pages) fn price(words: Words<'_>, payer: Payer, price: Money) -> String {
    match payer {
        Payer::Money => price.to_string(),
        Payer::Free => words.get("panel-price-free"),
        Payer::Admin => words.get("panel-price-admin"),
        Payer::DryRun => words.get("panel-price-trial"),
    }
}

pub(in crate::web::pages) fn fault(at: &At, row: &ErrorRow) -> Fault {
    let (words, kind) = (at.words(), kind(&row.class));
    Fault {
        when: When::new(words, at.tenant.zone(), row.created_at, at.now),
        class: words.get(&format!("panel-class-{kind}")),
        hint: words.plain(&format!("panel-hint-{kind}"), args![corr = row.corr.as_str()]),
        corr: row.corr.to_string(),
        place: format!("{} · {}", row.stage, row.handler),
    }
}

pub(in crate::web::pages) const fn class(state: GenerationState) -> &'static str {
    match state {
        GenerationState::Delivered | GenerationState::DeliveredLate => "ok",
        GenerationState::Failed | GenerationState::TimedOut => "fail",
        GenerationState::Undelivered | GenerationState::Canceled => "warn",
        _ => "busy",
    }
}

/// The families of classes that have words and a hint.
pub(in crate::web::pages) fn kind(class: &str) -> &'static str {
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
