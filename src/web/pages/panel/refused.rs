//! A form that changed nothing: which of its fields does not fit, and what it must be. The page is shown again with what was
//! typed.

use crate::texts::Words;

/// The field and why.
pub(super) struct Refused {
    field: &'static str,
    why: String,
}

impl Refused {
    /// `field` does not fit; `key` says why.
    pub(super) fn new(words: Words<'_>, field: &'static str, key: &str) -> Self {
        Self { field, why: words.get(key) }
    }

    /// What is said below this field, if it is the one.
    pub(super) fn at(&self, field: &str) -> Option<&str> {
        (self.field == field).then_some(self.why.as_str())
    }
}
