//! The owner's page: every tenant with its figures of today (decisions.md 25).

use std::collections::HashMap;

use super::{Counter, DayFigures, PlatformTx, StoreError, TenantRow, on};
use crate::domain::UnixMs;

const COUNTERS_BETWEEN: &str =
    "SELECT bot_instance_id, day, name, value FROM daily_counters WHERE day >= $1 AND day <= $2";
const COUNTERS_SINCE: &str = "SELECT bot_instance_id, name, CAST(SUM(value) AS BIGINT) FROM daily_counters
     WHERE day >= $1 GROUP BY bot_instance_id, name";
/// Everybody was new once: the days' new people add up to all people, without counting their rows.
const PEOPLE: &str = "SELECT bot_instance_id, CAST(SUM(value) AS BIGINT) FROM daily_counters WHERE name = $1
     GROUP BY bot_instance_id";
const ERRORS_SINCE: &str = "SELECT bot_instance_id, COUNT(*), MAX(created_at) FROM error_log WHERE created_at >= $1
     GROUP BY bot_instance_id";

/// One line of the owner's page.
#[derive(Debug, Clone)]
pub struct TenantOverview {
    /// The tenant.
    pub tenant: TenantRow,
    /// Its figures of its own today.
    pub today: DayFigures,
    /// People it has ever met.
    pub people: i64,
    /// Errors since the moment asked for.
    pub errors: i64,
    /// When the last of them was.
    pub last_error_at: Option<UnixMs>,
}

impl PlatformTx {
    /// The counters of every tenant, summed over the days from `day` on, by its name.
    pub async fn counters_since(&mut self, day: &str) -> Result<HashMap<String, DayFigures>, StoreError> {
        let rows: Vec<(String, String, i64)> =
            on!(self.tx, c => sqlx::query_as(COUNTERS_SINCE).bind(day).fetch_all(c).await)?;
        let mut figures: HashMap<String, Vec<(String, i64)>> = HashMap::new();
        for (tenant, name, value) in rows {
            figures.entry(tenant).or_default().push((name, value));
        }
        Ok(figures.into_iter().map(|(tenant, all)| (tenant, DayFigures::from_rows(all))).collect())
    }

    /// Every tenant with the figures of a day of its own: `day_of` says which (`YYYY-MM-DD` in the tenant's zone), and with
    /// its errors since `errors_since`.
    pub async fn tenants_overview(
        &mut self,
        day_of: impl Fn(&TenantRow) -> String,
        errors_since: UnixMs,
    ) -> Result<Vec<TenantOverview>, StoreError> {
        let tenants: Vec<(TenantRow, String)> = self
            .tenants_all()
            .await?
            .into_iter()
            .map(|tenant| {
                let day = day_of(&tenant);
                (tenant, day)
            })
            .collect();
        let days = || tenants.iter().map(|(_, day)| day.as_str());
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(Vec::new()) };
        // Zones differ by a day at most, so the range is two or three days of everybody.
        let rows: Vec<(String, String, String, i64)> = on!(self.tx, c => sqlx::query_as(COUNTERS_BETWEEN).bind(first)
            .bind(last).fetch_all(c).await)?;
        let mut figures: HashMap<(String, String), Vec<(String, i64)>> = HashMap::new();
        for (tenant, day, name, value) in rows {
            figures.entry((tenant, day)).or_default().push((name, value));
        }
        let people: Vec<(String, i64)> = on!(self.tx, c => sqlx::query_as(PEOPLE).bind(Counter::NewUsers.name())
            .fetch_all(c).await)?;
        let people: HashMap<String, i64> = people.into_iter().collect();
        let errors: Vec<(String, i64, i64)> = on!(self.tx, c => sqlx::query_as(ERRORS_SINCE).bind(errors_since.0)
            .fetch_all(c).await)?;
        let errors: HashMap<String, (i64, i64)> = errors.into_iter().map(|(t, n, last)| (t, (n, last))).collect();
        Ok(tenants
            .into_iter()
            .map(|(tenant, day)| {
                let name = tenant.tenant.as_str();
                let today = figures.remove(&(name.to_owned(), day)).unwrap_or_default();
                let (people, errors) = (people.get(name).copied().unwrap_or(0), errors.get(name).copied());
                TenantOverview {
                    today: DayFigures::from_rows(today),
                    people,
                    errors: errors.map_or(0, |(n, _)| n),
                    last_error_at: errors.map(|(_, last)| UnixMs(last)),
                    tenant,
                }
            })
            .collect())
    }
}
