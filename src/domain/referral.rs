//! Whose link somebody came by: `ref_<token>` of `/start`, and the two forms of earlier bots (bot.md 12.2).

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use rand::RngExt as _;

use super::UserId;

/// Characters of a token.
const TOKEN: usize = 12;
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A new token for a person's link: random, so it tells nothing of the person.
pub fn new_token() -> String {
    let mut rng = rand::rng();
    (0..TOKEN).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect()
}

/// What follows `ref_` in the payload of a /start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralCode {
    /// As written; may be a token of ours.
    pub token: String,
    /// The person that an earlier form names: digits, or `u:<id>` in base64url.
    pub user: Option<UserId>,
}

impl ReferralCode {
    /// Reads a payload; `None` when it is none of a link.
    pub fn parse(payload: &str) -> Option<Self> {
        let code = payload.strip_prefix("ref_")?;
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'=');
        if code.is_empty() || code.len() > 60 || !code.bytes().all(plain) {
            return None;
        }
        Some(Self { token: code.to_owned(), user: number(code).or_else(|| encoded(code)) })
    }
}

fn number(text: &str) -> Option<UserId> {
    let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|_| digits).map(UserId)
}

fn encoded(code: &str) -> Option<UserId> {
    let bytes = URL_SAFE_NO_PAD.decode(code).or_else(|_| URL_SAFE.decode(code)).ok()?;
    number(std::str::from_utf8(&bytes).ok()?.strip_prefix("u:")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_twelve_letters_and_digits_and_reads_back() {
        let token = new_token();
        assert!(token.len() == 12 && token.bytes().all(|c| c.is_ascii_alphanumeric()), "{token}");
        let code = ReferralCode::parse(&format!("ref_{token}")).unwrap();
        assert_eq!(code.token, token);
        assert_ne!(new_token(), token);
    }

    #[test]
    fn earlier_links_name_the_person_in_digits_or_in_base64url() {
        let user = |payload: &str| ReferralCode::parse(payload).and_then(|code| code.user);
        assert_eq!(user("ref_123456"), Some(UserId(123_456)));
        assert_eq!(user("ref_dToxMjM0NTY"), Some(UserId(123_456)));
        assert_eq!(user("ref_dToxMjM0NTY3"), Some(UserId(1_234_567)));
        assert_eq!(user("ref_dToxMjM0NTY="), Some(UserId(123_456)));
        for none in ["ref_dTotNQ", "ref_dTo", "ref_99999999999999999999", "ref_zzzzzzzzzzzz"] {
            assert_eq!(user(none), None, "{none}");
        }
    }

    #[test]
    fn other_payloads_are_no_invitation() {
        for other in ["", "ref_", "ref", "promo_x", "ref_a b", "ref_ы", &format!("ref_{}", "a".repeat(61))] {
            assert_eq!(ReferralCode::parse(other), None, "{other}");
        }
    }
}
