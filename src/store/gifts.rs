//! The gift wheel: one row for a person, whose amount is the amount (bot.md 12.3).

use super::{StoreError, TenantTx, on};
use crate::domain::{Money, UnixMs, UserRef};

const GIFT_PUT: &str = "INSERT INTO gifts (bot_instance_id, user_ref, amount, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, user_ref) DO NOTHING";
const GIFT_GET: &str = "SELECT amount FROM gifts WHERE bot_instance_id = $1 AND user_ref = $2";

impl TenantTx {
    /// Fixes what a person wins. `false`: the person has had a gift.
    pub async fn gift_put(&mut self, user: &UserRef, amount: Money, now: UnixMs) -> Result<bool, StoreError> {
        let put = on!(self.tx, c => sqlx::query(GIFT_PUT).bind(self.id.as_str()).bind(user.as_str())
            .bind(amount.as_kopecks()).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(put == 1)
    }

    /// What a person won; `None`: nothing yet.
    pub async fn gift_get(&mut self, user: &UserRef) -> Result<Option<Money>, StoreError> {
        let amount: Option<i64> = on!(self.tx, c => sqlx::query_scalar(GIFT_GET).bind(self.id.as_str())
            .bind(user.as_str()).fetch_optional(c).await)?;
        Ok(amount.map(Money::kopecks))
    }
}
