//! The way into onboarding (decisions.md 14): a link for a person who proved who they are, good once and for some minutes, ended
//! by a newer one; then a browser that is theirs for some days, so that they can leave and come back.

use rand::RngExt as _;

use super::links::Refused;
use super::token;
use crate::config::Onboarding;
use crate::domain::{BotInstanceId, Language, LinkSource, UnixMs, UserId};
use crate::store::{Db, NewOnboardingLink, OnboardingLinkRow, PairingRow, PlatformTx, StoreError};

/// What the path of a link begins with.
pub const PATH: &str = "/onboarding/enter/";

/// Makes a link and gives its path. The token is nowhere else. Opens a transaction of its own.
pub async fn issue(
    db: &Db,
    settings: &Onboarding,
    person: UserId,
    (source, from_bot): (LinkSource, Option<&BotInstanceId>),
    language: Language,
    now: UnixMs,
) -> Result<String, StoreError> {
    let mut tx = db.platform().await?;
    let path = issue_in(&mut tx, settings, person, (source, from_bot), language, now).await?;
    tx.commit().await?;
    Ok(path)
}

/// The same in a transaction that also says who made it.
pub async fn issue_in(
    tx: &mut PlatformTx,
    settings: &Onboarding,
    person: UserId,
    (source, from_bot): (LinkSource, Option<&BotInstanceId>),
    language: Language,
    now: UnixMs,
) -> Result<String, StoreError> {
    let token = token::random();
    let hash = token::hash(&token).unwrap_or_default();
    let expires_at = now.plus(settings.link_life);
    let new = NewOnboardingLink { token_hash: &hash, person, source, from_bot, language, expires_at };
    tx.onboarding_link_put(&new, now).await?;
    tracing::info!(source = source.as_str(), "a link into onboarding was made");
    Ok(format!("{PATH}{token}"))
}

/// Whom a link would let in. Changes nothing.
pub async fn look(db: &Db, token: &str, now: UnixMs) -> Result<OnboardingLinkRow, Refused> {
    let hash = token::hash(token).ok_or(Refused::Unknown)?;
    let row = db.platform_read().await?.onboarding_link_get(&hash).await?.ok_or(Refused::Unknown)?;
    if row.used_at.is_some() {
        Err(Refused::Used)
    } else if row.ended_at.is_some() || row.expires_at <= now {
        Err(Refused::Expired)
    } else {
        Ok(row)
    }
}

/// Spends a link; gives the cookie of the browser that is the person's from now on.
pub async fn enter(db: &Db, settings: &Onboarding, token: &str, now: UnixMs) -> Result<String, Refused> {
    let hash = token::hash(token).ok_or(Refused::Unknown)?;
    let mut tx = db.platform().await?;
    let Some(row) = tx.onboarding_link_use(&hash, now).await? else {
        let row = tx.onboarding_link_get(&hash).await?;
        return Err(match row {
            None => Refused::Unknown,
            Some(row) if row.used_at.is_some() => Refused::Used,
            Some(_) => Refused::Expired,
        });
    };
    let sid = token::random();
    let sid_hash = token::hash(&sid).unwrap_or_default();
    tx.visit_insert(&sid_hash, row.person, now.plus(settings.visit_life), now).await?;
    tx.commit().await?;
    Ok(sid)
}

/// Whose browser this is.
pub async fn visitor(db: &Db, sid: &str, now: UnixMs) -> Result<Option<UserId>, StoreError> {
    let Some(hash) = token::hash(sid) else { return Ok(None) };
    db.platform_read().await?.visit_person(&hash, now).await
}

/// Makes a pairing code for a bot that the person is about to create: part of its suggested name.
pub async fn pair(db: &Db, settings: &Onboarding, person: UserId, now: UnixMs) -> Result<PairingRow, StoreError> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let code: String = {
        let mut rng = rand::rng();
        (0..10).map(|_| char::from(LETTERS[rng.random_range(0..32usize)])).collect()
    };
    let expires_at = now.plus(settings.pairing_life);
    let mut tx = db.platform().await?;
    tx.pairing_put(&code, person, expires_at, now).await?;
    tx.commit().await?;
    Ok(PairingRow { code, person, expires_at, used_at: None, bot_id: None })
}
