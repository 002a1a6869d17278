//! A tenant's error log: what went wrong, under a correlation id, without a word a user wrote (platform.md 5).

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{Corr, ErrorId, UnixMs, UpdateId};

const ERROR_PUT: &str = "INSERT INTO error_log (bot_instance_id, id, corr, stage, handler, class, message, update_id,
       created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const ERRORS_LAST: &str = "SELECT id, corr, stage, handler, class, message, update_id, created_at FROM error_log
     WHERE bot_instance_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
const ERRORS_OF_CORR: &str = "SELECT id, corr, stage, handler, class, message, update_id, created_at FROM error_log
     WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id";

/// Something that went wrong.
#[derive(Debug, Clone, Copy)]
pub struct ErrorEntry<'a> {
    /// The story it belongs to.
    pub corr: &'a Corr,
    /// Where in the way of an update or a job: a word.
    pub stage: &'a str,
    /// Which screen, command or job.
    pub handler: &'a str,
    /// What kind, as [`StoreError::class`] and its like say it.
    pub class: &'a str,
    /// In words, without anything a user wrote.
    pub message: &'a str,
    /// The update that was handled.
    pub update_id: Option<UpdateId>,
}

row! {
    /// A line of the error log.
    pub struct ErrorRow of "error_log" by "id" {
        /// Its name.
        pub id: ErrorId,
        /// The story it belongs to.
        pub corr: Corr,
        /// Where in the way of an update or a job.
        pub stage: String,
        /// Which screen, command or job.
        pub handler: String,
        /// What kind.
        pub class: String,
        /// In words.
        pub message: String,
        /// The update that was handled.
        pub update_id: Option<UpdateId>,
        /// When.
        pub created_at: UnixMs,
    }
}

impl TenantTx {
    /// Writes a line. Not in the transaction that failed: that one is rolled back.
    pub async fn error_put(&mut self, entry: &ErrorEntry<'_>, now: UnixMs) -> Result<ErrorId, StoreError> {
        let id = ErrorId::next(now);
        on!(self.tx, c => sqlx::query(ERROR_PUT).bind(self.id.as_str()).bind(id.as_str()).bind(entry.corr.as_str())
            .bind(entry.stage).bind(entry.handler).bind(entry.class).bind(entry.message)
            .bind(entry.update_id.map(|u| u.0)).bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(id)
    }

    /// The last `n` lines, newest first.
    pub async fn errors_last(&mut self, n: i64) -> Result<Vec<ErrorRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ERRORS_LAST).bind(self.id.as_str()).bind(n).fetch_all(c).await))
    }

    /// Everything that went wrong in one story, oldest first.
    pub async fn errors_of_corr(&mut self, corr: &Corr) -> Result<Vec<ErrorRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ERRORS_OF_CORR).bind(self.id.as_str()).bind(corr.as_str()).fetch_all(c).await))
    }
}
