//! Long lists, newest first, a page at a time: what comes after a row is found along an index by that row's own key, so the
//! last page costs as much as the first.

use super::rows::all;
use super::{ErrorRow, GenerationRow, PaymentRow, StoreError, TenantTx, UserRow, on};
use crate::domain::{Corr, GenerationState, PaymentState, UnixMs, UserId};

const USERS_LISTED: &str =
    "SELECT user_id, user_ref, username, first_name, last_name, language_code, language, user_mode, created_at, seen_at,
       previous_seen_at, started_at, unreachable_at, blocked_at,
       (SELECT a.role FROM admins a WHERE a.bot_instance_id = users.bot_instance_id AND a.user_id = users.user_id) AS role
     FROM users WHERE bot_instance_id = $1 AND created_at <= $2 AND (created_at, user_id) < ($2, $3)
     ORDER BY created_at DESC, user_id DESC LIMIT $4";
const GENERATIONS_LISTED: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND created_at <= $2 AND (created_at, id) < ($2, $3)
       AND (CAST($5 AS BIGINT) IS NULL OR user_id = $5) AND (CAST($6 AS TEXT) IS NULL OR state = $6)
     ORDER BY created_at DESC, id DESC LIMIT $4";
const GENERATIONS_OF_CORR: &str = "SELECT bot_instance_id AS tenant, id, user_id, user_ref, chat_id, quote_id,
       model_id, gen_type, sealed, fingerprint, payer, price, units, charged, hold_id, state, cause, callback_hash,
       provider_task_id, provider_credits, submitted_at, accepted_at, finished_at, late_noticed_at, progress_message_id,
       progress_stage, items, corr, created_at, updated_at
     FROM generations WHERE bot_instance_id = $1 AND corr = $2 ORDER BY +created_at, id LIMIT 50";
const PAYMENTS_LISTED: &str = "SELECT id, invoice_id, user_id, user_ref, method, state, amount, stars, charge_id, attempt, media_id,
       file_unique_id, sha256, evidence, flags, decided_by, decided_at, reason, refunds, reminded, confirmed_at, corr, created_at
     FROM payments WHERE bot_instance_id = $1 AND created_at <= $2 AND (created_at, id) < ($2, $3)
       AND (CAST($5 AS BIGINT) IS NULL OR user_id = $5) AND (CAST($6 AS TEXT) IS NULL OR state = $6)
     ORDER BY created_at DESC, id DESC LIMIT $4";
const ERRORS_LISTED: &str = "SELECT id, corr, stage, handler, class, message, update_id, created_at FROM error_log
     WHERE bot_instance_id = $1 AND created_at <= $2 AND (created_at, id) < ($2, $3)
     ORDER BY created_at DESC, id DESC LIMIT $4";

/// After which row a page begins: its time, and what tells rows of one time apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After<T> {
    /// When that row was made.
    pub at: UnixMs,
    /// Its own key.
    pub key: T,
}

impl After<i64> {
    /// Before the first row.
    pub const START: Self = Self { at: UnixMs(i64::MAX), key: i64::MAX };
}

impl After<String> {
    /// Before the first row: no key sorts behind this.
    pub fn start() -> Self {
        Self { at: UnixMs(i64::MAX), key: String::new() }
    }
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<S> {
    /// Of one person only.
    pub user: Option<UserId>,
    /// In one state only.
    pub state: Option<S>,
}

impl TenantTx {
    /// People, the newest first.
    pub async fn users_listed(&mut self, after: &After<i64>, limit: i64) -> Result<Vec<UserRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(USERS_LISTED).bind(self.id.as_str()).bind(after.at.0).bind(after.key)
            .bind(limit).fetch_all(c).await))
    }

    /// Generations, the newest first.
    pub async fn generations_listed(
        &mut self,
        after: &After<String>,
        wanted: Wanted<GenerationState>,
        limit: i64,
    ) -> Result<Vec<GenerationRow>, StoreError> {
        let (user, state) = (wanted.user.map(|user| user.0), wanted.state.map(GenerationState::as_str));
        on!(self.tx, c => all(sqlx::query(GENERATIONS_LISTED).bind(self.id.as_str()).bind(after.at.0).bind(&after.key)
            .bind(limit).bind(user).bind(state).fetch_all(c).await))
    }

    /// The generations of one story.
    pub async fn generations_of_corr(&mut self, corr: &Corr) -> Result<Vec<GenerationRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(GENERATIONS_OF_CORR).bind(self.id.as_str()).bind(corr.as_str()).fetch_all(c)
            .await))
    }

    /// Payments, the newest first.
    pub async fn payments_listed(
        &mut self,
        after: &After<String>,
        wanted: Wanted<PaymentState>,
        limit: i64,
    ) -> Result<Vec<PaymentRow>, StoreError> {
        let (user, state) = (wanted.user.map(|user| user.0), wanted.state.map(PaymentState::as_str));
        on!(self.tx, c => all(sqlx::query(PAYMENTS_LISTED).bind(self.id.as_str()).bind(after.at.0).bind(&after.key)
            .bind(limit).bind(user).bind(state).fetch_all(c).await))
    }

    /// Lines of the error log, the newest first.
    pub async fn errors_listed(&mut self, after: &After<String>, limit: i64) -> Result<Vec<ErrorRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ERRORS_LISTED).bind(self.id.as_str()).bind(after.at.0).bind(&after.key)
            .bind(limit).fetch_all(c).await))
    }
}
