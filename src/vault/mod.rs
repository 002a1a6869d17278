//! Secrets at rest (reliability.md 3.7): a master key wraps one data key per tenant, a data key seals that tenant's
//! tokens, keys, prompts and results with XChaCha20-Poly1305, and every ciphertext is tied to its tenant and column.
//!
//! How the parts are used:
//!
//! ```ignore
//! let loaded = MasterKey::load(&settings.secrets.master_key, &settings.files.data, on_sqlite)?;   // warn loaded.warnings
//! let (vault, check) = Vault::create(loaded.key)?;      // first start: store `check`
//! let vault = Vault::open(loaded.key, &check)?;         // later starts: refuses a wrong master key
//!
//! // While the master key is changed a process has two: it opens what either sealed, and seals with the one that sealed the check
//! // value. Whoever stores another check value (`tenants/master_key.rs`) turns every process over, at its next look.
//! let vault = Vault::open(MasterKeys::new(loaded.key, second), &check)?;
//! vault.follow(&check_as_it_is_stored_now)?;
//!
//! let data_key = DataKey::random();                     // with a new tenant
//! let wrapped = vault.wrap(&tenant, &data_key)?;        // store `wrapped` beside the tenant
//! let data_key = vault.unwrap_key(&tenant, &wrapped)?;      // when the tenant is loaded
//!
//! let sealed = seal(&data_key, &tenant, Column::BotToken, token.expose().as_bytes())?;
//! let token = open(&data_key, &tenant, Column::BotToken, &sealed)?;
//! ```
//!
//! What must never be here: keys of the outside world, SQL, log lines.

mod key;
mod master;
mod ring;
mod seal;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::{BotInstanceId, BotToken};

pub use key::KeyId;
pub use master::{LoadedMasterKey, MasterKey};
pub use ring::{AtHand, MasterKeys};
pub use seal::{Column, DataKey, Sealed, open, seal};

use key::Key;
use seal::Scope;

/// What can go wrong with sealed values. Holds no part of a key or a plaintext.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The text of a master key is not 32 bytes in base64.
    #[error("a master key is 32 random bytes in base64, for example the output of: openssl rand -base64 32")]
    NotAMasterKey,
    /// No master key was given and none may be made.
    #[error(
        "no master key: set BOTYARD_MASTER_KEY or BOTYARD_MASTER_KEY_FILE (it is generated only beside SQLite, and not beside a second key)"
    )]
    NoMasterKey,
    /// The master key's file could not be read or written.
    #[error("the master key's file {path}: {source}")]
    KeyFile {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Sealed under another key than the one at hand: a wrong master key, or another tenant's data key.
    #[error("sealed under key {sealed_under}, {at_hand}")]
    OtherKey {
        /// The id of the key that sealed it.
        sealed_under: KeyId,
        /// The ids of the keys that could be tried.
        at_hand: AtHand,
    },
    /// A file for a new key is there already.
    #[error("{0} exists: it is not overwritten")]
    KeyFileExists(String),
    /// Not a sealed value at all, or of a format this version doesn't know.
    #[error("not a sealed value of a known format")]
    UnknownFormat,
    /// Changed, cut short, or moved here from another tenant or column.
    #[error("a sealed value was damaged or moved from another tenant or column")]
    Damaged,
    /// Longer than the cipher takes (256 GiB).
    #[error("too long to seal")]
    TooLong,
}

/// What a key of the whole installation is derived for; each purpose has its own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Keyed hashes of bot tokens: the same token twice is found without opening any.
    TokenFingerprint,
    /// Keyed hashes of receipts (decisions.md 11).
    ReceiptFingerprint,
    /// Signing the panel's sessions (decisions.md 13).
    PanelSession,
    /// Links that the platform signs: downloads of large results, onboarding.
    SignedLink,
    /// Keyed hashes of people who asked to be erased.
    ErasedPerson,
    /// The chain over a tenant's transfers: whoever can only write rows cannot continue it.
    LedgerChain,
    /// Signs what stays of a tenant that was removed.
    PurgeStatement,
}

impl Purpose {
    /// The label in the derivation. Changing one changes every value made with it.
    const fn label(self) -> &'static [u8] {
        match self {
            Self::TokenFingerprint => b"botyard token fingerprint",
            Self::ReceiptFingerprint => b"botyard receipt fingerprint",
            Self::PanelSession => b"botyard panel session",
            Self::SignedLink => b"botyard signed link",
            Self::ErasedPerson => b"botyard erased person",
            Self::LedgerChain => b"botyard ledger chain",
            Self::PurgeStatement => b"botyard purge statement",
        }
    }
}

/// The opened vault of one installation: the master key (two of them while it is changed), and the installation's own random
/// secret, which outlives a change of the master key so that fingerprints and sessions do too.
pub struct Vault {
    masters: MasterKeys,
    /// Which of them seals.
    second_seals: AtomicBool,
    installation: Key,
    tokens: Zeroizing<[u8; 32]>,
}

impl Vault {
    /// Begins a new installation. The sealed check value is to be stored: [`Vault::open`] asks for it from then on.
    pub fn create(masters: impl Into<MasterKeys>) -> Result<(Self, Sealed), VaultError> {
        let vault = Self::of(masters.into(), false, Key::random());
        let check = vault.check_value(vault.sealing())?;
        Ok((vault, check))
    }

    /// Opens an existing installation; [`VaultError::OtherKey`] when none of these is the master key that it is under.
    pub fn open(masters: impl Into<MasterKeys>, check: &Sealed) -> Result<Self, VaultError> {
        let masters = masters.into();
        let of_second = masters.is_of_second(check)?;
        let secret = seal::open_with(masters.pick(of_second), &Scope::Platform, Column::CheckValue, check)?;
        Ok(Self::of(masters, of_second, Key::from_slice(&secret)?))
    }

    /// Seals from now on with the key that sealed `check`, the installation's check value as it is stored now. `true`: that is
    /// another one than before. [`VaultError::OtherKey`] when this process was not given it: it seals as it did.
    pub fn follow(&self, check: &Sealed) -> Result<bool, VaultError> {
        if check.key_id() == Some(self.current()) {
            return Ok(false);
        }
        let of_second = self.masters.is_of_second(check)?;
        // Opened, and not believed by its head: whoever can only write rows does not choose the key.
        let secret = seal::open_with(self.masters.pick(of_second), &Scope::Platform, Column::CheckValue, check)?;
        if secret.as_slice() != self.installation.bytes() {
            return Err(VaultError::Damaged);
        }
        self.second_seals.store(of_second, Ordering::Release);
        Ok(true)
    }

    /// The short name of the key that seals.
    pub fn current(&self) -> KeyId {
        self.sealing().id()
    }

    /// The short name of the key that only opens, if there is one.
    pub fn spare(&self) -> Option<KeyId> {
        let AtHand(first, second) = self.masters.at_hand();
        if self.second_seals.load(Ordering::Acquire) { Some(first) } else { second }
    }

    /// The installation's secret sealed by the key that only opens, if there is one: stored in the place of the check value, it
    /// makes that key the installation's.
    pub fn check_value_of_spare(&self) -> Result<Option<Sealed>, VaultError> {
        let spare = self.masters.pick(!self.second_seals.load(Ordering::Acquire));
        if self.spare().is_some() { self.check_value(spare).map(Some) } else { Ok(None) }
    }

    fn check_value(&self, key: &Key) -> Result<Sealed, VaultError> {
        seal::seal_with(key, &Scope::Platform, Column::CheckValue, self.installation.bytes())
    }

    /// Wraps a tenant's data key for storage.
    pub fn wrap(&self, tenant: &BotInstanceId, data_key: &DataKey) -> Result<Sealed, VaultError> {
        seal::seal_with(self.sealing(), &Scope::Tenant(tenant), Column::DataKey, data_key.key().bytes())
    }

    /// Unwraps a tenant's stored data key.
    pub fn unwrap_key(&self, tenant: &BotInstanceId, wrapped: &Sealed) -> Result<DataKey, VaultError> {
        let bytes = seal::open_with(self.opening(wrapped)?, &Scope::Tenant(tenant), Column::DataKey, wrapped)?;
        Ok(DataKey::of(Key::from_slice(&bytes)?))
    }

    /// Moves a wrapped data key to the key that seals in `next`, which may be this vault; the tenant's rows stay as they are.
    pub fn rewrap(&self, next: &Self, tenant: &BotInstanceId, wrapped: &Sealed) -> Result<Sealed, VaultError> {
        next.wrap(tenant, &self.unwrap_key(tenant, wrapped)?)
    }

    /// Seals a value that belongs to no tenant.
    pub fn seal_platform(&self, column: Column, plaintext: &[u8]) -> Result<Sealed, VaultError> {
        seal::seal_with(self.sealing(), &Scope::Platform, column, plaintext)
    }

    /// Opens what [`Vault::seal_platform`] sealed.
    pub fn open_platform(&self, column: Column, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        seal::open_with(self.opening(sealed)?, &Scope::Platform, column, sealed)
    }

    /// A keyed hash of a bot token, 64 hex digits, the same for the same token within one installation only.
    pub fn fingerprint(&self, token: &BotToken) -> String {
        hex::encode(mac(&self.tokens, token.expose().as_bytes()))
    }

    /// A key for one purpose, the same on every replica and after a restart.
    pub fn derived(&self, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        self.installation.derived(purpose.label())
    }

    /// A keyed hash for one purpose: 32 bytes.
    pub fn keyed_hash(&self, purpose: Purpose, data: &[u8]) -> [u8; 32] {
        mac(&self.derived(purpose), data)
    }

    fn of(masters: MasterKeys, second_seals: bool, installation: Key) -> Self {
        let tokens = installation.derived(Purpose::TokenFingerprint.label());
        Self { masters, second_seals: AtomicBool::new(second_seals), installation, tokens }
    }

    fn sealing(&self) -> &Key {
        self.masters.pick(self.second_seals.load(Ordering::Acquire))
    }

    fn opening(&self, sealed: &Sealed) -> Result<&Key, VaultError> {
        Ok(self.masters.pick(self.masters.is_of_second(sealed)?))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault(key {})", self.current())
    }
}

fn mac(key: &[u8; 32], data: &[u8]) -> [u8; 32] {
    // HMAC itself pads a short key to its block with zeros; done here, there is no length left to be refused.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block);
    mac.update(data);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
