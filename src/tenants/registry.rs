//! The live tenants, in memory: what a webhook is looked up in. Filled from the database at start and refreshed after changes.

use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::Mutex;

use super::Tenant;
use super::brake::{self, Scope, Stop};
use super::master_key;
use super::shelf::Shelf;
use super::tenant::Stopped;
use super::tenant::TenantError;
use crate::domain::BotInstanceId;
use crate::domain::tenant::TenantState;
use crate::store::{Db, PlatformTx, StoreError};
use crate::vault::Vault;

/// All tenants that are not deleted.
#[derive(Default)]
pub struct Registry {
    tenants: DashMap<BotInstanceId, Arc<Tenant>>,
    /// One reads at a time: what was read before a change must not be put down after what was read behind it.
    reading: Mutex<()>,
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

    /// Reads one tenant anew: what was just changed here is true on the next page. One that is gone leaves.
    pub async fn refresh_one(&self, db: &Db, vault: &Vault, id: &BotInstanceId) -> Result<(), TenantError> {
        let _turn = self.reading.lock().await;
        let mut tx = db.platform_read().await?;
        let row = tx.tenant_get(id).await?;
        let over = Over::read(&mut tx).await?;
        drop(tx);
        let Some(row) = row.filter(|row| row.state != TenantState::Deleted) else {
            self.tenants.remove(id);
            return Ok(());
        };
        let admins = db.tenant_read(id).await?.admins_list().await?;
        let admins = admins.into_iter().map(|admin| (admin.user_id, admin.role)).collect();
        self.put(Tenant::open_row(vault, row, admins)?, &over);
        Ok(())
    }

    /// Reads every tenant; one that cannot be opened is left out and named in the answer, the others are served.
    pub async fn refresh(&self, db: &Db, vault: &Vault) -> Result<Vec<(BotInstanceId, TenantError)>, TenantError> {
        let _turn = self.reading.lock().await;
        let mut tx = db.platform_read().await?;
        master_key::follow(&mut tx, vault).await?;
        let rows = tx.tenants_all().await?;
        let admins = tx.admins_all().await?;
        let over = Over::read(&mut tx).await?;
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
                Ok(tenant) => self.put(tenant, &over),
                Err(error) => broken.push((id, error)),
            }
        }
        self.tenants.retain(|id, _| alive.contains(id));
        Ok(broken)
    }

    /// Takes a tenant up under the switches that are pulled, with the models that may be sold.
    fn put(&self, mut tenant: Tenant, over: &Over) {
        if let Some(stop) = stop_of(&over.stops, &tenant.id) {
            tenant.stopped = Some(stop);
        }
        tenant.shelf = over.shelf.clone();
        self.tenants.insert(tenant.id.clone(), Arc::new(tenant));
    }
}

/// What the platform's owner has said over all tenants.
struct Over {
    stops: Vec<Stop>,
    shelf: Arc<Shelf>,
}

impl Over {
    async fn read(tx: &mut PlatformTx) -> Result<Self, StoreError> {
        Ok(Self { stops: brake::read(tx).await?, shelf: Arc::new(Shelf::read(tx).await?) })
    }
}

/// The switch that holds for a tenant: everybody's before its own.
fn stop_of(stops: &[Stop], id: &BotInstanceId) -> Option<Stopped> {
    let holds = |stop: &&Stop| match &stop.scope {
        Scope::All => true,
        Scope::Tenant(of) => of == id,
    };
    stops.iter().find(holds).map(|stop| Stopped { name: stop.since.0.to_string(), reason: stop.reason.clone() })
}
