//! What a panel session may see.

use super::BotInstanceId;

/// What a panel link or session is for: one tenant, or the platform as a whole. Somebody else's row is never in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PanelScope {
    /// One tenant's pages.
    Tenant(BotInstanceId),
    /// The platform owner's pages.
    Platform,
}

impl PanelScope {
    /// The word it is stored as.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Tenant(_) => "tenant",
            Self::Platform => "platform",
        }
    }

    /// Whose pages, unless they are the platform's.
    pub fn tenant(&self) -> Option<&BotInstanceId> {
        match self {
            Self::Tenant(id) => Some(id),
            Self::Platform => None,
        }
    }
}
