//! The outside: Telegram, the generation provider, safe downloads, the store of files. Nothing above this layer speaks HTTP.
//!
//! Every call here says what is known about a failure (did the request leave or not), waits for nobody and repeats
//! nothing: retries, budgets and queues belong to the callers.

pub mod hooks;
pub mod http;
pub mod kie;
pub mod media;
pub mod ocr;
pub mod otlp;
pub mod s3;
pub mod telegram;

#[cfg(test)]
mod testing;

pub use http::{Http, HttpBuildError, HttpSettings, Timeouts, Why};
pub use kie::Kie;
pub use media::Downloader;
pub use ocr::Ocr;
pub use s3::S3;
pub use telegram::Telegram;
