//! The built program, run as people and programs run it: arguments, settings, output, exit codes, signals.

mod check;
mod file;
mod help;
pub(crate) mod program;
mod readme;
mod serve;
mod settings;
mod tenants;
