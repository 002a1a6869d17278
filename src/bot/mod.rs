//! Telegram's side of the product: updates in, screens out.

pub mod callback;
pub mod command;
pub mod error;
pub mod platform;
pub mod session;
pub mod update;

mod queue;

pub use platform::Platform;
pub use queue::ChatQueues;
