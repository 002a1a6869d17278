//! How many things of one tenant (updates, downloads) are handled at once: a flood of one fills its own lane and nobody else's
//! (reliability.md 3.5).

use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::BotInstanceId;

/// Entries above which lanes that nobody uses are forgotten.
const PRUNE_ABOVE: usize = 1024;

/// A lane per tenant. Only tenants that proved their secret get one, so strangers cannot make it grow.
pub(super) struct Inflight {
    lanes: DashMap<BotInstanceId, Arc<Semaphore>>,
    at_once: usize,
}

impl Inflight {
    pub(super) fn new(at_once: usize) -> Self {
        Self { lanes: DashMap::new(), at_once: at_once.max(1) }
    }

    /// A place in the tenant's lane, held until dropped; `None` when it is full.
    pub(super) fn enter(&self, tenant: &BotInstanceId) -> Option<OwnedSemaphorePermit> {
        if let Some(lane) = self.lanes.get(tenant) {
            return lane.clone().try_acquire_owned().ok();
        }
        if self.lanes.len() >= PRUNE_ABOVE {
            self.lanes.retain(|_, lane| lane.available_permits() < self.at_once);
        }
        let lane = self.lanes.entry(tenant.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.at_once))).clone();
        lane.try_acquire_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_lane_is_one_tenants() {
        let (a, b) = (BotInstanceId::parse("bot-a").unwrap(), BotInstanceId::parse("bot-b").unwrap());
        let inflight = Inflight::new(2);
        let (one, two) = (inflight.enter(&a), inflight.enter(&a));
        assert!(one.is_some() && two.is_some());
        assert!(inflight.enter(&a).is_none());
        assert!(inflight.enter(&b).is_some());
        drop(one);
        assert!(inflight.enter(&a).is_some());
    }

    #[test]
    fn lanes_that_nobody_uses_are_forgotten_and_used_ones_keep_their_count() {
        let inflight = Inflight::new(1);
        let busy = BotInstanceId::parse("busy").unwrap();
        let held = inflight.enter(&busy);
        for n in 0..2 * PRUNE_ABOVE {
            let _ = inflight.enter(&BotInstanceId::parse(&format!("bot-{n}")).unwrap());
        }
        assert!(inflight.lanes.len() <= PRUNE_ABOVE + 1, "{}", inflight.lanes.len());
        assert!(inflight.enter(&busy).is_none());
        drop(held);
        assert!(inflight.enter(&busy).is_some());
    }
}
