//! Leases of singletons and the signs of life of processes, on the database's clock (decisions.md 16 and 18).

use super::{PlatformTx, StoreError, on};
use crate::domain::UnixMs;

const LEASE_TAKE: &str = "INSERT INTO leases (name, holder, epoch, expires_at)
     VALUES ($1, $2, 1, (SELECT ms FROM db_clock) + $3)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
       epoch = CASE WHEN leases.holder = excluded.holder THEN leases.epoch ELSE leases.epoch + 1 END
     WHERE leases.holder = excluded.holder OR leases.expires_at <= (SELECT ms FROM db_clock)
     RETURNING epoch";
const LEASE_HELD: &str = "SELECT COUNT(*) FROM leases
     WHERE name = $1 AND holder = $2 AND epoch = $3 AND expires_at > (SELECT ms FROM db_clock)";
/// The row stays, so that the epoch goes on growing.
const LEASE_RELEASE: &str = "UPDATE leases SET holder = '', expires_at = 0 WHERE name = $1 AND holder = $2";
/// Of a copy: whoever held them serves the original.
const LEASES_RELEASE_ALL: &str = "UPDATE leases SET holder = '', expires_at = 0";
const LEASES_LIVE: &str = "SELECT COUNT(*) FROM leases
     WHERE SUBSTR(name, 1, LENGTH($1)) = $1 AND expires_at > (SELECT ms FROM db_clock)";
const LEASES_FORGET: &str = "DELETE FROM leases
     WHERE SUBSTR(name, 1, LENGTH($1)) = $1 AND expires_at <= (SELECT ms FROM db_clock) - $2";
const HEARTBEAT: &str = "INSERT INTO heartbeats (instance, started_at, seen_at) VALUES ($1, $2, $3)
     ON CONFLICT (instance) DO UPDATE SET seen_at = excluded.seen_at";
const HEARTBEAT_READ: &str = "SELECT seen_at FROM heartbeats WHERE instance = $1";
const HEARTBEAT_END: &str = "DELETE FROM heartbeats WHERE instance = $1";
const HEARTBEATS_PURGE: &str = "DELETE FROM heartbeats WHERE seen_at < $1";

impl PlatformTx {
    /// Takes or renews a lease for `ttl_ms` of the database's clock. Gives its epoch: one more than before when it changes
    /// hands, the same when its holder renews it. `None`: somebody else holds it. `holder` must be a process's own.
    pub async fn lease_take(&mut self, name: &str, holder: &str, ttl_ms: i64) -> Result<Option<i64>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(LEASE_TAKE).bind(name).bind(holder).bind(ttl_ms).fetch_optional(c)
            .await)?)
    }

    /// Whether a lease is still held under this epoch: asked in the transaction of what its holder writes.
    pub async fn lease_is_held(&mut self, name: &str, holder: &str, epoch: i64) -> Result<bool, StoreError> {
        let held: i64 = on!(self.tx, c => sqlx::query_scalar(LEASE_HELD).bind(name).bind(holder).bind(epoch)
            .fetch_one(c).await)?;
        Ok(held == 1)
    }

    /// Gives a lease up. `false`: it was not held.
    pub async fn lease_release(&mut self, name: &str, holder: &str) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(LEASE_RELEASE).bind(name).bind(holder).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives all leases up, in a copy that no process serves yet.
    pub async fn leases_release_all(&mut self) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(LEASES_RELEASE_ALL).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// How many leases are held whose names begin so.
    pub async fn leases_live(&mut self, prefix: &str) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(LEASES_LIVE).bind(prefix).fetch_one(c).await)?)
    }

    /// Forgets leases whose names begin so and that have been over for `ms` milliseconds: for names that nobody takes again.
    pub async fn leases_forget(&mut self, prefix: &str, ms: i64) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(LEASES_FORGET).bind(prefix).bind(ms).execute(c).await
            .map(|d| d.rows_affected()))?)
    }

    /// A process says that it lives. `started_at` counts the first time.
    pub async fn heartbeat(&mut self, instance: &str, started_at: UnixMs, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(HEARTBEAT).bind(instance).bind(started_at.0).bind(now.0).execute(c).await
            .map(|_| ()))?;
        Ok(())
    }

    /// A process that stopped is not listed any more.
    pub async fn heartbeat_end(&mut self, instance: &str) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(HEARTBEAT_END).bind(instance).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Forgets processes that were silent since before `before`.
    pub async fn heartbeats_purge(&mut self, before: UnixMs) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(HEARTBEATS_PURGE).bind(before.0).execute(c).await.map(|d| d.rows_affected()))?)
    }

    /// Writes a process's sign of life and reads it back (reliability.md, F11). Ready only when the commit succeeds as well.
    pub async fn readiness_probe(&mut self, instance: &str, started_at: UnixMs, now: UnixMs) -> Result<(), StoreError> {
        self.heartbeat(instance, started_at, now).await?;
        let seen: Option<i64> =
            on!(self.tx, c => sqlx::query_scalar(HEARTBEAT_READ).bind(instance).fetch_optional(c).await)?;
        if seen == Some(now.0) { Ok(()) } else { Err(StoreError::corrupt("heartbeats", "seen_at", instance)) }
    }
}
