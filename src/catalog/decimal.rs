//! Exact decimal numbers for parameters: compared and stepped without floats, so `0.1` is a tenth and `nan` is no number.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Most digits of a number.
const MAX_DIGITS: usize = 18;
/// Most digits after the point.
const MAX_SCALE: usize = 9;

/// A decimal number: `mantissa ÷ 10^scale`, without trailing zeros after the point. Serialised as its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    mantissa: i64,
    scale: u32,
}

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a plain decimal number such as 5, 0.5 or 0,5")]
pub struct BadDecimal;

impl Decimal {
    /// Reads `5`, `-0.5`, `0,5`. Refuses exponents, signs other than one minus, `nan`, `inf`, other digits than 0–9,
    /// more than 9 decimals and more than 18 digits.
    pub fn parse(text: &str) -> Result<Self, BadDecimal> {
        let text = text.trim();
        let (negative, plain) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = plain.split_once(['.', ',']).map_or((plain, None), |(w, p)| (w, Some(p)));
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
        if !digits(whole) || part.is_some_and(|p| !digits(p) || p.len() > MAX_SCALE) {
            return Err(BadDecimal);
        }
        let part = part.unwrap_or("").trim_end_matches('0');
        let all = format!("{whole}{part}");
        if whole.len() > MAX_DIGITS || all.len() > MAX_DIGITS {
            return Err(BadDecimal);
        }
        let all: i64 = all.parse().map_err(|_| BadDecimal)?;
        Ok(Self { mantissa: if negative { -all } else { all }, scale: part.len() as u32 })
    }

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Self { mantissa: number, scale: 0 }
    }

    /// The value when it is whole and fits.
    pub fn as_whole(self) -> Option<i64> {
        (self.scale == 0).then_some(self.mantissa)
    }

    /// Whether the number lies on the grid `from + k × step`. A step of zero or less allows nothing.
    pub fn on_step(self, from: Self, step: Self) -> bool {
        let scale = self.scale.max(from.scale).max(step.scale);
        let step = step.at(scale);
        step > 0 && (self.at(scale) - from.at(scale)) % step == 0
    }

    /// The mantissa at a scale at least as large as the number's own; scales are at most [`MAX_SCALE`], so this fits.
    fn at(self, scale: u32) -> i128 {
        i128::from(self.mantissa) * 10_i128.pow(scale - self.scale)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at(scale).cmp(&other.at(scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let (unit, width) = (10_u64.pow(self.scale), self.scale as usize);
        let all = self.mantissa.unsigned_abs();
        if width == 0 { write!(f, "{sign}{all}") } else { write!(f, "{sign}{}.{:0width$}", all / unit, all % unit) }
    }
}

impl FromStr for Decimal {
    type Err = BadDecimal;
    fn from_str(text: &str) -> Result<Self, BadDecimal> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Decimal {
    type Error = BadDecimal;
    fn try_from(text: String) -> Result<Self, BadDecimal> {
        Self::parse(&text)
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dec(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(dec(" 0,50 ").to_string(), "0.5");
        assert_eq!(dec("-12.300").to_string(), "-12.3");
        assert_eq!(dec("007"), Decimal::whole(7));
        assert_eq!(dec("1.0").as_whole(), Some(1));
        assert_eq!(dec("1.5").as_whole(), None);
    }

    #[test]
    fn what_is_not_a_plain_number_is_refused() {
        for bad in ["", "nan", "inf", "-inf", "1e9", "+1", "--1", "1.", ".5", "1.2.3", "1 000", "٣", "0x10", "1_000"] {
            assert_eq!(Decimal::parse(bad), Err(BadDecimal), "{bad}");
        }
        assert!(Decimal::parse(&"9".repeat(19)).is_err());
        assert!(Decimal::parse("0.1234567891").is_err());
    }

    #[test]
    fn tenths_lie_exactly_on_a_grid_of_tenths() {
        assert!(dec("0.7").on_step(dec("0.1"), dec("0.1")));
        assert!(dec("0.3").on_step(dec("0"), dec("0.1")));
        assert!(!dec("0.35").on_step(dec("0"), dec("0.1")));
        assert!(dec("84").on_step(dec("40"), dec("4")));
        assert!(!dec("82").on_step(dec("40"), dec("4")));
        assert!(!dec("1").on_step(dec("0"), dec("0")));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_every_number_survives_its_text(text in "-?[0-9]{1,9}([.,][0-9]{1,9})?|\\PC{0,24}") {
            if let Ok(number) = Decimal::parse(&text) {
                prop_assert_eq!(dec(&number.to_string()), number);
            }
        }

        #[test]
        fn the_order_is_that_of_the_numbers(a in -100_000_i64..100_000, b in -100_000_i64..100_000) {
            let thousandths = |n: i64| Decimal { mantissa: n, scale: 3 };
            prop_assert_eq!(thousandths(a).cmp(&thousandths(b)), a.cmp(&b));
        }
    }
}
