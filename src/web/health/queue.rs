//! How the queue of recorded work is: older than a minute, and it does not flow (platform.md 5).

use std::collections::BTreeSet;
use std::time::Duration;

use crate::bot::Platform;
use crate::domain::BotInstanceId;
use crate::store::StoreError;

/// Work that was due so long ago and has not been begun makes the queue old.
const AGE: Duration = Duration::from_mins(1);

/// How the queue of recorded work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Queue {
    /// Nothing waits longer than it may.
    Flows,
    /// Some tenants' work waits too long, others' does not: theirs is more than they may have at once.
    Uneven,
    /// All that waits, waits too long.
    Stands,
}

/// Looks whose work waits, and how long.
pub(super) async fn look(platform: &Platform) -> Result<Queue, StoreError> {
    let now = platform.clock.now();
    let mut tx = platform.db.platform_read().await?;
    // A tenant that cannot be served has nobody to work for it; its own page says so.
    let served = |tenant: &&BotInstanceId| platform.tenants.get(tenant).is_some();
    let late = tx.tenants_waiting(now.minus(AGE)).await?;
    if !late.iter().any(|tenant| served(&tenant)) {
        return Ok(Queue::Flows);
    }
    let due = tx.tenants_waiting(now).await?;
    Ok(weigh(late.iter().filter(served), due.iter().filter(served)))
}

/// Of the tenants whose work is late, and of those who have work that is due.
fn weigh<'a>(
    late: impl IntoIterator<Item = &'a BotInstanceId>,
    mut due: impl Iterator<Item = &'a BotInstanceId>,
) -> Queue {
    let late: BTreeSet<&BotInstanceId> = late.into_iter().collect();
    if late.is_empty() {
        Queue::Flows
    } else if due.any(|tenant| !late.contains(tenant)) {
        Queue::Uneven
    } else {
        Queue::Stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_stands_when_all_that_waits_is_late() {
        let id = |name: &str| BotInstanceId::parse(name).unwrap();
        let (a, b) = (id("tenant-a"), id("tenant-b"));
        assert_eq!(weigh([], [&a].into_iter()), Queue::Flows);
        assert_eq!(weigh([&a], [&a].into_iter()), Queue::Stands);
        assert_eq!(weigh([&a], [&a, &b].into_iter()), Queue::Uneven, "one bot's flood is not the platform's end");
        assert_eq!(weigh([&a, &b], [&a, &b].into_iter()), Queue::Stands);
        assert_eq!(weigh([&a], std::iter::empty()), Queue::Stands, "it went while the second look was made");
    }
}
