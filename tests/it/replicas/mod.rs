//! Several processes of the real program over one PostgreSQL, one Redis and one S3-compatible bucket (architecture.md 7;
//! reliability.md 3.4, F18): whichever is asked, killed or cut off, an update has one effect, a generation one price.

mod budgets;
mod crash;
mod pair;
mod polling;
mod redis;
mod settings;
mod start;
mod updates;
