//! People as admins look for them: by name, and as a list, newest first (bot.md 14.3).

use super::rows::{all, maybe};
use super::{StoreError, TenantTx, UserRow, on};

/// Names at Telegram are ASCII, so both databases fold them alike.
const USER_BY_NAME: &str =
    "SELECT user_id, user_ref, username, first_name, last_name, language_code, language, user_mode, created_at, seen_at,
       previous_seen_at, started_at, unreachable_at, blocked_at,
       (SELECT a.role FROM admins a WHERE a.bot_instance_id = users.bot_instance_id AND a.user_id = users.user_id) AS role
     FROM users WHERE bot_instance_id = $1 AND lower(username) = lower($2) ORDER BY seen_at DESC LIMIT 1";
const USERS_PAGE: &str =
    "SELECT user_id, user_ref, username, first_name, last_name, language_code, language, user_mode, created_at, seen_at,
       previous_seen_at, started_at, unreachable_at, blocked_at,
       (SELECT a.role FROM admins a WHERE a.bot_instance_id = users.bot_instance_id AND a.user_id = users.user_id) AS role
     FROM users WHERE bot_instance_id = $1 ORDER BY created_at DESC, user_id DESC LIMIT $2 OFFSET $3";

impl TenantTx {
    /// A person by `username`, without `@`, in any case; of two that had it the one seen last.
    pub async fn user_by_name(&mut self, username: &str) -> Result<Option<UserRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(USER_BY_NAME).bind(self.id.as_str()).bind(username).fetch_optional(c).await))
    }

    /// `limit` people after the first `skip`, newest first.
    pub async fn users_page(&mut self, limit: i64, skip: i64) -> Result<Vec<UserRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(USERS_PAGE).bind(self.id.as_str()).bind(limit).bind(skip).fetch_all(c).await))
    }
}
