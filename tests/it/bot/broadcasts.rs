//! Broadcasts under faults: a kill in the middle, Telegram asking to wait, refusals, a vanished source; and answers that go
//! before it (bot.md 14.7; reliability.md F09, F24).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use botyard::domain::settings::{TenantLimits, TenantSettings};
use botyard::domain::{BroadcastState, Secret, UserId};
use botyard::sandbox::wire::{CallFilter, Drop, FaultAnswer, TelegramFault};
use botyard::store::{BroadcastRow, Seen};

use crate::acceptance::broadcast::{compose, copies, crowd};
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot, world};
use crate::util::db::{TestDb, on_sqlite};

/// The people of the large broadcast.
const MANY: i64 = 10_000;

async fn last(app: &TestApp, bot: &TestBot) -> BroadcastRow {
    let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
    tx.broadcasts_recent(1).await.unwrap().remove(0)
}

/// Waits until the last broadcast is as wanted.
async fn until(app: &TestApp, bot: &TestBot, what: &str, wanted: impl Fn(&BroadcastRow) -> bool) -> BroadcastRow {
    let began = Instant::now();
    loop {
        let row = last(app, bot).await;
        if wanted(&row) {
            return row;
        }
        assert!(began.elapsed() < PATIENCE * 15, "never {what}: {row:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// People who pressed /start long ago.
async fn populate(app: &TestApp, bot: &TestBot, people: i64) {
    let now = app.app.platform.clock.now();
    let mut tx = app.app.platform.db.tenant(&bot.id).await.unwrap();
    for n in 0..people {
        let user_id = UserId(10_000 + n);
        let seen = Seen { user_id, username: None, first_name: "P", last_name: None, language_code: Some("ru") };
        tx.user_seen(&seen, now).await.unwrap();
        tx.user_started(user_id, now).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// How long a person waits for an answer.
async fn answered(app: &TestApp, bot: &TestBot) -> Duration {
    let before = app.version(bot, UserId(1_000)).await;
    let began = Instant::now();
    app.world.send_text(&bot.username, 1_000, "/help").await.unwrap();
    app.hear(bot, UserId(1_000), before, "/balance").await;
    began.elapsed()
}

#[test]
fn a_broadcast_to_ten_thousand_killed_in_the_middle_reaches_everybody_and_at_most_a_window_twice() {
    on_sqlite(async |test: TestDb| {
        let mut open = world();
        open.telegram.open_chats = true;
        let fast = [("telegram.broadcast_sends", "2000 per 1 s"), ("broadcast.lease", "1 s")];
        let app = TestApp::start_in(open, &test.url, &fast).await;
        // The owner's limit is 25 a second as well: the slower of both counts.
        let limits = TenantLimits { broadcast_per_second: 2_000, ..TenantLimits::default() };
        let key = Some(Secret::new("fake-test-key-first"));
        let bot = app.bot_with("first", 1, TenantSettings::default(), key, limits).await;
        crowd(&app, &bot, 1).await;
        populate(&app, &bot, MANY).await;
        let mut alone = Duration::ZERO;
        for _ in 0..5 {
            alone += answered(&app, &bot).await / 5;
        }
        compose(&app, &bot, "Всем").await;
        app.press(&bot, OWNER, "🚀 Отправить", "Рассылка № 1").await;
        until(&app, &bot, "under way", |row| row.sent > MANY / 10).await;
        let mut during = Duration::ZERO;
        for _ in 0..5 {
            during += answered(&app, &bot).await / 5;
        }
        let row = until(&app, &bot, "in the middle", |row| row.sent > MANY / 3).await;
        assert_eq!(row.state, BroadcastState::Running, "answers came before its end: {row:?}");
        let app = app.crash().await;
        let row = until(&app, &bot, "over", |row| row.state == BroadcastState::Done).await;
        assert_eq!((row.recipients, row.sent, row.unreachable, row.failed), (MANY + 2, MANY + 2, 0, 0));
        let counts: BTreeMap<i64, usize> = copies(&app, &bot).await;
        assert_eq!(counts.len(), 10_001, "nobody but the owner, who is not counted here, was left out");
        let twice: usize = counts.values().map(|n| n - 1).sum();
        assert!(twice <= 8, "{twice} messages came twice");
        #[expect(clippy::print_stdout, reason = "the figure is asked for")]
        {
            println!(
                "a broadcast of {MANY}: an answer took {alone:?} alone and {during:?} during it; {twice} came twice"
            );
        }
        app.finish().await;
    });
}

#[test]
fn while_people_wait_for_answers_a_broadcast_waits() {
    on_sqlite(async |test: TestDb| {
        // The whole bot may send 10 a second, and the broadcast nearly all of that.
        let tight = [("telegram.bot_sends", "10 per 1 s, burst 1"), ("telegram.broadcast_sends", "9 per 1 s")];
        let app = TestApp::start_with(&test.url, &tight).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        crowd(&app, &bot, 16).await;
        compose(&app, &bot, "Всем").await;
        app.world.forget_calls().await.unwrap();
        app.press(&bot, OWNER, "🚀 Отправить", "Рассылка № 1").await;
        until(&app, &bot, "under way", |row| row.sent >= 1).await;
        for n in 0..6 {
            app.world.send_text(&bot.username, 1_010 + n, "/help").await.unwrap();
        }
        until(&app, &bot, "over", |row| row.state == BroadcastState::Done).await;
        let calls =
            app.world.calls(&CallFilter { bot: Some(bot.username.clone()), ..CallFilter::default() }).await.unwrap();
        let answer = |text: &str| text.contains("/balance");
        let order: Vec<bool> = calls
            .iter()
            .filter_map(|call| match call.method.as_str() {
                "copyMessage" => Some(false),
                "sendMessage" if call.params["text"].as_str().is_some_and(answer) => Some(true),
                _ => None,
            })
            .collect();
        let (first, last) = (order.iter().position(|a| *a).unwrap(), order.iter().rposition(|a| *a).unwrap());
        let between = order[first..last].iter().filter(|answer| !**answer).count();
        assert_eq!(order.iter().filter(|answer| **answer).count(), 6);
        assert!(between <= 2, "{between} of the broadcast went between the answers: {order:?}");
        app.finish().await;
    });
}

fn fault(chat: i64, times: u32, answer: FaultAnswer) -> TelegramFault {
    TelegramFault {
        method: Some("copyMessage".to_owned()),
        chat_id: Some(chat),
        times,
        answer,
        ..TelegramFault::default()
    }
}

#[test]
fn waiting_refusals_and_lost_answers_are_told_apart() {
    on_sqlite(async |test: TestDb| {
        let app = TestApp::start_with(&test.url, &[("broadcast.retry_pause", "50 ms")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        crowd(&app, &bot, 8).await;
        compose(&app, &bot, "Всем").await;
        let status = |status: u16| FaultAnswer { status: Some(status), ..FaultAnswer::default() };
        let wait = FaultAnswer { retry_after: Some(1), ..status(429) };
        let gone = FaultAnswer { description: Some("Forbidden: user is deactivated".to_owned()), ..status(403) };
        let refused = FaultAnswer { description: Some("Bad Request: TOPIC_CLOSED".to_owned()), ..status(400) };
        let lost = FaultAnswer { drop: Some(Drop::After), ..FaultAnswer::default() };
        for fault in [
            fault(1_001, 1, wait),
            fault(1_002, 1, gone),
            fault(1_003, 2, refused.clone()),
            fault(1_004, 9, refused),
            fault(1_005, 1, lost),
            fault(1_006, 1, status(502)),
        ] {
            app.world.inject_telegram(&fault).await.unwrap();
        }
        app.press(&bot, OWNER, "🚀 Отправить", "Рассылка № 1").await;
        let row = until(&app, &bot, "over", |row| row.state == BroadcastState::Done).await;
        app.world.heal().await.unwrap();
        assert_eq!((row.recipients, row.sent, row.unreachable, row.failed), (9, 6, 1, 2), "{row:?}");
        let filter = CallFilter { method: Some("copyMessage".to_owned()), ..CallFilter::default() };
        let mut tries: BTreeMap<i64, usize> = BTreeMap::new();
        for call in app.world.calls(&filter).await.unwrap() {
            *tries.entry(call.params["chat_id"].as_i64().unwrap()).or_default() += 1;
        }
        let of = |n: i64| tries[&n];
        assert_eq!([of(1_000), of(1_001), of(1_002), of(1_003)], [1, 2, 1, 3], "{tries:?}");
        assert_eq!([of(1_004), of(1_005), of(1_006)], [3, 1, 2], "three tries; what may have arrived is not repeated");
        app.finish().await;
    });
}

#[test]
fn a_broadcast_whose_message_was_deleted_pauses_and_says_so() {
    on_sqlite(async |test: TestDb| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        crowd(&app, &bot, 4).await;
        compose(&app, &bot, "Всем").await;
        let gone = FaultAnswer {
            status: Some(400),
            description: Some("Bad Request: message to copy not found".to_owned()),
            ..FaultAnswer::default()
        };
        let everywhere = TelegramFault { chat_id: None, ..fault(0, 100, gone) };
        app.world.inject_telegram(&everywhere).await.unwrap();
        app.press(&bot, OWNER, "🚀 Отправить", "Исходное сообщение удалено").await;
        let row = last(&app, &bot).await;
        assert_eq!((row.state, row.sent, row.failed), (BroadcastState::Paused, 0, 0), "nobody's try was used up");
        app.world.heal().await.unwrap();
        app.press(&bot, OWNER, "▶️", "Рассылка № 1").await;
        let row = until(&app, &bot, "over", |row| row.state == BroadcastState::Done).await;
        assert_eq!(row.sent, 5);
        app.finish().await;
    });
}
