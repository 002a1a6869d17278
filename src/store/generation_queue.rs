//! A tenant's queue before the provider: who is whose turn, what is in flight, and what that will take (platform.md 3 and 4).

use super::{Counter, StoreError, TenantTx, on};
use crate::domain::{GenerationId, UnixMs};

/// First the first of every person, then the second: nobody's orders stand in everybody's way.
const GENERATION_WAITING_PLACE: &str = "WITH w AS (SELECT id, created_at,
         ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY created_at, id) AS nth
       FROM generations WHERE bot_instance_id = $1 AND state = 'created'),
     me AS (SELECT id, created_at, nth FROM w WHERE id = $2)
     SELECT COUNT(*) FROM w JOIN me ON w.nth < me.nth OR (w.nth = me.nth
       AND (w.created_at < me.created_at OR (w.created_at = me.created_at AND w.id <= me.id)))";
/// A canceled task runs on at the provider until that says its end, or nobody asks any more (decisions.md 8).
const GENERATIONS_IN_FLIGHT: &str = "SELECT (SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1
       AND state IN ('submitting', 'orphan', 'queued', 'running'))
     + (SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND state = 'canceled'
       AND state IN ('failed', 'canceled', 'timed_out') AND provider_task_id IS NOT NULL AND provider_credits IS NULL
       AND accepted_at > $2)";
const GENERATION_EXPECT: &str = "UPDATE generations SET expected_credits = $3 WHERE bot_instance_id = $1 AND id = $2";
/// What is delivering has been counted by the provider's own words; what has ended here first has not.
const GENERATIONS_EXPECTED: &str = "SELECT CAST(
       (SELECT COALESCE(SUM(expected_credits), 0) FROM generations WHERE bot_instance_id = $1
         AND state IN ('created', 'submitting', 'orphan', 'queued', 'running'))
     + (SELECT COALESCE(SUM(expected_credits), 0) FROM generations WHERE bot_instance_id = $1
         AND state IN ('failed', 'canceled', 'timed_out') AND provider_task_id IS NOT NULL AND provider_credits IS NULL
         AND accepted_at > $2) AS BIGINT)";
/// The same without what still waits here.
const GENERATIONS_HANDED_OVER: &str = "SELECT CAST(
       (SELECT COALESCE(SUM(expected_credits), 0) FROM generations WHERE bot_instance_id = $1
         AND state IN ('submitting', 'orphan', 'queued', 'running'))
     + (SELECT COALESCE(SUM(expected_credits), 0) FROM generations WHERE bot_instance_id = $1
         AND state IN ('failed', 'canceled', 'timed_out') AND provider_task_id IS NOT NULL AND provider_credits IS NULL
         AND accepted_at > $2) AS BIGINT)";
const GENERATION_EXPECTED: &str = "SELECT expected_credits FROM generations
     WHERE bot_instance_id = $1 AND id = $2";
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

    /// How many generations are at the provider, or on their way there; with them the canceled ones that it took after
    /// `accepted_after` and has not ended.
    pub async fn generations_in_flight(&mut self, accepted_after: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_IN_FLIGHT).bind(self.id.as_str()).bind(accepted_after.0)
            .fetch_one(c).await)?)
    }

    /// Notes what a generation will take at the provider, in hundredths of a credit. `false`: no such generation.
    pub async fn generation_expect(&mut self, id: &GenerationId, credits: i64) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(GENERATION_EXPECT).bind(self.id.as_str()).bind(id.as_str())
            .bind(credits).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// What the generations that wait or are in flight will take, in hundredths of a credit; with them those that ended here
    /// while the provider, which took them after `accepted_after`, still works on them.
    pub async fn generations_expected_credits(&mut self, accepted_after: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_EXPECTED).bind(self.id.as_str()).bind(accepted_after.0)
            .fetch_one(c).await)?)
    }

    /// The same without what still waits here: what was handed over and has no bill yet.
    pub async fn generations_handed_over_credits(&mut self, accepted_after: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_HANDED_OVER).bind(self.id.as_str()).bind(accepted_after.0)
            .fetch_one(c).await)?)
    }

    /// What one generation will take, in hundredths of a credit; `None`: no such generation.
    pub async fn generation_expected_credits(&mut self, id: &GenerationId) -> Result<Option<i64>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATION_EXPECTED).bind(self.id.as_str()).bind(id.as_str())
            .fetch_optional(c).await)?)
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
