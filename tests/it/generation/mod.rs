//! The generation service on both databases: offers, confirm, money, and the provider played by the sandbox.

mod cancel;
mod confirm;
mod history;
mod late;
mod media;
mod offers;
mod provider;
mod races;
mod settle;
mod submit;
mod sweep;
mod watch;
mod world;
