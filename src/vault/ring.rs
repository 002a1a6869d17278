//! The master keys at hand: one, or two while the installation goes from one to the other.

use std::fmt;

use super::VaultError;
use super::key::{Key, KeyId};
use super::master::MasterKey;
use super::seal::Sealed;

/// What a process was given: its master key, and a second one during a change. Either opens; which one seals says the check
/// value in the database, so that every process of an installation seals with the same.
#[derive(Debug)]
pub struct MasterKeys {
    first: MasterKey,
    second: Option<MasterKey>,
}

impl MasterKeys {
    /// A key and perhaps a second one; one that is the first once more is none.
    pub fn new(first: MasterKey, second: Option<MasterKey>) -> Self {
        let second = second.filter(|second| second.id() != first.id());
        Self { first, second }
    }

    /// Their short names, the first key's first.
    pub fn at_hand(&self) -> AtHand {
        AtHand(self.first.id(), self.second.as_ref().map(MasterKey::id))
    }

    /// One of them: the second with `true`, which is the first where there is no other.
    pub(super) fn pick(&self, second: bool) -> &Key {
        self.second.as_ref().filter(|_| second).unwrap_or(&self.first).key()
    }

    /// Whether it was the second key that sealed this; an error when it was none of them.
    pub(super) fn is_of_second(&self, sealed: &Sealed) -> Result<bool, VaultError> {
        let sealed_under = sealed.key_id().ok_or(VaultError::UnknownFormat)?;
        match self.at_hand() {
            AtHand(first, _) if first == sealed_under => Ok(false),
            AtHand(_, Some(second)) if second == sealed_under => Ok(true),
            at_hand => Err(VaultError::OtherKey { sealed_under, at_hand }),
        }
    }
}

impl From<MasterKey> for MasterKeys {
    fn from(only: MasterKey) -> Self {
        Self::new(only, None)
    }
}

/// The short names of one key or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtHand(pub KeyId, pub Option<KeyId>);

impl AtHand {
    /// Whether this key is among them.
    pub fn holds(self, id: KeyId) -> bool {
        self.0 == id || self.1 == Some(id)
    }
}

impl fmt::Display for AtHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(only, None) => write!(f, "the key at hand is {only}"),
            Self(first, Some(second)) => write!(f, "the keys at hand are {first} and {second}"),
        }
    }
}
