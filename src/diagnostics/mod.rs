//! How things stand, as data: reports of sections that know nothing of each other, and hints for what went wrong
//! (platform.md 5). The bot, the diagnostic addresses, the command line and the panel show what is made here and make nothing
//! of their own.

pub mod boot;
pub mod connection;
pub mod hints;
pub mod preflight;
pub mod preflight_all;
pub mod report;
pub mod requirements;
pub mod runs;
pub mod shown;
pub mod standing;
pub mod trace;

pub use preflight::{Subject, preflight};
pub use preflight_all::preflight_all;
pub use report::{Finding, Report, Said, Section, Status, Trouble, Verdict};
