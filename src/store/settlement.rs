//! What a month came to, from the ledger itself, and each generation's price beside its cost (decisions.md 26). A report for
//! whoever asks: it walks over the month's rows along their indexes.

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{GenerationId, GenerationState, Money, Payer, UnixMs};

const MOVED_BETWEEN: &str = "SELECT code, COUNT(*), CAST(SUM(amount) AS BIGINT) FROM transfers
     WHERE bot_instance_id = $1 AND created_at >= $2 AND created_at < $3 AND kind IN ('single', 'post')
     GROUP BY code ORDER BY code";
const GENERATIONS_BETWEEN: &str = "SELECT id, created_at, model_id, payer, state, price, charged, provider_credits
     FROM generations WHERE bot_instance_id = $1 AND created_at >= $2 AND created_at < $3
       AND (created_at > $4 OR created_at = $4 AND id > $5)
     ORDER BY created_at, id LIMIT $6";

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
