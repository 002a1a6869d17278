//! Removing what is older than its retention (decisions.md 23), a bounded number of rows at a time: call again while it gives
//! as many as it may.

use super::{PlatformTx, StoreError, on};
use crate::domain::{OutboxId, UnixMs};

const UPDATES_PURGE: &str = "DELETE FROM updates WHERE (bot_instance_id, update_id) IN (
       SELECT u.bot_instance_id, u.update_id FROM updates u WHERE u.received_at < $1 ORDER BY u.received_at LIMIT $2)";
/// Tenant by tenant along its own key: `CROSS JOIN` keeps SQLite from beginning at the other end.
const OUTBOX_PURGE: &str = "DELETE FROM outbox WHERE (bot_instance_id, id) IN (
       SELECT o.bot_instance_id, o.id FROM tenants t CROSS JOIN outbox o
       WHERE o.bot_instance_id = t.bot_instance_id AND o.id < $1 AND o.created_at < $2
         AND o.state NOT IN ('queued', 'sending') LIMIT $3)";
const JOBS_PURGE: &str = "DELETE FROM jobs WHERE (bot_instance_id, id) IN (
       SELECT j.bot_instance_id, j.id FROM jobs j
       WHERE j.finished_at IS NOT NULL AND (j.state = 'done' AND j.finished_at < $1 OR j.state = 'dead' AND j.finished_at < $2)
       ORDER BY j.finished_at LIMIT $3)";
const ERRORS_PURGE: &str = "DELETE FROM error_log WHERE (bot_instance_id, id) IN (
       SELECT e.bot_instance_id, e.id FROM error_log e WHERE e.created_at < $1 ORDER BY e.created_at LIMIT $2)";
const LINKS_PURGE: &str = "DELETE FROM panel_links WHERE token_hash IN (
       SELECT l.token_hash FROM panel_links l WHERE l.expires_at < $1 LIMIT $2)";
const PANEL_SESSIONS_PURGE: &str = "DELETE FROM panel_sessions WHERE sid IN (
       SELECT s.sid FROM panel_sessions s WHERE s.expires_at < $1 LIMIT $2)";
/// What became a generation is referred to by it for as long as the tenant lives; the order itself the generation has too.
const QUOTES_EMPTY: &str = "UPDATE quotes SET sealed = $3 WHERE (bot_instance_id, id) IN (
       SELECT q.bot_instance_id, q.id FROM quotes q
       WHERE LENGTH(q.sealed) > 0 AND q.expires_at < $1 AND q.state = 'used' ORDER BY q.expires_at LIMIT $2)";
const QUOTES_PURGE: &str = "DELETE FROM quotes WHERE (bot_instance_id, id) IN (
       SELECT q.bot_instance_id, q.id FROM quotes q
       WHERE LENGTH(q.sealed) > 0 AND q.expires_at < $1 AND q.state <> 'used'
         AND NOT EXISTS (SELECT 1 FROM generations g WHERE g.bot_instance_id = q.bot_instance_id AND g.quote_id = q.id)
       ORDER BY q.expires_at LIMIT $2)";

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

    /// Forgets jobs done before `done_before` and jobs given up before `dead_before`. Gives how many.
    pub async fn jobs_purge(
        &mut self,
        done_before: UnixMs,
        dead_before: UnixMs,
        limit: i64,
    ) -> Result<u64, StoreError> {
        Ok(
            on!(self.tx, c => sqlx::query(JOBS_PURGE).bind(done_before.0).bind(dead_before.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?,
        )
    }

    /// Forgets lines of error logs written before `before`. Gives how many.
    pub async fn errors_purge(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(ERRORS_PURGE).bind(before.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?)
    }

    /// Forgets panel links and panel sessions that ended before `before`, at most `limit` of each. Gives how many of both.
    pub async fn panel_purge(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        let mut gone = 0;
        for sql in [LINKS_PURGE, PANEL_SESSIONS_PURGE] {
            gone += on!(self.tx, c => sqlx::query(sql).bind(before.0).bind(limit).execute(c).await
                .map(|d| d.rows_affected()))?;
        }
        Ok(gone)
    }

    /// Forgets what was ordered by offers that became generations and could be confirmed until `before`; who presses such a
    /// message still finds the generation. Gives how many.
    pub async fn quotes_empty(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        let nothing: &[u8] = b"";
        Ok(on!(self.tx, c => sqlx::query(QUOTES_EMPTY).bind(before.0).bind(limit).bind(nothing).execute(c).await
            .map(|d| d.rows_affected()))?)
    }

    /// Forgets offers that became nothing and could be confirmed until `before`. Gives how many.
    pub async fn quotes_purge(&mut self, before: UnixMs, limit: i64) -> Result<u64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query(QUOTES_PURGE).bind(before.0).bind(limit).execute(c).await
            .map(|d| d.rows_affected()))?)
    }
}
