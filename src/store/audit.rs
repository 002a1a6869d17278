//! The audit log: every act of an admin, written once, each entry chained to the one before it by its hash (reliability.md
//! T39). The chain's last link stands apart in `audit_heads`: it puts writers in order, and a cut-off end is found by it.

use sha2::{Digest as _, Sha256};

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, Tx, on};
use crate::domain::{AuditAction, AuditDoor, BotInstanceId, Corr, UnixMs};

const AUDIT_HEAD_ENSURE: &str = "INSERT INTO audit_heads (bot_instance_id, seq, hash) VALUES ($1, 0, '')
     ON CONFLICT (bot_instance_id) DO NOTHING";
/// The row's lock is held until the end of the transaction: who comes next continues from what is committed then.
const AUDIT_HEAD_TAKE: &str = "UPDATE audit_heads SET seq = seq + 1 WHERE bot_instance_id = $1 RETURNING seq, hash";
const AUDIT_HEAD_SET: &str = "UPDATE audit_heads SET hash = $2 WHERE bot_instance_id = $1";
const AUDIT_HEAD: &str = "SELECT seq, hash FROM audit_heads WHERE bot_instance_id = $1";
const AUDIT_PUT: &str =
    "INSERT INTO audit_log (bot_instance_id, seq, at, actor, door, action, object, was, became, reason,
       corr, prev_hash, hash, origin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const AUDIT_LAST: &str =
    "SELECT seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin
     FROM audit_log WHERE bot_instance_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
const AUDIT_OF_OBJECT: &str =
    "SELECT seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin
     FROM audit_log WHERE bot_instance_id = $1 AND object = $2 ORDER BY seq DESC LIMIT $3";
const AUDIT_AFTER: &str =
    "SELECT seq, at, actor, door, action, object, was, became, reason, corr, prev_hash, hash, origin
     FROM audit_log WHERE bot_instance_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

const AUDIT_CHECK_GET: &str =
    "SELECT seq, hash, checked_at, full_at, broken_at FROM audit_checks WHERE bot_instance_id = $1";
/// What follows from an older walk of the whole chain does not take the place of a younger one.
const AUDIT_CHECK_PUT: &str = "INSERT INTO audit_checks (bot_instance_id, seq, hash, checked_at, full_at, broken_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (bot_instance_id) DO UPDATE SET seq = excluded.seq,
       hash = excluded.hash, checked_at = excluded.checked_at, full_at = excluded.full_at,
       broken_at = excluded.broken_at WHERE audit_checks.full_at <= excluded.full_at";

/// An act to write down.
#[derive(Debug, Clone, Copy)]
pub struct NewAudit<'a> {
    /// Who: `user:42`, `platform`, a job's name.
    pub actor: &'a str,
    /// By which door.
    pub door: AuditDoor,
    /// What was done.
    pub action: AuditAction,
    /// To what: `user:42`, `setting:hide_prompts`.
    pub object: &'a str,
    /// How it was.
    pub was: Option<&'a str>,
    /// How it is now.
    pub became: Option<&'a str>,
    /// Why, in the actor's words.
    pub reason: Option<&'a str>,
    /// The story it belongs to.
    pub corr: &'a Corr,
}

row! {
    /// An entry of the audit log.
    pub struct AuditRow of "audit_log" by "seq" {
        /// Its number; the first is 1.
        pub seq: i64,
        /// When.
        pub at: UnixMs,
        /// Who.
        pub actor: String,
        /// By which door.
        pub door: String,
        /// What was done.
        pub action: String,
        /// To what.
        pub object: String,
        /// How it was.
        pub was: Option<String>,
        /// How it is now.
        pub became: Option<String>,
        /// Why.
        pub reason: Option<String>,
        /// The story it belongs to.
        pub corr: Corr,
        /// The entry before it; empty for the first.
        pub prev_hash: String,
        /// Its own link.
        pub hash: String,
        /// From which network it came, where that is known.
        pub origin: Option<String>,
    }
}

row! {
    /// The chain's last link.
    pub struct AuditHead of "audit_heads" by "seq" {
        /// How many entries there are.
        pub seq: i64,
        /// The last one's hash.
        pub hash: String,
    }
}

row! {
    /// How far the chain was followed, and what was found.
    pub struct AuditCheckRow of "audit_checks" by "seq" {
        /// Up to this entry it held.
        pub seq: i64,
        /// That entry's hash; empty before the first.
        pub hash: String,
        /// When it was followed last.
        pub checked_at: UnixMs,
        /// When it was last followed from its beginning.
        pub full_at: UnixMs,
        /// The entry that is not what was written, or is missing; `None`: there is none.
        pub broken_at: Option<i64>,
    }
}

impl AuditRow {
    /// What its hash must be, from what it says.
    pub fn expected_hash(&self, tenant: &str) -> String {
        let mut parts = vec![
            Some(self.prev_hash.as_str()),
            Some(self.actor.as_str()),
            Some(self.door.as_str()),
            Some(self.action.as_str()),
            Some(self.object.as_str()),
            self.was.as_deref(),
            self.became.as_deref(),
            self.reason.as_deref(),
            Some(self.corr.as_str()),
        ];
        // An entry that does not say it hashes as it did before there was such a thing.
        parts.extend(self.origin.as_deref().map(Some));
        link(tenant, self.seq, self.at, &parts)
    }
}

/// Every part with its length, so that no two entries read alike; an absent part is unlike an empty one.
fn link(tenant: &str, seq: i64, at: UnixMs, parts: &[Option<&str>]) -> String {
    let mut hash = Sha256::new();
    hash.update((tenant.len() as u64).to_be_bytes());
    hash.update(tenant.as_bytes());
    hash.update(seq.to_be_bytes());
    hash.update(at.0.to_be_bytes());
    for part in parts {
        match part {
            None => hash.update([0]),
            Some(text) => {
                hash.update([1]);
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
        }
    }
    hex::encode(hash.finalize())
}

impl NewAudit<'_> {
    /// Its link in a chain.
    pub(super) fn hash(&self, chain: &str, seq: i64, now: UnixMs, prev: &str, origin: Option<&str>) -> String {
        let mut said = vec![
            Some(prev),
            Some(self.actor),
            Some(self.door.as_str()),
            Some(self.action.as_str()),
            Some(self.object),
            self.was,
            self.became,
            self.reason,
            Some(self.corr.as_str()),
        ];
        said.extend(origin.map(Some));
        link(chain, seq, now, &said)
    }
}

/// Writes an entry of a tenant's chain, whoever may see its rows.
pub(super) async fn put(
    tx: &mut Tx,
    tenant: &BotInstanceId,
    origin: Option<&str>,
    new: &NewAudit<'_>,
    now: UnixMs,
) -> Result<i64, StoreError> {
    let id = tenant.as_str();
    on!(*tx, c => sqlx::query(AUDIT_HEAD_ENSURE).bind(id).execute(c).await.map(|_| ()))?;
    let (seq, prev): (i64, String) = on!(*tx, c => sqlx::query_as(AUDIT_HEAD_TAKE).bind(id).fetch_one(c).await)?;
    let hash = new.hash(id, seq, now, &prev, origin);
    on!(*tx, c => sqlx::query(AUDIT_PUT).bind(id).bind(seq).bind(now.0).bind(new.actor).bind(new.door.as_str())
        .bind(new.action.as_str()).bind(new.object).bind(new.was).bind(new.became).bind(new.reason)
        .bind(new.corr.as_str()).bind(&prev).bind(&hash).bind(origin).execute(c).await.map(|_| ()))?;
    on!(*tx, c => sqlx::query(AUDIT_HEAD_SET).bind(id).bind(&hash).execute(c).await.map(|_| ()))?;
    Ok(seq)
}

impl TenantTx {
    /// Writes an entry in the transaction of the act itself. Gives its number.
    pub async fn audit_put(&mut self, new: &NewAudit<'_>, now: UnixMs) -> Result<i64, StoreError> {
        put(&mut self.tx, &self.id, self.origin.as_deref(), new, now).await
    }

    /// At most `n` entries before number `before`, newest first; `i64::MAX` begins at the end.
    pub async fn audit_last(&mut self, before: i64, n: i64) -> Result<Vec<AuditRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(AUDIT_LAST).bind(self.id.as_str()).bind(before).bind(n).fetch_all(c).await))
    }

    /// What was done to one thing, newest first.
    pub async fn audit_of_object(&mut self, object: &str, n: i64) -> Result<Vec<AuditRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(AUDIT_OF_OBJECT).bind(self.id.as_str()).bind(object).bind(n).fetch_all(c).await))
    }

    /// At most `n` entries after number `after`, oldest first: for walking along the chain.
    pub async fn audit_after(&mut self, after: i64, n: i64) -> Result<Vec<AuditRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(AUDIT_AFTER).bind(self.id.as_str()).bind(after).bind(n).fetch_all(c).await))
    }

    /// The chain's last link; `None`: nothing was ever written.
    pub async fn audit_head(&mut self) -> Result<Option<AuditHead>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(AUDIT_HEAD).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// What the last check of the chain found; `None` before the first.
    pub async fn audit_check_get(&mut self) -> Result<Option<AuditCheckRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(AUDIT_CHECK_GET).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// Keeps what a check found. `false`: the chain was followed from its beginning since, so this says nothing new.
    pub async fn audit_check_put(&mut self, check: &AuditCheckRow) -> Result<bool, StoreError> {
        let kept = on!(self.tx, c => sqlx::query(AUDIT_CHECK_PUT).bind(self.id.as_str()).bind(check.seq)
            .bind(&check.hash).bind(check.checked_at.0).bind(check.full_at.0).bind(check.broken_at).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(kept == 1)
    }
}
