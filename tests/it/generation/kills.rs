//! The power goes at each step of a paid generation, and comes back: delivered once and charged once, or failed and given
//! back; at the provider at most one task (architecture.md 4; bot.md 16, A81).

use std::collections::BTreeMap;
use std::time::Duration;

use botyard::billing::{self, Balance};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{GenerationState, Money, UserId};
use botyard::lifecycle::crash::POINTS;

use crate::cli::program::{PATIENCE, Place};
use crate::util::app::{Left, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

const MODEL: &str = "seedream/4.5-text-to-image";
const CREDITED: Money = Money::kopecks(10_000);
const AFTER: Money = Money::kopecks(9_489);

/// Leases so short that a dead process delays nobody for long.
const SHORT: &[(&str, &str)] = &[
    ("leases.life", "1 s"),
    ("leases.renew_every", "200 ms"),
    ("jobs.lease", "2 s"),
    ("jobs.heartbeat", "500 ms"),
    ("outbox.lease", "1 s"),
    ("generation.orphan_limit", "2 s"),
];

/// One person for each point, each before the press of «Generate».
async fn orders(test: &TestDb, points: &'static [&'static str]) -> (Left, TestBot, BTreeMap<&'static str, UserId>) {
    let app = TestApp::start_with(&test.url, SHORT).await;
    let bot = app.bot("killed", 1, TenantSettings::default()).await;
    let mut people = BTreeMap::new();
    for (id, point) in (3_000..).zip(points) {
        let user = app.person(id, "Vera", "ru").await;
        app.say(&bot, user, "/start", "Доступно").await;
        app.credit(&bot, user, CREDITED).await;
        app.say(&bot, user, &format!("/generate {MODEL}"), "Шаг 1").await;
        app.say(&bot, user, &format!("Гроза над полем, вид {id}"), "Шаг 2").await;
        app.press(&bot, user, "16:9", "Шаг 3").await;
        app.press_data(&bot, user, "quality:basic", "Проверьте заказ").await;
        app.settled(&bot, user).await;
        people.insert(*point, user);
    }
    (app.leave().await, bot, people)
}

/// Where a person's generation stands, and what they have.
async fn standing(test: &TestDb, bot: &TestBot, user: UserId) -> (Option<GenerationState>, Balance, i64) {
    let mut tx = test.db.tenant_read(&bot.id).await.unwrap();
    let row = tx.user_get(user).await.unwrap().unwrap();
    let newest = botyard::generation::history::newest(&mut tx, user).await.unwrap();
    let unsent = tx.outbox_open_count(botyard::domain::ChatId(user.0)).await.unwrap();
    (newest.map(|page| page.row.state), billing::balance(&mut tx, &row.user_ref).await.unwrap(), unsent)
}

async fn settled(test: &TestDb, bot: &TestBot, user: UserId, log: impl Fn() -> String) -> (GenerationState, Balance) {
    let began = std::time::Instant::now();
    loop {
        let (state, balance, unsent) = standing(test, bot, user).await;
        if let Some(state) = state.filter(|state| state.is_final() && unsent == 0) {
            return (state, balance);
        }
        assert!(began.elapsed() < PATIENCE * 2, "still {state:?}, {unsent} unsent; {}", log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Kills the process at each of these points, each in the middle of another person's order.
async fn kill_at(test: TestDb, points: &'static [&'static str]) {
    let (left, bot, people) = orders(&test, points).await;
    let settings: Vec<String> =
        left.settings.iter().flat_map(|(k, v)| ["--set".to_owned(), format!("{k}={v}")]).collect();
    let args: Vec<&str> = std::iter::once("serve").chain(settings.iter().map(String::as_str)).collect();
    let (mut dying, living) = (Place::new(), Place::new());
    for (point, user) in people {
        dying.env = vec![("BOTYARD_CRASH_AT".to_owned(), point.to_owned())];
        let mut process = dying.start(&args).await;
        left.world.press_label(&bot.username, user.0, "✅ Генерировать").await.unwrap();
        assert_eq!(process.ended().await, None, "{point}: a signal ended it");

        let process = living.start(&args).await;
        let (state, balance) = settled(&test, &bot, user, || format!("{point}: {}", process.log())).await;
        let messages = left.world.messages(&bot.username, user.0).await.unwrap();
        let pictures = messages.iter().filter(|m| m.json.get("photo").is_some()).count();
        let asked = format!("вид {}", user.0);
        let tasks = left.world.kie_tasks().await.unwrap();
        let tasks = tasks.iter().filter(|task| task.request.to_string().contains(&asked)).count();
        // Between Telegram's answer and its record nobody knows whether the result arrived: it is sent once more.
        let most = if point == "send.sent" || point == "send.settled" { 2 } else { 1 };
        assert!(tasks <= 1, "{point}: {tasks} tasks");
        if state == GenerationState::Delivered {
            assert!((1..=most).contains(&pictures), "{point}: {pictures} pictures");
            assert_eq!((balance.available, balance.held, tasks), (AFTER, Money::ZERO, 1), "{point}");
        } else {
            assert!(point == "submit.intended" || point == "submit.called", "{point} ends as {state:?}");
            assert_eq!((balance.available, balance.held, pictures), (CREDITED, Money::ZERO, 0), "{point}");
        }
        process.kill().await;
    }
    let mut tx = test.db.tenant(&bot.id).await.unwrap();
    assert_eq!(tx.ledger_violations().await.unwrap(), []);
    drop(tx);
    left.sandbox.stop().await;
}

on_each_db! {
    async fn a81_a_power_cut_at_the_confirm_or_the_submission_loses_nothing(test: TestDb) {
        kill_at(test, &POINTS[..6]).await;
    }

    async fn a81_a_power_cut_while_results_are_fetched_loses_nothing(test: TestDb) {
        kill_at(test, &POINTS[6..10]).await;
    }

    async fn a81_a_power_cut_while_results_are_sent_loses_nothing(test: TestDb) {
        kill_at(test, &POINTS[10..]).await;
    }
}
