//! Keys of the API (platform.md 6): opaque, shown once, kept as a hash, with rights of their own and an end.
//!
//! A key is `byk_` and 256 random bits. Whether a request brings no key, a wrong one, a revoked one or one of a bot that is
//! gone is told apart by nothing: the same work, the same answer.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::sessions::Rights;
use super::token;
use crate::domain::{ApiKeyId, ApiRight, PanelScope, Secret, UnixMs};
use crate::store::{ApiKeyRow, Db, NewApiKey, StoreError};

/// What the text of a key begins with: scanners of leaked secrets know it by that.
pub const PREFIX: &str = "byk_";
/// The last use of a key is written at most this often.
const TOUCH_EVERY: Duration = Duration::from_mins(1);
/// Characters of a key's name.
const NAME: std::ops::RangeInclusive<usize> = 1..=64;

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Its name is empty or too long.
    #[error("a key's name has 1 to 64 characters")]
    Name,
    /// It could do nothing.
    #[error("a key needs at least one right: read, write or money")]
    NoRight,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new key. Its text is nowhere else.
pub struct Issued {
    /// Its name in lists.
    pub id: ApiKeyId,
    /// What programs send. Shown once.
    pub text: Secret,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// With which key; `None`: the platform owner's token.
    pub key: Option<ApiKeyId>,
    /// Whose rows.
    pub scope: PanelScope,
    /// What may be done.
    pub rights: Vec<ApiRight>,
}

impl Caller {
    /// How the caller is named where answers and acts are recorded.
    pub fn name(&self) -> String {
        self.key.as_ref().map_or_else(|| "owner".to_owned(), |key| format!("key:{}", key.short()))
    }

    /// Whether this may be done.
    pub fn may(&self, right: ApiRight) -> bool {
        self.rights.contains(&right)
    }
}

/// Makes a key.
pub async fn issue(
    db: &Db,
    scope: &PanelScope,
    name: &str,
    rights: &[ApiRight],
    made_by: &str,
    now: UnixMs,
) -> Result<Issued, KeyError> {
    let name = name.trim();
    if !NAME.contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(KeyError::Name);
    }
    if rights.is_empty() {
        return Err(KeyError::NoRight);
    }
    let (id, text) = (ApiKeyId::random(), format!("{PREFIX}{}", token::random()));
    let new = NewApiKey { id: &id, key_hash: &hash(&text), scope, name, rights: &words(rights), made_by };
    let mut tx = db.platform().await?;
    tx.api_key_insert(&new, now).await?;
    tx.commit().await?;
    tracing::info!(scope = scope.as_str(), key = %id, "a key of the API was made");
    Ok(Issued { id, text: Secret::new(text) })
}

/// Who a bearer is. `None`: nobody. The hash is made and looked up whatever was brought, and the owner's token is compared
/// by its hash, so that the time says nothing about either.
pub async fn authenticate(
    db: &Db,
    owner: Option<&Secret>,
    rights: &impl Rights,
    bearer: &str,
    now: UnixMs,
) -> Result<Option<Caller>, StoreError> {
    let given = hash(bearer);
    let row = db.platform_read().await?.api_key_by_hash(&given).await?;
    let own = hash(owner.map_or("", Secret::expose));
    if owner.is_some() && bool::from(own.as_bytes().ct_eq(given.as_bytes())) {
        return Ok(Some(Caller { key: None, scope: PanelScope::Platform, rights: ApiRight::ALL.to_vec() }));
    }
    let Some(row) = row.filter(|row| row.revoked_at.is_none()) else { return Ok(None) };
    if row.scope.tenant().is_some_and(|tenant| !rights.exists(tenant)) {
        return Ok(None);
    }
    touch(db, &row, now).await?;
    let rights = rights_of(&row);
    Ok(Some(Caller { key: Some(row.id), scope: row.scope, rights }))
}

async fn touch(db: &Db, row: &ApiKeyRow, now: UnixMs) -> Result<(), StoreError> {
    if row.last_used_at.is_some_and(|last| now.since(last) < TOUCH_EVERY) {
        return Ok(());
    }
    let mut tx = db.platform().await?;
    tx.api_key_touch(&row.id, now, now.minus(TOUCH_EVERY)).await?;
    tx.commit().await
}

/// What a stored key may do. A word that this program does not know is no right.
pub fn rights_of(row: &ApiKeyRow) -> Vec<ApiRight> {
    row.rights.split(',').filter_map(ApiRight::parse).collect()
}

/// Rights as they are stored and shown, each once, in the order of the enum.
pub fn words(rights: &[ApiRight]) -> String {
    let given: Vec<&str> =
        ApiRight::ALL.iter().filter(|right| rights.contains(right)).map(|right| right.as_str()).collect();
    given.join(",")
}

/// 256 random bits need no slow hash; anything else that is brought is hashed the same way and found nowhere.
fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
