//! What came to a person's account, for admins: every credit, and payments apart (bot.md 5.5, S-42 and S-43).

use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;
use crate::domain::transfer::Account;

const CREDITS_LAST: &str = "SELECT code, amount, created_at FROM transfers
     WHERE bot_instance_id = $1 AND credit_id = $2 AND kind = 'single' ORDER BY created_at DESC, id DESC LIMIT $3";
/// Payments only: gifts and credits by hand are no income.
const PAID_TOTAL: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transfers
     WHERE bot_instance_id = $1 AND credit_id = $2 AND kind = 'single' AND code IN ('topup_sbp', 'topup_stars')";
/// A handful of accounts: what they gave and took is what people have, with the sign turned (the ledger's sum is zero).
const OWED_TO_PEOPLE: &str = "SELECT CAST(COALESCE(-SUM(posted), 0) AS BIGINT) FROM accounts WHERE bot_instance_id = $1
     AND id IN ('tenant:sales', 'tenant:adjust', 'tenant:gifts', 'ext:sbp', 'ext:stars')";
const GIVEN_SINCE: &str = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transfers
     WHERE bot_instance_id = $1 AND debit_id = $2 AND created_at >= $3 AND kind = 'single'";

/// Money that came to a person.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CreditRow {
    /// What for: `topup_stars`, `admin_credit`, …
    pub code: String,
    /// Kopecks.
    pub amount: i64,
    /// Unix ms.
    pub created_at: i64,
}

impl TenantTx {
    /// The last `n` credits of an account, newest first.
    pub async fn credits_last(&mut self, account: &Account, n: i64) -> Result<Vec<CreditRow>, StoreError> {
        let id = account.id();
        Ok(on!(self.tx, c => sqlx::query_as(CREDITS_LAST).bind(self.id.as_str()).bind(&id).bind(n).fetch_all(c).await)?)
    }

    /// How many payments came to an account, and their sum in kopecks.
    pub async fn paid_total(&mut self, account: &Account) -> Result<(i64, i64), StoreError> {
        let id = account.id();
        Ok(on!(self.tx, c => sqlx::query_as(PAID_TOTAL).bind(self.id.as_str()).bind(&id).fetch_one(c).await)?)
    }

    /// What all people together have, holds included and debts taken off, in kopecks.
    pub async fn owed_to_people(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(OWED_TO_PEOPLE).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// What an account has given since a moment, in kopecks.
    pub async fn given_since(&mut self, account: &Account, since: UnixMs) -> Result<i64, StoreError> {
        let id = account.id();
        Ok(
            on!(self.tx, c => sqlx::query_scalar(GIVEN_SINCE).bind(self.id.as_str()).bind(&id).bind(since.0).fetch_one(c)
            .await)?,
        )
    }
}
