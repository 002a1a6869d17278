//! The values that are put into texts. Escaping for HTML happens when a text is made, not where its values come from.

use std::borrow::Cow;
use std::fmt::Display;

use fluent_bundle::{FluentArgs, FluentValue};
use serde::{Deserialize, Serialize};

use crate::domain::Money;

/// One value of a text. Numbers choose plural forms; everything else is shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// Escaped when the text is a message (`<`, `>`, `&`): anything that a person, a file or another service wrote.
    Text(String),
    /// Markup made by our own texts, for instance a rendered line that becomes part of another text.
    Html(String),
    /// A count.
    Number(i64),
}

impl Arg {
    /// Text from outside, escaped in messages.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Markup of our own making, never escaped.
    pub fn html(html: impl Into<String>) -> Self {
        Self::Html(html.into())
    }

    /// Any value by its `Display`, escaped in messages.
    pub fn shown(value: impl Display) -> Self {
        Self::Text(value.to_string())
    }

    /// An amount without its «₽», for texts that write the sign themselves («от 50 до 50 000 ₽»).
    pub fn bare(money: Money) -> Self {
        Self::Text(money.to_string().trim_end_matches('₽').trim_end().to_owned())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Cow<'_, str>> for Arg {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

impl From<Money> for Arg {
    fn from(money: Money) -> Self {
        Self::shown(money)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl From<$number> for Arg {
            fn from(number: $number) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })*
    };
}

numbers!(i32, i64, u8, u16, u32, u64, usize);

/// The values of one text by name; made by the macro [`args!`](crate::args).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Args(Vec<(Cow<'static, str>, Arg)>);

impl Args {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.0.push((Cow::Borrowed(name), value.into()));
        self
    }

    pub(super) fn values(&self, escaped: bool) -> FluentArgs<'_> {
        let mut values = FluentArgs::with_capacity(self.0.len());
        for (name, arg) in &self.0 {
            let value = match arg {
                Arg::Text(text) if escaped => FluentValue::String(escape_html(text)),
                Arg::Text(text) | Arg::Html(text) => FluentValue::String(Cow::Borrowed(text)),
                Arg::Number(number) => FluentValue::from(*number),
            };
            values.set(name.as_ref(), value);
        }
        values
    }
}

/// `args![n = 5, price = money]`: the values of a text, each a string, a number, a [`Money`] or an [`Arg`].
#[macro_export]
macro_rules! args {
    ($($name:ident = $value:expr),* $(,)?) => {
        $crate::texts::Args::new()$(.with(stringify!($name), $value))*
    };
}

/// Makes a text safe inside Telegram's HTML: only `<`, `>` and `&` have a meaning there (facts/telegram.md).
pub fn escape_html(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_writes_cannot_become_markup() {
        assert_eq!(escape_html("a <b>&amp;</b>"), "a &lt;b&gt;&amp;amp;&lt;/b&gt;");
        assert!(matches!(escape_html("кот \"в\" шляпе"), Cow::Borrowed(_)));
    }

    #[test]
    fn escaping_is_the_message_s_matter_not_the_button_s() {
        let args = crate::args![who = "Tom & Jerry", line = Arg::html("<b>x</b>"), n = 3_usize];
        let text = |escaped: bool, name: &str| match args.values(escaped).get(name) {
            Some(FluentValue::String(s)) => s.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(text(true, "who"), "Tom &amp; Jerry");
        assert_eq!(text(false, "who"), "Tom & Jerry");
        assert_eq!(text(true, "line"), "<b>x</b>");
    }

    #[test]
    fn a_bare_amount_has_no_sign() {
        assert_eq!(Arg::bare(Money::kopecks(5_000_000)), Arg::text("50\u{a0}000"));
        assert_eq!(Arg::bare(Money::kopecks(1414)), Arg::text("14.14"));
    }
}
