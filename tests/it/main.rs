//! The integration tests: one binary, one module for each area, and `util` that brings the databases and the browser.
//!
//! `./test` runs them on everything. `cargo test` alone runs them on SQLite and says what it skipped.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it is surprised")]

mod acceptance;
mod billing;
mod bot;
mod cli;
mod demo;
mod generation;
mod hostile;
mod ocr;
mod onboarding;
mod replicas;
mod robot;
mod store;
mod texts;
mod tidy;
mod util;
mod watch;
mod web;
