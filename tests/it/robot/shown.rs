//! What a chat shows, followed from the bot's own calls: cheaper than asking for the whole chat after each step.

use std::collections::BTreeMap;

use botyard::sandbox::wire::CallRecord;
use serde_json::Value;

/// One button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Button {
    pub(super) label: String,
    /// `None` for a link.
    pub(super) data: Option<String>,
}

/// One message of the bot as it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) id: i64,
    /// Telegram HTML, or a caption.
    pub(super) html: String,
    pub(super) caption: bool,
    pub(super) rows: Vec<Vec<Button>>,
}

impl Shown {
    /// What a call shows; `None` where it shows no message of its own.
    fn of(call: &CallRecord, before: Option<&Self>) -> Option<Self> {
        let markup = || rows(&unpacked(&call.params["reply_markup"]));
        let text = |field: &str| call.params[field].as_str().unwrap_or_default().to_owned();
        let id = call.message_id.or_else(|| call.params["message_id"].as_i64());
        Some(match call.method.as_str() {
            "sendMessage" | "editMessageText" => Self { id: id?, html: text("text"), caption: false, rows: markup() },
            "editMessageReplyMarkup" => Self { rows: markup(), ..before?.clone() },
            "sendChatAction" | "deleteMessage" => return None,
            "sendInvoice" => Self { id: id?, html: String::new(), caption: true, rows: markup() },
            method if method.starts_with("send") || method == "editMessageCaption" || method == "copyMessage" => {
                Self { id: id?, html: text("caption"), caption: true, rows: markup() }
            }
            _ => return None,
        })
    }

    /// The text as a person reads it: tags gone, entities read.
    pub(super) fn plain(&self) -> String {
        let mut out = String::new();
        let mut rest = self.html.as_str();
        while let Some(at) = rest.find('<') {
            out.push_str(&rest[..at]);
            rest = rest[at..].find('>').map_or("", |end| &rest[at + end + 1..]);
        }
        out.push_str(rest);
        out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    /// The first line without digits: which screen this is, roughly.
    pub(super) fn title(&self) -> String {
        self.plain().lines().next().unwrap_or_default().chars().filter(|c| !c.is_ascii_digit()).collect()
    }

    pub(super) fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.rows.iter().flatten()
    }

    /// The data of its buttons.
    pub(super) fn data(&self) -> impl Iterator<Item = &str> {
        self.buttons().filter_map(|b| b.data.as_deref())
    }
}

/// The bot's messages of one chat.
#[derive(Default)]
pub(super) struct Chat {
    messages: BTreeMap<i64, Shown>,
    /// Which was sent or edited last.
    current: Option<i64>,
}

impl Chat {
    /// Takes a successful call in; gives what it shows.
    pub(super) fn take(&mut self, call: &CallRecord) -> Option<Shown> {
        let id = call.params["message_id"].as_i64();
        if call.method == "deleteMessage" {
            id.and_then(|id| self.messages.remove(&id));
            return None;
        }
        let shown = Shown::of(call, id.and_then(|id| self.messages.get(&id)))?;
        if !shown.rows.is_empty() {
            self.current = Some(shown.id);
        }
        self.messages.insert(shown.id, shown.clone());
        Some(shown)
    }

    /// The message with buttons that was shown last.
    pub(super) fn current(&self) -> Option<&Shown> {
        self.messages.get(&self.current?)
    }

    /// The newest message that shows this button now.
    pub(super) fn with_data(&self, data: &str) -> Option<i64> {
        self.messages.values().rev().find(|m| m.data().any(|d| d == data)).map(|m| m.id)
    }

    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = &Shown> {
        self.messages.values()
    }
}

/// A field that a multipart call carries as text.
fn unpacked(value: &Value) -> Value {
    value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

fn rows(markup: &Value) -> Vec<Vec<Button>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let button = |b: &Value| Button {
        label: b["text"].as_str().unwrap_or_default().to_owned(),
        data: b["callback_data"].as_str().map(str::to_owned),
    };
    list(&markup["inline_keyboard"]).iter().map(|row| list(row).iter().map(button).collect()).collect()
}
