//! Background work: what was recorded is said (`sender.rs`), jobs are run (`runner.rs`, `jobs/`), updates are polled where there
//! is no webhook (`poller.rs`), and what stands still is found (`sweeper.rs`).
//!
//! To add a job: a payload type where it is put, a file in `jobs/`, an arm in `jobs/mod.rs`. A job is safe to run twice.

pub mod answers;
pub mod context;
pub mod jobs;
pub mod poller;
pub mod runner;
pub mod sender;
pub mod sweeper;
pub mod unrecorded;

mod split;
mod transmit;

pub use context::Workers;
