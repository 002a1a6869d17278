//! What handling an update needs, shared by all tenants and composed once in `app.rs`.

use std::sync::Arc;

use super::queue::ChatQueues;
use crate::catalog::Catalog;
use crate::clients::telegram::Telegram;
use crate::config::Settings;
use crate::diagnostics::Subject;
use crate::diagnostics::preflight_all::Installation;
use crate::domain::Clock;
use crate::locks::Locks;
use crate::signals::Signals;
use crate::store::Db;
use crate::tenants::onboard::{Host, Manager};
use crate::tenants::{Registry, Tenant};
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
    /// The platform's own bot, once it has said who it is.
    pub manager: Manager,
    /// One line per chat in this process.
    pub chats: ChatQueues,
}

impl Platform {
    /// A tenant, as the diagnostics look at it.
    pub fn subject<'a>(&'a self, tenant: &'a Tenant) -> Subject<'a> {
        Subject {
            db: &self.db,
            tenant: &tenant.id,
            settings: &tenant.settings,
            platform: &self.settings,
            today: tenant.today(self.clock.now()),
            clock: &self.clock,
        }
    }

    /// What onboarding works with.
    pub fn host<'a>(&'a self, telegram: &'a Telegram) -> Host<'a> {
        Host {
            db: &self.db,
            vault: &self.vault,
            registry: &self.tenants,
            locks: &self.locks,
            settings: &self.settings,
            texts: &self.texts,
            telegram,
        }
    }

    /// The whole installation, as the diagnostics look at it; `instance` names this process.
    pub fn installation<'a>(&'a self, instance: &'a str) -> Installation<'a> {
        let limit = |tenant: Arc<Tenant>| (tenant.id.clone(), i64::from(tenant.settings.free_per_day));
        Installation {
            db: &self.db,
            platform: &self.settings,
            free_limits: self.tenants.all().into_iter().map(limit).collect(),
            instance,
            clock: &self.clock,
        }
    }
}
