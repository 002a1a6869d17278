//! Money: whole kopecks in an `i64`, checked arithmetic, no floats anywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in kopecks. May be negative (a difference); prices and balances are checked where they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why a typed amount was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount of roubles with at most two decimals")]
pub struct BadAmount;

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From kopecks.
    pub const fn kopecks(k: i64) -> Self {
        Self(k)
    }

    /// From whole roubles. `None` on overflow.
    pub const fn roubles(r: i64) -> Option<Self> {
        match r.checked_mul(100) {
            Some(k) => Some(Self(k)),
            None => None,
        }
    }

    /// As kopecks.
    pub const fn as_kopecks(self) -> i64 {
        self.0
    }

    /// Sum; `None` on overflow.
    pub const fn plus(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(k) => Some(Self(k)),
            None => None,
        }
    }

    /// Difference; `None` on overflow.
    pub const fn minus(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(k) => Some(Self(k)),
            None => None,
        }
    }

    /// Whether the amount is above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// `self × num ÷ den`, rounded half up to the kopeck once (bot.md 8.1). `None` when it does not fit or `den <= 0`.
    pub fn scaled(self, num: i128, den: i128) -> Option<Self> {
        if den <= 0 {
            return None;
        }
        let product = i128::from(self.0).checked_mul(num)?;
        let doubled = product.checked_mul(2)?.checked_add(den)?;
        i64::try_from(doubled.div_euclid(den.checked_mul(2)?)).ok().map(Self)
    }

    /// Reads roubles as a person types them: `99`, `99.5`, `99,50`, `1 000 ₽`. At most two decimals, ASCII digits only.
    pub fn parse_roubles(text: &str) -> Result<Self, BadAmount> {
        let plain: String = text
            .trim()
            .trim_end_matches('₽')
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
            .map(|c| if c == ',' { '.' } else { c })
            .collect();
        let (whole, cents) = plain.split_once('.').map_or((plain.as_str(), None), |(w, c)| (w, Some(c)));
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
        if !digits(whole) || cents.is_some_and(|c| !digits(c) || c.len() > 2) {
            return Err(BadAmount);
        }
        let cents: i64 = match cents {
            None => 0,
            Some(c) if c.len() == 1 => c.parse::<i64>().map_err(|_| BadAmount)? * 10,
            Some(c) => c.parse().map_err(|_| BadAmount)?,
        };
        let whole: i64 = whole.parse().map_err(|_| BadAmount)?;
        whole.checked_mul(100).and_then(|k| k.checked_add(cents)).map(Self).ok_or(BadAmount)
    }
}

impl fmt::Display for Money {
    /// «14.14 ₽», «50 ₽», «50 000 ₽» (spaces between thousands from 10 000; bot.md, head).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let all = self.0.unsigned_abs();
        let (whole, cents) = (all / 100, all % 100);
        let digits = whole.to_string();
        let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, c) in digits.chars().enumerate() {
            if whole >= 10_000 && i > 0 && (digits.len() - i) % 3 == 0 {
                shown.push('\u{a0}');
            }
            shown.push(c);
        }
        if cents == 0 { write!(f, "{sign}{shown} ₽") } else { write!(f, "{sign}{shown}.{cents:02} ₽") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shown_as_people_write_it() {
        let shown = |k| Money::kopecks(k).to_string();
        assert_eq!(shown(1414), "14.14 ₽");
        assert_eq!(shown(550), "5.50 ₽");
        assert_eq!(shown(5000), "50 ₽");
        assert_eq!(shown(999_900), "9999 ₽");
        assert_eq!(shown(5_000_000), "50\u{a0}000 ₽");
        assert_eq!(shown(123_456_789), "1\u{a0}234\u{a0}567.89 ₽");
        assert_eq!(shown(-63), "−0.63 ₽");
    }

    #[test]
    fn read_as_people_type_it() {
        let read = |t| Money::parse_roubles(t).map(Money::as_kopecks);
        assert_eq!(read("50"), Ok(5000));
        assert_eq!(read("99,99"), Ok(9999));
        assert_eq!(read(" 1 000.5 ₽"), Ok(100_050));
        for bad in
            ["", "-60", "+60", "nan", "1e3", "60.001", "60.", ".5", "٦٠", "9999999999999999999", "92233720368547758.08"]
        {
            assert_eq!(read(bad), Err(BadAmount), "{bad}");
        }
    }

    #[test]
    fn scaling_rounds_half_up_once() {
        // 5.50 × 3 × 1.15 = 18.975 (bot.md 8.3, example 3).
        assert_eq!(Money::kopecks(550).scaled(3 * 11_500, 10_000), Some(Money::kopecks(1898)));
        // 4.71 × 1.234 = 5.81214 (example 5).
        assert_eq!(Money::kopecks(471).scaled(1234, 1000), Some(Money::kopecks(581)));
        assert_eq!(Money::kopecks(i64::MAX).scaled(2, 1), None);
        assert_eq!(Money::kopecks(1).scaled(1, 0), None);
    }

    proptest! {
        #[test]
        fn no_text_panics_or_wraps(text in "\\PC{0,40}") {
            if let Ok(money) = Money::parse_roubles(&text) {
                prop_assert!(money.as_kopecks() >= 0);
            }
        }

        #[test]
        fn an_amount_survives_being_shown(k in 0i64..=i64::MAX) {
            prop_assert_eq!(Money::parse_roubles(&Money::kopecks(k).to_string()), Ok(Money::kopecks(k)));
        }
    }
}
