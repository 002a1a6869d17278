//! What the panel lists: newest first, a page at a time. A page begins after a row, found along an index by that row's own key,
//! so that the last page costs as much as the first (platform.md 6). Nothing of a prompt is in these rows.

use super::rows::{all, row};
use super::{ErrorRow, StoreError, TenantTx, on};
use crate::domain::{
    Corr, GenerationId, GenerationState, Money, PayMethod, Payer, PaymentId, PaymentState, UnixMs, UserId,
};

const PEOPLE: &str = "SELECT u.user_id, u.username, u.first_name, u.last_name, u.created_at, u.seen_at, u.blocked_at,
       u.unreachable_at, COALESCE(a.posted, 0) AS posted, COALESCE(a.held, 0) AS held
     FROM users u LEFT JOIN accounts a ON a.bot_instance_id = u.bot_instance_id AND a.id = 'user:' || u.user_ref
     WHERE u.bot_instance_id = $1 AND u.created_at <= $2 AND (u.created_at, u.user_id) < ($2, $3)
     ORDER BY u.created_at DESC, u.user_id DESC LIMIT $4";
const PEOPLE_BLOCKED: &str =
    "SELECT u.user_id, u.username, u.first_name, u.last_name, u.created_at, u.seen_at, u.blocked_at,
       u.unreachable_at, COALESCE(a.posted, 0) AS posted, COALESCE(a.held, 0) AS held
     FROM users u LEFT JOIN accounts a ON a.bot_instance_id = u.bot_instance_id AND a.id = 'user:' || u.user_ref
     WHERE u.bot_instance_id = $1 AND u.blocked_at IS NOT NULL AND (u.created_at, u.user_id) < ($2, $3)
     ORDER BY u.created_at DESC, u.user_id DESC LIMIT $4";
const PEOPLE_LOST: &str =
    "SELECT u.user_id, u.username, u.first_name, u.last_name, u.created_at, u.seen_at, u.blocked_at,
       u.unreachable_at, COALESCE(a.posted, 0) AS posted, COALESCE(a.held, 0) AS held
     FROM users u LEFT JOIN accounts a ON a.bot_instance_id = u.bot_instance_id AND a.id = 'user:' || u.user_ref
     WHERE u.bot_instance_id = $1 AND u.unreachable_at IS NOT NULL AND (u.created_at, u.user_id) < ($2, $3)
     ORDER BY u.created_at DESC, u.user_id DESC LIMIT $4";

/// Each has its person; a LEFT JOIN keeps SQLite from beginning with the people and sorting all they ever made.
const WORKS: &str =
    "SELECT g.id, g.user_id, COALESCE(u.first_name, '') AS first_name, g.model_id, g.payer, g.price, g.charged, g.state,
       g.provider_credits, g.created_at
     FROM generations g LEFT JOIN users u ON u.bot_instance_id = g.bot_instance_id AND u.user_id = g.user_id
     WHERE g.bot_instance_id = $1 AND g.created_at <= $2 AND (g.created_at, g.id) < ($2, $3)
     ORDER BY g.created_at DESC, g.id DESC LIMIT $4";
const WORKS_OF: &str =
    "SELECT g.id, g.user_id, COALESCE(u.first_name, '') AS first_name, g.model_id, g.payer, g.price, g.charged, g.state,
       g.provider_credits, g.created_at
     FROM generations g LEFT JOIN users u ON u.bot_instance_id = g.bot_instance_id AND u.user_id = g.user_id
     WHERE g.bot_instance_id = $1 AND g.user_id = $5 AND g.created_at <= $2 AND (g.created_at, g.id) < ($2, $3)
     ORDER BY g.created_at DESC, g.id DESC LIMIT $4";
const WORKS_BUSY: &str =
    "SELECT g.id, g.user_id, COALESCE(u.first_name, '') AS first_name, g.model_id, g.payer, g.price, g.charged, g.state,
       g.provider_credits, g.created_at
     FROM generations g LEFT JOIN users u ON u.bot_instance_id = g.bot_instance_id AND u.user_id = g.user_id
     WHERE g.bot_instance_id = $1 AND g.state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering')
       AND g.created_at <= $2 AND (g.created_at, g.id) < ($2, $3)
     ORDER BY g.created_at DESC, g.id DESC LIMIT $4";
const WORKS_WAITING: &str =
    "SELECT g.id, g.user_id, COALESCE(u.first_name, '') AS first_name, g.model_id, g.payer, g.price, g.charged, g.state,
       g.provider_credits, g.created_at
     FROM generations g LEFT JOIN users u ON u.bot_instance_id = g.bot_instance_id AND u.user_id = g.user_id
     WHERE g.bot_instance_id = $1 AND g.state = 'undelivered' AND g.created_at <= $2 AND (g.created_at, g.id) < ($2, $3)
     ORDER BY g.created_at DESC, g.id DESC LIMIT $4";
const WORKS_FAILED: &str =
    "SELECT g.id, g.user_id, COALESCE(u.first_name, '') AS first_name, g.model_id, g.payer, g.price, g.charged, g.state,
       g.provider_credits, g.created_at
     FROM generations g LEFT JOIN users u ON u.bot_instance_id = g.bot_instance_id AND u.user_id = g.user_id
     WHERE g.bot_instance_id = $1 AND g.state IN ('failed', 'timed_out') AND g.created_at <= $2
       AND (g.created_at, g.id) < ($2, $3)
     ORDER BY g.created_at DESC, g.id DESC LIMIT $4";

const PAYMENTS: &str =
    "SELECT p.id, p.user_id, COALESCE(u.first_name, '') AS first_name, p.method, p.state, p.amount, p.stars,
       p.flags, p.corr, p.created_at
     FROM payments p LEFT JOIN users u ON u.bot_instance_id = p.bot_instance_id AND u.user_id = p.user_id
     WHERE p.bot_instance_id = $1 AND p.created_at <= $2 AND (p.created_at, p.id) < ($2, $3)
       AND (CAST($5 AS TEXT) IS NULL OR p.state = $5) AND (CAST($6 AS TEXT) IS NULL OR p.method = $6)
     ORDER BY p.created_at DESC, p.id DESC LIMIT $4";
const PAYMENTS_OF: &str =
    "SELECT p.id, p.user_id, COALESCE(u.first_name, '') AS first_name, p.method, p.state, p.amount, p.stars,
       p.flags, p.corr, p.created_at
     FROM payments p LEFT JOIN users u ON u.bot_instance_id = p.bot_instance_id AND u.user_id = p.user_id
     WHERE p.bot_instance_id = $1 AND p.user_id = $2 ORDER BY p.created_at DESC, p.id DESC LIMIT $3";

/// Whose an error was is known by what else has its story: a generation, or what the person was told.
const ERRORS: &str = "SELECT e.id, e.corr, e.stage, e.handler, e.class, e.message, e.update_id, e.created_at
     FROM error_log e
     WHERE e.bot_instance_id = $1 AND e.created_at <= $2 AND (e.created_at, e.id) < ($2, $3) AND e.created_at >= $5
       AND (CAST($6 AS TEXT) IS NULL OR e.class = $6)
       AND (CAST($7 AS BIGINT) IS NULL
         OR EXISTS (SELECT 1 FROM generations g
           WHERE g.bot_instance_id = $1 AND g.corr = e.corr AND g.user_id = CAST($7 AS BIGINT))
         OR EXISTS (SELECT 1 FROM outbox o
           WHERE o.bot_instance_id = $1 AND o.corr = e.corr AND o.chat_id = CAST($7 AS BIGINT)))
     ORDER BY e.created_at DESC, e.id DESC LIMIT $4";
const ERROR_CLASSES: &str = "SELECT class, COUNT(*) AS n, MAX(created_at) FROM error_log
     WHERE bot_instance_id = $1 AND created_at >= $2 GROUP BY class ORDER BY n DESC, class LIMIT 20";

row! {
    /// A person in a list.
    pub struct PersonLine of "users" by "user_id" {
        /// Telegram's id.
        pub user_id: UserId,
        /// Without `@`.
        pub username: Option<String>,
        /// As Telegram shows it.
        pub first_name: String,
        /// As Telegram shows it.
        pub last_name: Option<String>,
        /// When they were first seen.
        pub created_at: UnixMs,
        /// When they were last seen.
        pub seen_at: UnixMs,
        /// Since when they are blocked.
        pub blocked_at: Option<UnixMs>,
        /// Since when nothing can be sent to them.
        pub unreachable_at: Option<UnixMs>,
        /// What their account holds.
        pub posted: Money,
        /// Of it reserved.
        pub held: Money,
    }
}

row! {
    /// A generation in a list.
    pub struct WorkLine of "generations" by "id" {
        /// Its name.
        pub id: GenerationId,
        /// Whose.
        pub user_id: UserId,
        /// The person's first name.
        pub first_name: String,
        /// Which model.
        pub model_id: String,
        /// Who pays.
        pub payer: Payer,
        /// What was quoted.
        pub price: Money,
        /// What was taken.
        pub charged: Money,
        /// Where it stands.
        pub state: GenerationState,
        /// What the provider took, in hundredths of a credit.
        pub provider_credits: Option<i64>,
        /// When it was confirmed.
        pub created_at: UnixMs,
    }
}

row! {
    /// A payment in a list.
    pub struct PaymentLine of "payments" by "id" {
        /// Its name.
        pub id: PaymentId,
        /// Who paid; 0 for somebody who was erased.
        pub user_id: UserId,
        /// Their first name; empty for somebody who was erased.
        pub first_name: String,
        /// How.
        pub method: PayMethod,
        /// Where it stands.
        pub state: PaymentState,
        /// What is or would be credited.
        pub amount: Money,
        /// Stars paid.
        pub stars: Option<i64>,
        /// What a reviewer should know.
        pub flags: String,
        /// The story it belongs to.
        pub corr: Corr,
        /// When it was recorded.
        pub created_at: UnixMs,
    }
}

/// Which people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeopleKind {
    /// Everybody.
    All,
    /// Blocked by an admin.
    Blocked,
    /// Nothing can be sent to them.
    Lost,
}

/// Which generations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkKind {
    /// Every one.
    All,
    /// At work.
    Busy,
    /// Made and not delivered.
    Waiting,
    /// Ended without a result.
    Failed,
    /// Of one person.
    Of(UserId),
}

impl TenantTx {
    /// People who came before `(at, id)`, newest first.
    pub async fn people_page(
        &mut self,
        kind: PeopleKind,
        before: (UnixMs, i64),
        limit: i64,
    ) -> Result<Vec<PersonLine>, StoreError> {
        let sql = match kind {
            PeopleKind::All => PEOPLE,
            PeopleKind::Blocked => PEOPLE_BLOCKED,
            PeopleKind::Lost => PEOPLE_LOST,
        };
        on!(self.tx, c => all(sqlx::query(sql).bind(self.id.as_str()).bind(before.0.0).bind(before.1).bind(limit)
            .fetch_all(c).await))
    }

    /// Generations that were confirmed before `(at, id)`, newest first.
    pub async fn works_page(
        &mut self,
        kind: WorkKind,
        before: (UnixMs, &str),
        limit: i64,
    ) -> Result<Vec<WorkLine>, StoreError> {
        let sql = match kind {
            WorkKind::All => WORKS,
            WorkKind::Busy => WORKS_BUSY,
            WorkKind::Waiting => WORKS_WAITING,
            WorkKind::Failed => WORKS_FAILED,
            WorkKind::Of(user) => {
                return on!(self.tx, c => all(sqlx::query(WORKS_OF).bind(self.id.as_str()).bind(before.0.0)
                    .bind(before.1).bind(limit).bind(user.0).fetch_all(c).await));
            }
        };
        on!(self.tx, c => all(sqlx::query(sql).bind(self.id.as_str()).bind(before.0.0).bind(before.1).bind(limit)
            .fetch_all(c).await))
    }

    /// Payments that were recorded before `(at, id)`, newest first; in one state and by one method, where named.
    pub async fn payments_page(
        &mut self,
        wanted: (Option<PaymentState>, Option<PayMethod>),
        before: (UnixMs, &str),
        limit: i64,
    ) -> Result<Vec<PaymentLine>, StoreError> {
        let (state, method) = (wanted.0.map(PaymentState::as_str), wanted.1.map(PayMethod::as_str));
        on!(self.tx, c => all(sqlx::query(PAYMENTS).bind(self.id.as_str()).bind(before.0.0).bind(before.1).bind(limit)
            .bind(state).bind(method).fetch_all(c).await))
    }

    /// A person's payments, newest first.
    pub async fn payments_of(&mut self, user: UserId, limit: i64) -> Result<Vec<PaymentLine>, StoreError> {
        on!(self.tx, c => all(sqlx::query(PAYMENTS_OF).bind(self.id.as_str()).bind(user.0).bind(limit).fetch_all(c)
            .await))
    }

    /// Lines of the error log before `(at, id)` and not before `since`, newest first; of one class and of one person, where
    /// named.
    pub async fn errors_page(
        &mut self,
        (class, user): (Option<&str>, Option<UserId>),
        since: UnixMs,
        before: (UnixMs, &str),
        limit: i64,
    ) -> Result<Vec<ErrorRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(ERRORS).bind(self.id.as_str()).bind(before.0.0).bind(before.1).bind(limit)
            .bind(since.0).bind(class).bind(user.map(|user| user.0)).fetch_all(c).await))
    }

    /// The classes of errors since a moment with how often and when last each came, the most frequent first.
    pub async fn error_classes(&mut self, since: UnixMs) -> Result<Vec<(String, i64, UnixMs)>, StoreError> {
        let rows: Vec<(String, i64, i64)> = on!(self.tx, c => sqlx::query_as(ERROR_CLASSES).bind(self.id.as_str())
            .bind(since.0).fetch_all(c).await)?;
        Ok(rows.into_iter().map(|(class, n, last)| (class, n, UnixMs(last))).collect())
    }
}
