//! The owner's page: every tenant with its figures of today (decisions.md 25).

use std::collections::HashMap;

use super::{DayFigures, PlatformTx, StoreError, TenantRow, on};

const COUNTERS_BETWEEN: &str =
    "SELECT bot_instance_id, day, name, value FROM daily_counters WHERE day >= $1 AND day <= $2";

/// One line of the owner's page.
#[derive(Debug, Clone)]
pub struct TenantOverview {
    /// The tenant.
    pub tenant: TenantRow,
    /// Its figures of its own today.
    pub today: DayFigures,
}

impl PlatformTx {
    /// Every tenant with the figures of a day of its own: `day_of` says which (`YYYY-MM-DD` in the tenant's zone).
    pub async fn tenants_overview(
        &mut self,
        day_of: impl Fn(&TenantRow) -> String,
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
        Ok(tenants
            .into_iter()
            .map(|(tenant, day)| {
                let today = figures.remove(&(tenant.tenant.as_str().to_owned(), day)).unwrap_or_default();
                TenantOverview { tenant, today: DayFigures::from_rows(today) }
            })
            .collect())
    }
}
