//! Who may send now: 1 message a second per chat with a short burst, 20 a minute per group, 30 a second per bot of which
//! 25 may be broadcast, and nobody during a `retry_after` (reliability.md 3.6, facts/telegram.md 3).
//!
//! Pure and bounded: it reads the clock it was given, sleeps never, forgets a chat as soon as it owes nothing. Each
//! process has its own; replicas share budgets through `locks`.

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
/// Bots remembered before those that owe nothing are forgotten.
const SWEEP_BOTS: usize = 1_024;

impl SendBudget {
    /// An empty budget.
    pub fn new(clock: Clock, rates: Rates) -> Self {
        Self { clock, rates, bots: DashMap::new() }
    }

    /// Takes a place for one message to `chat`, or says when to ask again.
    pub fn ask(&self, bot: &BotInstanceId, chat: ChatId, lane: Lane) -> Verdict {
        let now = self.clock.now();
        self.forget_idle_bots(bot, now);
        let mut state = self.bots.entry(bot.clone()).or_default();
        let pace = if chat.0 < 0 { self.rates.group } else { self.rates.chat };
        let mut meter = state.chats.get(&chat).copied().unwrap_or_default();
        let mut free = state.meter.free_at(now, self.rates.bot).max(meter.free_at(now, pace));
        if lane == Lane::Bulk {
            free = free.max(state.bulk.free_at(now, self.rates.bulk));
        }
        if free > now {
            return Verdict::NotBefore(free);
        }
        if lane == Lane::Bulk {
            state.bulk.take(now, self.rates.bulk);
        }
        state.meter.take(now, self.rates.bot);
        meter.take(now, pace);
        state.remember(chat, meter, now, self.rates.chats_per_bot);
        Verdict::Now
    }

    /// Telegram asked this chat's sender to wait. Refusals in several chats at once pause the whole bot, for the same time.
    pub fn refused(&self, bot: &BotInstanceId, chat: ChatId, wait: Duration) {
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
        if state.refused.len() >= REFUSED_CHATS {
            state.refused.clear();
            state.meter.pause(now, wait);
        }
    }

    /// Telegram asked the whole bot to wait (a method without a chat was refused).
    pub fn pause_bot(&self, bot: &BotInstanceId, wait: Duration) {
        let now = self.clock.now();
        self.bots.entry(bot.clone()).or_default().meter.pause(now, wait);
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: UnixMs = UnixMs(1_800_000_000_000);

    fn bot(name: &str) -> BotInstanceId {
        BotInstanceId::parse(name).unwrap()
    }

    fn budget(rates: Rates) -> (SendBudget, Clock) {
        let clock = Clock::manual(START);
        (SendBudget::new(clock.clone(), rates), clock)
    }

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn a_chat_has_a_burst_of_three_and_then_one_a_second() {
        let (budget, clock) = budget(Rates::default());
        let ask = || budget.ask(&bot("one"), ChatId(5), Lane::Interactive);
        assert_eq!([ask(), ask(), ask()], [Verdict::Now; 3]);
        assert_eq!(ask(), Verdict::NotBefore(START.plus(ms(1_000))));
        clock.advance(ms(999));
        assert_eq!(ask(), Verdict::NotBefore(START.plus(ms(1_000))));
        clock.advance(ms(1));
        assert_eq!(ask(), Verdict::Now);
        assert_eq!(ask(), Verdict::NotBefore(START.plus(ms(2_000))));
        assert_eq!(budget.ask(&bot("two"), ChatId(5), Lane::Interactive), Verdict::Now, "another bot, another budget");
    }

    #[test]
    fn a_group_has_twenty_a_minute() {
        let (budget, clock) = budget(Rates::default());
        let mut sent = 0;
        for _ in 0..60_000 {
            sent += u32::from(budget.ask(&bot("one"), ChatId(-100), Lane::Interactive) == Verdict::Now);
            clock.advance(ms(1));
        }
        assert_eq!(sent, 22, "20 and what is left of the first burst");
    }

    #[test]
    fn a_bot_has_thirty_a_second_of_which_twenty_five_may_be_broadcast() {
        for (lane, in_five_seconds, in_any_second) in [(Lane::Interactive, 156, 36), (Lane::Bulk, 125, 26)] {
            let (budget, clock) = budget(Rates::default());
            let mut sent = Vec::new();
            for at in 0..5_000 {
                if budget.ask(&bot("one"), ChatId(1_000 + at), lane) == Verdict::Now {
                    sent.push(at);
                }
                clock.advance(ms(1));
            }
            assert_eq!(sent.len(), in_five_seconds);
            assert!(sent.windows(in_any_second + 1).all(|w| w[in_any_second] - w[0] >= 1_000));
        }
    }

    #[test]
    fn the_settings_become_paces() {
        let settings = config::Settings::load(&config::Sources::default()).unwrap();
        let rates = Rates::from(&settings.telegram);
        assert_eq!(rates.chat, Pace { every: ms(1_000), burst: 5 });
        assert_eq!(rates.group, Pace { every: ms(3_000), burst: 5 });
        assert_eq!(rates.bot.burst, 5);
        assert_eq!(rates.bulk, Pace { every: ms(40), burst: 1 });
    }

    #[test]
    fn an_answer_goes_at_once_in_the_middle_of_a_broadcast() {
        let (budget, clock) = budget(Rates::default());
        for at in 0..3_000 {
            budget.ask(&bot("one"), ChatId(1_000 + at), Lane::Bulk);
            if at % 500 == 499 {
                assert_eq!(budget.ask(&bot("one"), ChatId(at), Lane::Interactive), Verdict::Now, "at {at}");
            }
            clock.advance(ms(1));
        }
    }

    #[test]
    fn a_refused_chat_waits_alone() {
        let (budget, clock) = budget(Rates::default());
        budget.refused(&bot("one"), ChatId(5), Duration::from_secs(35));
        let until = START.plus(Duration::from_secs(35));
        assert_eq!(budget.ask(&bot("one"), ChatId(5), Lane::Interactive), Verdict::NotBefore(until));
        assert_eq!(budget.ask(&bot("one"), ChatId(6), Lane::Interactive), Verdict::Now);
        clock.advance(Duration::from_secs(35));
        assert_eq!(budget.ask(&bot("one"), ChatId(5), Lane::Interactive), Verdict::Now);
    }

    #[test]
    fn refusals_in_three_chats_pause_the_bot_and_only_it() {
        let (budget, _) = budget(Rates::default());
        for chat in [5, 5, 6] {
            budget.refused(&bot("one"), ChatId(chat), Duration::from_secs(9));
        }
        assert_eq!(budget.ask(&bot("one"), ChatId(9), Lane::Interactive), Verdict::Now);
        budget.refused(&bot("one"), ChatId(7), Duration::from_secs(9));
        let until = START.plus(Duration::from_secs(9));
        assert_eq!(budget.ask(&bot("one"), ChatId(9), Lane::Interactive), Verdict::NotBefore(until));
        assert_eq!(budget.ask(&bot("two"), ChatId(9), Lane::Interactive), Verdict::Now);
    }

    #[test]
    fn a_clock_set_back_does_not_silence_a_chat() {
        let clock = Clock::manual(START.plus(Duration::from_hours(1)));
        let mut budget = SendBudget::new(clock, Rates::default());
        for _ in 0..3 {
            budget.ask(&bot("one"), ChatId(5), Lane::Interactive);
        }
        budget.refused(&bot("one"), ChatId(6), Duration::from_secs(30));
        budget.clock = Clock::manual(START);
        let within = |verdict, limit| match verdict {
            Verdict::Now => true,
            Verdict::NotBefore(at) => at <= START.plus(Duration::from_secs(limit)),
        };
        assert!(within(budget.ask(&bot("one"), ChatId(5), Lane::Interactive), 2));
        assert!(within(budget.ask(&bot("one"), ChatId(6), Lane::Interactive), 30));
    }

    #[test]
    fn it_forgets_what_owes_nothing_and_never_grows_past_its_cap() {
        let (budget, clock) = budget(Rates { chats_per_bot: 100, ..Rates::default() });
        for chat in 0..10_000 {
            budget.ask(&bot("one"), ChatId(chat), Lane::Interactive);
            clock.advance(ms(40));
        }
        assert!(budget.chats_remembered() <= 100);
        for chat in 0..500 {
            budget.refused(&bot("one"), ChatId(chat), Duration::from_secs(1_000));
        }
        assert_eq!(budget.chats_remembered(), 100);
        for n in 0..5_000 {
            clock.advance(Duration::from_secs(2_000));
            budget.ask(&bot(&format!("bot-{n}")), ChatId(1), Lane::Interactive);
        }
        assert!(budget.bots.len() <= SWEEP_BOTS);
    }

    proptest! {
        /// Asking again exactly when told is always enough, and nothing goes earlier.
        #[test]
        fn not_before_means_what_it_says(steps in proptest::collection::vec((0i64..4, 0u64..700), 1..200)) {
            let (budget, clock) = budget(Rates::default());
            for (chat, step) in steps {
                if let Verdict::NotBefore(at) = budget.ask(&bot("one"), ChatId(chat), Lane::Interactive) {
                    prop_assert!(at > clock.now());
                    clock.advance(at.since(clock.now()));
                    prop_assert_eq!(budget.ask(&bot("one"), ChatId(chat), Lane::Interactive), Verdict::Now);
                }
                clock.advance(ms(step));
            }
        }
    }
}
