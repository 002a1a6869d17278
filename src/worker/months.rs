//! Closes bots' months soon after their end, so that a later change of the fee, the rate or the zone finds them closed
//! (decisions.md 26). Safe to run everywhere at once: a month is closed once.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::Workers;
use crate::billing::books;
use crate::billing::settlement::Month;
use crate::domain::UnixMs;
use crate::store::StoreError;
use crate::tenants::Tenant;

/// Bots that are looked at together.
const ROWS: i64 = 200;
/// Bots whose months are closed in one pass; the others come in the next.
const AT_ONCE: usize = 200;
/// How far the earliest clock on earth is ahead of UTC.
const EAST: Duration = Duration::from_hours(14);
/// How far the latest is behind it.
const WEST: Duration = Duration::from_hours(12);

/// One pass over the bots whose last month may be over.
pub(super) async fn close(workers: &Workers) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let running = Month::of(now.plus(EAST), &TimeZone::UTC);
    let last = running.previous();
    let began_before = running.span(&TimeZone::UTC).0.plus(WEST);
    let (mut after, mut closed) = (String::new(), 0);
    while closed < AT_ONCE {
        let mut tx = platform.db.platform_read().await?;
        let ids = tx.months_unclosed(began_before, &after, &last.to_string(), ROWS).await?;
        drop(tx);
        let Some(end) = ids.last() else { return Ok(()) };
        end.as_str().clone_into(&mut after);
        for id in &ids {
            let tenant = platform.tenants.get(id).filter(|tenant| last.is_settled(tenant.zone(), now));
            if let Some(tenant) = tenant {
                closed += usize::from(close_one(workers, &tenant, now).await);
            }
        }
    }
    Ok(())
}

/// Whether months of a bot were closed. What fails here must not keep the other bots' months open.
async fn close_one(workers: &Workers, tenant: &Tenant, now: UnixMs) -> bool {
    match books::keep(&workers.platform.db, &tenant.id, &tenant.settings, &tenant.limits, now).await {
        Ok(closed) => closed > 0,
        Err(error) => {
            tracing::warn!(tenant = %tenant.id, error = %error, "a month was not closed");
            false
        }
    }
}
