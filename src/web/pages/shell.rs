//! What stands around every page's own content: title, navigation, language, signing out.

use crate::accounts::forms::{self, Holder};
use crate::accounts::{Role, Session};
use crate::domain::{Language, PanelScope};
use crate::texts::Words;
use crate::vault::Vault;

/// The frame of a page.
pub(in crate::web) struct Shell<'a> {
    /// Texts in the reader's language.
    pub(in crate::web) words: Words<'a>,
    /// The page's own name.
    pub(in crate::web) title: String,
    /// Where the name in the head leads; nowhere for who is not signed in.
    pub(in crate::web) home: Option<&'static str>,
    /// The token of the sign-out form.
    pub(in crate::web) sign_out: Option<String>,
    /// What the person is here.
    pub(in crate::web) role: Option<String>,
    /// The page refreshes itself.
    pub(in crate::web) live: bool,
}

impl<'a> Shell<'a> {
    /// For who is not signed in.
    pub(in crate::web) fn outside(words: Words<'a>, title: String) -> Self {
        Self { words, title, home: None, sign_out: None, role: None, live: false }
    }

    /// For a session; such pages refresh themselves.
    pub(in crate::web) fn inside(words: Words<'a>, title: String, session: &Session, vault: &Vault) -> Self {
        let home = match (&session.who.scope, session.who.role) {
            (PanelScope::Platform, Role::PlatformOwner) => "/panel/owner",
            _ => "/panel",
        };
        Self {
            home: Some(home),
            sign_out: Some(forms::token_for(vault, Holder::Session(&session.id))),
            role: Some(words.get(session.who.role.text_key())),
            live: true,
            ..Self::outside(words, title)
        }
    }

    /// The other languages: code and name.
    pub(in crate::web) fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let name = |language| match language {
            Language::Ru => "Русский",
            Language::En => "English",
        };
        Language::ALL.into_iter().map(|l| (l.code(), name(l), l == self.words.lang())).collect()
    }
}
