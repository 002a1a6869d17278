//! Admins' commands (bot.md 3). `/add` is the knowledge base's, `/panel` stands with the others.

/// What `/admin` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminView {
    /// S-40.
    Panel,
    /// S-43 of a number or `@name`.
    User(String),
    /// An error by its correlation id.
    Corr(String),
    /// The last errors.
    LastErrors,
    /// The checks of money and data.
    Preflight,
    /// How the bot stands.
    Info,
    /// Neither a user nor a word that is known.
    Unknown,
}

impl AdminView {
    fn parse(argument: Option<&str>) -> Self {
        let Some(argument) = argument else { return Self::Panel };
        let (word, rest) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
        match word.to_lowercase().as_str() {
            "corr" => Self::Corr(rest.trim().to_owned()),
            "last_errors" => Self::LastErrors,
            "preflight" => Self::Preflight,
            "info" => Self::Info,
            _ if word.starts_with('@') || word.starts_with(|c: char| c.is_ascii_digit()) => Self::User(word.to_owned()),
            _ => Self::Unknown,
        }
    }
}

/// A command of admins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminCommand {
    /// `/admin …`.
    Admin(AdminView),
    /// Whom, and why.
    BlockUser(Option<String>),
    /// Whom, and why.
    UnblockUser(Option<String>),
    /// Whose.
    UserBalance(Option<String>),
    /// Whom: the owner's alone.
    AddAdmin(Option<String>),
    /// S-45.
    SelfTest,
    /// S-46.
    ConfigCheck,
}

impl AdminCommand {
    /// Reads a command's word; `None`: not one of these.
    pub fn parse(word: &str, argument: Option<&str>) -> Option<Self> {
        let own = || argument.map(str::to_owned);
        Some(match word {
            "admin" => Self::Admin(AdminView::parse(argument)),
            "block_user" => Self::BlockUser(own()),
            "unblock_user" => Self::UnblockUser(own()),
            "user_balance" => Self::UserBalance(own()),
            "add_admin" => Self::AddAdmin(own()),
            "selftest" => Self::SelfTest,
            "config_check" => Self::ConfigCheck,
            _ => return None,
        })
    }

    /// A short stable word for logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Admin(_) => "admin",
            Self::BlockUser(_) => "block_user",
            Self::UnblockUser(_) => "unblock_user",
            Self::UserBalance(_) => "user_balance",
            Self::AddAdmin(_) => "add_admin",
            Self::SelfTest => "selftest",
            Self::ConfigCheck => "config_check",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_admin_is_a_person_or_a_word() {
        let view = |argument| AdminView::parse(Some(argument));
        assert_eq!(AdminView::parse(None), AdminView::Panel);
        assert_eq!(view("42"), AdminView::User("42".to_owned()));
        assert_eq!(view("@Anna extra"), AdminView::User("@Anna".to_owned()));
        assert_eq!(view("12ab"), AdminView::User("12ab".to_owned()));
        assert_eq!(view("CORR  abc "), AdminView::Corr("abc".to_owned()));
        assert_eq!(view("last_errors"), AdminView::LastErrors);
        assert_eq!(view("nonsense"), AdminView::Unknown);
    }
}
