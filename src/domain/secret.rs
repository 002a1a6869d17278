//! Values that must never be printed: they have no `Display`, and their `Debug` shows nothing of them.

use std::fmt;

use zeroize::Zeroizing;

use super::UserId;

/// A secret text (a key, a password). Reading it is a visible act: [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Never pass it to a log, an error, a page or a URL of ours.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `abc***yz`: enough to recognise a value in a settings error, too little to use it.
    pub fn masked(&self) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        if chars.len() < 12 {
            return "***".to_owned();
        }
        let head: String = chars[..3].iter().collect();
        let tail: String = chars[chars.len() - 2..].iter().collect();
        format!("{head}***{tail}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A bot's token, `<bot id>:<35 characters>`. Only its numeric id may be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct BotToken(Secret);

/// Why a text is not a bot token. Never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a bot token looks like 123456789:AA… (digits, a colon, 30 to 64 letters, digits, '_' or '-')")]
pub struct BadToken;

impl BotToken {
    /// Checks the shape that the Bot API server accepts (facts/telegram.md 1).
    pub fn parse(text: &str) -> Result<Self, BadToken> {
        let text = text.trim();
        let (id, key) = text.split_once(':').ok_or(BadToken)?;
        let id_ok = (5..=15).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_digit()) && !id.starts_with('0');
        let key_ok = (30..=64).contains(&key.len())
            && key.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'));
        if id_ok && key_ok { Ok(Self(Secret::new(text))) } else { Err(BadToken) }
    }

    /// The bot's own Telegram id: the part before the colon.
    pub fn bot_id(&self) -> UserId {
        UserId(self.0.expose().split(':').next().and_then(|id| id.parse().ok()).unwrap_or(0))
    }

    /// The whole token, for the Bot API's path only.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for BotToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BotToken({}:***)", self.bot_id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_secret_is_printed() {
        let token = BotToken::parse("123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr").unwrap();
        assert_eq!(format!("{token:?}"), "BotToken(123456789:***)");
        assert_eq!(token.bot_id(), UserId(123_456_789));
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(***)");
        assert_eq!(Secret::new("abcdefghijklmnopqrstuvwxyz").masked(), "abc***yz");
        assert_eq!(Secret::new("short").masked(), "***");
    }

    #[test]
    fn a_token_of_the_wrong_shape_is_refused() {
        for bad in [
            "",
            "123",
            "0123456:AAbbccddeeffgghhiijjkkllmmnnooppqqr",
            "12345678:short",
            "x:AAbbccddeeffgghhiijjkkllmmnnooppqqr",
        ] {
            assert!(BotToken::parse(bad).is_err(), "{bad}");
        }
    }
}
