//! What the last look at Telegram found of a bot, and what its admins were told (platform.md 3, "Watch").

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const WATCH_GET: &str = "SELECT checked_at, url, pending, last_error, last_error_at, trouble, trouble_at, told, set_at
     FROM watches WHERE bot_instance_id = $1";
const WATCH_PUT: &str =
    "INSERT INTO watches (bot_instance_id, checked_at, url, pending, last_error, last_error_at, trouble, trouble_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN CAST($7 AS TEXT) IS NULL THEN NULL ELSE CAST($2 AS BIGINT) END)
     ON CONFLICT (bot_instance_id) DO UPDATE SET checked_at = excluded.checked_at,
       url = COALESCE(excluded.url, watches.url), pending = COALESCE(excluded.pending, watches.pending),
       last_error = excluded.last_error, last_error_at = excluded.last_error_at,
       trouble_at = CASE WHEN excluded.trouble IS NULL THEN NULL WHEN watches.trouble = excluded.trouble THEN watches.trouble_at
         ELSE excluded.trouble_at END,
       told = CASE WHEN excluded.trouble IS NULL OR watches.told <> excluded.trouble THEN NULL ELSE watches.told END,
       trouble = excluded.trouble";
const WATCH_TELL: &str = "UPDATE watches SET told = $2
     WHERE bot_instance_id = $1 AND trouble = $2 AND (told IS NULL OR told <> $2)";
const WATCH_SET: &str = "UPDATE watches SET set_at = $2 WHERE bot_instance_id = $1 AND COALESCE(set_at, 0) <= $3";
const CONNECTION_GET: &str =
    "SELECT bot_username, token_checked_at, token_error, webhook_url, webhook_checked_at, webhook_error
     FROM tenants WHERE bot_instance_id = $1";

const WATCH_EVENT_PUT: &str = "INSERT INTO watch_events (bot_instance_id, at, trouble, pending, error)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (bot_instance_id, at) DO UPDATE SET trouble = excluded.trouble,
       pending = excluded.pending, error = excluded.error";
const WATCH_EVENTS_FORGET: &str =
    "DELETE FROM watch_events WHERE bot_instance_id = $1 AND at < COALESCE((SELECT n.at FROM watch_events n
       WHERE n.bot_instance_id = $1 ORDER BY n.at DESC LIMIT 1 OFFSET $2), 0)";
const WATCH_EVENTS: &str = "SELECT at, trouble, pending, error FROM watch_events
     WHERE bot_instance_id = $1 ORDER BY at DESC LIMIT $2";
const UPDATE_LAST: &str = "SELECT received_at FROM updates WHERE bot_instance_id = $1 ORDER BY update_id DESC LIMIT 1";
const OUTBOX_DUE: &str =
    "SELECT COUNT(*), MIN(run_at) FROM outbox WHERE bot_instance_id = $1 AND state = 'queued' AND run_at <= $2";
/// Changes that a tenant keeps.
const KEPT: i64 = 50;

row! {
    /// What a look found when it was not what the look before had found.
    pub struct WatchEventRow of "watch_events" by "at" {
        /// When.
        pub at: UnixMs,
        /// What was wrong from then on: a requirement's code; `None`: nothing.
        pub trouble: Option<String>,
        /// Updates that waited.
        pub pending: Option<i64>,
        /// Telegram's failure to deliver, in its words.
        pub error: Option<String>,
    }
}

row! {
    /// What the last look found.
    pub struct WatchRow of "watches" by "checked_at" {
        /// When that was.
        pub checked_at: UnixMs,
        /// Where Telegram delivers, by its own word; empty: nowhere.
        pub url: Option<String>,
        /// Updates that wait there.
        pub pending: Option<i64>,
        /// Telegram's last failure to deliver, in its words.
        pub last_error: Option<String>,
        /// When that was.
        pub last_error_at: Option<UnixMs>,
        /// What is wrong: a requirement's code.
        pub trouble: Option<String>,
        /// Since when.
        pub trouble_at: Option<UnixMs>,
        /// The trouble that admins were told of.
        pub told: Option<String>,
        /// When the webhook was set again last.
        pub set_at: Option<UnixMs>,
    }
}

row! {
    /// What connecting the bot found last.
    pub struct ConnectionRow of "tenants" by "bot_username" {
        /// Without `@`, once known.
        pub bot_username: Option<String>,
        /// When the token was checked.
        pub token_checked_at: Option<UnixMs>,
        /// What is wrong with it.
        pub token_error: Option<String>,
        /// Where Telegram delivers; empty: updates are fetched.
        pub webhook_url: Option<String>,
        /// When that was checked.
        pub webhook_checked_at: Option<UnixMs>,
        /// What is wrong with it.
        pub webhook_error: Option<String>,
    }
}

/// What a look found; `None` keeps what was known.
#[derive(Debug, Clone, Copy, Default)]
pub struct WatchFound<'a> {
    /// Where Telegram delivers.
    pub url: Option<&'a str>,
    /// Updates that wait there.
    pub pending: Option<i64>,
    /// Telegram's last failure to deliver.
    pub last_error: Option<&'a str>,
    /// When that was.
    pub last_error_at: Option<UnixMs>,
    /// What is wrong: a requirement's code; `None`: nothing.
    pub trouble: Option<&'a str>,
}

impl TenantTx {
    /// What the last look found; `None`: there was none.
    pub async fn watch_get(&mut self) -> Result<Option<WatchRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(WATCH_GET).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// Keeps what a look found. A trouble that goes on keeps its beginning and who was told.
    pub async fn watch_put(&mut self, found: &WatchFound<'_>, now: UnixMs) -> Result<(), StoreError> {
        let before = self.watch_get().await?;
        on!(self.tx, c => sqlx::query(WATCH_PUT).bind(self.id.as_str()).bind(now.0).bind(found.url).bind(found.pending)
            .bind(found.last_error).bind(found.last_error_at.map(|at| at.0)).bind(found.trouble).execute(c).await
            .map(|_| ()))?;
        let failed = |row: &WatchRow| found.last_error_at.is_some() && row.last_error_at != found.last_error_at;
        let news = before.is_none_or(|row| row.trouble.as_deref() != found.trouble || failed(&row));
        if news { self.watch_event_put(found, now).await } else { Ok(()) }
    }

    async fn watch_event_put(&mut self, found: &WatchFound<'_>, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(WATCH_EVENT_PUT).bind(self.id.as_str()).bind(now.0).bind(found.trouble)
            .bind(found.pending).bind(found.last_error).execute(c).await.map(|_| ()))?;
        on!(self.tx, c => sqlx::query(WATCH_EVENTS_FORGET).bind(self.id.as_str()).bind(KEPT - 1).execute(c).await
            .map(|_| ()))?;
        Ok(())
    }

    /// The last `n` changes of what looks found, newest first.
    pub async fn watch_events(&mut self, n: i64) -> Result<Vec<WatchEventRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(WATCH_EVENTS).bind(self.id.as_str()).bind(n).fetch_all(c).await))
    }

    /// When the last update came that is still known.
    pub async fn update_last_at(&mut self) -> Result<Option<UnixMs>, StoreError> {
        let at: Option<i64> = on!(self.tx, c => sqlx::query_scalar(UPDATE_LAST).bind(self.id.as_str())
            .fetch_optional(c).await)?;
        Ok(at.map(UnixMs))
    }

    /// Messages that should have been sent by now and wait, and since when the oldest of them does.
    pub async fn outbox_due(&mut self, now: UnixMs) -> Result<(i64, Option<UnixMs>), StoreError> {
        let (count, oldest): (i64, Option<i64>) = on!(self.tx, c => sqlx::query_as(OUTBOX_DUE).bind(self.id.as_str())
            .bind(now.0).fetch_one(c).await)?;
        Ok((count, oldest.map(UnixMs)))
    }

    /// Notes that admins are told of this trouble. `false`: they know it, or it is over.
    pub async fn watch_tell(&mut self, trouble: &str) -> Result<bool, StoreError> {
        let told = on!(self.tx, c => sqlx::query(WATCH_TELL).bind(self.id.as_str()).bind(trouble).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(told == 1)
    }

    /// Notes that the webhook is set again now. `false`: that was done after `not_since`, so not yet.
    pub async fn watch_set(&mut self, now: UnixMs, not_since: UnixMs) -> Result<bool, StoreError> {
        let set = on!(self.tx, c => sqlx::query(WATCH_SET).bind(self.id.as_str()).bind(now.0).bind(not_since.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(set == 1)
    }

    /// What connecting the bot found last.
    pub async fn connection_get(&mut self) -> Result<Option<ConnectionRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(CONNECTION_GET).bind(self.id.as_str()).fetch_optional(c).await))
    }
}
