//! Free generations: those of a day (bot.md 12.1) and those a person has earned, the bank (12.2). Reserved on confirm, used on
//! delivery, given back otherwise, once each. The day pays first; what it lacks comes from the bank.

use super::{StoreError, TenantTx, on};
use crate::domain::transfer::IdempotencyKey;
use crate::domain::{Corr, GenerationId, UnixMs, UserRef};

const FREE_LEFT: &str =
    "SELECT used, reserved FROM free_days WHERE bot_instance_id = $1 AND user_ref = $2 AND day = $3";
const FREE_STANDING: &str = "SELECT
       COALESCE((SELECT used + reserved FROM free_days WHERE bot_instance_id = $1 AND user_ref = $2 AND day = $3), 0),
       COALESCE((SELECT earned - used - reserved FROM bonus_banks WHERE bot_instance_id = $1 AND user_ref = $2), 0)";
const FREE_RESERVATION: &str =
    "INSERT INTO free_reservations (bot_instance_id, generation_id, user_ref, day, units, state,
       created_at) VALUES ($1, $2, $3, $4, $5, 'reserved', $6) ON CONFLICT (bot_instance_id, generation_id) DO NOTHING";
const FREE_UNRESERVE: &str = "DELETE FROM free_reservations WHERE bot_instance_id = $1 AND generation_id = $2";
const FREE_FROM_BANK: &str =
    "UPDATE free_reservations SET bank_units = $3 WHERE bot_instance_id = $1 AND generation_id = $2";
/// One conditional upsert: what is used, reserved and asked for together never exceeds the limit, whoever asks at once.
const FREE_RESERVE: &str = "INSERT INTO free_days (bot_instance_id, user_ref, day, used, reserved)
     SELECT $1, $2, $3, 0, CAST($4 AS BIGINT) WHERE CAST($4 AS BIGINT) <= CAST($5 AS BIGINT)
     ON CONFLICT (bot_instance_id, user_ref, day) DO UPDATE SET reserved = free_days.reserved + excluded.reserved
     WHERE free_days.used + free_days.reserved + excluded.reserved <= $5";
/// Of a part that came the day's units are the used ones first: what was earned goes back rather than what ends tonight.
const FREE_SETTLE: &str = "UPDATE free_reservations SET state = CASE WHEN $3 > 0 THEN 'used' ELSE 'released' END,
       bank_used = CASE WHEN $3 >= units THEN bank_units WHEN $3 > units - bank_units THEN $3 - (units - bank_units)
         ELSE 0 END
     WHERE bot_instance_id = $1 AND generation_id = $2 AND state = 'reserved'
     RETURNING user_ref, day, units - bank_units, bank_units, bank_used";
const FREE_DAY_SETTLE: &str = "UPDATE free_days SET reserved = reserved - $4, used = used + $5
     WHERE bot_instance_id = $1 AND user_ref = $2 AND day = $3";
/// Never more than there is, whoever asks at once.
const BANK_RESERVE: &str = "UPDATE bonus_banks SET reserved = reserved + $3
     WHERE bot_instance_id = $1 AND user_ref = $2 AND earned - used - reserved >= $3";
const BANK_SETTLE: &str = "UPDATE bonus_banks SET reserved = reserved - $3, used = used + $4
     WHERE bot_instance_id = $1 AND user_ref = $2";
const BANK_ENTRY: &str = "INSERT INTO bonus_entries (bot_instance_id, idem_key, user_ref, units, corr, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (bot_instance_id, idem_key) DO NOTHING";
const BANK_EARN: &str = "INSERT INTO bonus_banks (bot_instance_id, user_ref, earned, used, reserved)
     VALUES ($1, $2, $3, 0, 0)
     ON CONFLICT (bot_instance_id, user_ref) DO UPDATE SET earned = bonus_banks.earned + excluded.earned";
const BANK_TOTAL: &str =
    "SELECT CAST(COALESCE(SUM(earned - used - reserved), 0) AS BIGINT) FROM bonus_banks WHERE bot_instance_id = $1";

impl TenantTx {
    /// How many units of a day are used and how many are reserved.
    pub async fn free_left_parts(&mut self, user: &UserRef, day: &str) -> Result<(i64, i64), StoreError> {
        let parts: Option<(i64, i64)> = on!(self.tx, c => sqlx::query_as(FREE_LEFT).bind(self.id.as_str())
            .bind(user.as_str()).bind(day).fetch_optional(c).await)?;
        Ok(parts.unwrap_or_default())
    }

    /// How many units of a day are taken, used or reserved, and how many the bank has.
    pub async fn free_standing(&mut self, user: &UserRef, day: &str) -> Result<(i64, i64), StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(FREE_STANDING).bind(self.id.as_str()).bind(user.as_str()).bind(day)
            .fetch_one(c).await)?)
    }

    /// Reserves `units` for a generation: of a day with at most `limit` as many as it has, the rest of the bank. `false`: both
    /// together have fewer. A generation has at most one reservation; asking again for the same one is `true` and changes nothing.
    pub async fn free_reserve(
        &mut self,
        generation: &GenerationId,
        user: &UserRef,
        day: &str,
        units: i64,
        limit: i64,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let written = on!(self.tx, c => sqlx::query(FREE_RESERVATION).bind(self.id.as_str()).bind(generation.as_str())
            .bind(user.as_str()).bind(day).bind(units).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        if written == 0 {
            return Ok(true);
        }
        let of_day = self.free_take_of_day(user, day, units, limit).await?;
        let of_bank = units - of_day;
        if of_bank == 0 {
            return Ok(true);
        }
        let reserved = on!(self.tx, c => sqlx::query(BANK_RESERVE).bind(self.id.as_str()).bind(user.as_str())
            .bind(of_bank).execute(c).await.map(|d| d.rows_affected()))?;
        if reserved == 1 {
            on!(self.tx, c => sqlx::query(FREE_FROM_BANK).bind(self.id.as_str()).bind(generation.as_str()).bind(of_bank)
                .execute(c).await.map(|_| ()))?;
            return Ok(true);
        }
        if of_day > 0 {
            self.free_settle_day(user.as_str(), day, of_day, 0).await?;
        }
        on!(self.tx, c => sqlx::query(FREE_UNRESERVE).bind(self.id.as_str()).bind(generation.as_str()).execute(c)
            .await.map(|_| ()))?;
        Ok(false)
    }

    /// Settles a generation's reservation: at most `used` of its units stay used, the rest of the day's and of the bank's are
    /// free again. `false`: there is none, or it was settled before.
    pub async fn free_resolve(&mut self, generation: &GenerationId, used: i64) -> Result<bool, StoreError> {
        let row: Option<(String, String, i64, i64, i64)> = on!(self.tx, c => sqlx::query_as(FREE_SETTLE)
            .bind(self.id.as_str()).bind(generation.as_str()).bind(used).fetch_optional(c).await)?;
        let Some((person, day, of_day, of_bank, bank_used)) = row else { return Ok(false) };
        if of_day > 0 {
            self.free_settle_day(&person, &day, of_day, used.clamp(0, of_day)).await?;
        }
        if of_bank > 0 {
            on!(self.tx, c => sqlx::query(BANK_SETTLE).bind(self.id.as_str()).bind(&person).bind(of_bank)
                .bind(bank_used).execute(c).await.map(|_| ()))?;
        }
        Ok(true)
    }

    /// Adds earned units under their key. `false`: the same fact added them before.
    pub(crate) async fn bank_add(
        &mut self,
        user: &UserRef,
        units: i64,
        key: &IdempotencyKey,
        corr: &Corr,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let written = on!(self.tx, c => sqlx::query(BANK_ENTRY).bind(self.id.as_str()).bind(key.as_str())
            .bind(user.as_str()).bind(units).bind(corr.as_str()).bind(now.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        if written == 1 {
            on!(self.tx, c => sqlx::query(BANK_EARN).bind(self.id.as_str()).bind(user.as_str()).bind(units).execute(c)
                .await.map(|_| ()))?;
        }
        Ok(written == 1)
    }

    /// How many earned units all people of the tenant have together.
    pub async fn bank_total(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(BANK_TOTAL).bind(self.id.as_str()).fetch_one(c).await)?)
    }

    /// Takes of the day as many of `units` as it has. Who is overtaken looks again: then fewer are left.
    async fn free_take_of_day(&mut self, user: &UserRef, day: &str, units: i64, limit: i64) -> Result<i64, StoreError> {
        loop {
            let (spent, reserved) = self.free_left_parts(user, day).await?;
            let part = units.min(limit - spent - reserved);
            if part <= 0 {
                return Ok(0);
            }
            let taken = on!(self.tx, c => sqlx::query(FREE_RESERVE).bind(self.id.as_str()).bind(user.as_str()).bind(day)
                .bind(part).bind(limit).execute(c).await.map(|d| d.rows_affected()))?;
            if taken == 1 {
                return Ok(part);
            }
        }
    }

    async fn free_settle_day(&mut self, person: &str, day: &str, reserved: i64, used: i64) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(FREE_DAY_SETTLE).bind(self.id.as_str()).bind(person).bind(day).bind(reserved)
            .bind(used).execute(c).await.map(|_| ()))?;
        Ok(())
    }
}
