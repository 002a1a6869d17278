//! Who may open the panel: one-time links, sessions, roles (decisions.md 13, reliability.md 3.8).
//!
//! The way in: [`links::issue`] makes a link (the bot's /panel, `botyard link`), its GET only looks ([`links::look`]), its
//! POST spends it and opens a session ([`links::enter`]). Every later request is checked by [`sessions::check`]: the signed
//! cookie, the session's row, and whether the person still has the right that the session was opened with.

pub mod archives;
pub mod audit;
pub mod downloads;
pub mod forms;
pub mod identity;
mod jwt;
pub mod keys;
pub mod links;
pub mod miniapp;
pub mod onboarding;
mod permissions;
pub mod sessions;
mod token;

pub use identity::{Identity, Role, Subject};
pub use links::{LinkError, Refused};
pub use permissions::Act;
pub use sessions::{Denied, Session};
