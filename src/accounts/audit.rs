//! Who did what: [`record`] in the transaction of the act itself, [`verify`] along the whole chain (reliability.md T39). [`check`]
//! keeps how far the chain was followed, so that a page has to follow only what came since ([`verify_since`]).
//!
//! Whoever changes something in a tenant's name calls [`record`]; the bot, the panel and the command line share it. What the
//! platform's owner does over all tenants, or to one of them from above, is [`record_over`].

use crate::domain::{AuditAction, AuditDoor, BotInstanceId, Corr, UnixMs, UserId};
use crate::store::{
    AuditCheckRow, AuditHead, AuditRow, Db, NewAudit, PLATFORM_CHAIN, PlatformTx, StoreError, TenantTx,
};

/// Who acts, and in which story.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// Telegram's id; `None`: whoever runs the installation.
    pub user: Option<UserId>,
    /// By which door.
    pub door: AuditDoor,
    /// The story.
    pub corr: &'a Corr,
}

/// One act.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// What was done.
    pub action: AuditAction,
    /// To what: `user:42`, `setting:hide_prompts`. Never a text that a user wrote.
    pub object: &'a str,
    /// How it was; nothing secret.
    pub was: Option<&'a str>,
    /// How it is now; nothing secret.
    pub became: Option<&'a str>,
    /// Why, in the actor's words.
    pub reason: Option<&'a str>,
}

impl<'a> Act<'a> {
    /// An act without before, after and reason.
    pub const fn new(action: AuditAction, object: &'a str) -> Self {
        Self { action, object, was: None, became: None, reason: None }
    }

    /// From what to what.
    #[must_use]
    pub const fn changed(self, was: Option<&'a str>, became: Option<&'a str>) -> Self {
        Self { was, became, ..self }
    }

    /// Why.
    #[must_use]
    pub const fn because(self, reason: Option<&'a str>) -> Self {
        Self { reason, ..self }
    }
}

/// A person as the log names them.
pub fn person(user: UserId) -> String {
    format!("user:{user}")
}

impl Actor<'_> {
    /// As the log names them.
    pub fn name(&self) -> String {
        self.user.map_or_else(|| "platform".to_owned(), person)
    }
}

/// Writes an act down; it is there when the transaction is, or not at all. Gives its number.
pub async fn record(tx: &mut TenantTx, who: Actor<'_>, act: Act<'_>, now: UnixMs) -> Result<i64, StoreError> {
    tx.audit_put(&new(&who.name(), who, act), now).await
}

/// The same for an act of the platform's owner: in the chain of the tenant that it concerns, or in the platform's own where it
/// spans tenants.
pub async fn record_over(
    tx: &mut PlatformTx,
    tenant: Option<&BotInstanceId>,
    who: Actor<'_>,
    act: Act<'_>,
    now: UnixMs,
) -> Result<i64, StoreError> {
    let actor = who.name();
    let new = new(&actor, who, act);
    match tenant {
        Some(tenant) => tx.audit_put_of(tenant, &new, now).await,
        None => tx.platform_audit_put(&new, now).await,
    }
}

/// Like [`record`] for whoever is neither a person nor the platform: a program with its key.
pub async fn record_as(
    tx: &mut TenantTx,
    actor: &str,
    door: AuditDoor,
    corr: &Corr,
    act: Act<'_>,
    now: UnixMs,
) -> Result<i64, StoreError> {
    let Act { action, object, was, became, reason } = act;
    tx.audit_put(&NewAudit { actor, door, action, object, was, became, reason, corr }, now).await
}

fn new<'a>(actor: &'a str, who: Actor<'a>, act: Act<'a>) -> NewAudit<'a> {
    let Act { action, object, was, became, reason } = act;
    NewAudit { actor, door: who.door, action, object, was, became, reason, corr: who.corr }
}

/// What walking along the chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// Every link holds; so many entries.
    Whole(i64),
    /// Entry `.0` does not say what was written, or is missing.
    BrokenAt(i64),
}

impl Chain {
    /// The entry where it does not hold.
    pub const fn broken_at(self) -> Option<i64> {
        match self {
            Self::Whole(_) => None,
            Self::BrokenAt(seq) => Some(seq),
        }
    }
}

/// Entries read at once.
const STEP: i64 = 500;
/// A log of so few entries is followed from its beginning each time.
const SMALL: i64 = 1_000;

/// An entry up to which the chain holds; before the first one there is nothing that could not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Place {
    seq: i64,
    hash: String,
}

impl Place {
    /// Where a chain's head says that it ends.
    fn of(head: Option<AuditHead>) -> Self {
        head.map(|head| Self { seq: head.seq, hash: head.hash }).unwrap_or_default()
    }
}

/// Walks along a tenant's chain from its beginning to its head.
pub async fn verify(tx: &mut TenantTx) -> Result<Chain, StoreError> {
    Ok(walk(tx, Place::default()).await?.0)
}

/// What can be said without walking all of it: what the last check found, and whether that holds for what came since.
pub async fn verify_since(tx: &mut TenantTx, known: Option<&AuditCheckRow>) -> Result<Chain, StoreError> {
    match known {
        Some(AuditCheckRow { broken_at: Some(seq), .. }) => Ok(Chain::BrokenAt(*seq)),
        Some(known) => Ok(walk(tx, Place { seq: known.seq, hash: known.hash.clone() }).await?.0),
        None => verify(tx).await,
    }
}

/// The first of neighbouring entries, newest first, that does not say what was written, or is missing between them.
pub fn forged(tenant: &BotInstanceId, newest_first: &[AuditRow]) -> Option<i64> {
    let says_else = newest_first.iter().filter(|row| row.hash != row.expected_hash(tenant.as_str())).map(|row| row.seq);
    let apart =
        newest_first.windows(2).filter(|pair| pair[0].seq != pair[1].seq + 1 || pair[0].prev_hash != pair[1].hash);
    says_else.chain(apart.map(|pair| pair[1].seq + 1)).min()
}

/// Follows the chain and keeps what is found: from its beginning when the last such walk was at or before `full_before`, when the
/// log is small, or when it was broken; else from where it held. Gives what is known now, and what was known before.
pub async fn check(
    db: &Db,
    tenant: &BotInstanceId,
    full_before: UnixMs,
    now: UnixMs,
) -> Result<(AuditCheckRow, Option<AuditCheckRow>), StoreError> {
    let mut tx = db.tenant_read(tenant).await?;
    let before = tx.audit_check_get().await?;
    let is_small = tx.audit_head().await?.is_none_or(|head| head.seq <= SMALL);
    let held = before.as_ref().filter(|row| row.full_at > full_before && row.broken_at.is_none() && !is_small);
    let (from, full_at) = match held {
        Some(row) => (Place { seq: row.seq, hash: row.hash.clone() }, row.full_at),
        None => (Place::default(), now),
    };
    let (chain, Place { seq, hash }) = walk(&mut tx, from).await?;
    drop(tx);
    let found = AuditCheckRow { seq, hash, checked_at: now, full_at, broken_at: chain.broken_at() };
    let mut tx = db.tenant(tenant).await?;
    tx.audit_check_put(&found).await?;
    tx.commit().await?;
    Ok((found, before))
}

/// Walks from a place that held to the head, and says how far it holds.
async fn walk(tx: &mut TenantTx, from: Place) -> Result<(Chain, Place), StoreError> {
    let (tenant, head, mut at) = (tx.tenant().as_str().to_owned(), head(tx).await?, from);
    // The place itself must be there still: a chain that was cut off before it has nothing behind it.
    if at.seq > 0 {
        let stands = tx.audit_after(at.seq - 1, 1).await?.pop();
        let stands = stands.is_some_and(|entry| {
            entry.seq == at.seq && entry.hash == at.hash && entry.hash == entry.expected_hash(&tenant)
        });
        if !stands {
            return Ok((Chain::BrokenAt(at.seq), at));
        }
    }
    // What is written meanwhile is beyond the head that was read before: it is walked the next time.
    while at.seq < head.seq {
        let entries = tx.audit_after(at.seq, STEP.min(head.seq - at.seq)).await?;
        if entries.is_empty() {
            break;
        }
        if let Err(broken) = follow(&tenant, &mut at, entries) {
            return Ok((broken, at));
        }
    }
    if at != head {
        return Ok((Chain::BrokenAt(at.seq.min(head.seq) + 1), at));
    }
    // An entry and the head that names it come together: one that no head names was put there by another hand.
    let beyond = !tx.audit_after(head.seq, 1).await?.is_empty();
    if beyond && self::head(tx).await? == head {
        return Ok((Chain::BrokenAt(head.seq + 1), at));
    }
    Ok((Chain::Whole(at.seq), at))
}

/// Walks along the platform's own chain.
pub async fn verify_over(tx: &mut PlatformTx) -> Result<Chain, StoreError> {
    let (head, mut at) = (Place::of(tx.platform_audit_head().await?), Place::default());
    while at.seq < head.seq {
        let entries = tx.platform_audit_after(at.seq, STEP.min(head.seq - at.seq)).await?;
        if entries.is_empty() {
            break;
        }
        if let Err(broken) = follow(PLATFORM_CHAIN, &mut at, entries) {
            return Ok(broken);
        }
    }
    Ok(if at == head { Chain::Whole(at.seq) } else { Chain::BrokenAt(at.seq.min(head.seq) + 1) })
}

/// Some steps along a chain, as far as each entry follows the one before it.
fn follow(chain: &str, at: &mut Place, entries: Vec<AuditRow>) -> Result<(), Chain> {
    for entry in entries {
        let next = entry.seq == at.seq + 1 && entry.prev_hash == at.hash;
        if !next || entry.hash != entry.expected_hash(chain) {
            return Err(Chain::BrokenAt(at.seq + 1));
        }
        *at = Place { seq: entry.seq, hash: entry.hash };
    }
    Ok(())
}

async fn head(tx: &mut TenantTx) -> Result<Place, StoreError> {
    Ok(Place::of(tx.audit_head().await?))
}
