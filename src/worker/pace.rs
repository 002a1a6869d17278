//! Who may send now, over all processes: each asks its own books first, which also know of every pause, and then takes its place
//! in the budgets that replicas share. With Redis away, or none, its own books are all there is.

use std::time::Duration;

use crate::clients::telegram::{Lane, Pace, Rates, SendBudget, Verdict};
use crate::domain::{BotInstanceId, ChatId, Clock, UnixMs};
use crate::locks::{Budget, LockKey, Locks, Purpose, Take};

/// Send budgets of all bots.
pub struct SendPace {
    own: SendBudget,
    rates: Rates,
    locks: Locks,
    clock: Clock,
}

impl SendPace {
    /// Full budgets.
    pub fn new(clock: Clock, rates: Rates, locks: Locks) -> Self {
        Self { own: SendBudget::new(clock.clone(), rates.clone()), rates, locks, clock }
    }

    /// Takes a place for one message to `chat`, or says when to ask again.
    pub async fn ask(&self, bot: &BotInstanceId, chat: ChatId, lane: Lane) -> Verdict {
        if let later @ Verdict::NotBefore(_) = self.own.look(bot, chat, lane) {
            return later;
        }
        let mut budgets = vec![self.chat(bot, chat), self.whole(bot)];
        if lane == Lane::Bulk {
            budgets.push((LockKey::new(bot, Purpose::BroadcastSends), budget(self.rates.bulk)));
        }
        match self.shared(&budgets).await {
            None => self.own.ask(bot, chat, lane),
            Some(later) => later,
        }
    }

    /// The same for a message of a broadcast that is no faster than one in `every`.
    pub async fn ask_bulk(&self, bot: &BotInstanceId, chat: ChatId, every: Duration) -> Verdict {
        if let later @ Verdict::NotBefore(_) = self.own.look_bulk(bot, chat, every) {
            return later;
        }
        let bulk = (LockKey::new(bot, Purpose::BroadcastSends), budget(self.rates.bulk.slowed(every)));
        match self.shared(&[self.chat(bot, chat), self.whole(bot), bulk]).await {
            None => self.own.ask_bulk(bot, chat, every),
            Some(later) => later,
        }
    }

    /// Takes a place in each of the budgets that replicas share, or says when to ask again.
    async fn shared(&self, budgets: &[(LockKey, Budget)]) -> Option<Verdict> {
        match self.locks.take_shared(budgets).await {
            Take::Taken => None,
            Take::Wait(wait) => Some(Verdict::NotBefore(self.clock.now().plus(wait.max(Duration::from_millis(1))))),
        }
    }

    /// Until when all of a bot's messages wait because Telegram said so; a moment that is over when none do.
    pub fn bot_paused_until(&self, bot: &BotInstanceId) -> UnixMs {
        self.own.bot_paused_until(bot)
    }

    /// Telegram asked this chat's sender to wait. Refusals in several chats at once pause the whole bot.
    pub async fn refused(&self, bot: &BotInstanceId, chat: ChatId, wait: Duration) {
        let (key, budget) = self.chat(bot, chat);
        self.locks.pause(&key, budget, wait).await;
        if self.own.refused(bot, chat, wait) {
            self.pause_shared(bot, wait).await;
        }
    }

    /// Telegram asked the whole bot to wait (a method without a chat was refused).
    pub async fn pause_bot(&self, bot: &BotInstanceId, wait: Duration) {
        self.own.pause_bot(bot, wait);
        self.pause_shared(bot, wait).await;
    }

    async fn pause_shared(&self, bot: &BotInstanceId, wait: Duration) {
        let (key, budget) = self.whole(bot);
        self.locks.pause(&key, budget, wait).await;
    }

    fn chat(&self, bot: &BotInstanceId, chat: ChatId) -> (LockKey, Budget) {
        (LockKey::new(bot, Purpose::ChatSends(chat)), budget(self.rates.of(chat)))
    }

    fn whole(&self, bot: &BotInstanceId) -> (LockKey, Budget) {
        (LockKey::new(bot, Purpose::Sends), budget(self.rates.bot))
    }
}

fn budget(pace: Pace) -> Budget {
    Budget::new(1, pace.every, pace.burst)
}
