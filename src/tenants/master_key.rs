//! From one master key to the other, while everything serves (decisions.md 16, reliability.md T31). `cli/keys.rs` is the door.
//!
//! [`turn`] puts the check value under the second key, which makes that key the installation's: every process seals with it from its
//! next look on ([`follow`]). Then [`rewrap`] moves what the first key sealed, a few values in a transaction, each only if it is
//! still what was read. Whoever has both keys opens everything at each moment, so a crash leaves nothing behind that a second
//! run does not find. A key that was left is noted, so that a second run never turns back.

use crate::domain::{BotInstanceId, UnixMs, UserId};
use crate::store::{CHECK_VALUE, Db, PlatformTx, SealedHeadRow, StoreError};
use crate::vault::{Column, KeyId, Sealed, Vault, VaultError};

/// Values that are moved in one transaction.
pub const BATCH: i64 = 100;
/// Passes over all values before it is said that something goes on sealing with the old key.
const PASSES: usize = 20;

/// Why the master key was not changed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is only one key.
    #[error(
        "there is no second master key: make one (botyard keys new --to FILE), start every process anew with \
         BOTYARD_MASTER_KEY_SECOND_FILE=FILE, then repeat this with the same settings"
    )]
    NoSecondKey,
    /// Nothing was ever sealed.
    #[error("nothing is sealed yet: start with the new key as the only one")]
    NothingSealed,
    /// Somebody else has just done it.
    #[error("another change of the master key was made at this moment: look with `botyard keys status`, then repeat")]
    Meanwhile,
    /// The keys do not open what is stored.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// From which key to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The one that is left.
    pub from: KeyId,
    /// The one that seals.
    pub to: KeyId,
    /// Begun now; else it was begun before and is only to be completed.
    pub begun: bool,
}

/// Takes up which key the installation is under now. One that this process was not given is told to its operator: it goes on
/// with what it has in memory.
pub async fn follow(tx: &mut PlatformTx, vault: &Vault) -> Result<(), StoreError> {
    let Some(check) = tx.meta_get(CHECK_VALUE).await? else { return Ok(()) };
    match vault.follow(&Sealed::from_bytes(check)) {
        Ok(false) => {}
        Ok(true) => tracing::info!(key = %vault.current(), "the installation is under another master key now"),
        Err(error) => tracing::error!(%error, "the master key was changed: start this process anew with the new one"),
    }
    Ok(())
}

/// Makes the key that only opens the installation's. Where that key was left before, a change was begun already: nothing is
/// written, and what is still under it is to be rewrapped.
pub async fn turn(tx: &mut PlatformTx, vault: &Vault, now: UnixMs) -> Result<Change, ChangeError> {
    let check = tx.meta_get(CHECK_VALUE).await?.ok_or(ChangeError::NothingSealed)?;
    vault.follow(&Sealed::from_bytes(check.clone()))?;
    let (current, spare) = (vault.current(), vault.spare().ok_or(ChangeError::NoSecondKey)?);
    if tx.master_keys_given_up().await?.contains(&spare.to_string()) {
        return Ok(Change { from: spare, to: current, begun: false });
    }
    let next = vault.check_value_of_spare()?.ok_or(ChangeError::NoSecondKey)?;
    if !tx.check_value_replace(&check, next.as_bytes()).await? {
        return Err(ChangeError::Meanwhile);
    }
    tx.master_key_give_up(&current.to_string(), now).await?;
    Ok(Change { from: current, to: spare, begun: true })
}

/// What was moved, and what could not be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Tenants' data keys.
    pub data_keys: usize,
    /// Tokens that wait in onboarding.
    pub waiting_tokens: usize,
    /// What neither key opens: whose it is, and why.
    pub stuck: Vec<(String, String)>,
}

/// Moves everything that is not under the installation's key, until a pass finds nothing more.
pub async fn rewrap(db: &Db, vault: &Vault) -> Result<Moved, ChangeError> {
    let mut moved = Moved::default();
    for _ in 0..PASSES {
        let mut pass = Pass::begin();
        while pass.step(db, vault, BATCH).await? {}
        moved.data_keys += pass.moved.data_keys;
        moved.waiting_tokens += pass.moved.waiting_tokens;
        moved.stuck = pass.moved.stuck;
        if !pass.met {
            break;
        }
    }
    Ok(moved)
}

/// One walk over all values; a test takes its steps one by one.
#[derive(Debug)]
pub struct Pass {
    tenant: String,
    person: UserId,
    moved: Moved,
    /// Whether there was something to move: what another process sealed meanwhile is found by the next pass.
    met: bool,
}

impl Pass {
    /// From the beginning.
    pub fn begin() -> Self {
        Self { tenant: String::new(), person: UserId(i64::MIN), moved: Moved::default(), met: false }
    }

    /// Moves at most `n` values of each kind in one transaction. `false`: there were none left.
    pub async fn step(&mut self, db: &Db, vault: &Vault, n: i64) -> Result<bool, ChangeError> {
        let mut tx = db.platform().await?;
        let check = tx.meta_get(CHECK_VALUE).await?.ok_or(ChangeError::NothingSealed)?;
        vault.follow(&Sealed::from_bytes(check))?;
        let key = vault.current();
        let keys = tx.data_keys_not_under(key.as_bytes(), &self.tenant, n).await?;
        for row in &keys {
            row.tenant.as_str().clone_into(&mut self.tenant);
            let becomes = vault.rewrap(vault, &row.tenant, &Sealed::from_bytes(row.sealed.clone()));
            let Some(becomes) = self.met(becomes, || of_bot(&row.tenant)) else { continue };
            self.moved.data_keys +=
                usize::from(tx.data_key_replace(&row.tenant, &row.sealed, becomes.as_bytes()).await?);
        }
        let tokens = tx.waiting_tokens_not_under(key.as_bytes(), self.person, n).await?;
        for row in &tokens {
            self.person = row.person;
            let becomes = reseal(vault, &Sealed::from_bytes(row.sealed.clone()));
            let Some(becomes) = self.met(becomes, || of_person(row.person)) else { continue };
            self.moved.waiting_tokens +=
                usize::from(tx.waiting_token_replace(row.person, &row.sealed, becomes.as_bytes()).await?);
        }
        tx.commit().await?;
        Ok(!(keys.is_empty() && tokens.is_empty()))
    }

    /// Notes whether a value opened.
    fn met(&mut self, becomes: Result<Sealed, VaultError>, of: impl Fn() -> String) -> Option<Sealed> {
        self.met |= becomes.is_ok();
        becomes.map_err(|error| self.moved.stuck.push((of(), error.to_string()))).ok()
    }
}

fn of_bot(tenant: &BotInstanceId) -> String {
    format!("the data key of bot {tenant}")
}

fn of_person(person: UserId) -> String {
    format!("a token that waits for the word of {person}")
}

fn reseal(vault: &Vault, sealed: &Sealed) -> Result<Sealed, VaultError> {
    vault.seal_platform(Column::BotToken, &vault.open_platform(Column::BotToken, sealed)?)
}

/// What one key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderKey {
    /// Its short name; `None`: no sealed value of a known format.
    pub key: Option<KeyId>,
    /// It seals: the check value is under it.
    pub current: bool,
    /// The installation has left it.
    pub given_up: bool,
    /// Tenants' data keys.
    pub data_keys: i64,
    /// Tokens that wait in onboarding.
    pub waiting_tokens: i64,
}

impl UnderKey {
    /// All values under it.
    pub const fn values(&self) -> i64 {
        self.data_keys + self.waiting_tokens + if self.current { 1 } else { 0 }
    }
}

/// What is sealed under which key, as the values themselves say: those that hold something and those of `at_hand`, the one that
/// seals first.
pub async fn standing(
    tx: &mut PlatformTx,
    at_hand: impl IntoIterator<Item = KeyId>,
) -> Result<Vec<UnderKey>, StoreError> {
    let mut all: Vec<UnderKey> = Vec::new();
    for row in tx.sealed_heads().await? {
        let one = entry(&mut all, Sealed::from_bytes(row.head.clone()).key_id());
        count(one, &row)?;
    }
    for key in at_hand {
        entry(&mut all, Some(key));
    }
    let given_up = tx.master_keys_given_up().await?;
    for one in &mut all {
        one.given_up = !one.current && one.key.is_some_and(|key| given_up.contains(&key.to_string()));
    }
    all.sort_by_key(|one| (!one.current, -one.values()));
    Ok(all)
}

fn entry(all: &mut Vec<UnderKey>, key: Option<KeyId>) -> &mut UnderKey {
    let at = all.iter().position(|one| one.key == key).unwrap_or_else(|| {
        all.push(UnderKey { key, current: false, given_up: false, data_keys: 0, waiting_tokens: 0 });
        all.len() - 1
    });
    &mut all[at]
}

fn count(one: &mut UnderKey, row: &SealedHeadRow) -> Result<(), StoreError> {
    match row.kind.as_str() {
        "check_value" => one.current = true,
        "data_key" => one.data_keys += row.values_under,
        "waiting_token" => one.waiting_tokens += row.values_under,
        _ => return Err(StoreError::corrupt("sealed", "kind", &row.kind)),
    }
    Ok(())
}
