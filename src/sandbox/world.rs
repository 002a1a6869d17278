//! The sandbox's whole state, in memory, shared by its three services. Locks are per bot and held for microseconds.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use dashmap::DashMap;

use crate::domain::{BotToken, Clock};

use super::calls::Calls;
use super::events::Events;
use super::faults::Faults;
use super::files::Files;
use super::kie::Kie;
use super::settings::SandboxSettings;
use super::tasks::Tasks;
use super::telegram::bot::Bot;
use super::wire::{BotSpec, Person};

/// Locks even after a panic elsewhere: the sandbox's state has no invariant that a half-done change could break.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything.
pub(crate) struct World {
    pub settings: SandboxSettings,
    /// `http://127.0.0.1:<port>`.
    pub base_url: String,
    pub clock: Clock,
    pub tasks: Tasks,
    pub http: reqwest::Client,
    pub files: Files,
    pub calls: Calls,
    pub faults: Faults,
    pub events: Events,
    pub kie: Kie,
    bots: DashMap<i64, Arc<Bot>>,
    people: RwLock<BTreeMap<i64, Person>>,
    dirty: AtomicBool,
    /// Moments at which tokens called for the first time.
    cold: Mutex<VecDeque<i64>>,
}

impl World {
    /// An empty world.
    #[expect(clippy::disallowed_methods, reason = "the sandbox plays the outside services and owns its client")]
    pub(crate) fn new(settings: SandboxSettings, base_url: String) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(5))
            .pool_idle_timeout(Duration::from_secs(20))
            .tcp_nodelay(true)
            .build()?;
        Ok(Self {
            base_url,
            clock: settings.clock.clone(),
            tasks: Tasks::default(),
            http,
            files: Files::new(settings.file_bytes),
            calls: Calls::new(settings.record_calls),
            faults: Faults::default(),
            events: Events::new(4_096),
            kie: Kie::new(&settings.kie),
            bots: DashMap::new(),
            people: RwLock::default(),
            dirty: AtomicBool::new(false),
            cold: Mutex::default(),
            settings,
        })
    }

    /// Unix seconds, as Telegram dates messages.
    pub(crate) fn seconds(&self) -> i64 {
        self.clock.now().0 / 1_000
    }

    /// Registers a bot, or renames a known one that keeps its chats. `None` if the token's shape is wrong.
    pub(crate) fn add_bot(&self, spec: &BotSpec) -> Option<Arc<Bot>> {
        let token = BotToken::parse(&spec.token).ok()?;
        let id = token.bot_id().0;
        let known = self.bots.get(&id).filter(|bot| bot.has_token(token.expose())).map(|bot| Arc::clone(&bot));
        let bot = match known {
            Some(bot) => {
                bot.rename(&spec.username, &spec.first_name);
                bot
            }
            None => Arc::new(Bot::new(id, token, &spec.username, &spec.first_name)),
        };
        self.bots.insert(id, Arc::clone(&bot));
        self.touch();
        self.events.tell(&spec.username, 0, "bots", || serde_json::Value::Null);
        Some(bot)
    }

    /// Puts a bot of an earlier run back.
    pub(crate) fn restore_bot(&self, bot: Arc<Bot>) {
        self.bots.insert(bot.id, bot);
    }

    /// The bot this token opens.
    pub(crate) fn bot_by_token(&self, token: &str) -> Option<Arc<Bot>> {
        let id: i64 = token.split_once(':')?.0.parse().ok()?;
        let bot = self.bots.get(&id)?;
        bot.has_token(token).then(|| Arc::clone(&bot))
    }

    /// By username (any case, `@` allowed) or id.
    pub(crate) fn bot(&self, name: &str) -> Option<Arc<Bot>> {
        let name = name.trim_start_matches('@');
        if let Ok(id) = name.parse::<i64>() {
            return self.bots.get(&id).map(|bot| Arc::clone(&bot));
        }
        self.bots.iter().find(|bot| bot.is_named(name)).map(|bot| Arc::clone(&bot))
    }

    /// All bots by id.
    pub(crate) fn all_bots(&self) -> Vec<Arc<Bot>> {
        let mut bots: Vec<_> = self.bots.iter().map(|bot| Arc::clone(&bot)).collect();
        bots.sort_by_key(|bot| bot.id);
        bots
    }

    /// Adds or replaces a persona.
    pub(crate) fn add_person(&self, person: Person) {
        self.people.write().unwrap_or_else(PoisonError::into_inner).insert(person.id, person);
        self.touch();
    }

    /// The persona with this id; with open chats an unknown one is made up.
    pub(crate) fn person(&self, id: i64) -> Option<Person> {
        let known = self.people.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        known.or_else(|| (self.settings.telegram.open_chats && id > 0).then(|| Person::new(id, "Guest", "ru")))
    }

    /// All personas by id.
    pub(crate) fn all_people(&self) -> Vec<Person> {
        self.people.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Whether this token may call: a cold one only within the limit (facts/telegram.md 1, "Many bots").
    pub(crate) fn warm_up(&self, bot: &Bot) -> bool {
        let Some((most, window)) = self.settings.telegram.cold_tokens else { return true };
        if bot.warm.load(Ordering::Acquire) {
            return true;
        }
        let mut recent = lock(&self.cold);
        let now = self.clock.now().0;
        let oldest = now - i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        recent.retain(|at| *at > oldest);
        let free = recent.len() < most;
        if free {
            recent.push_back(now);
            bot.warm.store(true, Ordering::Release);
        }
        free
    }

    /// Notes that the snapshot on disk is old.
    pub(crate) fn touch(&self) {
        self.dirty.store(true, Ordering::Release);
    }

    /// Whether something changed since the last call.
    pub(crate) fn take_dirty(&self) -> bool {
        self.dirty.swap(false, Ordering::AcqRel)
    }
}
