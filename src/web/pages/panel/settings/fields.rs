//! The settings of a bot as fields of forms: one list says which page each stands on and how it is written (bot.md 1.2). What a
//! value must be is said below its field and decided by the settings' own rules.

use serde_json::{Map, Value};

use crate::web::extract::OurForm;

/// How a setting is written in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// A number with a dot or a comma.
    Decimal,
    /// A whole number.
    Whole,
    /// Yes or no.
    Switch,
    /// Amounts, separated by spaces or semicolons.
    Amounts,
    /// One of a few.
    Choice(&'static [&'static str]),
    /// Some of a few.
    Several(&'static [&'static str]),
    /// Phone, bank, holder.
    Requisites,
}

/// A page of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// Its address: `texts`.
    pub(super) path: &'static str,
    /// What stands on it.
    pub(super) fields: &'static [(&'static str, Kind)],
}

const LANGUAGES: &[&str] = &["ru", "en"];
const RATIOS: &[&str] = &["9:16", "16:9", "1:1", "4:3", "3:4"];

/// Every page. The models have one of their own.
pub(super) const PAGES: &[Page] = &[
    Page {
        path: "texts",
        fields: &[
            ("brand", Kind::Line),
            ("welcome_text", Kind::Text),
            ("whats_new", Kind::Text),
            ("support_contact", Kind::Line),
            ("privacy_url", Kind::Line),
        ],
    },
    Page {
        path: "prices",
        fields: &[
            ("markup", Kind::Decimal),
            ("currency_rate", Kind::Decimal),
            ("free_per_day", Kind::Whole),
            ("referral_bonus", Kind::Whole),
            ("gift_min", Kind::Decimal),
            ("gift_max", Kind::Decimal),
        ],
    },
    Page {
        path: "money",
        fields: &[
            ("topup_presets", Kind::Amounts),
            ("topup_min", Kind::Decimal),
            ("topup_max", Kind::Decimal),
            ("stars_enabled", Kind::Switch),
            ("stars_rate", Kind::Decimal),
            ("sbp_enabled", Kind::Switch),
            ("sbp_terms_ack", Kind::Switch),
            ("sbp_requisites", Kind::Requisites),
            ("sbp_auto_approve", Kind::Switch),
            ("sbp_auto_limit", Kind::Decimal),
            ("sbp_auto_day_limit", Kind::Decimal),
            ("sbp_max_attempts", Kind::Whole),
            ("approval_limit", Kind::Decimal),
            ("approval_day_limit", Kind::Decimal),
        ],
    },
    Page {
        path: "general",
        fields: &[
            ("timezone", Kind::Line),
            ("default_language", Kind::Choice(LANGUAGES)),
            ("languages", Kind::Several(LANGUAGES)),
            ("max_parallel", Kind::Whole),
            ("preferred_aspect_ratio", Kind::Choice(RATIOS)),
            ("other_models_target", Kind::Line),
            ("hide_prompts", Kind::Switch),
            ("dry_run", Kind::Switch),
        ],
    },
];

/// The parts of the requisites.
pub(super) const REQUISITES: [&str; 3] = ["phone", "bank", "holder"];

/// What a form says of one setting, as the settings are stored.
pub(super) fn read(form: &OurForm, name: &str, kind: Kind) -> Value {
    let text = form.text(name);
    match kind {
        Kind::Line | Kind::Choice(_) => Value::from(text),
        // Browsers send line ends of two characters.
        Kind::Text => Value::from(text.replace("\r\n", "\n")),
        Kind::Decimal => Value::from(decimal(text)),
        Kind::Whole => text.parse::<u64>().map_or_else(|_| Value::from(text), Value::from),
        Kind::Switch => Value::from(form.ticked(name)),
        Kind::Amounts => text.split([' ', ';', '\u{a0}']).filter(|part| !part.is_empty()).map(decimal).collect(),
        Kind::Several(all) => {
            all.iter().filter(|one| form.ticked(&format!("{name}.{one}"))).map(|one| Value::from(*one)).collect()
        }
        Kind::Requisites => {
            let part = |part: &&str| ((*part).to_owned(), Value::from(form.text(&format!("{name}.{part}"))));
            Value::Object(REQUISITES.iter().map(part).collect())
        }
    }
}

/// `1 000,50 ₽` as settings spell it.
fn decimal(text: &str) -> String {
    text.trim_end_matches('₽').replace([' ', '\u{a0}'], "").replace(',', ".")
}

/// What a field shows: text, or for what is made of parts their names and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    Text(String),
    On(bool),
    Parts(Vec<(String, String)>),
    Ticks(Vec<(String, bool)>),
}

/// A stored value, ready for its field.
pub(super) fn shown(stored: &Map<String, Value>, name: &str, kind: Kind) -> Shown {
    let value = stored.get(name).unwrap_or(&Value::Null);
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match kind {
        Kind::Switch => Shown::On(value.as_bool().unwrap_or(false)),
        Kind::Amounts => {
            let all = value.as_array().map(|all| all.iter().map(plain).collect::<Vec<_>>()).unwrap_or_default();
            Shown::Text(all.join(" "))
        }
        Kind::Several(all) => {
            let has = |one: &str| value.as_array().is_some_and(|list| list.iter().any(|v| v.as_str() == Some(one)));
            Shown::Ticks(all.iter().map(|one| ((*one).to_owned(), has(one))).collect())
        }
        Kind::Requisites => {
            let part = |part: &&str| {
                let text = value.get(*part).map(plain).unwrap_or_default();
                ((*part).to_owned(), text)
            };
            Shown::Parts(REQUISITES.iter().map(part).collect())
        }
        _ => Shown::Text(if value.is_null() { String::new() } else { plain(value) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::settings::TenantSettings;

    #[test]
    fn every_setting_stands_on_one_page_and_only_the_models_on_their_own() {
        let mut placed: Vec<&str> = PAGES.iter().flat_map(|page| page.fields.iter().map(|(name, _)| *name)).collect();
        placed.push("enabled_models");
        placed.sort_unstable();
        let mut all: Vec<&str> = TenantSettings::names().collect();
        all.sort_unstable();
        let missing: Vec<_> = all.iter().filter(|name| !placed.contains(name)).collect();
        assert!(missing.is_empty(), "no page has {missing:?}");
        let unknown: Vec<_> = placed.iter().filter(|name| !all.contains(name)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        placed.dedup();
        assert_eq!(placed.len(), PAGES.iter().map(|page| page.fields.len()).sum::<usize>() + 1);
    }

    #[test]
    fn every_choice_is_one_that_the_rules_take() {
        let settings = TenantSettings::default();
        for ratio in RATIOS {
            let change = Map::from_iter([("preferred_aspect_ratio".to_owned(), Value::from(*ratio))]);
            assert!(settings.patched(&change).is_ok(), "{ratio}");
        }
        assert_eq!(decimal("1 000,50 ₽"), "1000.50");
    }
}
