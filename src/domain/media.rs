//! Why a file is kept.

use super::words::words;

words! {
    /// Why a file is kept; each kind has its retention (decisions.md 23).
    pub enum MediaPurpose {
        /// A person sent it for a generation.
        Upload = "upload",
        /// A generation made it.
        Result = "result",
        /// A person sent it as the proof of a transfer.
        Receipt = "receipt",
    }
}
