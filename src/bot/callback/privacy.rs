//! Buttons of «🗑 Удалить мои данные» (bot.md 4, S-35).

/// A pressed button of S-35.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivacyPress {
    /// What will be lost is said, and agreement asked for.
    Ask,
    /// Agreed.
    Agree,
}

impl PrivacyPress {
    /// Reads a button's data; `None` when it is no button of S-35.
    pub fn parse(data: &str) -> Option<Self> {
        match data {
            "privacy_delete" => Some(Self::Ask),
            "privacy_delete_ok" => Some(Self::Agree),
            _ => None,
        }
    }

    /// The data that [`PrivacyPress::parse`] reads back.
    pub fn data(&self) -> String {
        match self {
            Self::Ask => "privacy_delete",
            Self::Agree => "privacy_delete_ok",
        }
        .to_owned()
    }
}
