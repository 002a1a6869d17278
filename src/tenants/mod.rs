//! Hosted bots: the registry of live ones, how they come to be, and what is said in their name.

pub mod apply;
pub mod archive;
pub mod brake;
pub mod change;
pub mod commands;
pub mod connect;
pub mod file;
pub mod hooks;
pub mod master_key;
pub mod onboard;
pub mod provision;
pub mod registry;
pub mod say;
pub mod secrets;
pub mod shelf;
pub mod tenant;

pub use registry::Registry;
pub use tenant::Tenant;
