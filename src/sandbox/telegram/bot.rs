//! One bot's world: who it is, its chats, its waiting updates, its open questions to people.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::{Semaphore, oneshot, watch};

use super::chat::{Chat, chat_json, user_json};
use super::error::ApiError;
use super::updates::{Queue, Updates};
use crate::domain::BotToken;
use crate::sandbox::wire::{BotInfo, ChatMessage, Person, PressAnswer};
use crate::sandbox::world::{World, lock};

/// A bot. Its state stands behind one lock, held for microseconds and never across a wait.
pub(crate) struct Bot {
    pub id: i64,
    token: BotToken,
    /// Whether it has called since the sandbox started: the first call of a token is dear.
    pub warm: AtomicBool,
    state: Mutex<BotState>,
    /// Counts changes of chats and updates; waiting readers watch it.
    pub changed: watch::Sender<u64>,
    /// Counts `getUpdates` calls: the latest poller wins.
    pub polls: watch::Sender<u64>,
}

/// What a bot's lock guards.
#[derive(Serialize, Deserialize)]
pub(crate) struct BotState {
    pub username: String,
    pub first_name: String,
    pub chats: BTreeMap<i64, Chat>,
    pub updates: Updates,
    pub webhook: Option<Webhook>,
    /// Set by `setWebhook`; not part of a webhook, since it outlives one.
    #[serde(default)]
    pub webhook_epoch: u64,
    #[serde(skip)]
    pub webhook_set_at: i64,
    next_message: i64,
    /// `setMyCommands` by scope and language.
    pub commands: BTreeMap<String, Vec<Value>>,
    /// `setMyName` and its like, by method's noun and language.
    pub profile: BTreeMap<String, Value>,
    /// Whether Bot Management Mode is on: bots can be created for it.
    #[serde(default)]
    pub manages: bool,
    /// The manager it was created for.
    #[serde(default)]
    pub managed_by: Option<i64>,
    /// Stars in and out, oldest first.
    pub stars: Vec<Value>,
    /// Charges that were paid back.
    pub refunded: Vec<String>,
    /// Presses that wait for `answerCallbackQuery`.
    #[serde(skip)]
    pub presses: HashMap<String, Press>,
    /// Payments that wait for `answerPreCheckoutQuery`.
    #[serde(skip)]
    pub checkouts: HashMap<String, Checkout>,
}

/// A webhook in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: usize,
    pub last_error: Option<(i64, String)>,
    #[serde(skip, default = "default_slots")]
    pub slots: Arc<Semaphore>,
}

fn default_slots() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(40))
}

/// A pressed button.
pub(crate) struct Press {
    pub user: i64,
    pub at: i64,
    pub answer: oneshot::Sender<PressAnswer>,
}

/// A payment about to be made.
pub(crate) struct Checkout {
    pub at: i64,
    pub answer: oneshot::Sender<Result<(), String>>,
}

/// What stands beside a new message's content.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub markup: Option<Value>,
    pub reply_to: Option<i64>,
    pub reply_may_be_gone: bool,
}

impl Bot {
    /// A bot without chats.
    pub(crate) fn new(id: i64, token: BotToken, username: &str, first_name: &str) -> Self {
        let state = BotState {
            username: username.to_owned(),
            first_name: first_name.to_owned(),
            chats: BTreeMap::new(),
            // Like Telegram's, neither begins at 1: nobody may rely on that.
            updates: Updates::starting_at(100_000 + id % 9_000),
            webhook: None,
            webhook_epoch: 0,
            webhook_set_at: 0,
            next_message: 11 + id % 80,
            commands: BTreeMap::new(),
            profile: BTreeMap::new(),
            manages: false,
            managed_by: None,
            stars: Vec::new(),
            refunded: Vec::new(),
            presses: HashMap::new(),
            checkouts: HashMap::new(),
        };
        Self::restored(id, token, state)
    }

    /// A bot of an earlier run.
    pub(crate) fn restored(id: i64, token: BotToken, mut state: BotState) -> Self {
        state.updates.restored();
        if let Some(webhook) = &mut state.webhook {
            webhook.slots = Arc::new(Semaphore::new(webhook.max_connections));
        }
        Self {
            id,
            token,
            warm: AtomicBool::new(false),
            state: Mutex::new(state),
            changed: watch::Sender::new(0),
            polls: watch::Sender::new(0),
        }
    }

    /// The state. Never hold it over an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, BotState> {
        lock(&self.state)
    }

    /// The token, for the snapshot only.
    pub(crate) fn token(&self) -> &BotToken {
        &self.token
    }

    pub(crate) fn has_token(&self, token: &str) -> bool {
        self.token.expose() == token
    }

    /// The token itself, for its manager.
    pub(crate) fn token_text(&self) -> String {
        self.token.expose().to_owned()
    }

    pub(crate) fn username(&self) -> String {
        self.state().username.clone()
    }

    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.state().username.eq_ignore_ascii_case(name)
    }

    pub(crate) fn rename(&self, username: &str, first_name: &str) {
        let mut state = self.state();
        username.clone_into(&mut state.username);
        first_name.clone_into(&mut state.first_name);
    }

    /// As the control API shows it.
    pub(crate) fn info(&self) -> BotInfo {
        let state = self.state();
        BotInfo {
            id: self.id,
            username: state.username.clone(),
            first_name: state.first_name.clone(),
            webhook: state.webhook.is_some(),
            pending: state.updates.len(),
        }
    }

    /// Wakes whoever waits for a change.
    pub(crate) fn bump(&self, world: &World) {
        self.changed.send_modify(|version| *version += 1);
        world.touch();
    }

    /// Sends a message of the bot into a chat and gives Telegram's `Message`.
    pub(crate) fn post(
        &self,
        world: &World,
        chat_id: i64,
        content: Map<String, Value>,
        extras: Extras,
    ) -> Result<Value, ApiError> {
        let person = world.person(chat_id).ok_or_else(|| ApiError::bad("chat not found"))?;
        let mut state = self.state();
        let mut message = content;
        state.reachable(world, chat_id)?;
        if let Some(id) = extras.reply_to {
            match state.chats.get(&chat_id).and_then(|chat| chat.message(id)) {
                Some(original) => {
                    let mut original = original.json.clone();
                    // Telegram shows one level of replies.
                    if let Some(fields) = original.as_object_mut() {
                        fields.remove("reply_to_message");
                    }
                    message.insert("reply_to_message".to_owned(), original);
                }
                None if extras.reply_may_be_gone => (),
                None => return Err(ApiError::bad("message to be replied not found")),
            }
        }
        message.insert("from".to_owned(), state.user_json(self.id));
        let (inline, keyboard) = split_markup(extras.markup);
        if let Some(markup) = inline {
            message.insert("reply_markup".to_owned(), markup);
        }
        if let (Some(keyboard), Some(chat)) = (keyboard, state.chats.get_mut(&chat_id)) {
            chat.keyboard = keyboard;
        }
        let posted = state.add(world, &person, message, true);
        let username = state.username.clone();
        drop(state);
        self.bump(world);
        world.events.tell(&username, chat_id, "message", || json!(posted));
        Ok(posted.json)
    }

    /// Sends a message of a person to the bot and queues its update.
    pub(crate) fn receive(
        self: &Arc<Self>,
        world: &Arc<World>,
        person: &Person,
        content: Map<String, Value>,
    ) -> ChatMessage {
        let mut message = content;
        message.insert("from".to_owned(), user_json(person));
        let mut state = self.state();
        let posted = state.add(world, person, message, false);
        let username = state.username.clone();
        drop(state);
        world.events.tell(&username, person.id, "message", || json!(posted));
        self.push_update(world, "message", posted.json.clone(), Queue::Chat(person.id));
        posted
    }

    /// Queues an update for delivery, by whichever way the bot chose.
    pub(crate) fn push_update(self: &Arc<Self>, world: &Arc<World>, kind: &str, body: Value, queue: Queue) {
        let cap = world.settings.telegram.pending_updates;
        self.state().updates.push(kind, body, queue, world.clock.now().0, cap);
        self.bump(world);
        super::delivery::wake(world, self, queue);
    }
}

impl BotState {
    /// The bot as Telegram's `User`.
    pub(crate) fn user_json(&self, id: i64) -> Value {
        json!({"id": id, "is_bot": true, "first_name": self.first_name, "username": self.username})
    }

    /// Refuses a chat that does not exist or blocked the bot; opens it where chats are open.
    pub(crate) fn reachable(&mut self, world: &World, chat_id: i64) -> Result<&mut Chat, ApiError> {
        if world.settings.telegram.open_chats && chat_id > 0 {
            self.chats.entry(chat_id).or_default();
        }
        let chat = self.chats.get_mut(&chat_id).ok_or_else(|| ApiError::bad("chat not found"))?;
        if chat.blocked {
            return Err(ApiError::forbidden("bot was blocked by the user"));
        }
        Ok(chat)
    }

    fn add(&mut self, world: &World, person: &Person, mut message: Map<String, Value>, from_bot: bool) -> ChatMessage {
        let id = self.next_message;
        self.next_message += 1;
        message.insert("message_id".to_owned(), Value::from(id));
        message.insert("date".to_owned(), Value::from(world.seconds()));
        message.insert("chat".to_owned(), chat_json(person));
        let message = ChatMessage { id, from_bot, edits: 0, json: Value::Object(message) };
        let chat = self.chats.entry(person.id).or_default();
        if from_bot {
            chat.typing_until = 0;
        }
        chat.push(message.clone(), world.settings.telegram.chat_messages);
        message
    }
}

/// An inline keyboard belongs to the message; any other markup to the chat (`Some(None)` takes the keyboard away).
#[expect(clippy::option_option, reason = "absent, removed and replaced are three different things here")]
fn split_markup(markup: Option<Value>) -> (Option<Value>, Option<Option<Value>>) {
    match markup {
        None => (None, None),
        Some(markup) if markup.get("inline_keyboard").is_some() => (Some(markup), None),
        Some(markup) if markup.get("keyboard").is_some() => (None, Some(Some(markup))),
        Some(markup) if markup.get("remove_keyboard").is_some() => (None, Some(None)),
        Some(_) => (None, None),
    }
}
