//! A person is forgotten (platform.md 7): the request, then every row that names them. What the ledger and the free quota
//! keep is under a random name whose mapping goes with the person's row.
//!
//! Whoever makes a table that names a person adds a statement here: tests/it/store/erasure.rs looks for what is left.

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{ChatId, Corr, MediaId, Money, UnixMs, UserId, UserRef};

const ERASURE_REQUEST: &str = "INSERT INTO erasures (bot_instance_id, user_id, corr, requested_at)
     VALUES ($1, $2, $3, $4) ON CONFLICT (bot_instance_id, user_id) DO NOTHING";
const ERASURE_IS_REQUESTED: &str = "SELECT COUNT(*) FROM erasures WHERE bot_instance_id = $1 AND user_id = $2";
const ERASURE_OF: &str = "SELECT user_id FROM erasures WHERE bot_instance_id = $1 AND corr = $2";
/// Confirmed and not ended, or with money still reserved: undelivered results wait for a day.
const ERASURE_WAITS: &str = "SELECT COUNT(*) FROM (
       SELECT id FROM generations WHERE bot_instance_id = $1 AND user_id = $2
         AND state IN ('created', 'submitting', 'orphan', 'queued', 'running', 'delivering', 'undelivered')
       UNION ALL SELECT id FROM payments WHERE bot_instance_id = $1 AND user_id = $2
         AND state IN ('waiting', 'review', 'refunding')) w";
const ERASURE_RESULTS: &str = "SELECT DISTINCT i.media_id FROM generation_items i
     JOIN generations g ON g.bot_instance_id = i.bot_instance_id AND g.id = i.generation_id
     WHERE i.bot_instance_id = $1 AND g.user_id = $2 AND i.media_id IS NOT NULL
     UNION SELECT p.media_id FROM payments p WHERE p.bot_instance_id = $1 AND p.user_id = $2 AND p.media_id IS NOT NULL";
const ERASURE_ORDERS: &str = "SELECT sealed FROM quotes WHERE bot_instance_id = $1 AND user_id = $2";

const ERASE_ITEMS: &str = "DELETE FROM generation_items WHERE bot_instance_id = $1 AND generation_id IN (
       SELECT g.id FROM generations g WHERE g.bot_instance_id = $1 AND g.user_id = $2)";
const ERASE_GENERATIONS: &str = "DELETE FROM generations WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_QUOTES: &str = "DELETE FROM quotes WHERE bot_instance_id = $1 AND user_id = $2";
/// Money's own rows stay, without the person.
const ERASE_INVOICES: &str = "UPDATE invoices SET user_id = 0,
       state = CASE WHEN state = 'open' THEN 'closed' ELSE state END WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_PAYMENTS: &str = "UPDATE payments SET user_id = 0, media_id = NULL, file_unique_id = NULL, evidence = NULL
     WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_REVIEW_COPIES: &str = "DELETE FROM review_copies WHERE bot_instance_id = $1 AND chat_id = $2";
/// What shows a credit goes before the credit; a chat with a person has the person's number.
const ERASE_CREDIT_COPIES: &str =
    "DELETE FROM credit_copies WHERE bot_instance_id = $1 AND (chat_id = $2 OR credit_id IN (
       SELECT m.id FROM manual_credits m WHERE m.bot_instance_id = $1 AND m.user_id = $2))";
const ERASE_CREDITS: &str = "DELETE FROM manual_credits WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_VIEWER: &str = "DELETE FROM panel_viewers WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_TALK: &str = "DELETE FROM admin_talks WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_SESSION: &str = "DELETE FROM sessions WHERE bot_instance_id = $1 AND user_id = $2";
/// What was done for the person: payloads name them. The present job is running and says nothing.
const ERASE_JOBS: &str = "DELETE FROM jobs WHERE bot_instance_id = $1 AND state IN ('done', 'dead') AND corr IN (
       SELECT o.corr FROM outbox o WHERE o.bot_instance_id = $1 AND o.chat_id = $2)";
const ERASE_OUTBOX: &str = "DELETE FROM outbox WHERE bot_instance_id = $1 AND chat_id = $2";
const ERASE_RECIPIENT: &str = "DELETE FROM broadcast_recipients WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_BROADCAST_DRAFTS: &str =
    "DELETE FROM broadcasts WHERE bot_instance_id = $1 AND admin_id = $2 AND state = 'draft'";
/// What an admin has sent stays counted, without them; what they are sending ends, for it is copied from their chat.
const ERASE_BROADCASTS: &str =
    "UPDATE broadcasts SET admin_id = 0, source_chat = 0, draft_sealed = NULL, progress_chat = NULL,
       progress_message = NULL, state = CASE WHEN state = 'done' THEN 'done' ELSE 'stopped' END,
       finished_at = COALESCE(finished_at, (SELECT ms FROM db_clock)), lease_until = NULL
     WHERE bot_instance_id = $1 AND admin_id = $2";
const ERASE_REQUEST: &str = "DELETE FROM erasures WHERE bot_instance_id = $1 AND user_id = $2";
const ERASE_USER: &str = "DELETE FROM users WHERE bot_instance_id = $1 AND user_id = $2";

const ERASED_MARK_PUT: &str = "INSERT INTO erased_marks (bot_instance_id, mark, day, day_used, gift, erased_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (bot_instance_id, mark) DO UPDATE SET day = excluded.day,
       day_used = excluded.day_used, gift = excluded.gift, erased_at = excluded.erased_at";
const ERASED_MARK_GET: &str = "SELECT mark, day, day_used, gift, erased_at FROM erased_marks
     WHERE bot_instance_id = $1 AND mark = $2";
const ERASED_DAY_CARRY: &str = "INSERT INTO free_days (bot_instance_id, user_ref, day, used, reserved)
     VALUES ($1, $2, $3, $4, 0) ON CONFLICT (bot_instance_id, user_ref, day) DO NOTHING";

row! {
    /// What is known of an erased person, so that what is given once is not given again.
    pub struct ErasedMark of "erased_marks" by "mark" {
        /// A keyed hash of tenant and Telegram id.
        pub mark: String,
        /// The day of the erasure in the tenant's zone.
        pub day: String,
        /// Free generations used on that day.
        pub day_used: i64,
        /// What the gift wheel gave.
        pub gift: Option<Money>,
        /// When.
        pub erased_at: UnixMs,
    }
}

impl TenantTx {
    /// Keeps the mark of a person who is being erased; a later one takes its place.
    pub async fn erased_mark_put(&mut self, new: &ErasedMark) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(ERASED_MARK_PUT).bind(self.id.as_str()).bind(&new.mark).bind(&new.day)
            .bind(new.day_used).bind(new.gift.map(Money::as_kopecks)).bind(new.erased_at.0).execute(c).await
            .map(|_| ()))?;
        Ok(())
    }

    /// The mark of an erased person.
    pub async fn erased_mark_get(&mut self, mark: &str) -> Result<Option<ErasedMark>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(ERASED_MARK_GET).bind(self.id.as_str()).bind(mark).fetch_optional(c).await))
    }

    /// Free generations of a day that a person used before they were erased stay used.
    pub async fn erased_day_carry(&mut self, user: &UserRef, day: &str, units: i64) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(ERASED_DAY_CARRY).bind(self.id.as_str()).bind(user.as_str()).bind(day).bind(units)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Records a person's wish to be forgotten. `false`: it is recorded already.
    pub async fn erasure_request(&mut self, user: UserId, corr: &Corr, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(ERASURE_REQUEST).bind(self.id.as_str()).bind(user.0).bind(corr.as_str())
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Whether a person's wish is recorded and not done yet.
    pub async fn erasure_is_requested(&mut self, user: UserId) -> Result<bool, StoreError> {
        let n: i64 = on!(self.tx, c => sqlx::query_scalar(ERASURE_IS_REQUESTED).bind(self.id.as_str()).bind(user.0)
            .fetch_one(c).await)?;
        Ok(n > 0)
    }

    /// Whose wish a correlation id names; `None` once it is done.
    pub async fn erasure_of(&mut self, corr: &Corr) -> Result<Option<UserId>, StoreError> {
        let user: Option<i64> = on!(self.tx, c => sqlx::query_scalar(ERASURE_OF).bind(self.id.as_str())
            .bind(corr.as_str()).fetch_optional(c).await)?;
        Ok(user.map(UserId))
    }

    /// How many generations of a person are in work or have money reserved: until there is none, nobody is erased.
    pub async fn erasure_waits_for(&mut self, user: UserId) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(ERASURE_WAITS).bind(self.id.as_str()).bind(user.0).fetch_one(c).await)?)
    }

    /// The files that a person was sent as results and that are kept.
    pub async fn erasure_results(&mut self, user: UserId) -> Result<Vec<MediaId>, StoreError> {
        let ids: Vec<String> = on!(self.tx, c => sqlx::query_scalar(ERASURE_RESULTS).bind(self.id.as_str())
            .bind(user.0).fetch_all(c).await)?;
        ids.iter()
            .map(|id| MediaId::parse(id).map_err(|_| StoreError::corrupt("generation_items", "media_id", id)))
            .collect()
    }

    /// What a person was offered, sealed: their uploads are named there.
    pub async fn erasure_orders(&mut self, user: UserId) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(
            on!(self.tx, c => sqlx::query_scalar(ERASURE_ORDERS).bind(self.id.as_str()).bind(user.0).fetch_all(c).await)?,
        )
    }

    /// Deletes every row that names a person, the person's own last. `false`: there is no such person. The files must be
    /// gone before: their names are forgotten here.
    pub async fn erasure_finish(&mut self, user: UserId) -> Result<bool, StoreError> {
        let chat = ChatId::from(user);
        let of_person = [
            ERASE_ITEMS,
            ERASE_GENERATIONS,
            ERASE_QUOTES,
            ERASE_INVOICES,
            ERASE_PAYMENTS,
            ERASE_CREDIT_COPIES,
            ERASE_CREDITS,
            ERASE_VIEWER,
            ERASE_TALK,
            ERASE_SESSION,
            ERASE_RECIPIENT,
            ERASE_BROADCAST_DRAFTS,
            ERASE_BROADCASTS,
            ERASE_REQUEST,
        ];
        for sql in of_person {
            on!(self.tx, c => sqlx::query(sql).bind(self.id.as_str()).bind(user.0).execute(c).await.map(|_| ()))?;
        }
        for sql in [ERASE_JOBS, ERASE_OUTBOX, ERASE_REVIEW_COPIES] {
            on!(self.tx, c => sqlx::query(sql).bind(self.id.as_str()).bind(chat.0).execute(c).await.map(|_| ()))?;
        }
        let gone = on!(self.tx, c => sqlx::query(ERASE_USER).bind(self.id.as_str()).bind(user.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(gone == 1)
    }
}
