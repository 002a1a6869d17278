//! Doors for other services: Telegram's updates and the provider's callbacks.

pub(super) mod kie;
pub(super) mod telegram;
