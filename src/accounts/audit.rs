//! Who did what: [`record`] in the transaction of the act itself, [`verify`] along the whole chain (reliability.md T39).
//!
//! Whoever changes something in a tenant's name calls [`record`]; the bot, the panel and the command line share it. What the
//! platform's owner does over all tenants, or to one of them from above, is [`record_over`].

use crate::domain::{AuditAction, AuditDoor, BotInstanceId, Corr, UnixMs, UserId};
use crate::store::{AuditHead, AuditRow, NewAudit, PLATFORM_CHAIN, PlatformTx, StoreError, TenantTx};

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

/// Entries read at once.
const STEP: i64 = 500;

/// Walks along a tenant's chain from its beginning to its head.
pub async fn verify(tx: &mut TenantTx) -> Result<Chain, StoreError> {
    let Some(head) = tx.audit_head().await? else { return Ok(Chain::Whole(0)) };
    let tenant = tx.tenant().as_str().to_owned();
    let mut walk = Walk::default();
    loop {
        let entries = tx.audit_after(walk.seq, STEP).await?;
        if entries.is_empty() {
            return Ok(walk.end(&head));
        }
        if let Err(broken) = walk.on(&tenant, entries) {
            return Ok(broken);
        }
    }
}

/// Walks along the platform's own chain.
pub async fn verify_over(tx: &mut PlatformTx) -> Result<Chain, StoreError> {
    let Some(head) = tx.platform_audit_head().await? else { return Ok(Chain::Whole(0)) };
    let mut walk = Walk::default();
    loop {
        let entries = tx.platform_audit_after(walk.seq, STEP).await?;
        if entries.is_empty() {
            return Ok(walk.end(&head));
        }
        if let Err(broken) = walk.on(PLATFORM_CHAIN, entries) {
            return Ok(broken);
        }
    }
}

/// How far a chain was followed.
#[derive(Default)]
struct Walk {
    seq: i64,
    hash: String,
}

impl Walk {
    fn on(&mut self, chain: &str, entries: Vec<AuditRow>) -> Result<(), Chain> {
        for entry in entries {
            let links =
                entry.seq == self.seq + 1 && entry.prev_hash == self.hash && entry.hash == entry.expected_hash(chain);
            if !links {
                return Err(Chain::BrokenAt(self.seq + 1));
            }
            (self.seq, self.hash) = (entry.seq, entry.hash);
        }
        Ok(())
    }

    /// No entry follows: whether the head says the same.
    fn end(self, head: &AuditHead) -> Chain {
        let whole = self.seq == head.seq && self.hash == head.hash;
        if whole { Chain::Whole(self.seq) } else { Chain::BrokenAt(self.seq + 1) }
    }
}
