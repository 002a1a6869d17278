//! Who may send now: 1 message a second per chat with a short burst, 20 a minute per group, 30 a second per bot of which
//! 25 may be broadcast, and nobody during a `retry_after` (reliability.md 3.6, facts/telegram.md 3).
//!
//! Pure and bounded: it reads the clock it was given, sleeps never, forgets a chat as soon as it owes nothing. Each
//! process has its own; what replicas share stands beside it (`worker/pace.rs`).

use std::collections::HashMap;
use std::time::Duration;

use dashmap::DashMap;

use crate::config;
use crate::domain::{BotInstanceId, ChatId, Clock, UnixMs};

/// One every so often, and a few at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The time in which one more becomes possible.
    pub every: Duration,
    /// How many may go at once when nothing went for a while.
    pub burst: u32,
}

impl Pace {
    /// This pace, or a slower one.
    pub fn slowed(self, every: Duration) -> Self {
        Self { every: self.every.max(every), ..self }
    }
}

/// How fast sending may be.
#[derive(Debug, Clone)]
pub struct Rates {
    /// Into one person's chat.
    pub chat: Pace,
    /// Into one group (ids below zero).
    pub group: Pace,
    /// All that one bot sends. The burst comes on top of the rate in the first second: keep it small.
    pub bot: Pace,
    /// Of it, broadcasts; slower than `bot`, so that answers always find room.
    pub bulk: Pace,
    /// Chats remembered per bot.
    pub chats_per_bot: usize,
}

impl Default for Rates {
    fn default() -> Self {
        let pace = |count: u32, per: Duration, burst| Pace { every: per / count, burst };
        Self {
            chat: pace(1, Duration::from_secs(1), 3),
            group: pace(20, Duration::from_mins(1), 3),
            bot: pace(30, Duration::from_secs(1), 5),
            bulk: pace(25, Duration::from_secs(1), 1),
            chats_per_bot: 4_096,
        }
    }
}

impl Rates {
    /// What a chat bears: a group's id is below zero.
    pub fn of(&self, chat: ChatId) -> Pace {
        if chat.0 < 0 { self.group } else { self.chat }
    }
}

impl From<&config::Telegram> for Rates {
    /// The settings' bursts are cut to what Telegram's limits bear: a whole second's worth at once would double a second.
    fn from(settings: &config::Telegram) -> Self {
        let pace = |rate: config::Rate, burst: u32| Pace { every: rate.each(), burst: burst.max(1) };
        let chat = pace(settings.chat_sends, settings.chat_sends.burst);
        let bot_burst = settings.bot_sends.burst.min(settings.bot_sends.count / 6);
        Self {
            chat,
            group: pace(settings.group_sends, settings.group_sends.burst.min(chat.burst)),
            bot: pace(settings.bot_sends, bot_burst),
            bulk: pace(settings.broadcast_sends, 1),
            chats_per_bot: 4_096,
        }
    }
}

/// What is being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// An answer somebody waits for.
    Interactive,
    /// A broadcast: yields to answers of the same bot.
    Bulk,
}

/// Whether a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Send it now; its place in the budget is taken.
    Now,
    /// Ask again at this moment, not earlier; nothing was taken.
    NotBefore(UnixMs),
}

/// Send budgets of all bots of this process. Share it behind an `Arc`.
pub struct SendBudget {
    clock: Clock,
    rates: Rates,
    bots: DashMap<BotInstanceId, BotState>,
}

#[derive(Default)]
struct BotState {
    meter: Meter,
    bulk: Meter,
    /// Answers wait for their turn: until then no broadcast takes one.
    answers_until: UnixMs,
    chats: HashMap<ChatId, Meter>,
    /// The last refusals: when they began, and which chats they met.
    refused_since: UnixMs,
    refused: Vec<ChatId>,
}

/// The moment up to which something has used its rate (the generic cell rate algorithm), and a pause.
#[derive(Default, Clone, Copy)]
struct Meter {
    used_until: UnixMs,
    paused_at: UnixMs,
    paused_until: UnixMs,
}

/// Refusals in this many chats within [`REFUSED_WINDOW`] mean the bot as a whole.
const REFUSED_CHATS: usize = 3;
const REFUSED_WINDOW: Duration = Duration::from_secs(10);
/// An answer that had to wait takes its turn within this after it is free; a broadcast that asks meanwhile comes later.
const ANSWERS_FIRST: Duration = Duration::from_millis(100);
/// Bots remembered before those that owe nothing are forgotten.
const SWEEP_BOTS: usize = 1_024;

impl SendBudget {
    /// An empty budget.
    pub fn new(clock: Clock, rates: Rates) -> Self {
        Self { clock, rates, bots: DashMap::new() }
    }

    /// What [`SendBudget::ask`] would say now; takes nothing.
    pub fn look(&self, bot: &BotInstanceId, chat: ChatId, lane: Lane) -> Verdict {
        self.look_at(bot, chat, lane, self.rates.bulk)
    }

    /// The same for a broadcast that may be slower than [`Rates::bulk`], never faster.
    pub fn look_bulk(&self, bot: &BotInstanceId, chat: ChatId, every: Duration) -> Verdict {
        self.look_at(bot, chat, Lane::Bulk, self.rates.bulk.slowed(every))
    }

    /// Takes a place for one message to `chat`, or says when to ask again.
    pub fn ask(&self, bot: &BotInstanceId, chat: ChatId, lane: Lane) -> Verdict {
        self.ask_at(bot, chat, lane, self.rates.bulk)
    }

    /// The same for a broadcast that may be slower than [`Rates::bulk`], never faster.
    pub fn ask_bulk(&self, bot: &BotInstanceId, chat: ChatId, every: Duration) -> Verdict {
        self.ask_at(bot, chat, Lane::Bulk, self.rates.bulk.slowed(every))
    }

    fn look_at(&self, bot: &BotInstanceId, chat: ChatId, lane: Lane, bulk: Pace) -> Verdict {
        let now = self.clock.now();
        let Some(mut state) = self.bots.get_mut(bot) else { return Verdict::Now };
        let mut meter = state.chats.get(&chat).copied().unwrap_or_default();
        let free = state.free_at(now, &self.rates, lane, bulk).max(meter.free_at(now, self.rates.of(chat)));
        if free > now { Verdict::NotBefore(free) } else { Verdict::Now }
    }

    fn ask_at(&self, bot: &BotInstanceId, chat: ChatId, lane: Lane, bulk: Pace) -> Verdict {
        let now = self.clock.now();
        self.forget_idle_bots(bot, now);
        let mut state = self.bots.entry(bot.clone()).or_default();
        let pace = self.rates.of(chat);
        let mut meter = state.chats.get(&chat).copied().unwrap_or_default();
        let free = state.free_at(now, &self.rates, lane, bulk).max(meter.free_at(now, pace));
        if free > now {
            return Verdict::NotBefore(free);
        }
        if lane == Lane::Bulk {
            state.bulk.take(now, bulk);
        }
        state.meter.take(now, self.rates.bot);
        meter.take(now, pace);
        state.remember(chat, meter, now, self.rates.chats_per_bot);
        Verdict::Now
    }

    /// Telegram asked this chat's sender to wait. Refusals in several chats at once pause the whole bot, for the same time: then
    /// this gives `true`.
    pub fn refused(&self, bot: &BotInstanceId, chat: ChatId, wait: Duration) -> bool {
        let now = self.clock.now();
        let mut state = self.bots.entry(bot.clone()).or_default();
        let mut meter = state.chats.get(&chat).copied().unwrap_or_default();
        meter.pause(now, wait);
        state.remember(chat, meter, now, self.rates.chats_per_bot);
        if now.since(state.refused_since) > REFUSED_WINDOW || now < state.refused_since {
            state.refused_since = now;
            state.refused.clear();
        }
        if !state.refused.contains(&chat) {
            state.refused.push(chat);
        }
        let whole = state.refused.len() >= REFUSED_CHATS;
        if whole {
            state.refused.clear();
            state.meter.pause(now, wait);
        }
        whole
    }

    /// Telegram asked the whole bot to wait (a method without a chat was refused).
    pub fn pause_bot(&self, bot: &BotInstanceId, wait: Duration) {
        let now = self.clock.now();
        self.bots.entry(bot.clone()).or_default().meter.pause(now, wait);
    }

    /// Until when all of a bot's messages wait because Telegram said so; a moment that is over when none do.
    pub fn bot_paused_until(&self, bot: &BotInstanceId) -> UnixMs {
        self.bots.get(bot).map_or(UnixMs(0), |state| state.meter.paused_until)
    }

    /// How many chats are remembered, of all bots: a gauge.
    pub fn chats_remembered(&self) -> usize {
        self.bots.iter().map(|state| state.chats.len()).sum()
    }

    fn forget_idle_bots(&self, bot: &BotInstanceId, now: UnixMs) {
        if !self.bots.contains_key(bot) && self.bots.len() >= SWEEP_BOTS {
            self.bots.retain(|_, state| {
                !state.meter.owes_nothing(now) || state.chats.values().any(|m| !m.owes_nothing(now))
            });
        }
    }
}

impl BotState {
    /// When the bot may send one more, whatever the chat. An answer that must wait is remembered: broadcasts let it go first.
    fn free_at(&mut self, now: UnixMs, rates: &Rates, lane: Lane, bulk: Pace) -> UnixMs {
        let whole = self.meter.free_at(now, rates.bot);
        if lane == Lane::Bulk {
            return whole.max(self.bulk.free_at(now, bulk)).max(self.answers_until.min(now.plus(ANSWERS_FIRST)));
        }
        if whole > now {
            self.answers_until = whole.plus(ANSWERS_FIRST);
        }
        whole
    }

    fn remember(&mut self, chat: ChatId, meter: Meter, now: UnixMs, cap: usize) {
        if self.chats.len() >= cap && !self.chats.contains_key(&chat) {
            self.chats.retain(|_, meter| !meter.owes_nothing(now));
            if self.chats.len() >= cap {
                // All of them owe something: the one that is free first is the cheapest to forget.
                let first = self.chats.iter().min_by_key(|(_, meter)| meter.busy_until()).map(|(chat, _)| *chat);
                first.map(|chat| self.chats.remove(&chat));
            }
        }
        self.chats.insert(chat, meter);
    }
}

impl Meter {
    /// The first moment at which one more may go: `now` if it may go at once.
    fn free_at(&mut self, now: UnixMs, Pace { every, burst }: Pace) -> UnixMs {
        if now < self.paused_at {
            // The clock was set back: a pause keeps its length, it does not grow by the jump.
            self.paused_until = now.plus(self.paused_until.since(self.paused_at));
            self.paused_at = now;
        }
        // For the same reason nothing can be used up further ahead than one burst.
        let horizon = now.plus(every.saturating_mul(burst.saturating_add(1)));
        let used = self.used_until.min(horizon);
        let free = used.minus(every.saturating_mul(burst.saturating_sub(1)));
        free.max(self.paused_until).max(now)
    }

    fn take(&mut self, now: UnixMs, pace: Pace) {
        self.used_until = self.used_until.max(now).plus(pace.every);
    }

    fn pause(&mut self, now: UnixMs, wait: Duration) {
        self.paused_until = self.paused_until.max(now.plus(wait));
        self.paused_at = now;
    }

    fn busy_until(&self) -> UnixMs {
        self.used_until.max(self.paused_until)
    }

    fn owes_nothing(&self, now: UnixMs) -> bool {
        self.busy_until() <= now
    }
}

#[cfg(test)]
mod tests;
