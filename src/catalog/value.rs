//! What a person chose: values of parameters and the ordered map of them that drafts, quotes and requests carry.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;

/// A file that a person sent, already copied into the tenant's storage (bot.md 7.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileValue {
    /// Its id in the tenant's storage (`med_…`).
    pub media: String,
    /// Its MIME type, found from its first bytes.
    pub mime: String,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 of the content in hex: what the fingerprint of a request compares (bot.md 9.1).
    pub sha256: String,
    /// Its length in milliseconds: the larger of Telegram's word and the file's own; `None` when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
}

/// The value of one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A text, a URL or a value of an enum.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A number, exact.
    Number(Decimal),
    /// Uploaded files, at least one.
    Files(Vec<FileValue>),
}

impl Value {
    /// The value as text, as axes and conditions compare it (`true` is "true"); `None` for files.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Bool(yes) => Some(yes.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Files(_) => None,
        }
    }

    /// The files; empty for other values.
    pub fn files(&self) -> &[FileValue] {
        match self {
            Self::Files(files) => files,
            _ => &[],
        }
    }
}

impl fmt::Display for Value {
    /// As text; files as their number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Bool(yes) => yes.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Files(files) => files.len().fmt(f),
        }
    }
}

/// Chosen values by parameter name, in the order of the names. A parameter that is not in it was not chosen.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Selection(BTreeMap<String, Value>);

impl Selection {
    /// Nothing chosen.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The value of a parameter as text (see [`Value::as_text`]).
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(Value::as_text)
    }

    /// Whether a parameter has a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Sets a value, replacing an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// The same with one value set.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: Value) -> Self {
        self.set(name, value);
        self
    }

    /// Takes a value out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// All values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many parameters have a value.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Value)> for Selection {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_survives_storage() {
        let file = FileValue {
            media: "med_a".to_owned(),
            mime: "audio/ogg".to_owned(),
            bytes: 9,
            sha256: "00".to_owned(),
            duration_ms: Some(12_300),
        };
        let chosen = Selection::new()
            .with("prompt", Value::Text("a <cat> & 'co'".to_owned()))
            .with("sound", Value::Bool(true))
            .with("strength", Value::Number(Decimal::parse("0.80").unwrap()))
            .with("audio_input", Value::Files(vec![file]));
        let stored = serde_json::to_string(&chosen).unwrap();
        assert!(stored.contains(r#""strength":{"number":"0.8"}"#), "{stored}");
        assert_eq!(serde_json::from_str::<Selection>(&stored).unwrap(), chosen);
    }
}
