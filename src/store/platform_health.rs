//! Whose work waits, and since when: what `/ready` weighs (platform.md 5).

use std::collections::BTreeSet;

use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, Lane, UnixMs};

const JOBS_WAITING: &str = "SELECT bot_instance_id FROM jobs WHERE lane = $1 AND state = 'ready' AND run_at <= $2
     ORDER BY run_at LIMIT $3";
/// Rows looked at for each kind of work.
const LOOKED_AT: i64 = 200;

impl PlatformTx {
    /// The tenants with jobs or messages that were due at `at` and have not been begun. A chat that Telegram asked to wait is
    /// not among them.
    pub async fn tenants_waiting(&mut self, at: UnixMs) -> Result<BTreeSet<BotInstanceId>, StoreError> {
        let mut tenants = BTreeSet::new();
        for lane in Lane::ALL {
            let waiting: Vec<String> = on!(self.tx, c => sqlx::query_scalar(JOBS_WAITING).bind(lane.as_str()).bind(at.0)
                .bind(LOOKED_AT).fetch_all(c).await)?;
            for id in waiting {
                let parsed = BotInstanceId::parse(&id);
                tenants.insert(parsed.map_err(|_| StoreError::corrupt("jobs", "bot_instance_id", &id))?);
            }
        }
        tenants.extend(self.outbox_due_chats(at, LOOKED_AT).await?.into_iter().map(|(tenant, _)| tenant));
        Ok(tenants)
    }
}
