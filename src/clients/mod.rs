//! The outside: Telegram, the generation provider, safe downloads. Nothing above this layer speaks HTTP.
//!
//! Every call here says what is known about a failure (did the request leave or not), waits for nobody and repeats
//! nothing: retries, budgets and queues belong to the callers.

pub mod http;
pub mod kie;
pub mod media;
pub mod telegram;

#[cfg(test)]
mod testing;

pub use http::{Http, HttpBuildError, HttpSettings, Timeouts, Why};
pub use kie::Kie;
pub use media::Downloader;
pub use telegram::Telegram;
