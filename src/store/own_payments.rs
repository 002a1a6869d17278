//! Payments as the person who made them sees them.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{Money, PayMethod, PaymentId, PaymentState, UnixMs, UserId};

const OWN_PAYMENTS: &str = "SELECT id, method, state, amount, stars, charge_id, reason, created_at FROM payments
     WHERE bot_instance_id = $1 AND user_id = $2 AND state <> 'superseded' ORDER BY created_at DESC, id DESC LIMIT $3";
const OWN_PAYMENT: &str = "SELECT id, method, state, amount, stars, charge_id, reason, created_at FROM payments
     WHERE bot_instance_id = $1 AND user_id = $2 AND id = $3";

row! {
    /// A payment of somebody's own.
    pub struct OwnPaymentRow of "payments" by "id" {
        /// Its name.
        pub id: PaymentId,
        /// How it was paid.
        pub method: PayMethod,
        /// Where it stands.
        pub state: PaymentState,
        /// What is or would be credited.
        pub amount: Money,
        /// Stars, where it was paid in them.
        pub stars: Option<i64>,
        /// Telegram's name for the charge.
        pub charge_id: Option<String>,
        /// Why it was refused.
        pub reason: Option<String>,
        /// When it came.
        pub created_at: UnixMs,
    }
}

impl TenantTx {
    /// A person's payments, newest first, at most `n`.
    pub async fn own_payments(&mut self, user: UserId, n: i64) -> Result<Vec<OwnPaymentRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(OWN_PAYMENTS).bind(self.id.as_str()).bind(user.0).bind(n).fetch_all(c).await))
    }

    /// One of them; nobody else's.
    pub async fn own_payment(&mut self, user: UserId, id: &PaymentId) -> Result<Option<OwnPaymentRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(OWN_PAYMENT).bind(self.id.as_str()).bind(user.0).bind(id.as_str())
            .fetch_optional(c).await))
    }
}
