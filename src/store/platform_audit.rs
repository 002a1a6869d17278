//! The platform owner's own log (platform.md 6): acts that span tenants, chained like a tenant's (`audit.rs`), and the page on
//! which they stand beside what only the owner does to one bot.

use super::audit::{self, AuditHead, AuditRow, NewAudit};
use super::rows::{At, Cells, Field, Stored, all, maybe};
use super::{PlatformTx, StoreError, on};
use crate::domain::{BotInstanceId, UnixMs};

/// Whose chain it is, in the hashes of its entries: no bot is called so.
pub const PLATFORM_CHAIN: &str = "";

const PLATFORM_HEAD_ENSURE: &str =
    "INSERT INTO platform_audit_head (name, seq, hash) VALUES ('platform', 0, '') ON CONFLICT (name) DO NOTHING";
/// The row's lock is held until the end of the transaction: who comes next continues from what is committed then.
const PLATFORM_HEAD_TAKE: &str =
    "UPDATE platform_audit_head SET seq = seq + 1 WHERE name = 'platform' RETURNING seq, hash";
const PLATFORM_HEAD_SET: &str = "UPDATE platform_audit_head SET hash = $1 WHERE name = 'platform'";
const PLATFORM_HEAD: &str = "SELECT seq, hash FROM platform_audit_head WHERE name = 'platform'";
const PLATFORM_AUDIT_PUT: &str = "INSERT INTO platform_audit (seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const PLATFORM_AUDIT_AFTER: &str =
    "SELECT seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin
     FROM platform_audit WHERE seq > $1 ORDER BY seq LIMIT $2";
/// The actions are those of `AuditAction::OF_OWNER` and of the index `audit_log_owner`; a test holds them together. An act of the
/// platform's own log has no tenant, which is the empty name here: it is the last of its millisecond.
const OWNER_ACTS: &str =
    "SELECT NULLIF(bot_instance_id, '') AS tenant, seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin FROM (
       SELECT * FROM (SELECT bot_instance_id, seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin
         FROM audit_log WHERE action IN ('bot_suspended', 'limits_changed', 'job_requeued', 'support_looked', 'generations_stopped', 'generations_started')
           AND (at, bot_instance_id, seq) < ($1, $2, $3) ORDER BY at DESC, bot_instance_id DESC, seq DESC LIMIT $4) of_one
       UNION ALL
       SELECT * FROM (SELECT '' AS bot_instance_id, seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin
         FROM platform_audit WHERE at <= $1 AND (at, '', seq) < ($1, $2, $3) ORDER BY at DESC, seq DESC LIMIT $4) of_all
     ) acts ORDER BY at DESC, bot_instance_id DESC, seq DESC LIMIT $4";

/// An act of the platform's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerAct {
    /// The bot that it concerns, in whose chain it stands; none: the platform's own.
    pub tenant: Option<BotInstanceId>,
    /// What was done.
    pub act: AuditRow,
}

impl Stored for OwnerAct {
    fn read(row: &impl Cells) -> Result<Self, StoreError> {
        let tenant = Field::field(row, &At { table: "audit_log", column: "tenant", key: "seq" })?;
        Ok(Self { tenant, act: AuditRow::read(row)? })
    }
}

/// Where a page of the owner's acts begins: behind this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerActPlace {
    /// Its moment.
    pub at: UnixMs,
    /// Its bot; empty: none.
    pub tenant: String,
    /// Its number.
    pub seq: i64,
}

impl OwnerActPlace {
    /// Before everything: the newest acts follow.
    pub const fn start() -> Self {
        Self { at: UnixMs(i64::MAX), tenant: String::new(), seq: 0 }
    }
}

impl PlatformTx {
    /// Writes an act that spans tenants, in the transaction of the act itself. Gives its number.
    pub async fn platform_audit_put(&mut self, new: &NewAudit<'_>, now: UnixMs) -> Result<i64, StoreError> {
        on!(self.tx, c => sqlx::query(PLATFORM_HEAD_ENSURE).execute(c).await.map(|_| ()))?;
        let (seq, prev): (i64, String) = on!(self.tx, c => sqlx::query_as(PLATFORM_HEAD_TAKE).fetch_one(c).await)?;
        let hash = new.hash(PLATFORM_CHAIN, seq, now, &prev, self.origin.as_deref());
        on!(self.tx, c => sqlx::query(PLATFORM_AUDIT_PUT).bind(seq).bind(now.0).bind(new.actor).bind(new.door.as_str())
            .bind(new.action.as_str()).bind(new.object).bind(new.was).bind(new.became).bind(new.reason)
            .bind(new.corr.as_str()).bind(&prev).bind(&hash).bind(self.origin.as_deref()).execute(c).await
            .map(|_| ()))?;
        on!(self.tx, c => sqlx::query(PLATFORM_HEAD_SET).bind(&hash).execute(c).await.map(|_| ()))?;
        Ok(seq)
    }

    /// Writes an act of the owner that concerns one tenant into that tenant's chain.
    pub async fn audit_put_of(
        &mut self,
        tenant: &BotInstanceId,
        new: &NewAudit<'_>,
        now: UnixMs,
    ) -> Result<i64, StoreError> {
        audit::put(&mut self.tx, tenant, self.origin.as_deref(), new, now).await
    }

    /// At most `n` acts of the owner behind a place, newest first: the platform's own and those in the bots' chains.
    pub async fn owner_acts(&mut self, before: &OwnerActPlace, n: i64) -> Result<Vec<OwnerAct>, StoreError> {
        on!(self.tx, c => all(sqlx::query(OWNER_ACTS).bind(before.at.0).bind(&before.tenant).bind(before.seq).bind(n)
            .fetch_all(c).await))
    }

    /// At most `n` entries of the platform's own log after number `after`, oldest first: for walking along the chain.
    pub async fn platform_audit_after(&mut self, after: i64, n: i64) -> Result<Vec<AuditRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(PLATFORM_AUDIT_AFTER).bind(after).bind(n).fetch_all(c).await))
    }

    /// That chain's last link; `None`: nothing was ever written.
    pub async fn platform_audit_head(&mut self) -> Result<Option<AuditHead>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(PLATFORM_HEAD).fetch_optional(c).await))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AuditAction;

    #[test]
    fn the_page_asks_for_every_act_that_only_the_owner_does_to_a_bot() {
        let names: Vec<String> = AuditAction::OF_OWNER.iter().map(|action| format!("'{}'", action.as_str())).collect();
        let list = format!("action IN ({})", names.join(", "));
        assert!(OWNER_ACTS.contains(&list), "{list}");
    }
}
