//! The bot through its public interface: updates in, Telegram calls out, over HTTP.

mod main_way;
mod pipeline;
mod screens;
