//! Budgets under a clock of the test's own.

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
fn while_answers_wait_for_their_turn_a_broadcast_takes_none() {
    let rates = Rates { bot: Pace { every: ms(40), burst: 1 }, ..Rates::default() };
    let (budget, clock) = budget(rates);
    let (mut answers, mut bulk) = (Vec::new(), 0);
    let mut waiting: Vec<i64> = (1..=50).collect();
    for at in 0..3_000 {
        // The broadcast asks first each time, and there are always answers waiting.
        bulk +=
            u32::from(budget.ask(&bot("one"), ChatId(10_000 + at), Lane::Bulk) == Verdict::Now && !waiting.is_empty());
        if let Some(chat) = waiting.first().copied()
            && budget.ask(&bot("one"), ChatId(chat), Lane::Interactive) == Verdict::Now
        {
            waiting.remove(0);
            answers.push(at);
        }
        clock.advance(ms(1));
    }
    assert_eq!(answers.len(), 50);
    assert!(bulk <= 1, "{bulk} of the broadcast went before answers that waited");
    assert!(answers[49] <= 2_100, "at the whole rate of the bot: {answers:?}");
}

#[test]
fn a_tenants_own_rate_of_broadcasts_is_kept_when_it_is_slower() {
    let (budget, clock) = budget(Rates::default());
    let mut sent = 0;
    for at in 0..1_000 {
        sent += u32::from(budget.ask_bulk(&bot("one"), ChatId(at), ms(200)) == Verdict::Now);
        clock.advance(ms(1));
    }
    assert_eq!(sent, 5);
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
fn a_look_says_what_asking_would_and_takes_nothing() {
    let (budget, _) = budget(Rates::default());
    let (bot, chat) = (bot("one"), ChatId(5));
    for _ in 0..3 {
        for _ in 0..10 {
            assert_eq!(budget.look(&bot, chat, Lane::Interactive), Verdict::Now);
        }
        assert_eq!(budget.ask(&bot, chat, Lane::Interactive), Verdict::Now);
    }
    assert_eq!(budget.look(&bot, chat, Lane::Interactive), budget.ask(&bot, chat, Lane::Interactive));
    assert_ne!(budget.look(&bot, chat, Lane::Interactive), Verdict::Now);
    budget.ask(&bot, ChatId(6), Lane::Bulk);
    assert_ne!(budget.look(&bot, ChatId(7), Lane::Bulk), Verdict::Now);
    assert_eq!(budget.look(&bot, ChatId(7), Lane::Interactive), Verdict::Now);
}

#[test]
fn refusals_in_three_chats_pause_the_bot_and_only_it() {
    let (budget, _) = budget(Rates::default());
    for chat in [5, 5, 6] {
        assert!(!budget.refused(&bot("one"), ChatId(chat), Duration::from_secs(9)));
    }
    assert_eq!(budget.ask(&bot("one"), ChatId(9), Lane::Interactive), Verdict::Now);
    assert!(budget.refused(&bot("one"), ChatId(7), Duration::from_secs(9)));
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
