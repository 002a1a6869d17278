//! A wrong setting, in one line.

use std::fmt;

/// One wrong setting: what it is called where the person set it, what is wrong with it, and a right value. Never holds a
/// secret's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// The name as the person wrote it: `DATABASE_URL`, `--listen`, `server.listen in botyard.toml`.
    pub name: String,
    /// What is wrong.
    pub problem: String,
    /// A right value; empty when the problem says it already.
    pub example: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.problem)?;
        if self.example.is_empty() { Ok(()) } else { write!(f, "; for example: {}", self.example) }
    }
}

impl std::error::Error for SettingError {}
