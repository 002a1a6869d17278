//! The control API as a Rust type: what tests and the demo use to be people in the sandbox's chats.

use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::wire::{
    BotInfo, BotSpec, CallFilter, CallRecord, ChatMessage, ChatView, KieFault, KieTuning, Person, PressAnswer,
    TaskInfo, TelegramFault,
};

/// Why the sandbox did not do it.
#[derive(Debug, thiserror::Error)]
pub enum SandboxClientError {
    /// No answer, or none that can be read.
    #[error("the sandbox cannot be reached: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// A refusal, in the sandbox's words.
    #[error("the sandbox refused: {0}")]
    Refused(String),
    /// The wait ended without what was waited for.
    #[error("nothing of the kind came within {0:?}; the chat is:\n{1}")]
    TimedOut(Duration, String),
    /// A button's label that no message of the chat carries.
    #[error("no button «{0}» in the chat; there are:\n{1}")]
    NoButton(String, String),
}

type Result<T> = std::result::Result<T, SandboxClientError>;

/// A hand in the sandbox's world, over HTTP. Cheap to clone.
#[derive(Clone)]
pub struct SandboxClient {
    base: String,
    http: reqwest::Client,
}

impl SandboxClient {
    /// For the sandbox at `base_url`.
    pub(super) fn new(base_url: &str, http: reqwest::Client) -> Self {
        Self { base: base_url.trim_end_matches('/').to_owned(), http }
    }

    /// For a sandbox of another process.
    #[expect(clippy::disallowed_methods, reason = "speaks to the sandbox only, which is no outside service")]
    pub fn connect(base_url: &str) -> Self {
        Self::new(base_url, reqwest::Client::new())
    }

    async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T> {
        let response = request.send().await?;
        if response.status().is_success() {
            return Ok(response.json().await?);
        }
        let status = response.status();
        let text = response.text().await?;
        let why = serde_json::from_str::<Value>(&text).ok().and_then(|v| v["error"].as_str().map(str::to_owned));
        Err(SandboxClientError::Refused(why.unwrap_or_else(|| format!("{status} {text}"))))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &(impl Serialize + Sync)) -> Result<T> {
        Self::read(self.http.get(format!("{}{path}", self.base)).query(query)).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &(impl Serialize + Sync)) -> Result<T> {
        Self::read(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    /// Registers a bot as BotFather would; known tokens keep their chats.
    pub async fn register_bot(&self, token: &str, username: &str, first_name: &str) -> Result<BotInfo> {
        let spec =
            BotSpec { token: token.to_owned(), username: username.to_owned(), first_name: first_name.to_owned() };
        self.post("/sandbox/bots", &spec).await
    }

    /// Switches Bot Management Mode on for a bot.
    pub async fn manage_bots(&self, manager: &str) -> Result<BotInfo> {
        self.post(&format!("/sandbox/bots/{manager}/manage"), &()).await
    }

    /// A person confirms Telegram's page for a new bot of this manager.
    pub async fn create_managed_bot(&self, manager: &str, user: i64, username: &str, name: &str) -> Result<BotInfo> {
        let body = serde_json::json!({ "user": user, "username": username, "first_name": name });
        self.post(&format!("/sandbox/bots/{manager}/managed"), &body).await
    }

    /// All bots.
    pub async fn bots(&self) -> Result<Vec<BotInfo>> {
        self.get("/sandbox/bots", &()).await
    }

    /// Adds or replaces a persona.
    pub async fn add_person(&self, person: &Person) -> Result<Person> {
        self.post("/sandbox/people", person).await
    }

    /// All personas.
    pub async fn people(&self) -> Result<Vec<Person>> {
        self.get("/sandbox/people", &()).await
    }

    /// A person writes.
    pub async fn send_text(&self, bot: &str, user: i64, text: &str) -> Result<ChatMessage> {
        self.post(&format!("/sandbox/chats/{bot}/{user}/text"), &json!({"text": text})).await
    }

    /// A person sends message content word for word, e.g. `{"sticker": {…}}`.
    pub async fn send_content(&self, bot: &str, user: i64, content: &Value) -> Result<ChatMessage> {
        self.post(&format!("/sandbox/chats/{bot}/{user}/content"), content).await
    }

    /// A person sends a file; `kind` is `photo`, `document`, `video`, `audio`, `voice` or `sticker`.
    pub async fn send_file(
        &self,
        bot: &str,
        user: i64,
        kind: &str,
        name: &str,
        bytes: Vec<u8>,
        caption: &str,
    ) -> Result<Vec<ChatMessage>> {
        self.send_files(bot, user, kind, vec![(name.to_owned(), bytes)], caption).await
    }

    /// A person sends several files as one album.
    pub async fn send_files(
        &self,
        bot: &str,
        user: i64,
        kind: &str,
        files: Vec<(String, Vec<u8>)>,
        caption: &str,
    ) -> Result<Vec<ChatMessage>> {
        let mut form =
            reqwest::multipart::Form::new().text("kind", kind.to_owned()).text("caption", caption.to_owned());
        for (name, bytes) in files {
            form = form.part("file", reqwest::multipart::Part::bytes(bytes).file_name(name));
        }
        Self::read(self.http.post(format!("{}/sandbox/chats/{bot}/{user}/file", self.base)).multipart(form)).await
    }

    /// Presses the button of a message that carries `data`; waits for the bot's answer.
    pub async fn press(&self, bot: &str, user: i64, message_id: i64, data: &str) -> Result<PressAnswer> {
        let body = json!({"message_id": message_id, "data": data});
        self.post(&format!("/sandbox/chats/{bot}/{user}/press"), &body).await
    }

    /// Presses with data that the message need not show; waits for the answer at most `wait`.
    pub async fn press_forged(
        &self,
        bot: &str,
        user: i64,
        message_id: i64,
        data: &str,
        wait: Duration,
    ) -> Result<PressAnswer> {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let body = json!({"message_id": message_id, "data": data, "forged": true, "wait_ms": wait_ms});
        self.post(&format!("/sandbox/chats/{bot}/{user}/press"), &body).await
    }

    /// Presses the newest button whose label is `label`, or contains it where none is equal.
    pub async fn press_label(&self, bot: &str, user: i64, label: &str) -> Result<PressAnswer> {
        let messages = self.messages(bot, user).await?;
        let find = |matches: &dyn Fn(&str) -> bool| {
            messages.iter().rev().find_map(|message| {
                let button = message.buttons().into_iter().find(|(text, _)| matches(text))?;
                Some((message.id, button.1))
            })
        };
        let found = find(&|text| text == label).or_else(|| find(&|text| text.contains(label)));
        let (id, data) = found.ok_or_else(|| SandboxClientError::NoButton(label.to_owned(), transcript(&messages)))?;
        self.press(bot, user, id, &data).await
    }

    /// Pays an invoice message in Stars; gives the `successful_payment`.
    pub async fn pay(&self, bot: &str, user: i64, message_id: i64) -> Result<Value> {
        self.post(&format!("/sandbox/chats/{bot}/{user}/pay"), &json!({"message_id": message_id})).await
    }

    /// Writes lines to the end of a bot's list of Stars, or in place of it; no update tells of them.
    pub async fn stars(&self, bot: &str, lines: &[Value], anew: bool) -> Result<()> {
        let _: Value = self.post(&format!("/sandbox/bots/{bot}/stars"), &json!({"lines": lines, "anew": anew})).await?;
        Ok(())
    }

    /// Blocks or unblocks the bot.
    pub async fn block(&self, bot: &str, user: i64, blocked: bool) -> Result<()> {
        let _: Value = self.post(&format!("/sandbox/chats/{bot}/{user}/block"), &json!({"blocked": blocked})).await?;
        Ok(())
    }

    /// Queues an update word for word; with a used `update_id` it is a repetition.
    pub async fn push_update(&self, bot: &str, update: &Value) -> Result<Value> {
        self.post(&format!("/sandbox/bots/{bot}/updates"), update).await
    }

    /// The chat's messages, oldest first.
    pub async fn messages(&self, bot: &str, user: i64) -> Result<Vec<ChatMessage>> {
        Ok(self.chat(bot, user).await?.messages)
    }

    /// The chat with its commands, keyboard and state.
    pub async fn chat(&self, bot: &str, user: i64) -> Result<ChatView> {
        self.get(&format!("/sandbox/chats/{bot}/{user}"), &()).await
    }

    /// Waits until `find` finds something in the chat's messages (oldest first).
    pub async fn wait_for<T>(
        &self,
        bot: &str,
        user: i64,
        timeout: Duration,
        find: impl Fn(&[ChatMessage]) -> Option<T>,
    ) -> Result<T> {
        let started = Instant::now();
        let path = format!("/sandbox/chats/{bot}/{user}");
        let mut view: ChatView = self.get(&path, &()).await?;
        loop {
            if let Some(found) = find(&view.messages) {
                return Ok(found);
            }
            let left = timeout.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(SandboxClientError::TimedOut(timeout, transcript(&view.messages)));
            }
            let wait = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).min(5_000);
            view = self.get(&path, &[("version", view.version), ("wait_ms", wait)]).await?;
        }
    }

    /// Waits for a message of the bot whose text or caption contains `part`; the newest such.
    pub async fn wait_text(&self, bot: &str, user: i64, part: &str, timeout: Duration) -> Result<ChatMessage> {
        let has = |message: &&ChatMessage| message.from_bot && message.text().contains(part);
        self.wait_for(bot, user, timeout, |messages| messages.iter().rev().find(has).cloned()).await
    }

    /// Bot API calls so far, oldest first.
    pub async fn calls(&self, filter: &CallFilter) -> Result<Vec<CallRecord>> {
        self.get("/sandbox/calls", filter).await
    }

    /// Forgets the calls so far.
    pub async fn forget_calls(&self) -> Result<()> {
        let _: Value = Self::read(self.http.delete(format!("{}/sandbox/calls", self.base))).await?;
        Ok(())
    }

    /// Breaks the next calls of the Bot API that match.
    pub async fn inject_telegram(&self, fault: &TelegramFault) -> Result<()> {
        let _: Value = self.post("/sandbox/faults/telegram", fault).await?;
        Ok(())
    }

    /// Breaks the next requests to KIE that match.
    pub async fn inject_kie(&self, fault: &KieFault) -> Result<()> {
        let _: Value = self.post("/sandbox/faults/kie", fault).await?;
        Ok(())
    }

    /// Removes all injected failures.
    pub async fn heal(&self) -> Result<()> {
        let _: Value = Self::read(self.http.delete(format!("{}/sandbox/faults", self.base))).await?;
        Ok(())
    }

    /// KIE tasks, oldest first.
    pub async fn kie_tasks(&self) -> Result<Vec<TaskInfo>> {
        self.get("/sandbox/kie", &()).await
    }

    /// Changes KIE's delay, keys, prices or signing key.
    pub async fn tune_kie(&self, tuning: &KieTuning) -> Result<()> {
        let _: Value = self.post("/sandbox/kie", tuning).await?;
        Ok(())
    }

    /// The bytes of a file in a message, by `file_id`.
    pub async fn file(&self, file_id: &str) -> Result<Vec<u8>> {
        let response = self.http.get(format!("{}/sandbox/files/{file_id}", self.base)).send().await?;
        Ok(response.error_for_status()?.bytes().await?.to_vec())
    }
}

impl ChatMessage {
    /// Text or caption; empty if there is neither.
    pub fn text(&self) -> &str {
        self.json["text"].as_str().or_else(|| self.json["caption"].as_str()).unwrap_or("")
    }

    /// Inline buttons that call back, as label and data, row by row.
    pub fn buttons(&self) -> Vec<(String, String)> {
        super::telegram::keyboard::buttons(&self.json)
            .filter_map(|b| Some((b["text"].as_str()?.to_owned(), b["callback_data"].as_str()?.to_owned())))
            .collect()
    }

    /// `file_id` of the photo's largest size, or of the document, video, audio, voice or animation.
    pub fn file_id(&self) -> Option<&str> {
        let photo = self.json["photo"].as_array().and_then(|sizes| sizes.last());
        let others =
            ["animation", "video", "audio", "voice", "document", "sticker"].iter().filter_map(|f| self.json.get(*f));
        photo.into_iter().chain(others).find_map(|file| file["file_id"].as_str())
    }
}

/// The end of a chat as a person would read it, for failure messages.
fn transcript(messages: &[ChatMessage]) -> String {
    let mut lines = Vec::new();
    for message in messages.iter().skip(messages.len().saturating_sub(12)) {
        let who = if message.from_bot { "bot" } else { "person" };
        let file = message.file_id().map_or("", |_| "[file] ");
        lines.push(format!("  {who} #{}: {file}{}", message.id, message.text()));
        for (label, data) in message.buttons() {
            lines.push(format!("      [{label}] {data}"));
        }
    }
    lines.join("\n")
}
