//! Form tokens: a form that changes something proves that its page was made for this session (reliability.md T36).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use super::token;
use crate::vault::{Purpose, Vault};

/// What a form belongs to. The name is part of the token, so one kind never passes for another.
#[derive(Debug, Clone, Copy)]
pub enum Holder<'a> {
    /// A session, by its id.
    Session(&'a str),
    /// A browser on the confirm page, by the nonce in its cookie, and the link it looks at.
    Visitor {
        /// The cookie's value.
        nonce: &'a str,
        /// The link's token.
        link: &'a str,
    },
}

/// A new nonce for a browser that is not signed in.
pub fn nonce() -> String {
    token::random()
}

/// The token that this holder's forms carry.
pub fn token_for(vault: &Vault, holder: Holder<'_>) -> String {
    URL_SAFE_NO_PAD.encode(vault.keyed_hash(Purpose::PanelSession, holder.message().as_bytes()))
}

/// Whether a form came from a page that was made for this holder. Compared in constant time.
pub fn is_genuine(vault: &Vault, holder: Holder<'_>, given: &str) -> bool {
    token_for(vault, holder).as_bytes().ct_eq(given.as_bytes()).into()
}

impl Holder<'_> {
    /// Begins with a word that no signed cookie begins with.
    fn message(self) -> String {
        match self {
            Self::Session(sid) => format!("form of session\n{sid}"),
            Self::Visitor { nonce, link } => format!("form of visitor\n{nonce}\n{link}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MasterKey;

    #[test]
    fn a_form_belongs_to_one_session_or_one_visitor_of_one_link() {
        let (vault, _) = Vault::create(MasterKey::random()).unwrap();
        let token = token_for(&vault, Holder::Session("one"));
        assert!(is_genuine(&vault, Holder::Session("one"), &token));
        assert!(!is_genuine(&vault, Holder::Session("two"), &token));
        assert!(!is_genuine(&vault, Holder::Session("one"), ""));
        let visitor = Holder::Visitor { nonce: "n", link: "l" };
        let token = token_for(&vault, visitor);
        assert!(is_genuine(&vault, visitor, &token));
        assert!(!is_genuine(&vault, Holder::Visitor { nonce: "n", link: "other" }, &token));
        assert!(!is_genuine(&vault, Holder::Visitor { nonce: "other", link: "l" }, &token));
        assert!(!is_genuine(&vault, Holder::Session("n\nl"), &token));
        let (other, _) = Vault::create(MasterKey::random()).unwrap();
        assert!(!is_genuine(&other, visitor, &token));
    }
}
