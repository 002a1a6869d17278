//! Who did what: [`record`] in the transaction of the act itself, [`verify`] along the whole chain (reliability.md T39).
//!
//! Whoever changes something in a tenant's name calls [`record`]; the bot, the panel and the command line share it.

use crate::domain::{AuditAction, AuditDoor, Corr, UnixMs, UserId};
use crate::store::{NewAudit, StoreError, TenantTx};

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

/// Writes an act down; it is there when the transaction is, or not at all. Gives its number.
pub async fn record(tx: &mut TenantTx, who: Actor<'_>, act: Act<'_>, now: UnixMs) -> Result<i64, StoreError> {
    let actor = who.user.map_or_else(|| "platform".to_owned(), person);
    let Act { action, object, was, became, reason } = act;
    let new = NewAudit { actor: &actor, door: who.door, action, object, was, became, reason, corr: who.corr };
    tx.audit_put(&new, now).await
}

/// The same for whoever is neither a person nor the platform: a program with its key.
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
    let (mut seq, mut hash) = (0, String::new());
    loop {
        let entries = tx.audit_after(seq, STEP).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            let links = entry.seq == seq + 1 && entry.prev_hash == hash && entry.hash == entry.expected_hash(&tenant);
            if !links {
                return Ok(Chain::BrokenAt(seq + 1));
            }
            (seq, hash) = (entry.seq, entry.hash);
        }
    }
    Ok(if seq == head.seq && hash == head.hash { Chain::Whole(seq) } else { Chain::BrokenAt(seq + 1) })
}
