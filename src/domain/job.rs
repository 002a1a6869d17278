//! Lanes of background work: each has its own concurrency, so slow work of one kind never holds up another (reliability.md 3.3).

use super::words::words;

words! {
    /// Which queue a job waits in.
    pub enum Lane {
        /// Hands a generation to the provider.
        Submit = "submit",
        /// Asks the provider how it goes.
        Watch = "watch",
        /// Fetches results and brings them to the person.
        Deliver = "deliver",
        /// Fetches what a person sent.
        Media = "media",
        /// Finds what stands still, removes what is old.
        Sweep = "sweep",
        /// Tells partners' own webhooks, which may be slow.
        Hooks = "hooks",
    }
}
