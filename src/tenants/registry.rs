//! The live tenants, in memory: what a webhook is looked up in. Filled from the database at start and refreshed after changes.

use std::sync::Arc;

use dashmap::DashMap;

use super::Tenant;
use super::tenant::TenantError;
use crate::domain::BotInstanceId;
use crate::domain::tenant::TenantState;
use crate::store::Db;
use crate::vault::Vault;

/// All tenants that are not deleted.
#[derive(Default)]
pub struct Registry {
    tenants: DashMap<BotInstanceId, Arc<Tenant>>,
}

impl Registry {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tenant by its name. Cloned out: no guard is held over an await.
    pub fn get(&self, id: &BotInstanceId) -> Option<Arc<Tenant>> {
        self.tenants.get(id).map(|t| t.value().clone())
    }

    /// All of them, by name.
    pub fn all(&self) -> Vec<Arc<Tenant>> {
        let mut all: Vec<_> = self.tenants.iter().map(|t| t.value().clone()).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tenants.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tenants.is_empty()
    }

    /// Reads every tenant; one that cannot be opened is left out and named in the answer, the others are served.
    pub async fn refresh(&self, db: &Db, vault: &Vault) -> Result<Vec<(BotInstanceId, TenantError)>, TenantError> {
        let mut tx = db.platform_read().await?;
        let rows = tx.tenants_all().await?;
        let admins = tx.admins_all().await?;
        drop(tx);
        let mut broken = Vec::new();
        let mut alive = Vec::new();
        for row in rows {
            let id = row.tenant.clone();
            if row.state == TenantState::Deleted {
                continue;
            }
            alive.push(id.clone());
            let of_tenant = admins.iter().filter(|a| a.tenant == id).map(|a| (a.user_id, a.role)).collect();
            match Tenant::open_row(vault, row, of_tenant) {
                Ok(tenant) => {
                    self.tenants.insert(id, Arc::new(tenant));
                }
                Err(error) => broken.push((id, error)),
            }
        }
        self.tenants.retain(|id, _| alive.contains(id));
        Ok(broken)
    }
}
