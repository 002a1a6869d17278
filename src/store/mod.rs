//! The only code that speaks SQL: one file per noun, methods named `noun_verb` on [`TenantTx`].
//!
//! A statement is a `const` of one text that both databases accept (`$1`, `RETURNING`, `ON CONFLICT … excluded`); where they
//! truly differ there are two constants ending in `_SQLITE` and `_POSTGRES`. Every statement on a tenant's table names
//! `bot_instance_id`; `tests/it/tidy.rs` prepares all of them on both databases. To add a noun, copy the shape of
//! `counters.rs`: constants on top, a row type with `sqlx::FromRow`, methods below.
//!
//! Nothing here decides: a method changes what it is told to and says how many rows it met. Rules live above.

mod counters;
mod db;
mod error;
pub mod ledger;
mod tx;

pub use counters::{Counter, DayFigures};
pub use db::{Db, DbKind, OpenError, PoolSettings};
pub use error::StoreError;
pub use tx::{PlatformTx, TenantTx};

pub(crate) use tx::{Tx, on};
