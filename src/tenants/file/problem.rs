//! What is wrong with a tenants file, in one line.

use std::fmt;

use crate::domain::settings::SettingProblem;

/// One problem: whose, which field, what is wrong, a right value. Holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// `tenant partner-01`, `tenant no. 3`, `[platform]`; empty when it is the file's.
    pub place: String,
    /// The field's name; empty when it is the whole tenant's or file's.
    pub field: String,
    /// What is wrong.
    pub what: String,
    /// A right value as it is written in the file; may be empty.
    pub example: &'static str,
}

impl FileProblem {
    /// A problem of the whole file.
    pub(super) fn of_file(what: String) -> Self {
        Self { place: String::new(), field: String::new(), what, example: "" }
    }

    /// A setting's problem at its place.
    pub(super) fn of_setting(place: &str, problem: SettingProblem) -> Self {
        let SettingProblem { field, what, example } = problem;
        Self { place: place.to_owned(), field, what, example }
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        if !self.field.is_empty() {
            write!(f, "{} ", self.field)?;
        }
        f.write_str(&self.what)?;
        if self.example.is_empty() { Ok(()) } else { write!(f, "; for example: {} = {}", self.field, self.example) }
    }
}
