//! People of a tenant: who they are, when they were last seen, whether they can be reached (bot.md 2.1, row 5).

use super::rows::{maybe, one, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{AdminRole, Language, UnixMs, UserId, UserRef};

const USER_SEEN: &str = "INSERT INTO users (bot_instance_id, user_id, user_ref, username, first_name, last_name, language_code,
       user_mode, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, $8)
     ON CONFLICT (bot_instance_id, user_id) DO UPDATE SET username = excluded.username, first_name = excluded.first_name,
       last_name = excluded.last_name, language_code = excluded.language_code, unreachable_at = NULL,
       previous_seen_at = users.seen_at, seen_at = excluded.seen_at
     RETURNING user_id, user_ref, username, first_name, last_name, language_code, language, user_mode, created_at, seen_at,
       previous_seen_at, started_at, unreachable_at, blocked_at,
       (SELECT a.role FROM admins a WHERE a.bot_instance_id = users.bot_instance_id AND a.user_id = users.user_id) AS role";
const USER_GET: &str =
    "SELECT user_id, user_ref, username, first_name, last_name, language_code, language, user_mode, created_at, seen_at,
       previous_seen_at, started_at, unreachable_at, blocked_at,
       (SELECT a.role FROM admins a WHERE a.bot_instance_id = users.bot_instance_id AND a.user_id = users.user_id) AS role
     FROM users WHERE bot_instance_id = $1 AND user_id = $2";
const USER_BY_REF: &str =
    "SELECT user_id, user_ref, username, first_name, last_name, language_code, language, user_mode, created_at, seen_at,
       previous_seen_at, started_at, unreachable_at, blocked_at,
       (SELECT a.role FROM admins a WHERE a.bot_instance_id = users.bot_instance_id AND a.user_id = users.user_id) AS role
     FROM users WHERE bot_instance_id = $1 AND user_ref = $2";
const USER_SET_LANGUAGE: &str = "UPDATE users SET language = $3 WHERE bot_instance_id = $1 AND user_id = $2";
const USER_SET_MODE: &str = "UPDATE users SET user_mode = $3 WHERE bot_instance_id = $1 AND user_id = $2";
const USER_BLOCK: &str =
    "UPDATE users SET blocked_at = $3 WHERE bot_instance_id = $1 AND user_id = $2 AND blocked_at IS NULL";
const USER_UNBLOCK: &str =
    "UPDATE users SET blocked_at = NULL WHERE bot_instance_id = $1 AND user_id = $2 AND blocked_at IS NOT NULL";
const USER_STARTED: &str =
    "UPDATE users SET started_at = $3 WHERE bot_instance_id = $1 AND user_id = $2 AND started_at IS NULL";
const USER_UNREACHABLE: &str =
    "UPDATE users SET unreachable_at = $3 WHERE bot_instance_id = $1 AND user_id = $2 AND unreachable_at IS NULL";
const USERS_COUNT: &str = "SELECT COUNT(*) FROM users WHERE bot_instance_id = $1";

/// What an update says of its sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Telegram's id.
    pub user_id: UserId,
    /// Without `@`.
    pub username: Option<&'a str>,
    /// As Telegram shows it; may be empty.
    pub first_name: &'a str,
    /// As Telegram shows it.
    pub last_name: Option<&'a str>,
    /// The Telegram app's language, `ru`, `pt-br`.
    pub language_code: Option<&'a str>,
}

row! {
    /// A person of a tenant.
    pub struct UserRow of "users" by "user_id" {
        /// Telegram's id.
        pub user_id: UserId,
        /// The name in the ledger: random (decisions.md 10).
        pub user_ref: UserRef,
        /// Without `@`.
        pub username: Option<String>,
        /// As Telegram shows it; may be empty.
        pub first_name: String,
        /// As Telegram shows it.
        pub last_name: Option<String>,
        /// The Telegram app's language.
        pub language_code: Option<String>,
        /// What the person chose; `None` until then.
        pub language: Option<Language>,
        /// An admin who wants to see the bot as people do.
        pub user_mode: bool,
        /// When the person was first seen.
        pub created_at: UnixMs,
        /// When the person was last seen.
        pub seen_at: UnixMs,
        /// When the person was seen before that; `None` the first time.
        pub previous_seen_at: Option<UnixMs>,
        /// When the person first pressed /start.
        pub started_at: Option<UnixMs>,
        /// Since when nothing can be sent to the person (403).
        pub unreachable_at: Option<UnixMs>,
        /// Since when an admin blocks the person.
        pub blocked_at: Option<UnixMs>,
        /// What the person may do here, as of the moment this was read.
        pub role: Option<AdminRole>,
    }
}

impl UserRow {
    /// Whether [`TenantTx::user_seen`] has just made this row.
    pub fn is_new(&self) -> bool {
        self.previous_seen_at.is_none()
    }
}

impl TenantTx {
    /// Creates or refreshes a person and clears the unreachable mark, in one statement. The row says whether the person is
    /// new and when it was seen before, so that newcomers and the day's active people are counted once each.
    pub async fn user_seen(&mut self, seen: &Seen<'_>, now: UnixMs) -> Result<UserRow, StoreError> {
        let new_ref = UserRef::random();
        on!(self.tx, c => one(sqlx::query(USER_SEEN).bind(self.id.as_str()).bind(seen.user_id.0).bind(new_ref.as_str())
            .bind(seen.username).bind(seen.first_name).bind(seen.last_name).bind(seen.language_code).bind(now.0)
            .fetch_one(c).await))
    }

    /// A person by Telegram's id.
    pub async fn user_get(&mut self, user: UserId) -> Result<Option<UserRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(USER_GET).bind(self.id.as_str()).bind(user.0).fetch_optional(c).await))
    }

    /// A person by the ledger's name.
    pub async fn user_by_ref(&mut self, user: &UserRef) -> Result<Option<UserRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(USER_BY_REF).bind(self.id.as_str()).bind(user.as_str()).fetch_optional(c).await))
    }

    /// Keeps the chosen language. `false`: no such person.
    pub async fn user_set_language(&mut self, user: UserId, language: Language) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(USER_SET_LANGUAGE).bind(self.id.as_str()).bind(user.0)
            .bind(language.code()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Whether an admin sees the bot as people do. `false`: no such person.
    pub async fn user_set_mode(&mut self, user: UserId, user_mode: bool) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(USER_SET_MODE).bind(self.id.as_str()).bind(user.0).bind(user_mode)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Blocks a person. `false`: no such person, or blocked before.
    pub async fn user_block(&mut self, user: UserId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(USER_BLOCK).bind(self.id.as_str()).bind(user.0).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Lets a person in again. `false`: no such person, or not blocked.
    pub async fn user_unblock(&mut self, user: UserId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(USER_UNBLOCK).bind(self.id.as_str()).bind(user.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes the first /start. `true` only that once.
    pub async fn user_started(&mut self, user: UserId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(USER_STARTED).bind(self.id.as_str()).bind(user.0).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that nothing can be sent to the person any more. `true` when that is news.
    pub async fn user_unreachable(&mut self, user: UserId, at: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(USER_UNREACHABLE).bind(self.id.as_str()).bind(user.0).bind(at.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// How many people the tenant has.
    pub async fn users_count(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(USERS_COUNT).bind(self.id.as_str()).fetch_one(c).await)?)
    }
}
