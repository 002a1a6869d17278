//! Daily counters: what the panel shows, counted in the transaction that makes it true (decisions.md 25).

use std::collections::HashMap;

use super::{StoreError, TenantTx, on};

const COUNTER_ADD: &str = "INSERT INTO daily_counters (bot_instance_id, day, name, value) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, day, name) DO UPDATE SET value = daily_counters.value + excluded.value";
/// One statement: of many at once no more pass than there is room for.
const COUNTER_ADD_WITHIN: &str = "INSERT INTO daily_counters (bot_instance_id, day, name, value)
     SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
     WHERE CAST($4 AS BIGINT) <= CAST($5 AS BIGINT)
     ON CONFLICT (bot_instance_id, day, name) DO UPDATE SET value = daily_counters.value + excluded.value
       WHERE daily_counters.value + excluded.value <= $5";
const COUNTERS_OF_DAY: &str = "SELECT name, value FROM daily_counters WHERE bot_instance_id = $1 AND day = $2";
const COUNTERS_BETWEEN: &str = "SELECT day, name, value FROM daily_counters
     WHERE bot_instance_id = $1 AND day >= $2 AND day <= $3";
const COUNTERS_SUM: &str = "SELECT name, CAST(SUM(value) AS BIGINT) FROM daily_counters
     WHERE bot_instance_id = $1 AND day >= $2 AND day <= $3 GROUP BY name";

/// What is counted per day of the tenant's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counter {
    /// People seen for the first time.
    NewUsers,
    /// People who wrote or pressed something, each once a day.
    ActiveUsers,
    /// Generations confirmed.
    Generations,
    /// Generations delivered.
    Delivered,
    /// Generations that ended without a result.
    Failed,
    /// Kopecks posted for delivered generations.
    Revenue,
    /// The provider's credits spent, in hundredths.
    ProviderCredits,
    /// People by the last day they were seen: moves from day to day with each, so that a window's sum counts nobody twice.
    LastSeen,
    /// Generations that their person gave up; not among [`Counter::Failed`].
    Canceled,
    /// Of [`Counter::Failed`], those whose time ran out.
    TimedOut,
    /// Free units of the day that were used.
    FreeUsed,
    /// Kopecks credited by hand: no income.
    ManualCredits,
    /// Payments, whatever the method.
    Payments,
    /// People who paid for the first time.
    Payers,
    /// Kopecks topped up by SBP.
    TopUpSbp,
    /// Kopecks topped up by Telegram Stars.
    TopUpStars,
    /// Generations that admins confirmed for nothing on the shared key.
    AdminFree,
}

impl Counter {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NewUsers => "new_users",
            Self::ActiveUsers => "active_users",
            Self::Generations => "generations",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Revenue => "revenue",
            Self::ProviderCredits => "provider_credits",
            Self::LastSeen => "last_seen",
            Self::Canceled => "canceled",
            Self::TimedOut => "timed_out",
            Self::FreeUsed => "free_used",
            Self::ManualCredits => "manual_credits",
            Self::Payments => "payments",
            Self::Payers => "payers",
            Self::TopUpSbp => "topup_sbp",
            Self::TopUpStars => "topup_stars",
            Self::AdminFree => "admin_free",
        }
    }
}

/// A day's figures; what was never counted is 0.
#[derive(Debug, Clone, Default)]
pub struct DayFigures(Vec<(String, i64)>);

impl DayFigures {
    pub(super) fn from_rows(rows: Vec<(String, i64)>) -> Self {
        Self(rows)
    }

    /// The value of one counter.
    pub fn get(&self, counter: Counter) -> i64 {
        self.0.iter().find(|(name, _)| name == counter.name()).map_or(0, |(_, value)| *value)
    }
}

impl TenantTx {
    /// Adds `n` to a counter of `day` (`YYYY-MM-DD` in the tenant's zone).
    pub async fn counter_add(&mut self, day: &str, counter: Counter, n: i64) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(COUNTER_ADD).bind(self.id.as_str()).bind(day).bind(counter.name()).bind(n)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Adds `n` to a counter of `day`, unless it would be more than `most`. `false`: it would, and nothing is added; whoever else
    /// adds at this moment waits for this transaction's end.
    pub async fn counter_add_within(
        &mut self,
        day: &str,
        counter: Counter,
        n: i64,
        most: i64,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(COUNTER_ADD_WITHIN).bind(self.id.as_str()).bind(day).bind(counter.name())
            .bind(n).bind(most).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// All figures of a day.
    pub async fn counters_of_day(&mut self, day: &str) -> Result<DayFigures, StoreError> {
        let rows: Vec<(String, i64)> =
            on!(self.tx, c => sqlx::query_as(COUNTERS_OF_DAY).bind(self.id.as_str()).bind(day).fetch_all(c).await)?;
        Ok(DayFigures(rows))
    }

    /// The figures of the days from `first` to `last`, by day; a day on which nothing was counted is not there.
    pub async fn counters_between(
        &mut self,
        first: &str,
        last: &str,
    ) -> Result<HashMap<String, DayFigures>, StoreError> {
        let rows: Vec<(String, String, i64)> = on!(self.tx, c => sqlx::query_as(COUNTERS_BETWEEN)
            .bind(self.id.as_str()).bind(first).bind(last).fetch_all(c).await)?;
        let mut days: HashMap<String, DayFigures> = HashMap::new();
        for (day, name, value) in rows {
            days.entry(day).or_default().0.push((name, value));
        }
        Ok(days)
    }

    /// The sums of the days from `first` to `last`.
    pub async fn counters_sum(&mut self, first: &str, last: &str) -> Result<DayFigures, StoreError> {
        let rows: Vec<(String, i64)> = on!(self.tx, c => sqlx::query_as(COUNTERS_SUM).bind(self.id.as_str()).bind(first)
            .bind(last).fetch_all(c).await)?;
        Ok(DayFigures(rows))
    }
}
