//! The built program, run as people and programs run it: arguments, settings, output, exit codes, signals.

mod audit;
mod backup;
mod check;
mod control;
mod disk;
mod file;
mod help;
mod keys;
mod leave;
mod ledger;
mod polling;
pub(crate) mod program;
mod readme;
mod serve;
mod settings;
mod smoke;
mod spans;
mod tenants;
mod verify;
