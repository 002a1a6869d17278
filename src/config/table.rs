//! The settings as a table: what the README shows and `--help` refers to.

use super::layers::{DEFAULTS, SettingSource};
use super::names::env_name;

/// One setting of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRow {
    /// Its name in the environment.
    pub name: String,
    /// Its name in a file: section and name, `server.listen`.
    pub key: String,
    /// Its default as it is written; `none` when empty.
    pub default: String,
    /// What it is for: its comment in `defaults.toml`.
    pub note: String,
}

/// A setting as it is in force, for the platform's owner to read. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingShown {
    /// Its value, as it was written.
    pub value: SettingValue,
    /// Where it is from.
    pub source: SettingSource,
}

/// A value that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// As it was written; may be empty.
    Plain(String),
    /// Only whether there is one.
    Secret {
        /// Whether there is one.
        set: bool,
    },
}

/// The rows in the order of `defaults.toml`.
pub(super) fn rows() -> Vec<SettingRow> {
    let mut rows = Vec::new();
    let (mut section, mut note) = (String::new(), String::new());
    for line in DEFAULTS.lines() {
        if let Some(comment) = line.strip_prefix('#') {
            if !note.is_empty() {
                note.push(' ');
            }
            note.push_str(comment.trim());
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
            note.clear();
        } else if let Some((name, value)) = line.split_once(" = ") {
            let key = format!("{section}.{name}");
            rows.push(SettingRow { name: env_name(&key), key, default: shown(value), note: std::mem::take(&mut note) });
        } else {
            note.clear();
        }
    }
    rows
}

fn shown(value: &str) -> String {
    match value.trim_matches('"') {
        "" | "[]" => "none".to_owned(),
        text => text.trim_matches(['[', ']']).replace('"', ""),
    }
}
