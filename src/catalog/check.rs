//! Is this a value of that parameter? Typed answers for everything a person can type, press or send (bot.md 7.3).

use super::decimal::Decimal;
use super::gen_type::GenType;
use super::model::Model;
use super::offer::offered_values;
use super::param::{Media, Param, ParamKind, canonical_mime};
use super::refs::enum_from_ref;
use super::steps::is_needed;
use super::value::{FileValue, Selection, Value};

/// The payload that leaves a parameter out.
pub const SKIP: &str = "__skip__";
/// The payload that takes the catalog's default.
pub const DEFAULT: &str = "__default__";

/// Why a value was not taken. Each has its text in bot.md 15.4.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A text is wanted (`expected_text`).
    #[error("a text is wanted")]
    ExpectedText,
    /// One of the buttons is wanted (`expected_button`).
    #[error("one of the buttons is wanted")]
    ExpectedButton,
    /// A file of this kind is wanted (`expected_image`, `expected_video`, `expected_audio`); also a file of a MIME type
    /// that the parameter does not take.
    #[error("a file is wanted: {0:?}")]
    ExpectedFile(Media),
    /// `text_len`, in Unicode characters.
    #[error("{now} characters, not {min} to {max}")]
    TextLength {
        /// The shortest that is taken.
        min: usize,
        /// The longest that is taken.
        max: usize,
        /// What was given.
        now: usize,
    },
    /// `number_range`: not a number, outside the limits or off the grid.
    #[error("not a number from {min} to {max}")]
    NumberRange {
        /// The least.
        min: Decimal,
        /// The largest.
        max: Decimal,
        /// The grid, counted from `min`.
        step: Option<Decimal>,
    },
    /// `url_bad`: not an https address that begins so.
    #[error("not an address that begins with {prefix}")]
    UrlPrefix {
        /// What it must begin with.
        prefix: String,
    },
    /// `value_invalid`: not among the parameter's values.
    #[error("not among the values")]
    NotAllowed,
    /// `no_tier`: no price for it together with what is chosen.
    #[error("no price for this combination")]
    NoTier,
    /// `param_required`: it cannot be left out.
    #[error("cannot be left out")]
    Required,
    /// The file is too big.
    #[error("larger than {max_mb} MB")]
    FileTooBig {
        /// The largest size taken, in MB.
        max_mb: u32,
    },
    /// `media_limit`: there are as many files as may be.
    #[error("more than {max} files")]
    TooManyFiles {
        /// How many may be.
        max: usize,
    },
}

/// What a pressed button means for a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Take this value.
    Set(Value),
    /// Leave the parameter out.
    Skip,
}

/// Reads a text that a person typed for a parameter. Enum values are found in any case; whether they have a price with
/// what is chosen is [`check_offer`]'s question.
pub fn check_text(param: &Param, text: &str) -> Result<Value, Refusal> {
    let text = text.trim();
    let value = match &param.kind {
        ParamKind::Files { media, .. } => return Err(Refusal::ExpectedFile(*media)),
        ParamKind::Text { .. } | ParamKind::Url { .. } => Value::Text(text.to_owned()),
        ParamKind::Enum { values, .. } => {
            let lower = text.to_lowercase();
            let exact = values.iter().find(|v| *v == text);
            let found = exact.or_else(|| values.iter().find(|v| v.to_lowercase() == lower));
            Value::Text(found.ok_or(Refusal::ExpectedButton)?.clone())
        }
        ParamKind::Bool => match text.to_lowercase().as_str() {
            "да" | "yes" | "true" | "1" => Value::Bool(true),
            "нет" | "no" | "false" | "0" => Value::Bool(false),
            _ => return Err(Refusal::ExpectedButton),
        },
        ParamKind::Number { min, max, step, .. } => {
            Value::Number(Decimal::parse(text).map_err(|_| Refusal::NumberRange {
                min: *min,
                max: *max,
                step: *step,
            })?)
        }
    };
    check_value(param, &value)?;
    Ok(value)
}

/// Reads the payload of `set_param:<name>:` (bot.md 4): a value of an enum or bool, its `#` form, or one of the two
/// words [`SKIP`] and [`DEFAULT`]. A value that has no price with what is already chosen is refused.
pub fn press(
    model: &Model,
    under: GenType,
    selection: &Selection,
    param: &Param,
    payload: &str,
) -> Result<Choice, Refusal> {
    let value = match payload {
        SKIP if is_needed(model, under, param) => return Err(Refusal::Required),
        SKIP => return Ok(Choice::Skip),
        DEFAULT => param.default.clone(),
        _ => enum_from_ref(param, payload).and_then(|text| param.option_value(text)),
    };
    let value = value.ok_or(Refusal::NotAllowed)?;
    check_offer(model, selection, param, &value)?;
    Ok(Choice::Set(value))
}

/// Whether a value still has a price with what is already chosen; texts, numbers and files always do.
pub fn check_offer(model: &Model, selection: &Selection, param: &Param, value: &Value) -> Result<(), Refusal> {
    let offered = offered_values(model, param, selection);
    let priced = param.options().is_none() || value.as_text().is_some_and(|text| offered.contains(&text.as_str()));
    if priced { Ok(()) } else { Err(Refusal::NoTier) }
}

/// Checks one file for a parameter that already has `have` files; for a parameter of one file it replaces the old one.
pub fn check_file(param: &Param, have: usize, mime: &str, bytes: i64) -> Result<(), Refusal> {
    let ParamKind::Files { media, mime: taken, max_mb, max_items, .. } = &param.kind else {
        return Err(if param.is_text() { Refusal::ExpectedText } else { Refusal::ExpectedButton });
    };
    if !taken.contains(&canonical_mime(mime)) {
        return Err(Refusal::ExpectedFile(*media));
    }
    if bytes <= 0 || bytes > i64::from(*max_mb) * 1024 * 1024 {
        return Err(Refusal::FileTooBig { max_mb: *max_mb });
    }
    if *max_items > 1 && have >= *max_items {
        return Err(Refusal::TooManyFiles { max: *max_items });
    }
    Ok(())
}

/// Whether a value, wherever it came from, is one the parameter takes.
pub fn check_value(param: &Param, value: &Value) -> Result<(), Refusal> {
    match (&param.kind, value) {
        (ParamKind::Files { media, max_items, .. }, Value::Files(files)) => {
            if files.is_empty() {
                return Err(Refusal::ExpectedFile(*media));
            }
            if files.len() > *max_items {
                return Err(Refusal::TooManyFiles { max: *max_items });
            }
            files.iter().try_for_each(|FileValue { mime, bytes, .. }| check_file(param, 0, mime, *bytes))
        }
        (ParamKind::Text { min, max }, Value::Text(text)) => check_length(text, *min, *max),
        (ParamKind::Url { prefix, max }, Value::Text(text)) => {
            check_length(text, 1, *max)?;
            let plain = text.starts_with(prefix.as_str()) && !text.contains(|c: char| c.is_whitespace());
            let parsed = url::Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host());
            if plain && parsed { Ok(()) } else { Err(Refusal::UrlPrefix { prefix: prefix.clone() }) }
        }
        (ParamKind::Enum { values, .. }, Value::Text(text)) if values.contains(text) => Ok(()),
        (ParamKind::Bool, Value::Bool(_)) => Ok(()),
        (ParamKind::Number { whole, min, max, step }, Value::Number(number)) => {
            let fits = (*min..=*max).contains(number)
                && step.is_none_or(|step| number.on_step(*min, step))
                && (!whole || number.as_whole().is_some());
            if fits { Ok(()) } else { Err(Refusal::NumberRange { min: *min, max: *max, step: *step }) }
        }
        (ParamKind::Files { media, .. }, _) => Err(Refusal::ExpectedFile(*media)),
        (ParamKind::Text { .. } | ParamKind::Url { .. } | ParamKind::Number { .. }, _) => Err(Refusal::ExpectedText),
        (ParamKind::Enum { .. } | ParamKind::Bool, _) => Err(Refusal::NotAllowed),
    }
}

/// Whether everything chosen still fits the model; otherwise the first parameter that does not, for drafts and repeats
/// that are older than the catalog. A name that the model does not have is [`Refusal::NotAllowed`].
pub fn check_selection(model: &Model, selection: &Selection) -> Result<(), (String, Refusal)> {
    selection.iter().try_for_each(|(name, value)| {
        let param = model.param(name).ok_or((name.to_owned(), Refusal::NotAllowed))?;
        check_value(param, value).map_err(|refusal| (name.to_owned(), refusal))
    })
}

fn check_length(text: &str, min: usize, max: usize) -> Result<(), Refusal> {
    let now = text.chars().count();
    if (min..=max).contains(&now) { Ok(()) } else { Err(Refusal::TextLength { min, max, now }) }
}

#[cfg(test)]
mod tests;
