//! S-49, figures: what the last broadcasts reached, and how long they took.

use jiff::tz::TimeZone;

use super::standing::{figures, took};
use super::{button, number, state};
use crate::bot::callback::BroadcastPress;
use crate::bot::screens::{Screen, home};
use crate::domain::UnixMs;
use crate::domain::outgoing::Keyboard;
use crate::store::BroadcastRow;
use crate::texts::Words;

/// The figures of the last broadcasts.
pub struct Stats {
    /// Newest first.
    pub rows: Vec<BroadcastRow>,
    /// Whose dates.
    pub zone: TimeZone,
    /// Now.
    pub now: UnixMs,
}

impl Screen for Stats {
    fn text(&self, words: Words<'_>) -> String {
        let mut parts = vec![words.get("broadcast-stats-title")];
        for row in &self.rows {
            let args = figures(row)
                .with("number", number(row))
                .with("state", state(words, row))
                .with("date", row.confirmed_at.unwrap_or(row.created_at).shown(&self.zone))
                .with("time", took(row, self.now));
            parts.push(words.fmt("broadcast-stats-line", args));
        }
        if self.rows.is_empty() {
            parts.push(words.get("broadcasts-none"));
        }
        parts.join("\n\n")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([button(words, "btn-back", BroadcastPress::List), home(words)])
    }
}
