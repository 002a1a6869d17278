//! Budgets that processes share: what one has sent, the other one cannot send too.

use std::time::Duration;

use botyard::clients::telegram::{Lane, Pace, Rates, Verdict};
use botyard::domain::{BotInstanceId, ChatId, Clock, Secret};
use botyard::lifecycle::Tasks;
use botyard::locks::{Locks, Reach};
use botyard::worker::pace::SendPace;

use crate::util::redis::TestRedis;

/// Rates that give nothing back while a test runs.
fn rates() -> Rates {
    let pace = |burst| Pace { every: Duration::from_hours(1), burst };
    Rates { chat: pace(4), group: pace(3), bot: pace(10), bulk: pace(2), chats_per_bot: 100 }
}

struct Two {
    redis: TestRedis,
    paces: [SendPace; 2],
    tasks: Tasks,
}

impl Two {
    async fn start() -> Option<Self> {
        let (redis, tasks, clock) = (TestRedis::open().await?, Tasks::new(), Clock::system());
        let mut paces = Vec::new();
        for _ in 0..2 {
            let locks = Locks::redis(&Secret::new(redis.url.clone()), clock.clone(), &tasks).unwrap();
            assert_eq!(locks.settled(Duration::from_secs(20)).await, Reach::Replicas);
            paces.push(SendPace::new(clock.clone(), rates(), locks));
        }
        Some(Self { redis, paces: paces.try_into().ok()?, tasks })
    }

    /// How many of `times` messages may go when both are asked in turn.
    async fn granted(&self, bot: &BotInstanceId, chats: impl Iterator<Item = i64>, lane: Lane) -> usize {
        let mut granted = 0;
        for (n, chat) in chats.enumerate() {
            granted += usize::from(self.paces[n % 2].ask(bot, ChatId(chat), lane).await == Verdict::Now);
        }
        granted
    }
}

#[tokio::test]
async fn two_processes_send_together_what_one_may() {
    let Some(two) = Two::start().await else { return };
    let bot = |name: &str| BotInstanceId::parse(name).unwrap();
    assert_eq!(two.granted(&bot("one"), std::iter::repeat_n(5, 20), Lane::Interactive).await, 4, "one chat");
    assert_eq!(two.granted(&bot("one"), std::iter::repeat_n(-7, 20), Lane::Interactive).await, 3, "a group");
    assert_eq!(two.granted(&bot("one"), 100..140, Lane::Interactive).await, 3, "the bot's ten, seven of them gone");
    assert_eq!(two.granted(&bot("two"), 100..140, Lane::Bulk).await, 2, "a broadcast's share");
    assert_eq!(two.granted(&bot("two"), 200..240, Lane::Interactive).await, 8, "the rest is for answers");
    // A refused place takes nothing: who was refused for the bot's sake has a whole budget of the chat.
    let keys = two.redis.keys().await;
    assert!(keys.iter().any(|key| key.contains("{one}") && key.contains(":100:")), "{keys:#?}");
    assert!(!keys.iter().any(|key| key.contains("{one}") && key.contains(":139:")), "{keys:#?}");
    two.tasks.shutdown(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn what_telegram_asked_one_process_to_wait_the_other_one_waits_too() {
    let Some(two) = Two::start().await else { return };
    let (bot, wait) = (BotInstanceId::parse("one").unwrap(), Duration::from_mins(10));
    two.paces[0].refused(&bot, ChatId(5), wait).await;
    assert_ne!(two.paces[1].ask(&bot, ChatId(5), Lane::Interactive).await, Verdict::Now);
    assert_eq!(two.paces[1].ask(&bot, ChatId(6), Lane::Interactive).await, Verdict::Now);
    for chat in [7, 8] {
        two.paces[0].refused(&bot, ChatId(chat), wait).await;
    }
    assert_ne!(two.paces[1].ask(&bot, ChatId(9), Lane::Interactive).await, Verdict::Now, "the bot as a whole");
    let other = BotInstanceId::parse("two").unwrap();
    assert_eq!(two.paces[1].ask(&other, ChatId(9), Lane::Interactive).await, Verdict::Now);
    two.tasks.shutdown(Duration::from_secs(1)).await;
}
