//! What can be set when a sandbox starts. Defaults follow the real services; tests and load runs shorten or lift them.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::Clock;

use super::wire::{BotSpec, PageLink, Person};

/// Settings of one sandbox.
#[derive(Clone)]
pub struct SandboxSettings {
    /// Where everything is served; port 0 takes a free one.
    pub listen: SocketAddr,
    /// A folder to keep the world in; none = memory only.
    pub data: Option<PathBuf>,
    /// Bots there from the start. A bot known from `data` keeps its chats.
    pub bots: Vec<BotSpec>,
    /// Personas there from the start.
    pub people: Vec<Person>,
    /// Links shown at the top of the chat page (the panel's address, for example).
    pub links: Vec<PageLink>,
    /// Where dates come from.
    pub clock: Clock,
    /// Bot API behaviour.
    pub telegram: TelegramSettings,
    /// KIE behaviour.
    pub kie: KieSettings,
    /// Calls remembered for tests; 0 records none (load runs).
    pub record_calls: usize,
    /// Uploaded bytes kept in memory over all bots.
    pub file_bytes: usize,
}

/// How the fake Bot API behaves.
#[derive(Clone)]
pub struct TelegramSettings {
    /// First wait after a webhook's failure; doubles up to `retry_max`. Telegram: 1 s to 60–120 s.
    pub retry_first: Duration,
    /// The longest wait between two tries.
    pub retry_max: Duration,
    /// How long a webhook may take to answer.
    pub webhook_timeout: Duration,
    /// How long an unanswered button press can be answered. Telegram gives no number; people see 5–20 s.
    pub callback_life: Duration,
    /// How long a pre-checkout query waits: Telegram's 10 s.
    pub checkout_life: Duration,
    /// The least time between two different `setWebhook` calls of a bot.
    pub set_webhook_every: Duration,
    /// How late a poller learns that another one took over.
    pub conflict_delay: Duration,
    /// Messages kept per chat.
    pub chat_messages: usize,
    /// Undelivered updates kept per bot.
    pub pending_updates: usize,
    /// Bots that may call for the first time in a window, as the cloud limits it (20 a minute per address); over it
    /// they get 429. None lifts it.
    pub cold_tokens: Option<(usize, Duration)>,
    /// Any private chat exists without the person having written first (load runs).
    pub open_chats: bool,
}

/// How the fake KIE behaves.
#[derive(Clone)]
pub struct KieSettings {
    /// How long a task takes.
    pub delay: Duration,
    /// Keys and their credits.
    pub keys: BTreeMap<String, f64>,
    /// Signs callbacks when set (facts/kie-api.md 3).
    pub hmac_key: Option<String>,
    /// New tasks per key in a window: KIE's 20 per 10 s. None lifts it.
    pub create_limit: Option<(usize, Duration)>,
    /// Status requests per key and second: KIE's 10. None lifts it.
    pub poll_limit: Option<usize>,
    /// Credits per task by wire model id; others cost by kind (picture 4, film 60, sound 12, text 4).
    pub prices: BTreeMap<String, f64>,
    /// Wait before the second, third and fourth callback try.
    pub callback_retry: Duration,
    /// The longer side of drawn pictures, pixels.
    pub picture_side: u32,
    /// Finished and running tasks remembered.
    pub keep_tasks: usize,
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: None,
            bots: Vec::new(),
            people: Vec::new(),
            links: Vec::new(),
            clock: Clock::system(),
            telegram: TelegramSettings::default(),
            kie: KieSettings::default(),
            record_calls: 20_000,
            file_bytes: 512 * 1024 * 1024,
        }
    }
}

impl Default for TelegramSettings {
    fn default() -> Self {
        Self {
            retry_first: Duration::from_millis(200),
            retry_max: Duration::from_secs(5),
            webhook_timeout: Duration::from_mins(1),
            callback_life: Duration::from_secs(20),
            checkout_life: Duration::from_secs(10),
            set_webhook_every: Duration::from_secs(1),
            conflict_delay: Duration::from_secs(3),
            chat_messages: 500,
            pending_updates: 100_000,
            cold_tokens: None,
            open_chats: false,
        }
    }
}

impl Default for KieSettings {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(4),
            keys: BTreeMap::new(),
            hmac_key: None,
            create_limit: Some((20, Duration::from_secs(10))),
            poll_limit: None,
            prices: BTreeMap::new(),
            callback_retry: Duration::from_secs(1),
            picture_side: 1024,
            keep_tasks: 20_000,
        }
    }
}
