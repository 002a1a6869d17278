//! The generation service on both databases: offers, confirm, money, and the provider played by the sandbox.

mod cancel;
mod confirm;
mod fair;
mod history;
mod kills;
mod late;
mod media;
mod media_s3;
mod offers;
mod provider;
mod races;
mod settle;
mod storage;
mod submit;
mod sweep;
mod watch;
mod world;
