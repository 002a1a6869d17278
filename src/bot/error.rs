//! What can end a turn early, and what the user then sees (bot.md 15.1).

use crate::generation::GenerationError;
use crate::store::StoreError;
use crate::tenants::tenant::TenantError;
use crate::vault::VaultError;

/// A turn could not be finished; nothing of it was committed.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something sealed does not open.
    #[error("sealed data: {0}")]
    Vault(#[from] VaultError),
    /// Stored data has a shape this program does not write.
    #[error("stored data of an unknown shape: {0}")]
    Data(#[from] serde_json::Error),
    /// Another replica changed the session meanwhile: the turn is repeated on fresh data.
    #[error("the session moved")]
    SessionMoved,
    /// An admin blocks the person: said by the gate, which may ask the locks only while no transaction is open.
    #[error("the person is blocked")]
    Blocked,
    /// The handler took longer than it may.
    #[error("the handler took too long")]
    TooLong,
    /// The handler panicked.
    #[error("panic: {0}")]
    Panic(String),
    /// Anything else, without a user's words in it.
    #[error("{0}")]
    Other(String),
}

impl From<TenantError> for TurnError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::Vault(e) => Self::Vault(e),
            TenantError::Store(e) => Self::Store(e),
            TenantError::Data(what) => Self::Other(format!("stored {what} cannot be read")),
        }
    }
}

impl From<GenerationError> for TurnError {
    fn from(error: GenerationError) -> Self {
        match error {
            GenerationError::Store(e) => Self::Store(e),
            GenerationError::Vault(e) => Self::Vault(e),
            other => Self::Other(other.to_string()),
        }
    }
}

impl TurnError {
    /// A short stable word for logs and the error log.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Store(e) => e.class(),
            Self::Vault(_) => "vault",
            Self::Data(_) => "data",
            Self::SessionMoved => "session_moved",
            Self::Blocked => "blocked",
            Self::TooLong => "too_long",
            Self::Panic(_) => "panic",
            Self::Other(_) => "other",
        }
    }

    /// Which part failed (bot.md 15.1, `stage`).
    pub fn stage(&self) -> &'static str {
        match self {
            Self::Store(_) | Self::Vault(_) | Self::Data(_) | Self::SessionMoved => "storage",
            Self::Blocked | Self::TooLong | Self::Panic(_) | Self::Other(_) => "handler",
        }
    }
}
