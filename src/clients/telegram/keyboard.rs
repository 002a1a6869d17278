//! Inline keyboards as Telegram takes them: rows of buttons. What a button means is the bot's business.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// What pressing a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Sends this back to us as a callback query: 1 to 64 bytes.
    Callback(String),
    /// Opens a link.
    Url(String),
    /// Opens a Mini App at this https address (private chats only).
    WebApp(String),
}

/// One button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub text: String,
    /// What it does.
    pub press: Press,
}

impl Button {
    /// A button that comes back to us.
    pub fn callback(text: impl Into<String>, data: impl Into<String>) -> Self {
        Self { text: text.into(), press: Press::Callback(data.into()) }
    }

    /// A button that opens a link.
    pub fn url(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self { text: text.into(), press: Press::Url(url.into()) }
    }

    /// A button that opens a Mini App.
    pub fn web_app(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self { text: text.into(), press: Press::WebApp(url.into()) }
    }
}

impl Serialize for Button {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct WebApp<'a> {
            url: &'a str,
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("text", &self.text)?;
        match &self.press {
            Press::Callback(data) => map.serialize_entry("callback_data", data)?,
            Press::Url(url) => map.serialize_entry("url", url)?,
            Press::WebApp(url) => map.serialize_entry("web_app", &WebApp { url })?,
        }
        map.end()
    }
}

/// Rows of buttons; serializes to Telegram's `reply_markup`. An empty one removes the keyboard on an edit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct InlineKeyboard {
    #[serde(rename = "inline_keyboard")]
    rows: Vec<Vec<Button>>,
}

impl InlineKeyboard {
    /// Without buttons.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row; an empty one is left out, Telegram refuses it.
    pub fn row(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let row: Vec<Button> = buttons.into_iter().collect();
        if !row.is_empty() {
            self.rows.push(row);
        }
        self
    }

    /// The rows, top down.
    pub fn rows(&self) -> &[Vec<Button>] {
        &self.rows
    }

    /// Whether there is no button.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyboard_is_telegrams_reply_markup() {
        let keyboard = InlineKeyboard::new()
            .row([Button::callback("Да", "yes"), Button::url("Сайт", "https://example.org/")])
            .row([])
            .row([Button::web_app("Панель", "https://example.org/miniapp")]);
        assert_eq!(
            serde_json::to_string(&keyboard).unwrap(),
            concat!(
                r#"{"inline_keyboard":[[{"text":"Да","callback_data":"yes"},{"text":"Сайт","url":"https://example.org/"}],"#,
                r#"[{"text":"Панель","web_app":{"url":"https://example.org/miniapp"}}]]}"#
            )
        );
        assert_eq!(keyboard.rows().len(), 2);
    }
}
