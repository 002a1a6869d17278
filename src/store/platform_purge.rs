//! Removing what is older than its retention (decisions.md 23), a bounded number of rows at a time: call again while it gives
//! as many as it may.

use super::{PlatformTx, StoreError, on};
use crate::domain::{OutboxId, UnixMs};

const UPDATES_PURGE: &str = "DELETE FROM updates WHERE (bot_instance_id, update_id) IN (
       SELECT u.bot_instance_id, u.update_id FROM updates u WHERE u.received_at < $1 ORDER BY u.received_at LIMIT $2)";
const OUTBOX_PURGE: &str = "DELETE FROM outbox WHERE (bot_instance_id, id) IN (
       SELECT o.bot_instance_id, o.id FROM tenants t JOIN outbox o ON o.bot_instance_id = t.bot_instance_id
       WHERE o.id < $1 AND o.created_at < $2 AND o.state NOT IN ('queued', 'sending') LIMIT $3)";

impl PlatformTx {
    /// Forgets handled updates received before `before`. Gives how many.
    pub async fn updates_purge(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(UPDATES_PURGE).bind(before.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?)
    }

    /// Forgets messages recorded before `before` that wait for nothing any more. Gives how many.
    pub async fn outbox_purge(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        let floor = OutboxId::floor(before);
        Ok(on!(self.tx, c => sqlx::query(OUTBOX_PURGE).bind(floor.as_str()).bind(before.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?)
    }
}
