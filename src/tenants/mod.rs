//! Hosted bots: the registry of live ones, how they come to be, and what is said in their name.

pub mod apply;
pub mod connect;
pub mod file;
pub mod provision;
pub mod registry;
pub mod say;
pub mod tenant;

pub use registry::Registry;
pub use tenant::Tenant;
