//! Promo codes as people write them: the code itself, what it is worth, and the line that defines one (bot.md 12.4).

use std::fmt;

use super::Money;
use super::words::words;

/// A code: 3 to 32 of A–Z, А–Я, digits, `-` and `_`, in upper case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PromoCode(String);

impl PromoCode {
    /// Reads a code in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.trim().to_uppercase();
        let allowed =
            |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, 'А'..='Я' | 'Ё' | '-' | '_');
        ((3..=32).contains(&code.chars().count()) && code.chars().all(allowed)).then_some(Self(code))
    }

    /// In upper case, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PromoCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// What a code's worth counts.
    pub enum PromoKind {
        /// Kopecks, credited at once.
        Amount = "amount",
        /// Percent of the next top-up.
        Percent = "percent",
    }
}

/// What a code gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromoWorth {
    /// Credited at once: 1 to 5000 ₽.
    Amount(Money),
    /// Added to the next top-up: 1 to 100 percent of it.
    Percent(i64),
}

impl PromoWorth {
    const LEAST: Money = Money::kopecks(100);
    const MOST: Money = Money::kopecks(500_000);

    fn parse(text: &str) -> Option<Self> {
        if let Some(percent) = text.strip_suffix('%') {
            return whole(percent, 1, 100).map(Self::Percent);
        }
        let amount = Money::parse_roubles(text).ok()?;
        (Self::LEAST..=Self::MOST).contains(&amount).then_some(Self::Amount(amount))
    }

    /// What its number counts.
    pub fn kind(self) -> PromoKind {
        match self {
            Self::Amount(_) => PromoKind::Amount,
            Self::Percent(_) => PromoKind::Percent,
        }
    }

    /// As stored: kopecks or percent.
    pub fn number(self) -> i64 {
        match self {
            Self::Amount(amount) => amount.as_kopecks(),
            Self::Percent(percent) => percent,
        }
    }
}

impl fmt::Display for PromoWorth {
    /// «50 ₽», «15 %».
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => amount.fmt(f),
            Self::Percent(percent) => write!(f, "{percent} %"),
        }
    }
}

/// What an admin defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromoTerms {
    /// The code.
    pub code: PromoCode,
    /// What it gives.
    pub worth: PromoWorth,
    /// How often it may be used by all.
    pub total: i64,
    /// How often by one person.
    pub per_user: i64,
    /// Days it is valid.
    pub days: i64,
}

/// Which part of a definition line is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromoFault {
    /// Not five parts.
    Shape,
    /// The code.
    Code,
    /// What it is worth.
    Worth,
    /// Uses of all.
    Total,
    /// Uses of one person.
    PerUser,
    /// Days.
    Days,
}

impl PromoTerms {
    /// Reads `КОД ЗНАЧЕНИЕ ВСЕГО НА_ПОЛЬЗОВАТЕЛЯ ДНЕЙ`: `WELCOME 50 100 1 30`, `SUMMER 15% 500 1 14`.
    pub fn parse(line: &str) -> Result<Self, PromoFault> {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [code, worth, total, per_user, days] = parts[..] else { return Err(PromoFault::Shape) };
        Ok(Self {
            code: PromoCode::parse(code).ok_or(PromoFault::Code)?,
            worth: PromoWorth::parse(worth).ok_or(PromoFault::Worth)?,
            total: whole(total, 1, 1_000_000).ok_or(PromoFault::Total)?,
            per_user: whole(per_user, 1, 100).ok_or(PromoFault::PerUser)?,
            days: whole(days, 1, 365).ok_or(PromoFault::Days)?,
        })
    }
}

fn whole(text: &str, least: i64, most: i64) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|n| digits && (least..=most).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_any_case_and_either_alphabet() {
        let read = |text: &str| PromoCode::parse(text).map(|code| code.as_str().to_owned());
        assert_eq!(read(" welcome-1 ").as_deref(), Some("WELCOME-1"));
        assert_eq!(read("ёлка_26").as_deref(), Some("ЁЛКА_26"));
        for bad in ["", "ab", "a b c", "Ünter", "promo!", "код\u{200b}", &"A".repeat(33)] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_definition_line_is_read() {
        let terms = PromoTerms::parse("welcome 50 100 1 30").unwrap();
        assert_eq!((terms.code.as_str(), terms.worth), ("WELCOME", PromoWorth::Amount(Money::kopecks(5_000))));
        assert_eq!((terms.total, terms.per_user, terms.days), (100, 1, 30));
        assert_eq!(PromoTerms::parse("SUMMER 15% 500 1 14").unwrap().worth, PromoWorth::Percent(15));
    }

    #[test]
    fn a_wrong_part_of_the_line_is_named() {
        for (line, fault) in [
            ("WELCOME 50 100 1", PromoFault::Shape),
            ("WELCOME 50 100 1 30 x", PromoFault::Shape),
            ("W 50 100 1 30", PromoFault::Code),
            ("WELCOME 0.99 100 1 30", PromoFault::Worth),
            ("WELCOME 5000.01 100 1 30", PromoFault::Worth),
            ("WELCOME 101% 100 1 30", PromoFault::Worth),
            ("WELCOME 0% 100 1 30", PromoFault::Worth),
            ("WELCOME -5 100 1 30", PromoFault::Worth),
            ("WELCOME 50 0 1 30", PromoFault::Total),
            ("WELCOME 50 1000001 1 30", PromoFault::Total),
            ("WELCOME 50 100 101 30", PromoFault::PerUser),
            ("WELCOME 50 100 +1 30", PromoFault::PerUser),
            ("WELCOME 50 100 1 366", PromoFault::Days),
        ] {
            assert_eq!(PromoTerms::parse(line), Err(fault), "{line}");
        }
    }

    #[test]
    fn a_worth_is_shown_as_people_write_it() {
        assert_eq!(PromoWorth::Percent(15).to_string(), "15 %");
        assert_eq!(PromoWorth::Amount(Money::kopecks(5_050)).to_string(), "50.50 ₽");
    }
}
