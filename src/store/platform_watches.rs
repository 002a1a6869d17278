//! Whose token and webhook are to be looked at next (platform.md 3, decisions.md 21).

use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, UnixMs};

/// A bot that was connected a moment ago was looked at then. One that is being connected is the registrar's matter.
const WATCHES_DUE: &str = "SELECT d.bot_instance_id FROM (SELECT t.bot_instance_id, w.trouble,
         COALESCE(w.checked_at, t.webhook_checked_at) AS seen, EXISTS (SELECT 1 FROM daily_counters c
           WHERE c.bot_instance_id = t.bot_instance_id AND c.day >= $4 AND c.name = 'active_users') AS busy
       FROM tenants t LEFT JOIN watches w ON w.bot_instance_id = t.bot_instance_id
       WHERE t.state <> 'deleted' AND t.webhook_checked_at IS NOT NULL) d
     WHERE d.seen <= $1 AND (d.busy OR d.trouble IS NOT NULL) OR d.seen <= $2 OR d.trouble IS NOT NULL AND d.seen <= $3
     ORDER BY d.seen, d.bot_instance_id LIMIT $5";

/// What was looked at before these moments is looked at again.
#[derive(Debug, Clone, Copy)]
pub struct WatchAges {
    /// Tenants with recent traffic.
    pub busy: UnixMs,
    /// All.
    pub idle: UnixMs,
    /// Those in trouble.
    pub trouble: UnixMs,
}

impl PlatformTx {
    /// The tenants to look at, the longest unseen first; traffic counts from a day on (`YYYY-MM-DD`).
    pub async fn watches_due(
        &mut self,
        ages: WatchAges,
        traffic_from: &str,
        limit: i64,
    ) -> Result<Vec<BotInstanceId>, StoreError> {
        let ids: Vec<String> = on!(self.tx, c => sqlx::query_scalar(WATCHES_DUE).bind(ages.busy.0).bind(ages.idle.0)
            .bind(ages.trouble.0).bind(traffic_from).bind(limit).fetch_all(c).await)?;
        let read =
            |id: &String| BotInstanceId::parse(id).map_err(|_| StoreError::corrupt("tenants", "bot_instance_id", id));
        ids.iter().map(read).collect()
    }
}
