//! One-time links into the panel (reliability.md 3.8, T33).
//!
//! 256 random bits, of which only the SHA-256 is stored; good for some minutes and once. Looking spends nothing: previews
//! and crawlers look, only the button on the confirm page enters. Whether a link is unknown, used or over is told apart,
//! because who holds the link may know, and needs a different next step.

use std::time::Duration;

use super::identity::Identity;
use super::sessions::{self, Entered};
use super::token;
use crate::config::Panel;
use crate::domain::UnixMs;
use crate::store::{Db, LinkRow, NewLink, PlatformTx, StoreError};
use crate::vault::Vault;

/// What the path of a link begins with.
pub const PATH: &str = "/panel/enter/";

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// This person asked for too many; the next one can be had after this long.
    #[error("too many links were asked for; the next in {} s", .0.as_secs())]
    TooMany(Duration),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a link does not open.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no such link, or it was made so long ago that it is forgotten.
    #[error("no such link")]
    Unknown,
    /// Somebody has entered by it.
    #[error("the link was used")]
    Used,
    /// Its minutes are over.
    #[error("the link is over")]
    Expired,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a link and gives its path, `/panel/enter/<token>`. The token is nowhere else: show it to nobody but its person,
/// and never log it. Opens a transaction of its own: never call it inside another one, on SQLite there is one writer.
pub async fn issue(db: &Db, settings: &Panel, who: &Identity, now: UnixMs) -> Result<String, LinkError> {
    let subject = who.subject.to_string();
    let mut tx = db.platform().await?;
    if who.subject.user().is_some() {
        let (limit, since) = (settings.links.count as usize, now.minus(settings.links.per));
        let recent = tx.links_since(&who.scope, &subject, since).await?;
        if let Some(oldest) = recent.len().checked_sub(limit).and_then(|at| recent.get(at)) {
            return Err(LinkError::TooMany(oldest.since(since)));
        }
    }
    let token = token::random();
    let link = NewLink {
        token_hash: &token::hash(&token).unwrap_or_default(),
        scope: &who.scope,
        role: who.role.as_str(),
        subject: &subject,
        expires_at: now.plus(settings.link_life),
    };
    tx.link_insert(&link, now).await?;
    tx.commit().await?;
    tracing::info!(scope = who.scope.as_str(), role = who.role.as_str(), "a panel link was made");
    Ok(format!("{PATH}{token}"))
}

/// Whom a link would let in. Changes nothing.
pub async fn look(db: &Db, token: &str, now: UnixMs) -> Result<Identity, Refused> {
    let hash = token::hash(token).ok_or(Refused::Unknown)?;
    let mut tx = db.platform_read().await?;
    match tx.link_peek(&hash, now).await? {
        Some(row) => identity(row),
        None => Err(fate(&mut tx, &hash).await?),
    }
}

/// Spends a link and opens a session, in one transaction: of many that try at the same time one gets in.
pub async fn enter(db: &Db, vault: &Vault, settings: &Panel, token: &str, now: UnixMs) -> Result<Entered, Refused> {
    let hash = token::hash(token).ok_or(Refused::Unknown)?;
    let mut tx = db.platform().await?;
    let Some(row) = tx.link_consume(&hash, now).await? else { return Err(fate(&mut tx, &hash).await?) };
    let who = identity(row)?;
    let entered = sessions::open(&mut tx, vault, settings, &who, now).await?;
    tx.commit().await?;
    tracing::info!(scope = who.scope.as_str(), role = who.role.as_str(), "somebody signed in to the panel");
    Ok(entered)
}

/// Why a link that opens nothing does not.
async fn fate(tx: &mut PlatformTx, hash: &str) -> Result<Refused, StoreError> {
    Ok(match tx.link_fate(hash).await? {
        None => Refused::Unknown,
        Some(fate) if fate.used_at.is_some() => Refused::Used,
        Some(_) => Refused::Expired,
    })
}

fn identity(row: LinkRow) -> Result<Identity, Refused> {
    let broken = StoreError::corrupt("panel_links", "role", &row.created_at.0);
    Ok(Identity::from_stored(row.scope, &row.role, &row.subject).ok_or(broken)?)
}
