//! The platform owner's pages.

pub(in crate::web) mod tenants;
