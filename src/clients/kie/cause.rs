//! Why the provider did not deliver, sorted as bot.md 9.6 sorts it.

use super::words::{Words, missing_field};

/// What is wrong with the provider's account, key or model: nothing that a user can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AccountFault {
    /// The key is wrong, revoked, or may not do this.
    #[error("the key is refused")]
    KeyRefused,
    /// The account has run out of credits, or the key reached its cap.
    #[error("no credits left")]
    NoCredits,
    /// Something in front of the provider turns our client away.
    #[error("our client is turned away")]
    ClientBlocked,
    /// The model or feature is switched off or unknown there.
    #[error("the model is switched off")]
    ModelOff,
}

/// Why there is no result (bot.md 9.6).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The parameters were refused.
    #[error("parameters refused")]
    BadParams {
        /// What the provider says about them, at most 140 characters.
        hint: Option<Words>,
        /// The wire name of a field that is missing.
        missing: Option<String>,
    },
    /// Against the safety rules.
    #[error("against the safety rules")]
    Unsafe,
    /// The provider could not read an input file.
    #[error("an input could not be read")]
    UnreadableInput,
    /// Overload, rate limit, maintenance, a failure on their side.
    #[error("the provider is overloaded")]
    Busy,
    /// The account, the key, or the model's switch.
    #[error("{0}")]
    Account(AccountFault),
    /// A failure without a cause.
    #[error("the generation failed")]
    Failed,
}

const HINT_CHARS: usize = 140;

/// The cause of a refused creation; the account's codes are told apart before.
pub(super) fn refused(code: u16, msg: &str) -> Cause {
    match (by_words(msg), code) {
        (Some(cause), _) => cause,
        (None, 451) => Cause::UnreadableInput,
        (None, _) => bad_params(msg),
    }
}

/// The cause of a task that ended in failure, by its code (often missing) and its words.
pub(super) fn failed(code: Option<u16>, msg: &str) -> Cause {
    if let Some(cause) = by_words(msg) {
        return cause;
    }
    match code {
        Some(400 | 413 | 422) => bad_params(msg),
        Some(401 | 403) => Cause::Account(AccountFault::KeyRefused),
        Some(402) => Cause::Account(AccountFault::NoCredits),
        Some(451) => Cause::UnreadableInput,
        Some(505) => Cause::Account(AccountFault::ModelOff),
        Some(408 | 429 | 455 | 500 | 502..=504) => Cause::Busy,
        _ if speaks_of_params(msg) => bad_params(msg),
        _ => Cause::Failed,
    }
}

fn bad_params(msg: &str) -> Cause {
    Cause::BadParams { hint: Words::cleaned(msg, HINT_CHARS), missing: missing_field(msg) }
}

const CREDITS: &[&str] =
    &["insufficient credit", "credits insufficient", "credits are insufficient", "balance isn't", "top up"];
const MODEL: &[&str] =
    &["model name you specified is not supported", "model is not supported", "model not found", "model is disabled"];
const UNSAFE: &[&str] = &[
    "sensitive",
    "nsfw",
    "content polic",
    "usage polic",
    "safety system",
    "safety filter",
    "safety check",
    "unsafe",
    "moderation",
    "prohibited",
    "violating",
    "violates our",
    "violation of our",
    "flagged",
    "inappropriate",
    "copyright",
    "blocked by",
];
const UNREADABLE: &[&str] = &[
    "failed to fetch",
    "could not fetch",
    "unable to fetch",
    "failed to download",
    "could not download",
    "unable to download",
    "fetch the image",
    "access the image",
    "access limits",
    "invalid image",
    "image format",
    "unsupported image",
    "file type not supported",
    "unsupported file",
    "cannot identify image",
    "failed to read",
    "corrupted",
    "image url",
];
const BUSY: &[&str] = &[
    "overload",
    "too many",
    "rate limit",
    "high demand",
    "heavy load",
    "heavily",
    "try again later",
    "maintenance",
    "maintained",
    "temporarily",
    "server exception",
    "internal error",
    "internal server error",
    "service unavailable",
    "timed out",
    "timeout",
    "frequency is too high",
];

/// What the words say more surely than any code: the provider uses 400, 422, 500 and 501 for all of these.
fn by_words(msg: &str) -> Option<Cause> {
    let msg = msg.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| msg.contains(phrase));
    if says(CREDITS) {
        Some(Cause::Account(AccountFault::NoCredits))
    } else if says(MODEL) {
        Some(Cause::Account(AccountFault::ModelOff))
    } else if says(UNSAFE) {
        Some(Cause::Unsafe)
    } else if says(UNREADABLE) && !says(&["required"]) {
        Some(Cause::UnreadableInput)
    } else if says(BUSY) {
        Some(Cause::Busy)
    } else {
        None
    }
}

fn speaks_of_params(msg: &str) -> bool {
    let msg = msg.to_lowercase();
    [
        "invalid",
        "must be",
        "required",
        "not supported",
        "exceed",
        "out of range",
        "too long",
        "too short",
        "cannot be empty",
    ]
    .iter()
    .any(|phrase| msg.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_provider_find_their_cause() {
        let bad = |msg| matches!(refused(422, msg), Cause::BadParams { .. });
        assert!(bad("aspect_ratio is not within the range of allowed options"));
        assert!(bad("This field is required"));
        assert!(bad("safetyTolerance must be between 0 and 6"));
        for (code, msg, cause) in [
            (Some(400), "Your content was flagged by OpenAI as violating content policies.", Cause::Unsafe),
            (Some(501), "SENSITIVE_WORD_ERROR", Cause::Unsafe),
            (Some(422), "Failed to fetch the image. Kindly verify any access limits", Cause::UnreadableInput),
            (Some(451), "", Cause::UnreadableInput),
            (Some(501), "The service is currently experiencing high demand", Cause::Busy),
            (Some(500), "", Cause::Busy),
            (Some(402), "", Cause::Account(AccountFault::NoCredits)),
            (None, "Credits insufficient", Cause::Account(AccountFault::NoCredits)),
            (Some(422), "The model name you specified is not supported", Cause::Account(AccountFault::ModelOff)),
            (Some(501), "Playground task failed.", Cause::Failed),
            (None, "", Cause::Failed),
        ] {
            assert_eq!(failed(code, msg), cause, "{code:?} {msg}");
        }
        assert!(matches!(failed(None, "duration must be 5 or 10"), Cause::BadParams { hint: Some(_), .. }));
    }

    #[test]
    fn words_are_not_printed_by_debug() {
        assert_eq!(
            format!("{:?}", refused(422, "a cat in a hat must be shorter")),
            "BadParams { hint: Some(Words(30 chars)), missing: None }"
        );
    }
}
