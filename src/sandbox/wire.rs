//! The shapes of the control API (`/sandbox/…`), shared by its handlers and by [`super::client::SandboxClient`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A bot to host: what BotFather would have made.
#[derive(Clone, Serialize, Deserialize)]
pub struct BotSpec {
    /// `<bot id>:<key>`; the shape is checked as [`crate::domain::BotToken`] does.
    pub token: String,
    /// Without `@`.
    pub username: String,
    /// The name shown in the chat list.
    pub first_name: String,
}

/// A bot as the sandbox shows it; never its token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BotInfo {
    /// The number before the token's colon.
    pub id: i64,
    /// Without `@`.
    pub username: String,
    /// The name shown in the chat list.
    pub first_name: String,
    /// Whether `setWebhook` was called.
    pub webhook: bool,
    /// Updates not yet delivered.
    pub pending: usize,
}

/// A persona that talks to bots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Person {
    /// Telegram id; also the id of their private chats.
    pub id: i64,
    /// Always present in Telegram.
    pub first_name: String,
    /// Optional family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// IETF tag, e.g. `ru`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

impl Person {
    /// A persona with an id, a name and a language.
    pub fn new(id: i64, first_name: &str, language_code: &str) -> Self {
        Self { id, first_name: first_name.to_owned(), language_code: Some(language_code.to_owned()), ..Self::default() }
    }
}

/// One message of a chat: Telegram's own JSON plus what a chat page needs beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Telegram's `message_id`.
    pub id: i64,
    /// Whether the bot sent it.
    pub from_bot: bool,
    /// How often it was edited.
    #[serde(default)]
    pub edits: u32,
    /// The `Message` object.
    pub json: Value,
}

/// A conversation and its state.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChatView {
    /// Oldest first.
    pub messages: Vec<ChatMessage>,
    /// Changes with every change of the bot's world; pass it to wait for the next one.
    pub version: u64,
    /// Whether a `sendChatAction` of the last five seconds stands.
    pub typing: bool,
    /// Whether the person blocked the bot.
    pub blocked: bool,
    /// The commands this person sees, by `setMyCommands` scopes and languages.
    pub commands: Vec<Value>,
    /// The reply keyboard in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyboard: Option<Value>,
}

/// What a pressed button brought.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct PressAnswer {
    /// Whether the bot called `answerCallbackQuery` in time.
    pub answered: bool,
    /// The toast's or alert's text, if any.
    #[serde(default)]
    pub text: Option<String>,
    /// A modal instead of a toast.
    #[serde(default)]
    pub show_alert: bool,
    /// A link to open.
    #[serde(default)]
    pub url: Option<String>,
}

/// One recorded Bot API call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallRecord {
    /// Grows by one per call over all bots.
    pub seq: u64,
    /// Unix ms at the end of the call.
    pub at: i64,
    /// Who called, by username.
    pub bot: String,
    /// As Telegram spells it (`sendMessage`), whatever the caller's case.
    pub method: String,
    /// The parameters; uploaded files appear as `{file, size, mime}`.
    pub params: Value,
    /// HTTP status of the answer; 0 when the connection was dropped.
    pub status: u16,
    /// The error's `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The result's `message_id`, for the calls that made or changed one message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<i64>,
}

/// Which calls to list; empty fields match all.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct CallFilter {
    /// Username.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<String>,
    /// Method, in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// `chat_id` of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<i64>,
    /// Only calls with a greater `seq`.
    #[serde(default)]
    pub since: u64,
}

/// When a dropped connection dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drop {
    /// Before anything happened.
    Before,
    /// After the effect: the caller never learns that it happened.
    After,
}

/// What a faulty answer looks like. The parts combine: a delay and then an error, for example.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct FaultAnswer {
    /// Wait this long first, ms.
    #[serde(default)]
    pub delay_ms: u64,
    /// HTTP status to answer instead of working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Telegram's `description`, or KIE's `msg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Seconds; in Telegram's `parameters`, and as a header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// This body word for word instead of JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Hang up instead of answering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop: Option<Drop>,
}

/// A failure of the Bot API: the next `times` calls that match get `answer`.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct TelegramFault {
    /// Username; none = every bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<String>,
    /// Method in any case; none = every method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only calls for this chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<i64>,
    /// How many calls; 0 counts as 1.
    #[serde(default)]
    pub times: u32,
    /// What they get.
    #[serde(default)]
    pub answer: FaultAnswer,
}

/// How callbacks of a faulty KIE task behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Callbacks {
    /// One per event, as documented.
    #[default]
    Once,
    /// None, though asked for.
    Off,
    /// Everything twice.
    Twice,
}

/// How a KIE task ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With results.
    #[default]
    Success,
    /// `fail` with this code and message.
    Fail {
        /// `failCode`.
        code: String,
        /// `failMsg`.
        msg: String,
    },
    /// `success` with an empty list.
    Empty,
    /// `success`, but the link gives an HTML page.
    Html,
    /// `success`, but the link answers 404.
    Gone,
    /// It stays in `generating`.
    Never,
}

/// A failure of KIE: the next `times` requests that match get `answer`, or the task they create ends by `task`.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct KieFault {
    /// Part of the path, e.g. `createTask`, `recordInfo`, `file-stream-upload`; none = create calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many requests; 0 counts as 1.
    #[serde(default)]
    pub times: u32,
    /// A business code (402, 429, 455, 500 …) answered with HTTP 200, as KIE does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// A failure of the HTTP answer itself.
    #[serde(default)]
    pub answer: FaultAnswer,
    /// How the created task behaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskFault>,
}

/// A created task's behaviour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct TaskFault {
    /// How it ends.
    #[serde(default)]
    pub outcome: Outcome,
    /// How long it takes, ms; none = the setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// What its callbacks do.
    #[serde(default)]
    pub callbacks: Callbacks,
    /// How many outputs it has, whatever was asked for; none = as asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<u32>,
    /// Its results instead of drawn ones; their number is the number of outputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<GivenFile>,
}

/// A result word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct GivenFile {
    /// Of its link, without the dot.
    pub extension: String,
    /// The content type that the file host says.
    pub mime: String,
    /// Its bytes, in base64.
    pub content: String,
    /// Filled up with zeros to so many bytes.
    #[serde(default)]
    pub size: usize,
}

impl GivenFile {
    /// A file of these bytes.
    pub fn new(extension: &str, mime: &str, content: &[u8]) -> Self {
        use base64::Engine as _;
        let content = base64::engine::general_purpose::STANDARD.encode(content);
        Self { extension: extension.to_owned(), mime: mime.to_owned(), content, size: 0 }
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        use base64::Engine as _;
        let mut bytes = base64::engine::general_purpose::STANDARD.decode(&self.content).unwrap_or_default();
        bytes.resize(bytes.len().max(self.size), 0);
        bytes
    }
}

/// A KIE task as tests see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskInfo {
    /// As `createTask` answered.
    pub task_id: String,
    /// `jobs`, `veo`, `suno`, `gpt4o-image`, `flux-kontext`, `runway`.
    pub family: String,
    /// The model's wire id.
    pub model: String,
    /// `waiting`, `queuing`, `generating`, `success`, `fail`.
    pub state: String,
    /// The whole create request.
    pub request: Value,
    /// How many status requests it had.
    pub polls: u32,
    /// How many callback requests were sent.
    pub callbacks: u32,
    /// Credits taken, in thousandths.
    pub credits_milli: i64,
}

/// What can be changed in KIE while it runs; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct KieTuning {
    /// How long a task takes, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Keys and the credits they get.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, f64>,
    /// Signs callbacks; an empty text switches it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hmac_key: Option<String>,
    /// Credits per task by wire model id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prices: BTreeMap<String, f64>,
}

/// A link shown at the top of the chat page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PageLink {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: String,
}
