//! Places where a test ends the process as a power cut does: no destructor runs, nothing is finished. In a release build there
//! are none.
//!
//! `BOTYARD_CRASH_AT=submit.called` arms one place of a debug build (`cli/`); `tests/it/generation/kills.rs` goes through all.

use std::sync::OnceLock;

/// Every place, in the order in which a paid generation passes them: the list that the tests go through.
pub const POINTS: [&str; 14] = [
    "confirm.decided",
    "confirm.committed",
    "submit.began",
    "submit.intended",
    "submit.called",
    "submit.accepted",
    "watch.fetched",
    "watch.committed",
    "deliver.began",
    "deliver.committed",
    "send.claimed",
    "send.sent",
    "send.settled",
    "send.committed",
];

/// Every place around a payment's transaction and its last check (reliability.md F03, F04).
pub const PAYMENT_POINTS: [&str; 5] =
    ["checkout.decided", "payment.arrived", "payment.begun", "payment.credited", "payment.committed"];

static ARMED: OnceLock<String> = OnceLock::new();

/// Arms one place for the life of the process; the first call counts.
pub fn arm(point: String) {
    ARMED.get_or_init(|| point);
}

/// Ends the process here if this place is armed.
pub fn crash_point(point: &'static str) {
    debug_assert!(POINTS.contains(&point) || PAYMENT_POINTS.contains(&point), "{point} is not in the list");
    if cfg!(debug_assertions) && ARMED.get().is_some_and(|armed| armed == point) {
        std::process::abort();
    }
}
