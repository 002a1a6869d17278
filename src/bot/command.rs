//! Commands: a text that begins with `/` is always a command, in every state (bot.md 2.1, 3).

mod admin;

pub use admin::{AdminCommand, AdminView};

/// A command of the main way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The menu, from the beginning; what stands after the word.
    Start(Option<String>),
    /// S-30.
    Help,
    /// S-20.
    Balance,
    /// S-04.
    Models,
    /// S-03, or a model's first step.
    Generate(Option<String>),
    /// Running generations, or one of them.
    Status(Option<String>),
    /// The session is forgotten.
    Reset,
    /// The session is forgotten, said so.
    Cancel,
    /// S-32, or a language at once.
    Language(Option<String>),
    /// S-35.
    Privacy,
    /// Whom to ask about payments.
    PaySupport,
    /// S-42, for admins.
    Payments,
    /// A one-time link to the panel, for admins.
    Panel,
    /// S-33 for what stands after the word.
    Search(Option<String>),
    /// S-34 for what stands after the word.
    Ask(Option<String>),
    /// A new article for the knowledge base, for admins.
    Add(Option<String>),
    /// What only admins may say.
    Admin(AdminCommand),
}

impl Command {
    /// Reads `/word[@bot] argument…`. `None` for a text that is no command; `Some(Err(()))` for an unknown one.
    pub fn parse(text: &str) -> Option<Result<Self, UnknownCommand>> {
        let rest = text.strip_prefix('/')?;
        let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let word = word.split_once('@').map_or(word, |(w, _)| w).to_lowercase();
        let argument = argument.trim();
        let argument = (!argument.is_empty()).then(|| argument.to_owned());
        Some(Ok(match word.as_str() {
            "start" => Self::Start(argument),
            "help" => Self::Help,
            "balance" => Self::Balance,
            "models" => Self::Models,
            "generate" => Self::Generate(argument),
            "status" => Self::Status(argument),
            "reset" => Self::Reset,
            "cancel" => Self::Cancel,
            "language" => Self::Language(argument),
            "privacy" => Self::Privacy,
            "paysupport" => Self::PaySupport,
            "payments" => Self::Payments,
            "panel" => Self::Panel,
            "search" => Self::Search(argument),
            "ask" => Self::Ask(argument),
            "add" => Self::Add(argument),
            _ => match AdminCommand::parse(&word, argument.as_deref()) {
                Some(command) => Self::Admin(command),
                None => return Some(Err(UnknownCommand)),
            },
        }))
    }

    /// A short stable word for logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::Help => "help",
            Self::Balance => "balance",
            Self::Models => "models",
            Self::Generate(_) => "generate",
            Self::Status(_) => "status",
            Self::Reset => "reset",
            Self::Cancel => "cancel",
            Self::Language(_) => "language",
            Self::Privacy => "privacy",
            Self::PaySupport => "paysupport",
            Self::Payments => "payments",
            Self::Panel => "panel",
            Self::Search(_) => "search",
            Self::Ask(_) => "ask",
            Self::Add(_) => "add",
            Self::Admin(command) => command.name(),
        }
    }
}

/// A command this bot does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCommand;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_with_their_argument_and_bot_name() {
        assert_eq!(Command::parse("/start"), Some(Ok(Command::Start(None))));
        assert_eq!(Command::parse("/START@my_bot ref_1"), Some(Ok(Command::Start(Some("ref_1".to_owned())))));
        assert_eq!(Command::parse("/language  en "), Some(Ok(Command::Language(Some("en".to_owned())))));
        assert_eq!(Command::parse("/nonsense"), Some(Err(UnknownCommand)));
        assert_eq!(Command::parse("start"), None);
    }
}
