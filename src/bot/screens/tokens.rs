//! A bot token pasted into a chat: the message is removed at once and nothing of it is kept (bot.md 14.9).

use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::home;
use crate::bot::turn::Turn;
use crate::bot::update::Message;
use crate::domain::BotToken;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};

/// Whether a message holds what looks like a bot token, alone or among other words, as when it is forwarded.
pub fn is_in(message: &Message) -> bool {
    message.text.as_deref().is_some_and(|text| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-')))
            .any(|word| BotToken::parse(word).is_ok())
    })
}

/// Removes the message and says where tokens belong. What was asked for before stays asked.
pub fn refuse(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if let Some(message) = turn.incoming.message {
        turn.push(Outgoing::Delete { message }, MessageClass::MustArrive);
    }
    let words = turn.words();
    let keyboard = Keyboard::new().row([Callback::CopyBot.button(words.get("btn-copy-bot"))]).row([home(words)]);
    turn.say(words.get("token-in-chat"), keyboard, Track::Nothing);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> bool {
        let json = serde_json::json!({"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": text});
        is_in(&serde_json::from_value(json).unwrap())
    }

    #[test]
    fn a_token_is_seen_alone_and_among_words() {
        let token = format!("7000000001:AA{}", "x".repeat(33));
        assert!(said(&token) && said(&format!("  {token}\n")));
        assert!(said(&format!("Use this token to access the HTTP API:\n{token}\nKeep it secure.")));
        assert!(said(&format!("/add {token}")));
    }

    #[test]
    fn what_only_has_a_colon_is_no_token() {
        for text in ["16:9", "кот: рыжий", "12345:short", "https://example.com:8443/path", "1:1 ratio, 10:30"] {
            assert!(!said(text), "{text}");
        }
    }
}
