//! What stands around every page's own content: title, navigation, what was just done, language, signing out.

use super::nav::{self, Group, Place};
use crate::accounts::Role;
use crate::accounts::forms::{self, Holder};
use crate::domain::Language;
use crate::texts::{Words, key_part};
use crate::web::extract::{At, Desk};

/// What the last form did, or why it did nothing.
pub(in crate::web) struct Flash {
    pub(in crate::web) text: String,
    /// Nothing was changed.
    pub(in crate::web) problem: bool,
}

/// The frame of a page.
pub(in crate::web) struct Shell<'a> {
    /// Texts in the reader's language.
    pub(in crate::web) words: Words<'a>,
    /// The page's own name.
    pub(in crate::web) title: String,
    /// Where the name in the head leads; nowhere for who is not signed in.
    pub(in crate::web) home: Option<&'static str>,
    /// What every form of the page carries; `None` for who is not signed in.
    pub(in crate::web) token: Option<String>,
    /// What the person is here.
    pub(in crate::web) role: Option<String>,
    /// Whose pages these are: a bot's name.
    pub(in crate::web) whose: Option<String>,
    /// The ways to the other pages.
    pub(in crate::web) nav: Vec<Group>,
    /// What was just done.
    pub(in crate::web) flash: Option<Flash>,
    /// The page refreshes itself.
    pub(in crate::web) live: bool,
    /// Where its news come from; without, it looks by itself now and then.
    pub(in crate::web) news: Option<String>,
    /// The query of this page without its language: the language's links keep it.
    query: String,
    /// The page's address where the browser's is a form's; empty: the browser's own.
    page: String,
}

impl<'a> Shell<'a> {
    /// For who is not signed in.
    pub(in crate::web) fn outside(words: Words<'a>, title: String) -> Self {
        Self {
            words,
            title,
            home: None,
            token: None,
            role: None,
            whose: None,
            nav: Vec::new(),
            flash: None,
            live: false,
            news: None,
            query: String::new(),
            page: String::new(),
        }
    }

    /// A tenant's page.
    pub(in crate::web) fn at(at: &'a At, here: Place, title: String) -> Self {
        let nav = nav::of_tenant(at.words(), &at.url(""), at.role, here);
        Self { nav, whose: Some(name_of(at)), news: Some(at.url("events")), ..Self::inside(&at.desk, title) }
    }

    /// A page of the platform's owner.
    pub(in crate::web) fn over(desk: &'a Desk, here: Place, title: String) -> Self {
        Self { nav: nav::of_platform(desk.words(), here), ..Self::inside(desk, title) }
    }

    /// The same page, refreshing itself.
    #[must_use]
    pub(in crate::web) fn refreshing(self) -> Self {
        Self { live: true, ..self }
    }

    /// A page that answers a form of another address: the links to itself lead to `page`.
    #[must_use]
    pub(in crate::web) fn standing_at(self, page: String) -> Self {
        Self { page, ..self }
    }

    fn inside(desk: &'a Desk, title: String) -> Self {
        let words = desk.words();
        let home = if desk.session.who.role == Role::PlatformOwner { "/panel/owner" } else { "/panel" };
        let kept = desk.query.iter().filter(|(name, _)| !matches!(name.as_str(), "lang" | "done" | "problem"));
        Self {
            home: Some(home),
            token: Some(forms::token_for(&desk.platform().vault, Holder::Session(&desk.session.id))),
            role: Some(words.get(desk.role.text_key())),
            flash: flash(desk),
            query: url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish(),
            ..Self::outside(words, title)
        }
    }

    /// The other languages: address, code, name, whether it is this one.
    pub(in crate::web) fn languages(&self) -> Vec<(String, &'static str, &'static str, bool)> {
        let name = |language| match language {
            Language::Ru => "Русский",
            Language::En => "English",
        };
        let href = |code: &str| {
            let rest = if self.query.is_empty() { String::new() } else { format!("{}&", self.query) };
            format!("{}?{rest}lang={code}", self.page)
        };
        let all = Language::ALL.into_iter();
        all.map(|l| (href(l.code()), l.code(), name(l), l == self.words.lang())).collect()
    }

    /// The name of the place the reader is at, for the folded navigation.
    pub(in crate::web) fn here(&self) -> String {
        let mut links = self.nav.iter().flat_map(|group| &group.links);
        links.find(|link| link.current).map_or_else(|| self.title.clone(), |link| link.name.clone())
    }
}

/// How a bot is called in its panel.
pub(in crate::web) fn name_of(at: &At) -> String {
    let brand = &at.tenant.settings.brand;
    if brand.is_empty() { at.tenant.id.to_string() } else { brand.clone() }
}

/// Only texts of our own are said: what the address names is looked up, never shown.
fn flash(desk: &Desk) -> Option<Flash> {
    let find = |name: &str| {
        let what = desk.asked(name).filter(|what| what.len() <= 40)?;
        desk.words().find(&format!("panel-{name}-{}", key_part(what)))
    };
    let done = find("done").map(|text| Flash { text, problem: false });
    done.or_else(|| find("problem").map(|text| Flash { text, problem: true }))
}
