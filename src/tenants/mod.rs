//! The registry of live tenants and how they come to be.

pub mod file;
