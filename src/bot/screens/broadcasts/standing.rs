//! How far a broadcast is: one message, edited as it goes on, and what is said at its end.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{act, button, number, state};
use crate::bot::callback::{BroadcastAction, BroadcastPress};
use crate::bot::screens::{Screen, home, lines};
use crate::bot::turn::arg;
use crate::domain::outgoing::Keyboard;
use crate::domain::{BroadcastState, PauseReason, UnixMs};
use crate::store::BroadcastRow;
use crate::texts::{Args, Words};

/// S-49 of one broadcast.
pub struct Standing {
    /// The broadcast.
    pub row: BroadcastRow,
    /// Whose moments.
    pub zone: TimeZone,
    /// Now.
    pub now: UnixMs,
}

impl Screen for Standing {
    fn text(&self, words: Words<'_>) -> String {
        let row = &self.row;
        let running = row.state == BroadcastState::Running;
        let reason = row.pause_reason.filter(|_| row.state == BroadcastState::Paused).map(|reason| match reason {
            PauseReason::SourceGone => words.get("broadcast-paused-source"),
            PauseReason::TokenRefused => words.get("broadcast-paused-token"),
        });
        let planned = running && row.is_planned(self.now);
        let waits = (running && row.run_at > self.now && !planned)
            .then(|| words.fmt("broadcast-waits", arg("until", row.run_at.shown(&self.zone))));
        let progress = if planned {
            words.fmt("broadcast-planned", arg("at", row.run_at.shown(&self.zone)).with("n", row.recipients))
        } else if running && row.gathered_at.is_none() {
            words.fmt("broadcast-gathering", arg("n", row.recipients))
        } else if row.state == BroadcastState::Done {
            done_text(words, row)
        } else {
            words.fmt("broadcast-progress", figures(row))
        };
        let head = words.fmt("broadcast-head", arg("number", number(row)).with("state", state(words, row)));
        lines([Some(head), Some(progress), reason, waits])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let to = |action, key: &str| act(action, &self.row.id).button(words.get(key));
        let mut keyboard = Keyboard::new();
        match self.row.state {
            BroadcastState::Running => keyboard.push([
                to(BroadcastAction::Pause, "btn-broadcast-pause"),
                to(BroadcastAction::Stop, "btn-broadcast-stop"),
            ]),
            BroadcastState::Paused => keyboard.push([
                to(BroadcastAction::Resume, "btn-broadcast-resume"),
                to(BroadcastAction::Stop, "btn-broadcast-stop"),
            ]),
            BroadcastState::Draft | BroadcastState::Stopped | BroadcastState::Done => {}
        }
        if self.row.state.is_unfinished() {
            keyboard.push([act(BroadcastAction::View, &self.row.id).button(words.get("btn-refresh"))]);
        }
        keyboard.row([button(words, "btn-back", BroadcastPress::List), home(words)])
    }
}

/// «✅ Рассылка № {id} завершена: …»
pub fn done_text(words: Words<'_>, row: &BroadcastRow) -> String {
    words.fmt("broadcast-done", figures(row).with("number", number(row)).with("time", took(row, row.created_at)))
}

/// The counts of a broadcast.
pub(super) fn figures(row: &BroadcastRow) -> Args {
    arg("sent", row.sent).with("n", row.recipients).with("failed", row.failed).with("unreachable", row.unreachable)
}

/// How long it took, or has taken by `now`: `1:02:03`.
pub(super) fn took(row: &BroadcastRow, now: UnixMs) -> String {
    let begun = row.confirmed_at.unwrap_or(row.created_at);
    let passed: Duration = row.finished_at.unwrap_or(now).since(begun);
    let seconds = passed.as_secs();
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
