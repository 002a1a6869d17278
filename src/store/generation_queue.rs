//! A tenant's queue before the provider: who is whose turn, what is in flight, and what that will take (platform.md 3 and 4).

use super::{Counter, StoreError, TenantTx, on};
use crate::domain::GenerationId;

/// First the first of every person, then the second: nobody's orders stand in everybody's way.
const GENERATION_WAITING_PLACE: &str = "WITH w AS (SELECT id, created_at,
         ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY created_at, id) AS nth
       FROM generations WHERE bot_instance_id = $1 AND state = 'created'),
     me AS (SELECT id, created_at, nth FROM w WHERE id = $2)
     SELECT COUNT(*) FROM w JOIN me ON w.nth < me.nth OR (w.nth = me.nth
       AND (w.created_at < me.created_at OR (w.created_at = me.created_at AND w.id <= me.id)))";
const GENERATIONS_IN_FLIGHT: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1
       AND state IN ('submitting', 'orphan', 'queued', 'running')";
const GENERATION_EXPECT: &str = "UPDATE generations SET expected_credits = $3 WHERE bot_instance_id = $1 AND id = $2";
/// What is delivering has been counted by the provider's own words.
const GENERATIONS_EXPECTED: &str = "SELECT CAST(COALESCE(SUM(expected_credits), 0) AS BIGINT) FROM generations
     WHERE bot_instance_id = $1 AND state IN ('created', 'submitting', 'orphan', 'queued', 'running')";
const MEDIA_BYTES: &str = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM media WHERE bot_instance_id = $1";
const COUNTER_TOTAL: &str = "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM daily_counters
     WHERE bot_instance_id = $1 AND name = $2";

impl TenantTx {
    /// Whose turn it is: the place of a generation that waits for the provider, from 1. `None`: it does not wait.
    pub async fn generation_waiting_place(&mut self, id: &GenerationId) -> Result<Option<i64>, StoreError> {
        let place: i64 = on!(self.tx, c => sqlx::query_scalar(GENERATION_WAITING_PLACE).bind(self.id.as_str())
            .bind(id.as_str()).fetch_one(c).await)?;
        Ok((place > 0).then_some(place))
    }

    /// How many generations are at the provider, or on their way there.
    pub async fn generations_in_flight(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_IN_FLIGHT).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Notes what a generation will take at the provider, in hundredths of a credit. `false`: no such generation.
    pub async fn generation_expect(&mut self, id: &GenerationId, credits: i64) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(GENERATION_EXPECT).bind(self.id.as_str()).bind(id.as_str())
            .bind(credits).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// What the generations that wait or are in flight will take, in hundredths of a credit.
    pub async fn generations_expected_credits(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_EXPECTED).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// How much is kept of the tenant's files, in bytes before sealing.
    pub async fn media_bytes(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(MEDIA_BYTES).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// The sum of a counter over all days.
    pub async fn counter_total(&mut self, counter: Counter) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(COUNTER_TOTAL).bind(self.id.as_str()).bind(counter.name())
            .fetch_one(c).await)?)
    }
}
