//! When a tenant's admins were told of a class of errors last (bot.md 15.1).

use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const ALERT_TAKE: &str = "INSERT INTO alerts (bot_instance_id, class, told_at) VALUES ($1, $2, $3)
     ON CONFLICT (bot_instance_id, class) DO UPDATE SET told_at = excluded.told_at WHERE alerts.told_at <= $4";

impl TenantTx {
    /// Notes that admins are told of a class now. `false`: they were told after `not_since`.
    pub async fn alert_take(&mut self, class: &str, now: UnixMs, not_since: UnixMs) -> Result<bool, StoreError> {
        let taken = on!(self.tx, c => sqlx::query(ALERT_TAKE).bind(self.id.as_str()).bind(class).bind(now.0)
            .bind(not_since.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(taken == 1)
    }
}
