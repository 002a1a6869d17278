//! HTTP's side: webhooks, provider callbacks, the panel, health.
//!
//! `router.rs` lists every address. A request passes `around.rs` (security headers, language, error pages, measurement), then
//! the extractors in `extract/`, which prove who may see what (style.md 13), then one handler: a page in `pages/`, a hook in
//! `hooks/`. A handler never renders an error: it returns a [`failure::Failure`], and `around.rs` shows it.

pub mod api;
mod around;
mod client;
mod cookies;
mod csv;
mod diag;
mod downloads;
mod entry;
mod extract;
pub mod failure;
pub mod guard;
mod headers;
mod health;
mod hooks;
mod inflight;
mod language;
pub mod listener;
mod pages;
pub mod router;
mod same_origin;
mod state;
mod statics;
mod tar;

pub use diag::BootSlot;
pub use state::{Parts, WebState};
