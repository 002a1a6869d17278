//! The outside: Telegram, the generation provider, safe downloads.
