//! Why a command did not do its work, and the exit code that says so.

use std::fmt;

use crate::config::SettingError;

/// Why a command ended without having done its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong settings, each on a line of its own: exit code 2.
    Settings(Vec<SettingError>),
    /// Arguments that do not go together: exit code 2.
    Usage(String),
    /// The work itself: exit code 1.
    Work(String),
}

impl Failure {
    /// The process's exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Settings(_) | Self::Usage(_) => 2,
            Self::Work(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Usage(text) => f.write_str(text),
            Self::Work(text) => f.write_str(text),
        }
    }
}

/// Every error of the work itself, told in its own words. `Failure` is deliberately no `std::error::Error`: it ends here.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Work(error.to_string())
    }
}
