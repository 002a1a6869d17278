//! What a partner may set for a bot (bot.md 1.2). Stored as JSON, written by people in `tenants.toml`, changed in the panel:
//! one spelling for all three, so amounts are roubles with a dot and rates are decimals.
//!
//! A new setting is a field here with its default below, a line in `rules.rs` and a commented line in
//! `tenants.example.toml`; tests compare the three.

mod limits;
mod rules;
mod values;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Factor, Language, Money};

pub use limits::TenantLimits;
pub use rules::{Rule, SettingProblem};
pub use values::{BadZone, EnabledModels, Requisites, Zone};

use values::{rouble_list, roubles};

/// The settings of one tenant. Its admins are rows of their own; its token and keys are sealed apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that a partner sets by its name")]
pub struct TenantSettings {
    /// The bot's own name in its texts and invoices; empty: texts without any name.
    pub brand: String,
    /// What stands above the main menu; empty: the platform's text.
    pub welcome_text: String,
    /// News in the main menu; empty: none.
    pub whats_new: String,
    /// Whom users ask for help; empty: «not set up».
    pub support_contact: String,
    /// The bot's privacy policy; empty: the platform's.
    pub privacy_url: String,
    /// Whose midnight begins a quota's day, and in which moments are shown.
    pub timezone: Zone,
    /// The language of users whose own is not offered.
    pub default_language: Language,
    /// The languages offered.
    pub languages: Vec<Language>,
    /// The models offered.
    pub enabled_models: EnabledModels,
    /// What the catalog's price is multiplied by.
    pub markup: Factor,
    /// Free generations of a user in a day.
    pub free_per_day: u32,
    /// Free generations for each side of a referral.
    pub referral_bonus: u32,
    /// The gift wheel's smallest amount.
    #[serde(with = "roubles")]
    pub gift_min: Money,
    /// The gift wheel's largest amount; zero: no wheel.
    #[serde(with = "roubles")]
    pub gift_max: Money,
    /// Amounts offered for topping up.
    #[serde(with = "rouble_list")]
    pub topup_presets: Vec<Money>,
    /// The smallest top-up.
    #[serde(with = "roubles")]
    pub topup_min: Money,
    /// The largest top-up.
    #[serde(with = "roubles")]
    pub topup_max: Money,
    /// Whether Telegram Stars are taken.
    pub stars_enabled: bool,
    /// Stars for a rouble.
    pub stars_rate: Factor,
    /// Whether SBP transfers are taken; see [`TenantSettings::sbp_offered`].
    pub sbp_enabled: bool,
    /// Whether the partner knows Telegram's rule that digital goods are sold for Stars.
    pub sbp_terms_ack: bool,
    /// Where SBP transfers go.
    pub sbp_requisites: Requisites,
    /// Whether matching receipts are approved without a person.
    pub sbp_auto_approve: bool,
    /// The largest amount approved without a person.
    #[serde(with = "roubles")]
    pub sbp_auto_limit: Money,
    /// The most that is credited to one person on a day without a person; zero: three times `sbp_auto_limit`
    /// ([`TenantSettings::auto_day_limit`]).
    #[serde(with = "roubles")]
    pub sbp_auto_day_limit: Money,
    /// Receipts that may be sent for one invoice.
    pub sbp_max_attempts: u32,
    /// Transfers above it are approved by two people; zero: one is enough.
    #[serde(with = "roubles")]
    pub approval_limit: Money,
    /// When what one admin approves in a day grows above it, a second person approves; zero: there is no such limit.
    #[serde(with = "roubles")]
    pub approval_day_limit: Money,
    /// Roubles for a US dollar, for the provider's cost as admins see it; never for a price.
    pub currency_rate: Factor,
    /// Generations of one user at once.
    pub max_parallel: u32,
    /// The aspect ratio preset where a model takes it.
    pub preferred_aspect_ratio: String,
    /// The model behind «other models»; empty: the button is hidden.
    pub other_models_target: String,
    /// Whether admins see prompts and results of users.
    pub hide_prompts: bool,
    /// Whether generations are only simulated: the provider is not called, nothing is charged.
    pub dry_run: bool,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            brand: String::new(),
            welcome_text: String::new(),
            whats_new: String::new(),
            support_contact: String::new(),
            privacy_url: String::new(),
            timezone: Zone::default(),
            default_language: Language::Ru,
            languages: Language::ALL.to_vec(),
            enabled_models: EnabledModels::Listed,
            markup: Factor::ONE,
            free_per_day: 5,
            referral_bonus: 10,
            gift_min: Money::kopecks(1_000),
            gift_max: Money::kopecks(3_000),
            topup_presets: vec![Money::kopecks(5_000), Money::kopecks(10_000), Money::kopecks(15_000)],
            topup_min: Money::kopecks(5_000),
            topup_max: Money::kopecks(5_000_000),
            stars_enabled: true,
            stars_rate: Factor::ten_thousandths(16_000),
            sbp_enabled: false,
            sbp_terms_ack: false,
            sbp_requisites: Requisites::default(),
            sbp_auto_approve: false,
            sbp_auto_limit: Money::kopecks(50_000),
            sbp_auto_day_limit: Money::ZERO,
            sbp_max_attempts: 5,
            approval_limit: Money::ZERO,
            approval_day_limit: Money::ZERO,
            currency_rate: Factor::ten_thousandths(785_700),
            max_parallel: 3,
            preferred_aspect_ratio: "9:16".to_owned(),
            other_models_target: "sora-watermark-remover".to_owned(),
            hide_prompts: false,
            dry_run: false,
        }
    }
}

impl TenantSettings {
    /// The names of all settings, as files, forms and the stored JSON spell them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        rules::RULES.iter().map(|rule| rule.name)
    }

    /// What a setting must be, in words.
    pub fn rule(name: &str) -> Option<&'static Rule> {
        rules::rule(name)
    }

    /// These settings with some changed; every problem at once, of the changed ones and of what they break together.
    pub fn patched(&self, changes: &Map<String, Value>) -> Result<Self, Vec<SettingProblem>> {
        let mut problems = Vec::new();
        let mut whole = match serde_json::to_value(self) {
            Ok(Value::Object(whole)) => whole,
            _ => Map::new(),
        };
        for (name, value) in changes {
            let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
            if serde_json::from_value::<Self>(alone).is_ok() {
                whole.insert(name.clone(), value.clone());
            } else {
                problems.push(rules::unreadable(name));
            }
        }
        match serde_json::from_value::<Self>(Value::Object(whole)) {
            Ok(settings) => {
                problems.extend(settings.validate());
                if problems.is_empty() { Ok(settings) } else { Err(problems) }
            }
            Err(_) => Err(problems),
        }
    }

    /// Whether SBP is offered to users: switched on, Telegram's rule acknowledged, requisites complete (bot.md 1.2).
    pub fn sbp_offered(&self) -> bool {
        self.sbp_enabled && self.sbp_terms_ack && self.sbp_requisites.complete()
    }

    /// The most that is credited to one person on a day without a person (reliability.md T02).
    pub fn auto_day_limit(&self) -> Money {
        if self.sbp_auto_day_limit.is_positive() {
            return self.sbp_auto_day_limit;
        }
        Money::kopecks(self.sbp_auto_limit.as_kopecks().saturating_mul(3))
    }

    /// Whether the gift wheel is offered.
    pub fn gift_offered(&self) -> bool {
        self.gift_max.is_positive()
    }

    /// The language for a person whose own is `wanted`.
    pub fn language_for(&self, wanted: Language) -> Language {
        if self.languages.contains(&wanted) { wanted } else { self.default_language }
    }
}

#[cfg(test)]
mod tests;
