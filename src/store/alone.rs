//! What each admin has approved alone on a day, and what was credited to each person without anybody (reliability.md T02, T03).

use super::{StoreError, TenantTx, on};
use crate::domain::Money;

/// Counts and compares in one statement, so that of two approvals at once each sees the other's.
const ALONE_TAKE: &str = "INSERT INTO approved_alone (bot_instance_id, day, approver, amount)
     SELECT t.bot_instance_id, $2, $3, CAST($4 AS BIGINT) FROM tenants t
       WHERE t.bot_instance_id = $1 AND CAST($4 AS BIGINT) <= CAST($5 AS BIGINT)
     ON CONFLICT (bot_instance_id, day, approver) DO UPDATE SET amount = approved_alone.amount + excluded.amount
       WHERE approved_alone.amount + excluded.amount <= CAST($5 AS BIGINT)";

impl TenantTx {
    /// Counts `amount` to what `approver` has approved alone on `day` (`YYYY-MM-DD` in the tenant's zone). `false`: together it
    /// would be more than `most`, and nothing is counted.
    pub async fn alone_take(
        &mut self,
        day: &str,
        approver: &str,
        amount: Money,
        most: Money,
    ) -> Result<bool, StoreError> {
        let taken = on!(self.tx, c => sqlx::query(ALONE_TAKE).bind(self.id.as_str()).bind(day).bind(approver)
            .bind(amount.as_kopecks()).bind(most.as_kopecks()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(taken == 1)
    }
}
