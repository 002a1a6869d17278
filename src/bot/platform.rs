//! What handling an update needs, shared by all tenants and composed once in `app.rs`.

use std::sync::Arc;

use super::queue::ChatQueues;
use crate::catalog::Catalog;
use crate::config::Settings;
use crate::domain::Clock;
use crate::locks::Locks;
use crate::signals::Signals;
use crate::store::Db;
use crate::tenants::Registry;
use crate::texts::Texts;
use crate::vault::Vault;

/// The parts that all tenants share. One per process, behind an `Arc`.
pub struct Platform {
    /// Rows.
    pub db: Db,
    /// Models on sale.
    pub catalog: &'static Catalog,
    /// Texts.
    pub texts: Arc<Texts>,
    /// Live tenants.
    pub tenants: Arc<Registry>,
    /// Time.
    pub clock: Clock,
    /// Wakes the workers.
    pub signals: Signals,
    /// Short locks and budgets.
    pub locks: Locks,
    /// Settings of the installation.
    pub settings: Arc<Settings>,
    /// Keys.
    pub vault: Arc<Vault>,
    /// One line per chat in this process.
    pub chats: ChatQueues,
}
