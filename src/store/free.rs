//! Free generations of a day (bot.md 12.1): reserved on confirm, used on delivery, given back otherwise, once each.

use super::{StoreError, TenantTx, on};
use crate::domain::{GenerationId, UnixMs, UserRef};

const FREE_LEFT: &str =
    "SELECT used, reserved FROM free_days WHERE bot_instance_id = $1 AND user_ref = $2 AND day = $3";
const FREE_RESERVATION: &str =
    "INSERT INTO free_reservations (bot_instance_id, generation_id, user_ref, day, units, state,
       created_at) VALUES ($1, $2, $3, $4, $5, 'reserved', $6) ON CONFLICT (bot_instance_id, generation_id) DO NOTHING";
const FREE_UNRESERVE: &str = "DELETE FROM free_reservations WHERE bot_instance_id = $1 AND generation_id = $2";
/// One conditional upsert: what is used, reserved and asked for together never exceeds the limit, whoever asks at once.
const FREE_RESERVE: &str = "INSERT INTO free_days (bot_instance_id, user_ref, day, used, reserved)
     SELECT $1, $2, $3, 0, CAST($4 AS BIGINT) WHERE CAST($4 AS BIGINT) <= CAST($5 AS BIGINT)
     ON CONFLICT (bot_instance_id, user_ref, day) DO UPDATE SET reserved = free_days.reserved + excluded.reserved
     WHERE free_days.used + free_days.reserved + excluded.reserved <= $5";
const FREE_SETTLE: &str = "UPDATE free_reservations SET state = CASE WHEN $3 > 0 THEN 'used' ELSE 'released' END
     WHERE bot_instance_id = $1 AND generation_id = $2 AND state = 'reserved' RETURNING user_ref, day, units";
const FREE_DAY_SETTLE: &str = "UPDATE free_days SET reserved = reserved - $4, used = used + $5
     WHERE bot_instance_id = $1 AND user_ref = $2 AND day = $3";

impl TenantTx {
    /// How many units of a day are used and how many are reserved.
    pub async fn free_left_parts(&mut self, user: &UserRef, day: &str) -> Result<(i64, i64), StoreError> {
        let parts: Option<(i64, i64)> = on!(self.tx, c => sqlx::query_as(FREE_LEFT).bind(self.id.as_str())
            .bind(user.as_str()).bind(day).fetch_optional(c).await)?;
        Ok(parts.unwrap_or_default())
    }

    /// Reserves `units` of a day with at most `limit` for a generation. `false`: fewer are left. A generation has at most one
    /// reservation; asking again for the same one is `true` and changes nothing.
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
        let reserved = on!(self.tx, c => sqlx::query(FREE_RESERVE).bind(self.id.as_str()).bind(user.as_str()).bind(day)
            .bind(units).bind(limit).execute(c).await.map(|d| d.rows_affected()))?;
        if reserved == 0 {
            on!(self.tx, c => sqlx::query(FREE_UNRESERVE).bind(self.id.as_str()).bind(generation.as_str()).execute(c)
                .await.map(|_| ()))?;
        }
        Ok(reserved == 1)
    }

    /// Settles a generation's reservation: at most `used` of its units stay used, the rest of the day's are free again.
    /// `false`: there is none, or it was settled before.
    pub async fn free_resolve(&mut self, generation: &GenerationId, used: i64) -> Result<bool, StoreError> {
        let row: Option<(String, String, i64)> = on!(self.tx, c => sqlx::query_as(FREE_SETTLE).bind(self.id.as_str())
            .bind(generation.as_str()).bind(used).fetch_optional(c).await)?;
        let Some((person, day, units)) = row else { return Ok(false) };
        on!(self.tx, c => sqlx::query(FREE_DAY_SETTLE).bind(self.id.as_str()).bind(&person).bind(&day).bind(units)
            .bind(used.clamp(0, units)).execute(c).await.map(|_| ()))?;
        Ok(true)
    }
}
