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
mod seal;

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::{BotInstanceId, BotToken};

pub use key::KeyId;
pub use master::{LoadedMasterKey, MasterKey};
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
    #[error("no master key: set BOTYARD_MASTER_KEY or BOTYARD_MASTER_KEY_FILE (it is generated only beside SQLite)")]
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
    #[error("sealed under key {sealed_under}, the key at hand is {at_hand}")]
    OtherKey {
        /// The id of the key that sealed it.
        sealed_under: KeyId,
        /// The id of the key that was tried.
        at_hand: KeyId,
    },
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

/// The opened vault of one installation: the master key, and the installation's own random secret, which outlives a
/// change of the master key so that fingerprints and sessions do too.
pub struct Vault {
    master: MasterKey,
    installation: Key,
    tokens: Zeroizing<[u8; 32]>,
}

impl Vault {
    /// Begins a new installation. The sealed check value is to be stored: [`Vault::open`] asks for it from then on.
    pub fn create(master: MasterKey) -> Result<(Self, Sealed), VaultError> {
        let vault = Self::of(master, Key::random());
        let check = vault.check_value()?;
        Ok((vault, check))
    }

    /// Opens an existing installation; [`VaultError::OtherKey`] when this is not the master key it was begun with.
    pub fn open(master: MasterKey, check: &Sealed) -> Result<Self, VaultError> {
        let secret = seal::open_with(master.key(), &Scope::Platform, Column::CheckValue, check)?;
        Ok(Self::of(master, Key::from_slice(&secret)?))
    }

    /// Seals the installation's secret again: what a change of the master key stores.
    pub fn check_value(&self) -> Result<Sealed, VaultError> {
        seal::seal_with(self.master.key(), &Scope::Platform, Column::CheckValue, self.installation.bytes())
    }

    /// The same installation under a new master key; the caller stores the new check value and every rewrapped data key.
    pub fn with_master(&self, master: MasterKey) -> Result<(Self, Sealed), VaultError> {
        let vault = Self::of(master, self.installation.copy());
        let check = vault.check_value()?;
        Ok((vault, check))
    }

    /// Wraps a tenant's data key for storage.
    pub fn wrap(&self, tenant: &BotInstanceId, data_key: &DataKey) -> Result<Sealed, VaultError> {
        seal::seal_with(self.master.key(), &Scope::Tenant(tenant), Column::DataKey, data_key.key().bytes())
    }

    /// Unwraps a tenant's stored data key.
    pub fn unwrap_key(&self, tenant: &BotInstanceId, wrapped: &Sealed) -> Result<DataKey, VaultError> {
        let bytes = seal::open_with(self.master.key(), &Scope::Tenant(tenant), Column::DataKey, wrapped)?;
        Ok(DataKey::of(Key::from_slice(&bytes)?))
    }

    /// Moves a wrapped data key from this master key to that of `next`; the tenant's rows stay as they are.
    pub fn rewrap(&self, next: &Self, tenant: &BotInstanceId, wrapped: &Sealed) -> Result<Sealed, VaultError> {
        next.wrap(tenant, &self.unwrap_key(tenant, wrapped)?)
    }

    /// Whether a wrapped data key was wrapped under this vault's master key: what a rotation still has to do.
    pub fn is_current(&self, wrapped: &Sealed) -> bool {
        wrapped.key_id() == Some(self.master.id())
    }

    /// Seals a value that belongs to no tenant.
    pub fn seal_platform(&self, column: Column, plaintext: &[u8]) -> Result<Sealed, VaultError> {
        seal::seal_with(self.master.key(), &Scope::Platform, column, plaintext)
    }

    /// Opens what [`Vault::seal_platform`] sealed.
    pub fn open_platform(&self, column: Column, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        seal::open_with(self.master.key(), &Scope::Platform, column, sealed)
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

    fn of(master: MasterKey, installation: Key) -> Self {
        let tokens = installation.derived(Purpose::TokenFingerprint.label());
        Self { master, installation, tokens }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault(key {})", self.master.id())
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
