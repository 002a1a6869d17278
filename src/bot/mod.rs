//! Telegram's side of the product: updates in, screens out.
//!
//! `receive.rs` is the way in: one update, one transaction. `gate.rs` decides whether a handler runs at all, `route.rs` which
//! one, `screens/` what it shows. Nothing here speaks to the network: what is to be said is recorded, and the workers say it.

pub mod acts;
pub mod awaits;
pub mod callback;
pub mod command;
pub mod error;
pub mod jobs;
pub mod platform;
pub mod receive;
pub mod requirements;
pub mod returned;
pub mod review;
pub mod route;
pub mod screens;
pub mod session;
pub mod turn;
pub mod update;

mod apology;
mod background;
mod checkout;
mod full;
mod gate;
mod outage;
mod outside;
mod queue;
mod slow;

pub use background::{Background, in_background};
pub use checkout::is_checkout;
pub use platform::Platform;
pub use queue::ChatQueues;
pub use receive::{Ack, receive};
