//! The store on both databases: what each method does, what it refuses, and that no tenant meets another's rows.

mod corrupt;
mod errors;
mod free;
mod generations;
mod history;
mod home;
mod isolation;
mod jobs;
mod jobs_claim;
mod leases;
mod media;
mod outbox;
mod outbox_dead_senders;
mod panel;
mod people;
mod quotes;
mod tenants;
mod walls;
pub(crate) mod world;
