//! Telegram's side of the product: updates in, screens out.
