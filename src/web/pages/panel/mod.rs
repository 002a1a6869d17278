//! A tenant's own pages.

pub(super) mod figures;
pub(in crate::web) mod home;
pub(super) mod log;
pub(super) mod standing;
