//! The store on both databases: what each method does, what it refuses, and that no tenant meets another's rows.

mod outbox;
mod outbox_dead_senders;
mod people;
mod tenants;
mod world;
