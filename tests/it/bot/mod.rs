//! The bot through its public interface: updates in, Telegram calls out, over HTTP.

mod broadcasts;
mod door;
mod entry;
mod main_way;
mod pipeline;
mod privacy;
mod screens;
mod slow;
mod updates;
