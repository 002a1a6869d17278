//! Background work: what was recorded is said (`sender.rs`), jobs are run (`runner.rs`, `jobs/`), updates are polled where there
//! is no webhook (`poller.rs`), ledgers are checked (`auditor.rs`), bots are connected to Telegram (`registrar.rs`), broadcasts go out (`broadcast.rs`), what
//! stands still is found (`sweeper.rs`), and what is past its time is removed (`retention.rs`).
//!
//! To add a job: a payload type where it is put, a file in `jobs/`, an arm in `jobs/mod.rs`. A job is safe to run twice.

pub mod alerts;
pub mod answers;
pub mod auditor;
pub mod boot;
pub mod broadcast;
pub mod checkouts;
pub mod context;
pub mod figures;
pub mod heartbeat;
pub mod jobs;
pub mod pace;
pub mod platform_bot;
pub mod poller;
pub mod registrar;
pub mod retention;
pub mod runner;
pub mod sender;
pub mod spans;
pub mod sweeper;
pub mod till;
pub mod unrecorded;
pub mod watch;

mod brake;
mod dues;
mod months;
mod singleton;
mod split;
mod transmit;

pub use context::Workers;
