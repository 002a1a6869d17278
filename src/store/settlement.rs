//! What a month came to, from the ledger itself, and each generation's price beside its cost (decisions.md 26). A report for
//! whoever asks: it walks over the month's rows along their indexes.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{GenerationId, GenerationState, Money, Payer, UnixMs};

const MOVED_BETWEEN: &str = "SELECT code, COUNT(*), CAST(SUM(amount) AS BIGINT) FROM transfers
     WHERE bot_instance_id = $1 AND created_at >= $2 AND created_at < $3 AND kind IN ('single', 'post')
     GROUP BY code ORDER BY code";
const GENERATIONS_BETWEEN: &str = "SELECT id, created_at, model_id, payer, state, price, charged, provider_credits
     FROM generations WHERE bot_instance_id = $1 AND created_at >= $2 AND created_at < $3
       AND (created_at > $4 OR created_at = $4 AND id > $5)
     ORDER BY created_at, id LIMIT $6";

const MONTH_CLOSED: &str =
    "SELECT month, begins, ends, zone, fee_basis_points, rate, delivered, failed, provider_credits, moved,
       closed_at FROM closed_months WHERE bot_instance_id = $1 AND month = $2";
const MONTHS_CLOSED_LAST: &str = "SELECT MAX(month) FROM closed_months WHERE bot_instance_id = $1";
const MONTHS_CLOSED_TOTALS: &str = "SELECT MIN(month), CAST(COALESCE(SUM(delivered), 0) AS BIGINT),
       CAST(COALESCE(SUM(failed), 0) AS BIGINT), CAST(COALESCE(SUM(provider_credits), 0) AS BIGINT)
     FROM closed_months WHERE bot_instance_id = $1";
const MONTH_CLOSE: &str =
    "INSERT INTO closed_months (bot_instance_id, month, begins, ends, zone, fee_basis_points, rate, delivered,
       failed, provider_credits, moved, closed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (bot_instance_id, month) DO NOTHING";

row! {
    /// A month with its terms and totals.
    pub struct ClosedMonthRow of "closed_months" by "month" {
        /// `YYYY-MM`.
        pub month: String,
        /// Its first moment.
        pub begins: UnixMs,
        /// The first moment of the next one.
        pub ends: UnixMs,
        /// By whose calendar it ended: an IANA name.
        pub zone: String,
        /// The owner's part, in hundredths of a percent.
        pub fee_basis_points: i64,
        /// Roubles for a dollar, in ten-thousandths.
        pub rate: i64,
        /// Generations delivered.
        pub delivered: i64,
        /// Generations that ended without a result.
        pub failed: i64,
        /// The provider's credits, in hundredths.
        pub provider_credits: i64,
        /// JSON: kinds of movement, how often each, how many kopecks.
        pub moved: String,
        /// When this was written.
        pub closed_at: UnixMs,
    }
}

/// What all closed months of a tenant have counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClosedTotals {
    /// The first of them, `YYYY-MM`; `None`: there is none.
    pub first: Option<String>,
    /// Generations delivered.
    pub delivered: i64,
    /// Generations that ended without a result.
    pub failed: i64,
    /// The provider's credits, in hundredths.
    pub provider_credits: i64,
}

row! {
    /// A generation's price beside what the provider took for it.
    pub struct GenerationCostRow of "generations" by "id" {
        /// Which.
        pub id: GenerationId,
        /// When it was confirmed.
        pub created_at: UnixMs,
        /// What was ordered.
        pub model_id: String,
        /// Who paid.
        pub payer: Payer,
        /// Where it stands.
        pub state: GenerationState,
        /// What was offered.
        pub price: Money,
        /// What was taken.
        pub charged: Money,
        /// The provider's credits, in hundredths; `None`: not known, or nothing was spent.
        pub provider_credits: Option<i64>,
    }
}

impl TenantTx {
    /// What moved from `from` until before `to`, by what for: how often, and how many kopecks. Holds and their releases move
    /// nothing.
    pub async fn moved_between(&mut self, from: UnixMs, to: UnixMs) -> Result<Vec<(String, i64, i64)>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(MOVED_BETWEEN).bind(self.id.as_str()).bind(from.0).bind(to.0).fetch_all(c)
            .await)?)
    }

    /// A month's terms and totals; `None`: it is not closed.
    pub async fn month_closed(&mut self, month: &str) -> Result<Option<ClosedMonthRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(MONTH_CLOSED).bind(self.id.as_str()).bind(month).fetch_optional(c).await))
    }

    /// The last closed month, `YYYY-MM`.
    pub async fn months_closed_last(&mut self) -> Result<Option<String>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(MONTHS_CLOSED_LAST).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// What all closed months have counted.
    pub async fn months_closed_totals(&mut self) -> Result<ClosedTotals, StoreError> {
        let (first, delivered, failed, provider_credits): (Option<String>, i64, i64, i64) =
            on!(self.tx, c => sqlx::query_as(MONTHS_CLOSED_TOTALS).bind(self.id.as_str()).fetch_one(c).await)?;
        Ok(ClosedTotals { first, delivered, failed, provider_credits })
    }

    /// Closes a month. `false`: it is closed already, and stays as it is.
    pub async fn month_close(&mut self, row: &ClosedMonthRow) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(MONTH_CLOSE).bind(self.id.as_str()).bind(&row.month).bind(row.begins.0)
            .bind(row.ends.0).bind(&row.zone).bind(row.fee_basis_points).bind(row.rate).bind(row.delivered)
            .bind(row.failed).bind(row.provider_credits).bind(&row.moved).bind(row.closed_at.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// At most `n` generations confirmed from `from` until before `to`, oldest first, after the one at `after`.
    pub async fn generations_between(
        &mut self,
        from: UnixMs,
        to: UnixMs,
        after: Option<(UnixMs, &GenerationId)>,
        n: i64,
    ) -> Result<Vec<GenerationCostRow>, StoreError> {
        let (at, id) = after.map_or((from.0.saturating_sub(1), ""), |(at, id)| (at.0, id.as_str()));
        on!(self.tx, c => all(sqlx::query(GENERATIONS_BETWEEN).bind(self.id.as_str()).bind(from.0).bind(to.0).bind(at)
            .bind(id).bind(n).fetch_all(c).await))
    }
}
