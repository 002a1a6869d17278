//! What each setting must be. A rule is told in the same words whether a value is of the wrong kind or out of range.

use std::fmt;

use super::TenantSettings;
use crate::domain::{Factor, Money, nearest};

/// What one setting must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The setting's name.
    pub name: &'static str,
    /// What it must be: «must be …».
    pub rule: &'static str,
    /// A right value, as it is written in TOML.
    pub example: &'static str,
}

/// A wrong setting: which, what is wrong, and a right value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// The setting's name, as the person wrote it.
    pub field: String,
    /// What is wrong.
    pub what: String,
    /// A right value; may be empty.
    pub example: &'static str,
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.what)?;
        if self.example.is_empty() { Ok(()) } else { write!(f, "; for example: {} = {}", self.field, self.example) }
    }
}

const fn must(name: &'static str, rule: &'static str, example: &'static str) -> Rule {
    Rule { name, rule, example }
}

/// Several times what the catalog has.
const MODELS_MOST: usize = 300;
const YES_NO: &str = "must be true or false";

/// The rules of bot.md 1.2, in its order.
pub(super) const RULES: [Rule; 34] = [
    must("brand", "must be a text of one line, at most 64 characters", r#""Art Studio""#),
    must("welcome_text", "must be a text of at most 1000 characters", r#""Hello!""#),
    must("whats_new", "must be a text of at most 300 characters", r#""New: videos""#),
    must("support_contact", "must be @name or a text of one line, at most 200 characters", r#""@art_support""#),
    must("privacy_url", "must be an https:// address, or empty", r#""https://example.com/privacy""#),
    must("timezone", "must be an IANA time zone", r#""Europe/Moscow""#),
    must("default_language", "must be ru or en, and one of languages", r#""ru""#),
    must("languages", "must be a list of ru, en, at least one, each once", r#"["ru", "en"]"#),
    must(
        "enabled_models",
        r#"must be "listed" or a list of models' ids, at least one, each once"#,
        r#"["z-image", "kling-2.6/text-to-video"]"#,
    ),
    must("markup", "must be a number from 0.50 to 10.00 with at most four decimals", "1.15"),
    must("free_per_day", "must be a whole number from 0 to 100", "5"),
    must("referral_bonus", "must be a whole number from 0 to 100", "10"),
    must("gift_min", "must be roubles from 0 to 500, not above gift_max (unless that is 0)", "10.00"),
    must("gift_max", "must be roubles from 0 to 500; 0 is no gift wheel", "30.00"),
    must(
        "topup_presets",
        "must be a list of 1 to 6 amounts in roubles, from topup_min to topup_max, each once",
        "[50, 100, 150]",
    ),
    must("topup_min", "must be roubles from 1 to 100000, not above topup_max", "50"),
    must("topup_max", "must be roubles from 1 to 100000", "50000"),
    must("stars_enabled", YES_NO, "true"),
    must("stars_rate", "must be Stars for a rouble, from 0.1 to 100 with at most four decimals", "1.6"),
    must("sbp_enabled", YES_NO, "false"),
    must("sbp_terms_ack", YES_NO, "false"),
    must(
        "sbp_requisites",
        "must have phone, bank and holder, all filled in or none, each of one line, at most 100 characters",
        r#"{ phone = "+7 900 000-00-00", bank = "Bank", holder = "Anna A." }"#,
    ),
    must("sbp_auto_approve", YES_NO, "false"),
    must("sbp_auto_limit", "must be roubles from 0 to 50000", "500"),
    must("sbp_auto_day_limit", "must be roubles from 0 to 1000000; 0 is three times sbp_auto_limit", "1500"),
    must("sbp_max_attempts", "must be a whole number from 1 to 10", "5"),
    must("approval_limit", "must be roubles from 0 to 100000; 0 is no second approver", "5000"),
    must("approval_day_limit", "must be roubles from 0 to 1000000; 0 is no limit of a day", "20000"),
    must("currency_rate", "must be roubles for a US dollar, from 1 to 1000 with at most four decimals", "78.57"),
    must("max_parallel", "must be a whole number from 1 to 20", "3"),
    must("preferred_aspect_ratio", "must be a ratio of two whole numbers", r#""9:16""#),
    must("other_models_target", "must be a model's id, or empty", r#""sora-watermark-remover""#),
    must("hide_prompts", YES_NO, "false"),
    must("dry_run", YES_NO, "false"),
];

pub(super) fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// The problem of a setting that could not be read at all: an unknown name, or a value of the wrong kind.
pub(super) fn unreadable(name: &str) -> SettingProblem {
    if let Some(rule) = rule(name) {
        return SettingProblem { field: name.to_owned(), what: rule.rule.to_owned(), example: rule.example };
    }
    let what = match nearest(name, TenantSettings::names()) {
        Some(meant) => format!("is not a setting; did you mean {meant}?"),
        None => "is not a setting".to_owned(),
    };
    SettingProblem { field: name.to_owned(), what, example: "" }
}

impl TenantSettings {
    /// Every setting that breaks its rule, in the order of the rules; empty when all is well.
    pub fn validate(&self) -> Vec<SettingProblem> {
        let mut kept = self.texts().to_vec();
        kept.extend(self.amounts());
        kept.extend(self.numbers());
        let broken = |rule: &&Rule| kept.iter().any(|(name, kept)| *name == rule.name && !kept);
        RULES.iter().filter(broken).map(|rule| unreadable(rule.name)).collect()
    }

    /// For each setting of words whether it keeps its rule.
    fn texts(&self) -> [(&'static str, bool); 10] {
        let requisites = &self.sbp_requisites;
        let parts = [&requisites.phone, &requisites.bank, &requisites.holder];
        let languages = !self.languages.is_empty() && each_once(&self.languages);
        let models = match &self.enabled_models {
            super::EnabledModels::Listed => true,
            super::EnabledModels::Only(all) => {
                (1..=MODELS_MOST).contains(&all.len()) && each_once(all) && all.iter().all(|m| model_id(m))
            }
        };
        [
            ("brand", line(&self.brand, 64)),
            ("welcome_text", text(&self.welcome_text, 1000)),
            ("whats_new", text(&self.whats_new, 300)),
            ("support_contact", line(&self.support_contact, 200)),
            ("privacy_url", self.privacy_url.is_empty() || https(&self.privacy_url)),
            ("default_language", self.languages.contains(&self.default_language) || !languages),
            ("languages", languages),
            ("enabled_models", models),
            ("sbp_requisites", requisites.is_empty() || requisites.complete() && parts.iter().all(|p| line(p, 100))),
            ("other_models_target", self.other_models_target.is_empty() || model_id(&self.other_models_target)),
        ]
    }

    /// For each amount whether it keeps its rule.
    fn amounts(&self) -> [(&'static str, bool); 9] {
        let from_to = |amount: Money, low: i64, high: i64| (low * 100..=high * 100).contains(&amount.as_kopecks());
        let presets = &self.topup_presets;
        let inside = |amount: &Money| (self.topup_min..=self.topup_max).contains(amount);
        let bounds = from_to(self.topup_min, 1, 100_000) && self.topup_min <= self.topup_max;
        [
            (
                "gift_min",
                from_to(self.gift_min, 0, 500) && (self.gift_min <= self.gift_max || !self.gift_max.is_positive()),
            ),
            ("gift_max", from_to(self.gift_max, 0, 500)),
            (
                "topup_presets",
                (1..=6).contains(&presets.len()) && each_once(presets) && (!bounds || presets.iter().all(inside)),
            ),
            ("topup_min", bounds),
            ("topup_max", from_to(self.topup_max, 1, 100_000)),
            ("sbp_auto_limit", from_to(self.sbp_auto_limit, 0, 50_000)),
            ("sbp_auto_day_limit", from_to(self.sbp_auto_day_limit, 0, 1_000_000)),
            ("approval_limit", from_to(self.approval_limit, 0, 100_000)),
            ("approval_day_limit", from_to(self.approval_day_limit, 0, 1_000_000)),
        ]
    }

    /// For each number whether it keeps its rule.
    fn numbers(&self) -> [(&'static str, bool); 8] {
        let from_to = |factor: Factor, low: i64, high: i64| (low..=high).contains(&factor.as_ten_thousandths());
        [
            ("markup", from_to(self.markup, 5_000, 100_000)),
            ("free_per_day", self.free_per_day <= 100),
            ("referral_bonus", self.referral_bonus <= 100),
            ("stars_rate", from_to(self.stars_rate, 1_000, 1_000_000)),
            ("sbp_max_attempts", (1..=10).contains(&self.sbp_max_attempts)),
            ("currency_rate", from_to(self.currency_rate, 10_000, 10_000_000)),
            ("max_parallel", (1..=20).contains(&self.max_parallel)),
            ("preferred_aspect_ratio", ratio(&self.preferred_aspect_ratio)),
        ]
    }
}

/// A text of at most `most` characters whose only control characters are line ends.
fn text(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(|c| c.is_control() && c != '\n')
}

fn line(line: &str, most: usize) -> bool {
    text(line, most) && !line.contains('\n')
}

fn https(text: &str) -> bool {
    text.len() <= 500
        && url::Url::parse(text)
            .is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some_and(|h| h.contains('.')))
}

fn ratio(text: &str) -> bool {
    let number = |text: &str| text.parse::<u16>().is_ok_and(|n| n > 0) && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once(':').is_some_and(|(w, h)| number(w) && number(h))
}

fn model_id(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    (1..=80).contains(&text.len()) && text.bytes().all(plain)
}

fn each_once<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
}
