//! What a Bot API answer means for us. Descriptions are shortened and cleaned of anything that looks like a token.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::clients::http::{Answer, Why};
use crate::domain::{BotToken, ChatId};

/// Where the server names no time to wait.
const DEFAULT_RETRY: Duration = Duration::from_secs(5);
const DESCRIPTION_CHARS: usize = 200;

/// Why a call gave no result, by what the caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TelegramError {
    /// Too many requests: this chat or bot may not send before that much time has passed.
    #[error("Telegram asks to wait {} s", .0.as_secs())]
    RetryAfter(Duration),
    /// The person cannot be reached: blocked the bot, deleted the account, or no such chat.
    #[error("the chat cannot be reached: {0}")]
    Blocked(String),
    /// The group became a supergroup with this id; the old id is dead.
    #[error("the chat moved to {0}")]
    Migrated(ChatId),
    /// The edit changes nothing: a success for most callers.
    #[error("the message is not modified")]
    NotModified,
    /// The message to edit or delete no longer exists, or is too old for it.
    #[error("the message is gone")]
    MessageGone,
    /// The callback query was answered too late, or twice.
    #[error("the query is too old")]
    QueryTooOld,
    /// The token is not accepted: revoked, replaced, mistyped.
    #[error("the bot token is not accepted")]
    Unauthorized,
    /// Somebody else uses this token: a second poller, or a webhook while polling.
    #[error("another consumer uses this bot: {0}")]
    Conflict(String),
    /// The file is above what the Bot API server or the caller's cap allows.
    #[error("the file is too big")]
    FileTooBig,
    /// Refused for another reason: repeating the same call changes nothing.
    #[error("Telegram refused ({code}): {description}")]
    Rejected {
        /// The Bot API's `error_code`, or the HTTP status.
        code: u16,
        /// The server's words, at most 200 characters.
        description: String,
    },
    /// The call certainly never reached the server: it may be repeated.
    #[error("not sent: {0}")]
    NotSent(Why),
    /// The call may have been carried out: repeating it may do it twice.
    #[error("may have been sent: {0}")]
    InDoubt(Why),
    /// Answered as done, but with something that is not the expected result. Counts as sent.
    #[error("the answer was not understood")]
    BadAnswer,
}

impl TelegramError {
    /// Whether the same call may be repeated without any risk of doing it twice.
    pub fn certainly_not_sent(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::RetryAfter(_))
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    ok: bool,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize, Default)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// The result of a complete answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer, token: &BotToken) -> Result<T, TelegramError> {
    match serde_json::from_slice::<Envelope<'_>>(&answer.body) {
        Ok(Envelope { ok: true, result: Some(result), .. }) if answer.status < 300 => {
            serde_json::from_str(result.get()).map_err(|_| TelegramError::BadAnswer)
        }
        Ok(envelope) if !envelope.ok => Err(refused(envelope, answer, token)),
        _ => Err(not_telegram(answer)),
    }
}

/// An answer without the Bot API's envelope: a proxy's error page, a captive portal, a wrong base URL.
pub(super) fn not_telegram(answer: &Answer) -> TelegramError {
    match answer.status {
        200..300 => TelegramError::BadAnswer,
        429 => TelegramError::RetryAfter(answer.retry_after.unwrap_or(DEFAULT_RETRY)),
        code @ 500.. => TelegramError::InDoubt(Why::Server(code)),
        code => {
            TelegramError::Rejected { code, description: "the answer does not come from a Bot API server".to_owned() }
        }
    }
}

fn refused(envelope: Envelope<'_>, answer: &Answer, token: &BotToken) -> TelegramError {
    let code = envelope.error_code.unwrap_or(answer.status);
    let parameters = envelope.parameters.unwrap_or_default();
    let description = clean(envelope.description.as_deref().unwrap_or_default(), token);
    if let Some(chat) = parameters.migrate_to_chat_id {
        return TelegramError::Migrated(ChatId(chat));
    }
    match code {
        429 => TelegramError::RetryAfter(
            parameters.retry_after.map(Duration::from_secs).or(answer.retry_after).unwrap_or(DEFAULT_RETRY),
        ),
        401 => TelegramError::Unauthorized,
        // The cloud answers a token that it does not know so; an unknown method says more.
        404 if description == "Not Found" => TelegramError::Unauthorized,
        403 => TelegramError::Blocked(description),
        409 => TelegramError::Conflict(description),
        500.. => TelegramError::InDoubt(Why::Server(code)),
        _ => by_words(code, description),
    }
}

/// The 400s differ only by their text.
fn by_words(code: u16, description: String) -> TelegramError {
    const UNREACHABLE: [&str; 5] =
        ["chat not found", "user is deactivated", "peer_id_invalid", "input_user_deactivated", "user_is_blocked"];
    const GONE: [&str; 6] = [
        "message to edit not found",
        "message to delete not found",
        "message can't be edited",
        "message can't be deleted",
        "message_id_invalid",
        "message identifier is not specified",
    ];
    let words = description.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
    if says(&["message is not modified"]) {
        TelegramError::NotModified
    } else if says(&GONE) {
        TelegramError::MessageGone
    } else if says(&["query is too old", "query id is invalid", "query_id_invalid"]) {
        TelegramError::QueryTooOld
    } else if says(&["file is too big", "request entity too large"]) || code == 413 {
        TelegramError::FileTooBig
    } else if says(&UNREACHABLE) {
        TelegramError::Blocked(description)
    } else {
        TelegramError::Rejected { code, description }
    }
}

/// At most 200 characters on one line, without the token or anything of a token's shape.
fn clean(text: &str, token: &BotToken) -> String {
    let text = text.replace(token.expose(), "***");
    let mut shown = String::new();
    for word in text.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(if holds_token(word) { "***" } else { word });
    }
    shown.chars().take(DESCRIPTION_CHARS).collect()
}

/// Whether `digits:30 or more of the token's alphabet` occurs in the word.
fn holds_token(word: &str) -> bool {
    word.match_indices(':').any(|(at, _)| {
        let digits = word[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        let key = word[at + 1..].bytes().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-')).count();
        digits >= 5 && key >= 30
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr";

    fn meaning(status: u16, body: &str) -> TelegramError {
        let answer = Answer { status, retry_after: None, body: body.as_bytes().to_vec().into() };
        read::<bool>(&answer, &BotToken::parse(TOKEN).unwrap()).unwrap_err()
    }

    fn described(code: u16, description: &str) -> TelegramError {
        let body = serde_json::json!({"ok": false, "error_code": code, "description": description});
        meaning(code, &body.to_string())
    }

    #[test]
    fn telegrams_words_become_meanings() {
        use TelegramError as E;
        let blocked = |text: &str| E::Blocked(text.to_owned());
        for (code, words, expected) in [
            (403, "Forbidden: bot was blocked by the user", blocked("Forbidden: bot was blocked by the user")),
            (403, "Forbidden: user is deactivated", blocked("Forbidden: user is deactivated")),
            (400, "Bad Request: chat not found", blocked("Bad Request: chat not found")),
            (400, "Bad Request: PEER_ID_INVALID", blocked("Bad Request: PEER_ID_INVALID")),
            (400, "Bad Request: message is not modified: specified new message content…", E::NotModified),
            (400, "Bad Request: message to edit not found", E::MessageGone),
            (400, "Bad Request: message can't be deleted for everyone", E::MessageGone),
            (400, "Bad Request: MESSAGE_ID_INVALID", E::MessageGone),
            (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", E::QueryTooOld),
            (400, "Bad Request: QUERY_ID_INVALID", E::QueryTooOld),
            (400, "Bad Request: file is too big", E::FileTooBig),
            (413, "Request Entity Too Large", E::FileTooBig),
            (401, "Unauthorized", E::Unauthorized),
            (404, "Not Found", E::Unauthorized),
            (500, "Internal Server Error", E::InDoubt(Why::Server(500))),
            (429, "Too Many Requests", E::RetryAfter(DEFAULT_RETRY)),
        ] {
            assert_eq!(described(code, words), expected, "{words}");
        }
        assert!(matches!(described(409, "Conflict: terminated by setWebhook request"), E::Conflict(_)));
        assert!(matches!(described(404, "Not Found: method not found"), E::Rejected { code: 404, .. }));
        assert!(matches!(described(400, "Bad Request: can't parse entities"), E::Rejected { code: 400, .. }));
    }

    #[test]
    fn parameters_are_obeyed() {
        let body = r#"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":35}}"#;
        assert_eq!(meaning(429, body), TelegramError::RetryAfter(Duration::from_secs(35)));
        let body = r#"{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-1001}}"#;
        assert_eq!(meaning(400, body), TelegramError::Migrated(ChatId(-1001)));
    }

    #[test]
    fn a_page_that_is_not_telegrams_never_marks_a_user() {
        assert!(matches!(meaning(403, "<html>blocked</html>"), TelegramError::Rejected { code: 403, .. }));
        assert!(matches!(meaning(302, ""), TelegramError::Rejected { code: 302, .. }));
        assert_eq!(meaning(502, "<html>"), TelegramError::InDoubt(Why::Server(502)));
        assert_eq!(meaning(429, "slow down"), TelegramError::RetryAfter(DEFAULT_RETRY));
        for odd in ["", "[]", "{}", r#"{"ok":true}"#, r#"{"ok":true,"result":"text"}"#] {
            assert_eq!(meaning(200, odd), TelegramError::BadAnswer, "{odd}");
        }
    }

    #[test]
    fn a_description_is_short_and_without_tokens() {
        let token = BotToken::parse(TOKEN).unwrap();
        let other = "987654321:BBbbccddeeffgghhiijjkkllmmnnooppqqr";
        let said = clean(&format!("a /bot{TOKEN}/x\nhttps://h/bot{other}/y 12:30 {}", "ж".repeat(300)), &token);
        assert!(!said.contains("AAbbcc") && !said.contains("BBbbcc"), "{said}");
        assert!(said.starts_with("a /bot***/x *** 12:30 ж") && said.chars().count() == 200, "{said}");
    }
}
