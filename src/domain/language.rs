//! The languages a bot and the panel speak (bot.md 15.3).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of the languages that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Russian: the default, and what a missing English text falls back to.
    #[default]
    Ru,
    /// English.
    En,
}

/// Why a text is not a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the languages are ru and en")]
pub struct BadLanguage;

impl Language {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// Its two letters, as stored, as in the names of the folders of texts and as in callbacks.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language for a person's Telegram `language_code` (`ru`, `uk-UA`, `en`, `pt-br`): Russian for ru, uk, be and
    /// kk, otherwise English (bot.md 15.3). Whether the tenant offers it is the caller's question.
    pub fn of_telegram(code: &str) -> Self {
        match code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "ru" | "uk" | "be" | "kk" => Self::Ru,
            _ => Self::En,
        }
    }

    /// What a person who has not chosen gets: Telegram's code decides between Russian and, where the tenant offers it,
    /// English; no code or a language that is not offered leads to the tenant's default (bot.md 15.3).
    pub fn from_telegram(code: Option<&str>, english_allowed: bool, default: Self) -> Self {
        match code.filter(|c| !c.is_empty()).map(Self::of_telegram) {
            Some(Self::En) if !english_allowed => default,
            Some(language) => language,
            None => default,
        }
    }
}

impl FromStr for Language {
    type Err = BadLanguage;

    /// Accepts the two letters in any case.
    fn from_str(text: &str) -> Result<Self, BadLanguage> {
        Self::ALL.into_iter().find(|l| l.code().eq_ignore_ascii_case(text.trim())).ok_or(BadLanguage)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telegram_code_leads_to_a_language() {
        for code in ["ru", "ru-RU", "uk", "be_BY", "KK"] {
            assert_eq!(Language::of_telegram(code), Language::Ru, "{code}");
        }
        for code in ["en", "de", "pt-br", "", "rub"] {
            assert_eq!(Language::of_telegram(code), Language::En, "{code}");
        }
    }

    #[test]
    fn a_tenant_without_english_speaks_its_default() {
        assert_eq!(Language::from_telegram(Some("de"), true, Language::Ru), Language::En);
        assert_eq!(Language::from_telegram(Some("de"), false, Language::Ru), Language::Ru);
        assert_eq!(Language::from_telegram(Some("uk"), false, Language::En), Language::Ru);
        assert_eq!(Language::from_telegram(None, false, Language::En), Language::En);
        assert_eq!(Language::from_telegram(Some(""), true, Language::Ru), Language::Ru);
    }

    #[test]
    fn the_code_is_what_is_read_and_stored() {
        for language in Language::ALL {
            assert_eq!(language.code().parse(), Ok(language));
            assert_eq!(serde_json::to_string(&language).unwrap(), format!("\"{}\"", language.code()));
        }
        assert_eq!("de".parse::<Language>(), Err(BadLanguage));
    }
}
