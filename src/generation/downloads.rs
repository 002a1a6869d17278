//! Each tenant's downloads of results go through lanes of its own: a bot with many large films does not hold up the others
//! (reliability.md 3.5).

use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::BotInstanceId;

/// Tenants remembered before those without a download are forgotten.
const REMEMBERED: usize = 1_024;

/// The lanes of all tenants of this process.
pub struct DownloadLanes {
    each: usize,
    lanes: DashMap<BotInstanceId, Arc<Semaphore>>,
}

/// A place in a tenant's lanes; dropped, it is free again.
#[must_use = "the place is free again once this is dropped"]
pub struct DownloadPlace(#[expect(dead_code, reason = "held for its drop")] Option<OwnedSemaphorePermit>);

impl DownloadLanes {
    /// So many downloads at once for each tenant.
    pub fn new(each: u32) -> Self {
        Self { each: usize::try_from(each).unwrap_or(usize::MAX).max(1), lanes: DashMap::new() }
    }

    /// Waits for a place.
    pub async fn enter(&self, tenant: &BotInstanceId) -> DownloadPlace {
        if self.lanes.len() >= REMEMBERED && !self.lanes.contains_key(tenant) {
            self.lanes.retain(|_, lane| lane.available_permits() < self.each || Arc::strong_count(lane) > 1);
        }
        let lane = self.lanes.entry(tenant.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.each))).clone();
        // The lane is never closed.
        DownloadPlace(lane.acquire_owned().await.ok())
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_tenant_has_so_many_downloads_at_once_and_the_others_are_not_held_up() {
        let lanes = DownloadLanes::new(2);
        let (a, b) = (BotInstanceId::parse("tenant-a").unwrap(), BotInstanceId::parse("tenant-b").unwrap());
        let first = lanes.enter(&a).await;
        let _second = lanes.enter(&a).await;
        assert!(lanes.enter(&a).now_or_never().is_none(), "the third waits");
        assert!(lanes.enter(&b).now_or_never().is_some());
        drop(first);
        assert!(lanes.enter(&a).now_or_never().is_some());
    }
}
