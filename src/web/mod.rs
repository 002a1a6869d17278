//! HTTP's side: webhooks, provider callbacks, the panel.
