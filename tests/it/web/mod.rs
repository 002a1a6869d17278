//! HTTP's side, as clients meet it: webhooks, signing in, pages, health.

mod links;
mod sessions;
