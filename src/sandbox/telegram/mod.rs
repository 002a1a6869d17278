//! The fake Bot API: `/bot<token>/<Method>` and `/file/bot<token>/<path>`, as facts/telegram.md describes the real one.

pub(crate) mod bot;
pub(crate) mod chat;
pub(crate) mod delivery;
pub(crate) mod error;
pub(crate) mod html;
mod http;
pub(crate) mod keyboard;
pub(crate) mod media;
mod methods;
pub(crate) mod params;
pub(crate) mod updates;

#[cfg(test)]
mod tests;

pub(crate) use http::router;
pub(crate) use methods::{commands_seen_by, pay, run};
