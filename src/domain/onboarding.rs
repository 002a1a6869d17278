//! How a new partner comes (decisions.md 14).

use super::words::words;

words! {
    /// Where a link into onboarding was asked for: each proves who asked.
    pub enum LinkSource {
        /// «Copy bot» in a hosted bot.
        Copy = "copy",
        /// The platform's own bot.
        PlatformBot = "platform_bot",
        /// The platform's owner named this person.
        Owner = "owner",
    }
}

words! {
    /// What is banned.
    pub enum BanKind {
        /// A person: sets up no bot.
        Person = "person",
        /// A bot: is not hosted.
        Bot = "bot",
    }
}
