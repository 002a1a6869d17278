//! HTTP's side: webhooks, provider callbacks, the panel.

pub mod listener;
