//! Promo codes of a tenant and what became of them (bot.md 12.4).

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{Money, PromoCode, PromoId, PromoKind, PromoTerms, PromoWorth, UnixMs, UserId, UserRef};

const PROMO_INSERT: &str =
    "INSERT INTO promo_codes (bot_instance_id, id, code, kind, worth, total, per_user, used, created_by, created_at,
       expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10) ON CONFLICT (bot_instance_id, code) DO NOTHING";
const PROMO_GET: &str = "SELECT id, code, kind, worth, total, per_user, used, created_at, expires_at, off_at
     FROM promo_codes WHERE bot_instance_id = $1 AND id = $2";
const PROMO_BY_CODE: &str = "SELECT id, code, kind, worth, total, per_user, used, created_at, expires_at, off_at
     FROM promo_codes WHERE bot_instance_id = $1 AND code = $2";
const PROMOS_NEWEST: &str = "SELECT id, code, kind, worth, total, per_user, used, created_at, expires_at, off_at
     FROM promo_codes WHERE bot_instance_id = $1 ORDER BY created_at DESC, id LIMIT $2";
const PROMO_OFF: &str = "UPDATE promo_codes SET off_at = $3
     WHERE bot_instance_id = $1 AND id = $2 AND off_at IS NULL";
/// The count and its conditions in one statement: however many redeem at once, `total` of them pass.
const PROMO_COUNT: &str = "UPDATE promo_codes SET used = used + 1
     WHERE bot_instance_id = $1 AND id = $2 AND off_at IS NULL AND expires_at > $3 AND used < total";
const PROMO_UNCOUNT: &str = "UPDATE promo_codes SET used = used - 1 WHERE bot_instance_id = $1 AND id = $2";
/// A statement of its own after the count: it stands behind the code's row and sees every use before it.
const PROMO_USE: &str = "INSERT INTO promo_uses (bot_instance_id, promo_id, user_ref, n, created_at)
     SELECT $1, $2, $3, (SELECT COUNT(*) + 1 FROM promo_uses u WHERE u.bot_instance_id = $1 AND u.promo_id = $2
         AND u.user_ref = $3), CAST($5 AS BIGINT)
     WHERE (SELECT COUNT(*) FROM promo_uses v WHERE v.bot_instance_id = $1 AND v.promo_id = $2 AND v.user_ref = $3) < $4
     ON CONFLICT (bot_instance_id, promo_id, user_ref, n) DO NOTHING RETURNING n";
const PROMO_UNUSE: &str =
    "DELETE FROM promo_uses WHERE bot_instance_id = $1 AND promo_id = $2 AND user_ref = $3 AND n = $4";
const PROMO_USES_OF: &str =
    "SELECT COUNT(*) FROM promo_uses WHERE bot_instance_id = $1 AND promo_id = $2 AND user_ref = $3";
const PROMO_USES_SINCE: &str = "SELECT COUNT(*) FROM promo_uses WHERE bot_instance_id = $1 AND created_at >= $2";
/// At most one waits; one whose time is over gives way.
const PENDING_PUT: &str = "INSERT INTO promo_pending (bot_instance_id, user_ref, promo_id, percent, expires_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (bot_instance_id, user_ref) DO UPDATE SET promo_id = excluded.promo_id, percent = excluded.percent,
       expires_at = excluded.expires_at WHERE promo_pending.expires_at <= $6";
const PENDING_GET: &str = "SELECT promo_id, percent, expires_at FROM promo_pending
     WHERE bot_instance_id = $1 AND user_ref = $2 AND expires_at > $3";
const PENDING_TAKE: &str = "DELETE FROM promo_pending WHERE bot_instance_id = $1 AND user_ref = $2 AND expires_at > $3
     RETURNING promo_id, percent, expires_at";
const TRIES_GET: &str =
    "SELECT wrong, since, closed_until FROM promo_tries WHERE bot_instance_id = $1 AND user_ref = $2";
const TRIES_PUT: &str = "INSERT INTO promo_tries (bot_instance_id, user_ref, wrong, since, closed_until)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (bot_instance_id, user_ref) DO UPDATE SET wrong = excluded.wrong, since = excluded.since,
       closed_until = excluded.closed_until";

row! {
    /// A promo code.
    pub struct PromoRow of "promo_codes" by "id" {
        /// Its name in buttons and keys.
        pub id: PromoId,
        /// As people type it, in upper case.
        pub code: PromoCode,
        /// What `worth` counts.
        pub kind: PromoKind,
        /// Kopecks or percent; see [`PromoRow::gives`].
        pub worth: i64,
        /// How often it may be used by all.
        pub total: i64,
        /// How often by one person.
        pub per_user: i64,
        /// How often it was used.
        pub used: i64,
        /// When it was made.
        pub created_at: UnixMs,
        /// Not used from then on.
        pub expires_at: UnixMs,
        /// Since when an admin has switched it off.
        pub off_at: Option<UnixMs>,
    }
}

row! {
    /// A percent code that waits for its person's next top-up.
    pub struct PendingPromoRow of "promo_pending" by "promo_id" {
        /// Which code.
        pub promo_id: PromoId,
        /// Of the top-up.
        pub percent: i64,
        /// Not added from then on.
        pub expires_at: UnixMs,
    }
}

row! {
    /// Wrong codes of a person.
    pub struct PromoTriesRow of "promo_tries" by "since" {
        /// How many.
        pub wrong: i64,
        /// Since when they are counted.
        pub since: UnixMs,
        /// Until when no code of theirs is looked at.
        pub closed_until: UnixMs,
    }
}

impl PromoRow {
    /// What it gives.
    pub fn gives(&self) -> PromoWorth {
        match self.kind {
            PromoKind::Amount => PromoWorth::Amount(Money::kopecks(self.worth)),
            PromoKind::Percent => PromoWorth::Percent(self.worth),
        }
    }

    /// Whether it can be used at all at a moment.
    pub fn is_live(&self, now: UnixMs) -> bool {
        self.off_at.is_none() && self.expires_at > now
    }
}

impl TenantTx {
    /// Makes a code. `false`: the tenant has one of this name.
    pub async fn promo_insert(
        &mut self,
        id: &PromoId,
        terms: &PromoTerms,
        by: UserId,
        expires_at: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let made = on!(self.tx, c => sqlx::query(PROMO_INSERT).bind(self.id.as_str()).bind(id.as_str())
            .bind(terms.code.as_str()).bind(terms.worth.kind().as_str()).bind(terms.worth.number()).bind(terms.total)
            .bind(terms.per_user).bind(by.0).bind(now.0).bind(expires_at.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(made == 1)
    }

    /// A code by its name in buttons.
    pub async fn promo_get(&mut self, id: &PromoId) -> Result<Option<PromoRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PROMO_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c).await))
    }

    /// A code as a person typed it.
    pub async fn promo_by_code(&mut self, code: &PromoCode) -> Result<Option<PromoRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PROMO_BY_CODE).bind(self.id.as_str()).bind(code.as_str()).fetch_optional(c)
            .await))
    }

    /// The newest codes.
    pub async fn promos_newest(&mut self, limit: i64) -> Result<Vec<PromoRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(PROMOS_NEWEST).bind(self.id.as_str()).bind(limit).fetch_all(c).await))
    }

    /// Switches a code off. `false`: no such code, or it is off.
    pub async fn promo_off(&mut self, id: &PromoId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PROMO_OFF).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Counts a use of a code. `false`: it is off, expired or used up.
    pub async fn promo_count(&mut self, id: &PromoId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PROMO_COUNT).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes back a count of a moment ago, in the same transaction. `false`: no such code.
    pub async fn promo_uncount(&mut self, id: &PromoId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PROMO_UNCOUNT).bind(self.id.as_str()).bind(id.as_str()).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes a person's use of a code after [`TenantTx::promo_count`]: which one it is, from 1; `None`: they have had `per_user`.
    pub async fn promo_use(
        &mut self,
        id: &PromoId,
        user: &UserRef,
        per_user: i64,
        now: UnixMs,
    ) -> Result<Option<i64>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(PROMO_USE).bind(self.id.as_str()).bind(id.as_str()).bind(user.as_str())
            .bind(per_user).bind(now.0).fetch_optional(c).await)?)
    }

    /// Takes back a use of a moment ago, in the same transaction. `false`: no such use.
    pub async fn promo_unuse(&mut self, id: &PromoId, user: &UserRef, n: i64) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(PROMO_UNUSE).bind(self.id.as_str()).bind(id.as_str())
            .bind(user.as_str()).bind(n).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// How often a person has used a code.
    pub async fn promo_uses_of(&mut self, id: &PromoId, user: &UserRef) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(PROMO_USES_OF).bind(self.id.as_str()).bind(id.as_str())
            .bind(user.as_str()).fetch_one(c).await)?)
    }

    /// How many codes were used since a moment.
    pub async fn promo_uses_since(&mut self, since: UnixMs) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(PROMO_USES_SINCE).bind(self.id.as_str()).bind(since.0).fetch_one(c)
            .await)?)
    }

    /// Lets a percent code wait for the next top-up. `false`: another one is waiting.
    pub async fn promo_pending_put(
        &mut self,
        user: &UserRef,
        pending: &PendingPromoRow,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let put = on!(self.tx, c => sqlx::query(PENDING_PUT).bind(self.id.as_str()).bind(user.as_str())
            .bind(pending.promo_id.as_str()).bind(pending.percent).bind(pending.expires_at.0).bind(now.0).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(put == 1)
    }

    /// The percent code that waits for a person's next top-up.
    pub async fn promo_pending_get(
        &mut self,
        user: &UserRef,
        now: UnixMs,
    ) -> Result<Option<PendingPromoRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PENDING_GET).bind(self.id.as_str()).bind(user.as_str()).bind(now.0)
            .fetch_optional(c).await))
    }

    /// The same, and it waits no more.
    pub async fn promo_pending_take(
        &mut self,
        user: &UserRef,
        now: UnixMs,
    ) -> Result<Option<PendingPromoRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PENDING_TAKE).bind(self.id.as_str()).bind(user.as_str()).bind(now.0)
            .fetch_optional(c).await))
    }

    /// A person's wrong codes, if there were any.
    pub async fn promo_tries_get(&mut self, user: &UserRef) -> Result<Option<PromoTriesRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(TRIES_GET).bind(self.id.as_str()).bind(user.as_str()).fetch_optional(c)
            .await))
    }

    /// Notes a person's wrong codes.
    pub async fn promo_tries_put(&mut self, user: &UserRef, tries: &PromoTriesRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(TRIES_PUT).bind(self.id.as_str()).bind(user.as_str()).bind(tries.wrong)
            .bind(tries.since.0).bind(tries.closed_until.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }
}
