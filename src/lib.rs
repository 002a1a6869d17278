//! Botyard: many Telegram bots in one process, each selling AI generations to its own users.
//!
//! The map, the invariants and the walkthroughs stand in `ARCHITECTURE.md`. Modules below are listed from the bottom
//! layer up; a module may use those above it in this list and never those below (`tests/it/tidy.rs` enforces it).

pub mod config;
pub mod domain;
pub mod lifecycle;
pub mod signals;
pub mod telemetry;
pub mod texts;

pub mod catalog;
pub mod clients;
pub mod locks;
pub mod store;
pub mod vault;

pub mod accounts;
pub mod billing;
pub mod diagnostics;
pub mod generation;
pub mod knowledge;
pub mod tenants;

pub mod bot;

pub mod web;
pub mod worker;

pub mod app;
pub mod cli;
pub mod sandbox;
