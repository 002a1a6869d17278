//! Looks at queues, pools and the tenants' days once in a while, for `/metrics` (platform.md 5). What happens is counted where
//! it happens; this is what has to be looked at.

use std::sync::Arc;
use std::time::Duration;

use super::Workers;
use crate::store::StoreError;
use crate::telemetry::{Metrics, tenant_series};

/// Between two looks at the queues.
const QUEUES: Duration = Duration::from_secs(10);
/// Looks at the queues for one at the tenants.
const TENANTS: u32 = 6;

/// Looks until the soft stop.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    for n in 0u32.. {
        if let Err(error) = look(&workers, n.is_multiple_of(TENANTS)).await {
            tracing::info!(error = %error, "queues were not measured");
        }
        if stop.run_until_cancelled(tokio::time::sleep(QUEUES)).await.is_none() {
            return;
        }
    }
}

/// One look.
pub async fn look(workers: &Workers, tenants: bool) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    for (pool, size, idle) in platform.db.connections() {
        metrics::gauge!("botyard_db_connections", "pool" => pool, "state" => "open").set(f64::from(size));
        metrics::gauge!("botyard_db_connections", "pool" => pool, "state" => "idle").set(f64::from(idle));
    }
    let mut tx = platform.db.platform_read().await?;
    for depth in tx.depths(now).await? {
        let age = depth.oldest.map_or(Duration::ZERO, |oldest| now.since(oldest));
        metrics::gauge!("botyard_queue_depth", "queue" => depth.lane.clone()).set(depth.count as f64);
        metrics::gauge!("botyard_queue_age_seconds", "queue" => depth.lane).set(age.as_secs_f64());
    }
    metrics::gauge!("botyard_tenants").set(platform.tenants.len() as f64);
    if tenants {
        let rows = tx.figures_of_tenants(&now.day(&jiff::tz::TimeZone::UTC)).await?;
        Metrics::of_process().set_tenants(tenant_series(&rows, "active_users"));
    }
    Ok(())
}
