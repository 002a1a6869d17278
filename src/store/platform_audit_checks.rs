//! The audit logs of all tenants: whose chain is to be followed now.

use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, UnixMs};

/// Whose log has grown since, is due from its beginning, or was broken: one that is mended turns green soon. A log whose head is
/// gone is looked at each time.
const AUDITS_DUE: &str = "SELECT t.bot_instance_id FROM tenants t
     LEFT JOIN audit_heads h ON h.bot_instance_id = t.bot_instance_id
     LEFT JOIN audit_checks k ON k.bot_instance_id = t.bot_instance_id
     WHERE t.state <> 'deleted' AND (h.seq IS NOT NULL OR k.seq IS NOT NULL)
       AND (k.seq IS NULL OR h.seq IS NULL OR k.seq <> h.seq OR k.broken_at IS NOT NULL OR k.full_at <= $1)
     ORDER BY COALESCE(k.checked_at, 0), t.bot_instance_id LIMIT $2";

impl PlatformTx {
    /// At most `n` tenants whose audit logs are to be checked now, those first that waited longest. A walk from the beginning is due
    /// when the last one was at or before `full_before`.
    pub async fn audits_due(&mut self, full_before: UnixMs, n: i64) -> Result<Vec<BotInstanceId>, StoreError> {
        let ids: Vec<String> =
            on!(self.tx, c => sqlx::query_scalar(AUDITS_DUE).bind(full_before.0).bind(n).fetch_all(c).await)?;
        let read =
            |id: &String| BotInstanceId::parse(id).map_err(|_| StoreError::corrupt("tenants", "bot_instance_id", id));
        ids.iter().map(read).collect()
    }
}
