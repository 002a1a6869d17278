//! One message to everybody: what it is made of and where it stands (bot.md 14.7).

use super::words::words;

words! {
    /// What an admin composed.
    pub enum BroadcastKind {
        /// A text.
        Text = "text",
        /// A picture, with or without a caption.
        Photo = "photo",
        /// A video.
        Video = "video",
        /// A GIF.
        Animation = "animation",
        /// A file.
        Document = "document",
    }
}

words! {
    /// Where a broadcast stands.
    pub enum BroadcastState {
        /// Composed, not confirmed.
        Draft = "draft",
        /// Recipients are being written down, or it is being sent.
        Running = "running",
        /// Waits for an admin.
        Paused = "paused",
        /// Ended by an admin before everybody had it.
        Stopped = "stopped",
        /// Everybody has it, cannot be reached, or has had all tries.
        Done = "done",
    }
}

words! {
    /// Why a broadcast paused by itself.
    pub enum PauseReason {
        /// The message that is copied is not there any more.
        SourceGone = "source_gone",
        /// Telegram does not accept the bot's token.
        TokenRefused = "token_refused",
    }
}

impl BroadcastState {
    /// Confirmed and not over: while there is one, no other is begun.
    pub const fn is_unfinished(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}
