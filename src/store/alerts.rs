//! When a tenant's admins were told of a class of errors last (bot.md 15.1).

use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const ALERT_TAKE: &str = "INSERT INTO alerts (bot_instance_id, class, told_at) VALUES ($1, $2, $3)
     ON CONFLICT (bot_instance_id, class) DO UPDATE SET told_at = excluded.told_at WHERE alerts.told_at <= $4";
const ERRORS_COUNT: &str = "SELECT class, COUNT(*), MAX(corr) FROM error_log
     WHERE bot_instance_id = $1 AND created_at >= $2 GROUP BY class ORDER BY class";

impl TenantTx {
    /// Notes that admins are told of a class now. `false`: they were told after `not_since`.
    pub async fn alert_take(&mut self, class: &str, now: UnixMs, not_since: UnixMs) -> Result<bool, StoreError> {
        let taken = on!(self.tx, c => sqlx::query(ALERT_TAKE).bind(self.id.as_str()).bind(class).bind(now.0)
            .bind(not_since.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(taken == 1)
    }

    /// Errors since a moment by class: how many, and the correlation id of one of them.
    pub async fn errors_by_class(&mut self, since: UnixMs) -> Result<Vec<(String, i64, String)>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(ERRORS_COUNT).bind(self.id.as_str()).bind(since.0).fetch_all(c).await)?)
    }
}
