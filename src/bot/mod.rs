//! Telegram's side of the product: updates in, screens out.

pub mod callback;
pub mod command;
pub mod update;
