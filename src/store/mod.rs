//! The only code that speaks SQL: one file per noun, methods named `noun_verb` on [`TenantTx`].
//!
//! A statement is a `const` of one text that both databases accept (`$1`, `RETURNING`, `ON CONFLICT … excluded`); where they
//! truly differ there are two constants ending in `_SQLITE` and `_POSTGRES`. Every statement on a tenant's table names
//! `bot_instance_id`; `tests/it/tidy.rs` prepares all of them on both databases. To add a noun, copy the shape of
//! `sessions.rs`: constants on top, a row type by `row!`, methods below.
//!
//! Nothing here decides: a method changes what it is told to and says how many rows it met. Rules live above.

mod admins;
mod counters;
mod db;
mod error;
mod generations;
mod items;
pub mod ledger;
mod outbox;
mod platform_admins;
mod platform_meta;
mod platform_outbox;
mod platform_overview;
mod platform_purge;
mod platform_tenants;
mod rows;
mod sessions;
mod tx;
mod updates;
mod users;

pub use admins::AdminRow;
pub use counters::{Counter, DayFigures};
pub use db::{Db, DbKind, OpenError, PoolSettings};
pub use error::StoreError;
pub use items::ItemRow;
pub use outbox::{NewMessage, OutboxRow, SentItem, SentTo};
pub use platform_admins::TenantAdminRow;
pub use platform_overview::TenantOverview;
pub use platform_tenants::{NewTenant, TenantCheck, TenantRow, TenantSettingsChange, TenantToken};
pub use sessions::SessionRow;
pub use tx::{PlatformTx, TenantTx};
pub use users::{Seen, UserRow};

pub(crate) use tx::{Tx, on};
