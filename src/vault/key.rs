//! Thirty-two secret bytes and their short id.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use rand::Rng as _;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::VaultError;
use crate::config::key_bytes;

/// Names a key without saying anything of it: four bytes derived from the key. It stands in the head of every sealed
/// value, so after a rotation each value says which key it needs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub(super) [u8; 4]);

impl KeyId {
    /// As it stands in a sealed value.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A symmetric key. Wiped when dropped; never printed.
pub(super) struct Key {
    bytes: Zeroizing<[u8; 32]>,
    id: KeyId,
}

impl Key {
    /// A new random key.
    pub(super) fn random() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::rng().fill_bytes(bytes.as_mut());
        Self::of(bytes)
    }

    /// The key in `bytes`; [`VaultError::Damaged`] when they are not 32.
    pub(super) fn from_slice(bytes: &[u8]) -> Result<Self, VaultError> {
        <[u8; 32]>::try_from(bytes).map(|bytes| Self::of(Zeroizing::new(bytes))).map_err(|_| VaultError::Damaged)
    }

    /// Reads 32 bytes in base64.
    pub(super) fn from_base64(text: &str) -> Option<Self> {
        key_bytes(text).map(Self::of)
    }

    /// The key as base64, for its file.
    pub(super) fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.bytes.as_slice()))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    /// Another key for the purpose that `label` names (HKDF-SHA256).
    pub(super) fn derived(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        expand(&self.bytes, label)
    }

    fn of(bytes: Zeroizing<[u8; 32]>) -> Self {
        let id = expand(&bytes, b"botyard key id");
        Self { id: KeyId([id[0], id[1], id[2], id[3]]), bytes }
    }
}

fn expand(key: &[u8; 32], label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // Fails only past 255 blocks of output; 32 bytes are one block, so there is nothing to handle.
    let _ = Hkdf::<Sha256>::new(None, key).expand(label, out.as_mut());
    out
}
