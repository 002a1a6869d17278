//! What a stored report says of itself (platform.md 5).

use super::words::words;

words! {
    /// Which report it is.
    pub enum ReportKind {
        /// How a start went.
        Boot = "boot",
        /// Whether money and rows can be trusted.
        Preflight = "preflight",
    }
}

words! {
    /// Who had it made.
    pub enum ReportAsker {
        /// A start of the process.
        Start = "start",
        /// An admin in the bot.
        Bot = "bot",
        /// A program, at a diagnostic address.
        Http = "http",
        /// Somebody at the command line.
        Cli = "cli",
        /// Somebody in the panel.
        Panel = "panel",
    }
}
