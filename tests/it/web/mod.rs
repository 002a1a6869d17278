//! HTTP's side, as clients meet it: webhooks, signing in, pages, health.

mod access;
mod downloads;
mod files;
mod forms;
mod headers;
mod health;
mod home;
mod links;
mod looks;
mod owner;
mod provider;
mod rows;
mod sessions;
mod signin;
mod site;
mod webhook;
