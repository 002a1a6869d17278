//! How many units a request orders (bot.md 8.2).

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::model::{Model, QuantityRule};
use super::value::{Selection, Value};

/// A number of units as a fraction: exact until the price is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// The numerator, at least 1.
    pub num: i64,
    /// The denominator: 1, 60 or 1000.
    pub den: i64,
}

impl Quantity {
    /// One unit.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// A whole number of units.
    pub const fn whole(num: i64) -> Self {
        Self { num, den: 1 }
    }

    /// The free generations it takes: the quantity, begun units counted whole (bot.md 12.1).
    pub const fn units(self) -> i64 {
        (self.num + self.den - 1) / self.den
    }
}

/// Why a quantity cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// The parameter that decides it is not given yet.
    #[error("{param} is not given yet")]
    Open {
        /// Its name.
        param: String,
    },
    /// A file's length is not known («Не удалось определить длительность»).
    #[error("the length of {param} is not known")]
    UnknownDuration {
        /// The file's parameter.
        param: String,
    },
    /// A file is longer than the provider takes («Аудио до 15 секунд»).
    #[error("{param} is longer than {max_seconds} s")]
    TooLong {
        /// The file's parameter.
        param: String,
        /// The most seconds.
        max_seconds: i64,
    },
    /// A value that is no number of units.
    #[error("{param} is no number of units")]
    Invalid {
        /// Its parameter.
        param: String,
    },
    /// The model's quantity cannot be measured at all.
    #[error("this model's quantity cannot be measured")]
    Unmeasurable,
}

/// The quantity that a selection orders. Left-out numbers count as their catalog default, pictures without one as 1.
pub fn quantity(model: &Model, selection: &Selection) -> Result<Quantity, QuantityError> {
    match &model.pricing.quantity {
        QuantityRule::One => Ok(Quantity::ONE),
        QuantityRule::Images { param } => {
            let one = Value::Number(Decimal::whole(1));
            Ok(Quantity::whole(number(param, value(model, selection, param).unwrap_or(&one))?))
        }
        QuantityRule::Seconds { of, max } => {
            let seconds = seconds(selection, of)?;
            match max {
                Some(max) if seconds > *max => Err(QuantityError::TooLong { param: of.clone(), max_seconds: *max }),
                _ => Ok(Quantity::whole(seconds)),
            }
        }
        QuantityRule::Minutes { of } => Ok(Quantity { num: seconds(selection, of)?, den: 60 }),
        QuantityRule::Characters { of } => {
            let open = || QuantityError::Open { param: of.clone() };
            let text = selection.text(of).ok_or_else(open)?;
            Ok(Quantity { num: i64::try_from(text.chars().count()).unwrap_or(i64::MAX).max(1), den: 1000 })
        }
        QuantityRule::Frames { frames, rate } => {
            let get = |param: &String| {
                let open = || QuantityError::Open { param: param.clone() };
                value(model, selection, param).ok_or_else(open).and_then(|v| number(param, v))
            };
            let (frames, rate) = (get(frames)?, get(rate)?);
            Ok(Quantity::whole((frames + rate - 1) / rate))
        }
        QuantityRule::Unmeasurable => Err(QuantityError::Unmeasurable),
    }
}

fn value<'a>(model: &'a Model, selection: &'a Selection, param: &str) -> Option<&'a Value> {
    selection.get(param).or_else(|| model.param(param)?.default.as_ref())
}

/// A count between 1 and a million: far above every limit of the catalog, far below every overflow.
fn number(param: &str, value: &Value) -> Result<i64, QuantityError> {
    let count = match value {
        Value::Number(number) => number.as_whole(),
        Value::Text(text) => Decimal::parse(text).ok().and_then(Decimal::as_whole),
        Value::Bool(_) | Value::Files(_) => None,
    };
    count.filter(|n| (1..=1_000_000).contains(n)).ok_or_else(|| QuantityError::Invalid { param: param.to_owned() })
}

/// Seconds of the uploaded file, rounded up, at least 1.
fn seconds(selection: &Selection, param: &str) -> Result<i64, QuantityError> {
    let files = selection.get(param).map(Value::files).unwrap_or_default();
    if files.is_empty() {
        return Err(QuantityError::Open { param: param.to_owned() });
    }
    let unknown = || QuantityError::UnknownDuration { param: param.to_owned() };
    let total = files.iter().try_fold(0_i64, |sum, file| {
        file.duration_ms.filter(|ms| *ms >= 0).and_then(|ms| sum.checked_add(ms)).ok_or_else(unknown)
    })?;
    Ok((total / 1000 + i64::from(total % 1000 > 0)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, FileValue};

    fn file(duration_ms: Option<i64>) -> Value {
        let (media, mime, sha256) = ("med_x".to_owned(), "audio/ogg".to_owned(), "ab".to_owned());
        Value::Files(vec![FileValue { media, mime, bytes: 1, sha256, duration_ms }])
    }

    fn of(id: &str, selection: &Selection) -> Result<Quantity, QuantityError> {
        quantity(Catalog::embedded().unwrap().model(id).unwrap(), selection)
    }

    #[test]
    fn seconds_are_rounded_up_and_at_least_one() {
        let seconds = |ms| of("elevenlabs/audio-isolation", &Selection::new().with("audio_url", file(Some(ms))));
        for (ms, s) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (12_300, 13), (60_000, 60)] {
            assert_eq!(seconds(ms), Ok(Quantity::whole(s)), "{ms} ms");
        }
        let minutes = of("elevenlabs/speech-to-text", &Selection::new().with("audio_url", file(Some(90_500))));
        assert_eq!(minutes, Ok(Quantity { num: 91, den: 60 }));
    }

    #[test]
    fn a_file_of_unknown_length_or_none_has_no_quantity() {
        let param = "audio_url".to_owned();
        let unknown = of("elevenlabs/audio-isolation", &Selection::new().with("audio_url", file(None)));
        assert_eq!(unknown, Err(QuantityError::UnknownDuration { param: param.clone() }));
        assert_eq!(of("elevenlabs/audio-isolation", &Selection::new()), Err(QuantityError::Open { param }));
    }

    #[test]
    fn an_avatar_takes_fifteen_seconds_and_not_a_millisecond_more() {
        for id in ["infinitalk/from-audio", "kling/v1-avatar-standard", "kling/ai-avatar-v1-pro"] {
            let seconds = |ms| of(id, &Selection::new().with("audio_input", file(Some(ms))));
            assert_eq!(seconds(15_000), Ok(Quantity::whole(15)), "{id}");
            let param = "audio_input".to_owned();
            assert_eq!(seconds(15_001), Err(QuantityError::TooLong { param, max_seconds: 15 }), "{id}");
        }
    }

    #[test]
    fn frames_become_begun_seconds() {
        let id = "wan/2-2-a14b-speech-to-video-turbo";
        let number = |n| Value::Number(Decimal::whole(n));
        assert_eq!(of(id, &Selection::new()), Ok(Quantity::whole(5)));
        let chosen =
            |frames, rate| Selection::new().with("num_frames", number(frames)).with("frames_per_second", number(rate));
        assert_eq!(of(id, &chosen(84, 16)), Ok(Quantity::whole(6)));
        assert_eq!(of(id, &chosen(40, 60)), Ok(Quantity::whole(1)));
    }

    #[test]
    fn pictures_without_a_chosen_number_are_one() {
        assert_eq!(of("qwen/image-edit", &Selection::new()), Ok(Quantity::ONE));
        let three = Selection::new().with("num_images", Value::Text("3".into()));
        assert_eq!(of("qwen/image-edit", &three), Ok(Quantity::whole(3)));
        let forged = Selection::new().with("num_images", Value::Text("0".into()));
        assert!(matches!(of("qwen/image-edit", &forged), Err(QuantityError::Invalid { .. })));
    }

    #[test]
    fn begun_units_count_whole_for_free_generations() {
        assert_eq!(Quantity::whole(3).units(), 3);
        assert_eq!(Quantity { num: 61, den: 60 }.units(), 2);
    }
}
