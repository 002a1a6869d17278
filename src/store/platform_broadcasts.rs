//! Claiming broadcasts over all tenants. A tenant has at most one that runs, so the oldest first is fair.

use super::rows::{all, row};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, BroadcastId, UnixMs};

const BROADCASTS_CLAIM: &str = "UPDATE broadcasts SET epoch = epoch + 1, lease_until = (SELECT ms FROM db_clock) + $3
     WHERE (bot_instance_id, id) IN (SELECT b.bot_instance_id, b.id FROM broadcasts b
         WHERE b.rows_left AND b.state IN ('running', 'stopped') AND b.run_at <= $1
           AND (b.lease_until IS NULL OR b.lease_until < (SELECT ms FROM db_clock))
         ORDER BY b.run_at LIMIT $2)
       AND (lease_until IS NULL OR lease_until < (SELECT ms FROM db_clock))
     RETURNING bot_instance_id AS tenant, id, epoch";

const BROADCASTS_WAIT: &str = "SELECT COUNT(*) FROM (SELECT b.id FROM broadcasts b
       WHERE b.rows_left AND b.state IN ('running', 'stopped') AND b.run_at <= $1
         AND (b.lease_until IS NULL OR b.lease_until < (SELECT ms FROM db_clock)) LIMIT 1) w";

row! {
    /// A claimed broadcast.
    pub struct ClaimedBroadcast of "broadcasts" by "id" {
        /// Whose.
        pub tenant: BotInstanceId,
        /// Which.
        pub id: BroadcastId,
        /// Names the claim.
        pub epoch: i64,
    }
}

impl PlatformTx {
    /// Whether [`PlatformTx::broadcasts_claim`] would find any.
    pub async fn broadcasts_wait(&mut self, now: UnixMs) -> Result<bool, StoreError> {
        let waiting: i64 = on!(self.tx, c => sqlx::query_scalar(BROADCASTS_WAIT).bind(now.0).fetch_one(c).await)?;
        Ok(waiting > 0)
    }

    /// Takes broadcasts that are due and that no living worker has, for `lease_ms` of the database's clock: running ones to
    /// go on, stopped ones to be cleared.
    pub async fn broadcasts_claim(
        &mut self,
        now: UnixMs,
        limit: i64,
        lease_ms: i64,
    ) -> Result<Vec<ClaimedBroadcast>, StoreError> {
        on!(self.tx, c => all(sqlx::query(BROADCASTS_CLAIM).bind(now.0).bind(limit).bind(lease_ms).fetch_all(c).await))
    }
}
