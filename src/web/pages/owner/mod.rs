//! The platform owner's pages.

pub(in crate::web) mod audit;
pub(in crate::web) mod invite;
pub(in crate::web) mod jobs;
pub(in crate::web) mod models;
pub(in crate::web) mod money;
pub(in crate::web) mod settings;
pub(in crate::web) mod tenant;
pub(in crate::web) mod tenants;
