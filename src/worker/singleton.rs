//! What one process does for all: a role under a lease of the database's clock (decisions.md 18). Who holds it renews it beside
//! the work; who dies loses it when its life is over; who stops gives it back, so that the next one need not wait.
//!
//! A lease keeps order and saves calls. It is no proof: what must not happen twice is guarded by rows.

use std::time::Duration;

use super::Workers;
use crate::store::StoreError;

/// A stop does not wait longer than this to give a role back; it ends by itself.
const GIVE_BACK: Duration = Duration::from_secs(2);

/// A role's name and who wants it.
pub(super) struct Role<'a> {
    workers: &'a Workers,
    name: String,
}

impl<'a> Role<'a> {
    pub(super) fn new(workers: &'a Workers, name: impl Into<String>) -> Self {
        Self { workers, name: name.into() }
    }

    /// Takes or renews it. `false`: another process has it.
    pub(super) async fn take(&self) -> Result<bool, StoreError> {
        let life = i64::try_from(self.workers.platform.settings.leases.life.as_millis()).unwrap_or(30_000);
        let mut tx = self.workers.platform.db.platform().await?;
        let epoch = tx.lease_take(&self.name, &self.workers.instance, life).await?;
        tx.commit().await?;
        Ok(epoch.is_some())
    }

    /// Does what needs the role, and renews it meanwhile. `None`: it was lost, and the work was dropped where it waited.
    pub(super) async fn while_held<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let every = self.workers.platform.settings.leases.renew_every;
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                () = tokio::time::sleep(every) => {}
            }
            match self.take().await {
                Ok(true) => {}
                Ok(false) => return None,
                // The database is away: nobody else can take it either, and what the work writes fails by itself.
                Err(error) => tracing::warn!(role = self.name, error = %error, "a lease was not renewed"),
            }
        }
    }

    /// Gives it back, if it is held.
    pub(super) async fn give_back(&self) {
        let release = async {
            let mut tx = self.workers.platform.db.platform().await?;
            tx.lease_release(&self.name, &self.workers.instance).await?;
            tx.commit().await
        };
        match tokio::time::timeout(GIVE_BACK, release).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(role = self.name, error = %error, "a lease was not given back; it ends by itself");
            }
            Err(_) => tracing::warn!(role = self.name, "a lease was not given back in time; it ends by itself"),
        }
    }
}
