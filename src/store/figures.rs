//! Figures for admins that need no walk over growing tables: partial indexes over what is open, and sums of daily counters
//! (bot.md 14.2, decisions.md 25).

use super::{Counter, DayFigures, StoreError, TenantTx, on};
use crate::domain::{UnixMs, UserId};

const WORK_NOW: &str = "SELECT COUNT(*), MIN(created_at),
       CAST(COALESCE(SUM(CASE WHEN payer = 'money' THEN price ELSE 0 END), 0) AS BIGINT)
     FROM generations WHERE bot_instance_id = $1
       AND state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')";
const WAITING_NOW: &str = "SELECT COUNT(*), MIN(created_at),
       CAST(COALESCE(SUM(CASE WHEN payer = 'money' THEN price ELSE 0 END), 0) AS BIGINT)
     FROM generations WHERE bot_instance_id = $1 AND state = 'undelivered'";
const USERS_LOST: &str = "SELECT COUNT(*) FROM users WHERE bot_instance_id = $1 AND unreachable_at IS NOT NULL";
const USERS_BLOCKED: &str = "SELECT COUNT(*) FROM users WHERE bot_instance_id = $1 AND blocked_at IS NOT NULL";
const COUNTERS_TOTAL: &str = "SELECT name, CAST(SUM(value) AS BIGINT) FROM daily_counters WHERE bot_instance_id = $1
     GROUP BY name";
const COUNTER_BEFORE: &str = "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM daily_counters
     WHERE bot_instance_id = $1 AND day < $2 AND name = $3";
const MODEL_DAY_ADD: &str = "INSERT INTO model_days (bot_instance_id, day, model_id, value) VALUES ($1, $2, $3, 1)
     ON CONFLICT (bot_instance_id, day, model_id) DO UPDATE SET value = model_days.value + 1";
const MODELS_TOP: &str = "SELECT model_id, CAST(SUM(value) AS BIGINT) AS n FROM model_days
     WHERE bot_instance_id = $1 AND day >= $2 GROUP BY model_id ORDER BY n DESC, model_id LIMIT $3";
const GENERATIONS_OF_USER: &str = "SELECT COUNT(*) FROM generations WHERE bot_instance_id = $1 AND user_id = $2";

/// Generations in one state of affairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WorkFigures {
    /// How many.
    pub count: i64,
    /// When the oldest was confirmed.
    pub oldest: Option<UnixMs>,
    /// What is held for them, in kopecks.
    pub held: i64,
}

impl From<(i64, Option<i64>, i64)> for WorkFigures {
    fn from((count, oldest, held): (i64, Option<i64>, i64)) -> Self {
        Self { count, oldest: oldest.map(UnixMs), held }
    }
}

impl TenantTx {
    /// What is at work.
    pub async fn work_now(&mut self) -> Result<WorkFigures, StoreError> {
        let row: (i64, Option<i64>, i64) =
            on!(self.tx, c => sqlx::query_as(WORK_NOW).bind(self.id.as_str()).fetch_one(c).await)?;
        Ok(row.into())
    }

    /// What is made and not delivered.
    pub async fn waiting_now(&mut self) -> Result<WorkFigures, StoreError> {
        let row: (i64, Option<i64>, i64) =
            on!(self.tx, c => sqlx::query_as(WAITING_NOW).bind(self.id.as_str()).fetch_one(c).await)?;
        Ok(row.into())
    }

    /// How many people cannot be reached, and how many are blocked.
    pub async fn users_apart(&mut self) -> Result<(i64, i64), StoreError> {
        let lost = on!(self.tx, c => sqlx::query_scalar(USERS_LOST).bind(self.id.as_str()).fetch_one(c).await)?;
        let blocked = on!(self.tx, c => sqlx::query_scalar(USERS_BLOCKED).bind(self.id.as_str()).fetch_one(c).await)?;
        Ok((lost, blocked))
    }

    /// Every counter summed over all days.
    pub async fn counters_total(&mut self) -> Result<DayFigures, StoreError> {
        let rows: Vec<(String, i64)> =
            on!(self.tx, c => sqlx::query_as(COUNTERS_TOTAL).bind(self.id.as_str()).fetch_all(c).await)?;
        Ok(DayFigures::from_rows(rows))
    }

    /// One counter summed over the days before `day`.
    pub async fn counter_before(&mut self, day: &str, counter: Counter) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(COUNTER_BEFORE).bind(self.id.as_str()).bind(day).bind(counter.name())
            .fetch_one(c).await)?)
    }

    /// One more generation of a model on a day.
    pub async fn model_day_add(&mut self, day: &str, model: &str) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(MODEL_DAY_ADD).bind(self.id.as_str()).bind(day).bind(model).execute(c).await
            .map(|_| ()))?;
        Ok(())
    }

    /// The `n` models confirmed most since `day`, with how often.
    pub async fn models_top(&mut self, day: &str, n: i64) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(MODELS_TOP).bind(self.id.as_str()).bind(day).bind(n).fetch_all(c).await)?)
    }

    /// How many generations a person has confirmed.
    pub async fn generations_of_user(&mut self, user: UserId) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(GENERATIONS_OF_USER).bind(self.id.as_str()).bind(user.0).fetch_one(c)
            .await)?)
    }
}
