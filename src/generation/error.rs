//! What can go wrong inside the generation service, apart from what a generation itself can end with.

use super::media::MediaError;
use crate::domain::GenerationId;
use crate::store::StoreError;
use crate::tenants::tenant::TenantError;
use crate::vault::VaultError;

/// A defect or a missing service of ours: the caller rolls back and tries later. Never an answer for a person.
#[derive(Debug, thiserror::Error)]
pub enum GenerationError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A sealed value does not open, or cannot be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The media store.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// A stored request has a shape that this program does not write.
    #[error("a stored request cannot be read")]
    Unreadable,
    /// A stored generation names a model that the catalog no longer has.
    #[error("{0} is of a model that is gone")]
    ModelGone(GenerationId),
}

impl From<TenantError> for GenerationError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::Store(error) => Self::Store(error),
            TenantError::Vault(error) => Self::Vault(error),
            TenantError::Data(_) => Self::Unreadable,
        }
    }
}

impl GenerationError {
    /// Whether trying the same again later can help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Store(error) => error.is_temporary(),
            Self::Media(error) => error.is_passing(),
            Self::Vault(_) | Self::Unreadable | Self::ModelGone(_) => false,
        }
    }

    /// A short stable word for logs and the error log.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Store(error) => error.class(),
            Self::Vault(_) => "vault",
            Self::Media(_) => "media",
            Self::Unreadable => "request_unreadable",
            Self::ModelGone(_) => "model_gone",
        }
    }
}
