//! A decimal with at most four places: markups and rates. Never a float.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Money;

/// A number of zero or more in ten-thousandths; a markup's are basis points (1.15 is 11 500). Written as a decimal in
/// files, forms and stored settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Factor(i64);

/// Why a text is not such a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number with at most four decimals")]
pub struct BadFactor;

impl Factor {
    /// One: multiplying by it changes nothing.
    pub const ONE: Self = Self(Self::SCALE);

    /// How many parts a whole has.
    pub const SCALE: i64 = 10_000;

    /// From ten-thousandths.
    pub const fn ten_thousandths(parts: i64) -> Self {
        Self(parts)
    }

    /// As ten-thousandths; of a markup, basis points.
    pub const fn as_ten_thousandths(self) -> i64 {
        self.0
    }

    /// `amount` times this, rounded half up to the kopeck; `None` on overflow.
    pub fn of(self, amount: Money) -> Option<Money> {
        amount.scaled(i128::from(self.0), i128::from(Self::SCALE))
    }
}

impl FromStr for Factor {
    type Err = BadFactor;

    /// Reads `1.15`, `1,15`, `78`: ASCII digits, a dot or comma, at most four decimals.
    fn from_str(text: &str) -> Result<Self, BadFactor> {
        let text = text.trim().replace(',', ".");
        let (whole, part) = text.split_once('.').map_or((text.as_str(), None), |(w, p)| (w, Some(p)));
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || part.is_some_and(|p| !digits(p) || p.len() > 4) {
            return Err(BadFactor);
        }
        let parts: i64 = format!("{:0<4}", part.unwrap_or_default()).parse().map_err(|_| BadFactor)?;
        let whole: i64 = whole.parse().map_err(|_| BadFactor)?;
        whole.checked_mul(Self::SCALE).and_then(|w| w.checked_add(parts)).map(Self).ok_or(BadFactor)
    }
}

impl fmt::Display for Factor {
    /// The shortest spelling with at least two decimals: `1.00`, `78.57`, `1.0005`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / Self::SCALE, self.0 % Self::SCALE);
        let part = format!("{part:04}");
        let short = part.trim_end_matches('0');
        write!(f, "{whole}.{short:0<2}")
    }
}

impl Serialize for Factor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Factor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        decimal_text(from)?.parse().map_err(de::Error::custom)
    }
}

/// A decimal as it was written, whether as text or as a number: `"1.15"`, `1.15`, `2`. A float of that few digits keeps
/// its spelling, so nothing is rounded on the way.
pub(super) fn decimal_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    struct Written;

    impl Visitor<'_> for Written {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a decimal number")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }

    from.deserialize_any(Written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn read_and_shown_as_people_write_it() {
        for (text, parts, shown) in [("1.15", 11_500, "1.15"), ("1", 10_000, "1.00"), ("78,57", 785_700, "78.57")] {
            let factor: Factor = text.parse().unwrap();
            assert_eq!((factor.as_ten_thousandths(), factor.to_string().as_str()), (parts, shown));
        }
        assert_eq!("0.0005".parse::<Factor>().unwrap().to_string(), "0.0005");
        for bad in ["", "-1", "+1", "1.", ".5", "1e3", "NaN", "inf", "1.23456", "٣", "99999999999999999999"] {
            assert_eq!(bad.parse::<Factor>(), Err(BadFactor), "{bad}");
        }
    }

    #[test]
    fn numbers_of_toml_and_json_keep_their_spelling() {
        #[derive(Deserialize)]
        struct File {
            a: Factor,
            b: Factor,
            c: Factor,
        }
        let file: File = toml::from_str("a = 1.15\nb = 2\nc = \"78.57\"").unwrap();
        assert_eq!([file.a, file.b, file.c].map(Factor::as_ten_thousandths), [11_500, 20_000, 785_700]);
        assert_eq!(serde_json::from_str::<Factor>("0.1").unwrap(), Factor::ten_thousandths(1_000));
        assert!(serde_json::from_str::<Factor>("-0.1").is_err());
        assert!(serde_json::from_str::<Factor>("true").is_err());
    }

    #[test]
    fn an_amount_is_multiplied_and_rounded_once() {
        // 18.975 roubles (bot.md 8.3, example 3): 16.50 × 1.15.
        assert_eq!(Factor::ten_thousandths(11_500).of(Money::kopecks(1_650)), Some(Money::kopecks(1_898)));
        assert_eq!(Factor::ONE.of(Money::kopecks(63)), Some(Money::kopecks(63)));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(parts in 0i64..=i64::MAX) {
            let factor = Factor::ten_thousandths(parts);
            prop_assert_eq!(factor.to_string().parse(), Ok(factor));
        }
    }
}
