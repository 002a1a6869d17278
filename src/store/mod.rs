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
mod errors;
mod free;
mod generation_marks;
mod generations;
mod history;
mod items;
mod jobs;
pub mod ledger;
mod media;
mod outbox;
mod platform_admins;
mod platform_generations;
mod platform_jobs;
mod platform_leases;
mod platform_links;
mod platform_media;
mod platform_meta;
mod platform_outbox;
mod platform_overview;
mod platform_panel_sessions;
mod platform_purge;
mod platform_tenants;
mod quotes;
mod recent;
mod rows;
mod schema;
mod sessions;
mod tx;
mod updates;
mod users;

pub use admins::AdminRow;
pub use counters::{Counter, DayFigures};
pub use db::{Db, DbKind, OpenError, PoolSettings};
pub use error::StoreError;
pub use errors::{ErrorEntry, ErrorRow};
pub use generations::{GenerationChange, GenerationRow, NewGeneration};
pub use history::HistoryPlace;
pub use items::ItemRow;
pub use jobs::NewJob;
pub use media::MediaRow;
pub use outbox::{NewMessage, OutboxRow, SentItem, SentTo};
pub use platform_admins::TenantAdminRow;
pub use platform_jobs::{ExpiredJobs, JobRow};
pub use platform_links::{LinkFate, LinkRow, NewLink};
pub use platform_media::ExpiredMediaRow;
pub use platform_overview::TenantOverview;
pub use platform_panel_sessions::{NewPanelSession, PanelSessionRow};
pub use platform_tenants::{NewTenant, TenantCheck, TenantRow, TenantSettingsChange, TenantToken};
pub use quotes::QuoteRow;
pub use recent::RecentRow;
pub use sessions::SessionRow;
pub use tx::{PlatformTx, TenantTx};
pub use users::{Seen, UserRow};

pub(crate) use tx::{Tx, on};
