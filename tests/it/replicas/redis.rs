//! Redis forgets everything, or goes away: speed may change, money and messages do not (reliability.md F18).

use std::time::Duration;

use botyard::domain::{Money, UserId};
use serde_json::json;

use super::pair::{Updates, on_pair, text};

const ANNA: UserId = UserId(101);
const BORIS: UserId = UserId(102);

#[test]
fn redis_flushed_in_the_middle_of_a_paid_generation_changes_nothing() {
    on_pair(Updates::Webhook, &[], async |pair| {
        pair.provider_takes(Duration::from_secs(2)).await;
        pair.order(ANNA).await;
        let before = pair.messages(ANNA).await;
        pair.left.world.press_label(&pair.bot.username, ANNA.0, "✅ Генерировать").await.unwrap();
        assert!(!pair.redis.keys().await.is_empty(), "the budgets are shared");
        let newest = pair.newest(BORIS).await;
        for n in 0..10 {
            pair.redis.flush().await;
            assert_eq!(pair.post(n % 2, &text(800_000 + i64::try_from(n).unwrap(), BORIS, "/help")).await, 200);
        }
        pair.hear(ANNA, &before, "94.89 ₽").await;
        pair.one_paid_picture(ANNA).await;
        assert_eq!(pair.pictures(ANNA).await, 1);
        assert_eq!(pair.said_after(BORIS, newest).await.len(), 10);
        pair.finish().await;
    });
}

#[test]
fn without_redis_the_processes_go_on_and_say_so_until_it_is_back() {
    on_pair(Updates::Webhook, &[], async |pair| {
        for n in [0, 1] {
            pair.until_ready(n, &json!({ "status": "READY" })).await;
        }
        pair.provider_takes(Duration::from_secs(1)).await;
        pair.order(ANNA).await;
        pair.redis_gate.shut();
        for n in [0, 1] {
            pair.until_ready(n, &json!({ "status": "DEGRADED", "reasons": ["redis"] })).await;
        }
        pair.press(ANNA, "✅ Генерировать", "94.89 ₽").await;
        let newest = pair.newest(BORIS).await;
        let update = text(900_000, BORIS, "/help");
        let all = futures::future::join_all((0..10).map(|n| pair.post(n % 2, &update))).await;
        assert!(all.contains(&200), "{all:?}");
        pair.one_paid_picture(ANNA).await;
        assert_eq!(pair.pictures(ANNA).await, 1);
        assert_eq!(pair.said_after(BORIS, newest).await.len(), 1);
        pair.redis_gate.open();
        for n in [0, 1] {
            pair.until_ready(n, &json!({ "status": "READY" })).await;
        }
        pair.say(BORIS, "/help", "/balance").await;
        assert_eq!(pair.balance(BORIS).await.available, Money::ZERO);
        pair.finish().await;
    });
}

#[test]
fn while_the_media_store_is_away_people_are_answered_and_a_result_waits_for_it() {
    on_pair(Updates::Webhook, &[], async |pair| {
        pair.order(ANNA).await;
        for _ in 0..4 {
            pair.s3.fail_next(503, "SlowDown");
        }
        pair.press(ANNA, "✅ Генерировать", "94.89 ₽").await;
        pair.one_paid_picture(ANNA).await;
        assert_eq!(pair.pictures(ANNA).await, 1);
        pair.finish().await;
    });
}
