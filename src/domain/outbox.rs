//! How sure a recorded message must be of arriving (reliability.md 3.6, decisions.md 6).

use super::words::words;

words! {
    /// What happens when it is not known whether Telegram took a message.
    pub enum MessageClass {
        /// Saying it twice is the same as once (edits, deletions): repeated freely.
        Idempotent = "idempotent",
        /// Results, receipts: repeated once, marked as a repeat.
        MustArrive = "must_arrive",
        /// Ordinary screens, tips: repeated only when certainly not sent.
        MayVanish = "may_vanish",
    }
}

words! {
    /// Where a recorded message stands.
    pub enum OutboxState {
        /// Waits for its turn and its time.
        Queued = "queued",
        /// A sender holds it.
        Sending = "sending",
        /// Telegram has it.
        Sent = "sent",
        /// It is not known whether Telegram has it, and it is not said again.
        InDoubt = "in_doubt",
        /// Not said on purpose: too old, or the person cannot be reached.
        Dropped = "dropped",
        /// Refused for good, or too many attempts.
        Dead = "dead",
    }
}
