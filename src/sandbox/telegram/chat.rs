//! One private chat of a bot: its messages in order, its reply keyboard, whether it is blocked.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::sandbox::wire::{ChatMessage, Person};

/// A conversation of one bot with one person.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Chat {
    /// Oldest first; ids grow.
    pub messages: VecDeque<ChatMessage>,
    /// The person blocked the bot.
    #[serde(default)]
    pub blocked: bool,
    /// The reply keyboard in force.
    #[serde(default)]
    pub keyboard: Option<Value>,
    /// Until when the bot "is typing", Unix ms.
    #[serde(skip)]
    pub typing_until: i64,
}

impl Chat {
    /// Adds a message and drops the oldest over `cap`.
    pub(crate) fn push(&mut self, message: ChatMessage, cap: usize) {
        if self.messages.len() >= cap.max(1) {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
    }

    fn position(&self, id: i64) -> Option<usize> {
        self.messages.binary_search_by_key(&id, |message| message.id).ok()
    }

    /// The message with this id.
    pub(crate) fn message(&self, id: i64) -> Option<&ChatMessage> {
        self.position(id).map(|at| &self.messages[at])
    }

    /// The same, to change it.
    pub(crate) fn message_mut(&mut self, id: i64) -> Option<&mut ChatMessage> {
        self.position(id).map(|at| &mut self.messages[at])
    }

    /// Takes the message out.
    pub(crate) fn remove(&mut self, id: i64) -> Option<ChatMessage> {
        self.position(id).and_then(|at| self.messages.remove(at))
    }
}

/// A person as Telegram's `User`.
pub(crate) fn user_json(person: &Person) -> Value {
    let mut user = json!({"id": person.id, "is_bot": false, "first_name": person.first_name});
    for (name, value) in
        [("last_name", &person.last_name), ("username", &person.username), ("language_code", &person.language_code)]
    {
        if let Some(text) = value {
            user[name] = Value::from(text.as_str());
        }
    }
    user
}

/// A person's private chat as Telegram's `Chat`.
pub(crate) fn chat_json(person: &Person) -> Value {
    let mut chat = json!({"id": person.id, "type": "private", "first_name": person.first_name});
    for (name, value) in [("last_name", &person.last_name), ("username", &person.username)] {
        if let Some(text) = value {
            chat[name] = Value::from(text.as_str());
        }
    }
    chat
}

/// The entities Telegram finds by itself in a typed text: commands at word starts.
pub(crate) fn command_entities(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut offset = 0;
    let mut at_word_start = true;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '/' && at_word_start {
            let name: usize =
                rest[1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'@')).count();
            if name > 0 {
                found.push(json!({"type": "bot_command", "offset": offset, "length": name + 1}));
            }
        }
        at_word_start = first.is_whitespace();
        offset += first.len_utf16();
        rest = &rest[first.len_utf8()..];
    }
    found
}

/// Message content: a text with the entities Telegram would find.
pub(crate) fn typed_text(text: &str) -> Map<String, Value> {
    let mut content = Map::new();
    content.insert("text".to_owned(), Value::from(text));
    let entities = command_entities(text);
    if !entities.is_empty() {
        content.insert("entities".to_owned(), Value::Array(entities));
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_at_word_starts_with_utf16_offsets() {
        assert_eq!(
            command_entities("😀 /start now a/b"),
            vec![json!({"type": "bot_command", "offset": 3, "length": 6})]
        );
        assert!(command_entities("1/2 / no").is_empty());
    }
}
