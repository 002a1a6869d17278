//! A14, A104: one message to everybody.

use std::collections::BTreeMap;

use botyard::domain::UserId;
use botyard::domain::settings::TenantSettings;
use botyard::sandbox::wire::CallFilter;
use serde_json::json;

use super::story;
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};

/// Presses a button of a screen that another screen leads to.
pub(crate) async fn open(app: &TestApp, bot: &TestBot, user: UserId, data: &str, part: &str) {
    let message =
        app.world.messages(&bot.username, user.0).await.unwrap().iter().rev().find(|m| m.from_bot).unwrap().id;
    let before = app.version(bot, user).await;
    app.world.press_forged(&bot.username, user.0, message, data, PATIENCE).await.unwrap();
    app.hear(bot, user, before, part).await;
}

/// An owner and so many people who have all pressed /start.
pub(crate) async fn crowd(app: &TestApp, bot: &TestBot, people: i64) {
    app.person(OWNER.0, "Olga", "ru").await;
    app.say(bot, OWNER, "/start", "Доступно").await;
    for n in 0..people {
        let person = app.person(1_000 + n, "Person", "ru").await;
        app.world.send_text(&bot.username, person.0, "/start").await.unwrap();
    }
    for n in 0..people {
        let person = UserId(1_000 + n);
        app.world.wait_text(&bot.username, person.0, "Доступно", PATIENCE).await.unwrap();
    }
}

/// How often each person was sent a copy, the owner's own preview and tests aside.
pub(crate) async fn copies(app: &TestApp, bot: &TestBot) -> BTreeMap<i64, usize> {
    let filter =
        CallFilter { bot: Some(bot.username.clone()), method: Some("copyMessage".to_owned()), ..CallFilter::default() };
    let mut counts = BTreeMap::new();
    for call in app.world.calls(&filter).await.unwrap() {
        let chat = call.params["chat_id"].as_i64().or_else(|| call.params["chat_id"].as_str()?.parse().ok()).unwrap();
        if call.status == 200 && chat != OWNER.0 {
            *counts.entry(chat).or_default() += 1;
        }
    }
    counts
}

/// Waits until so many people have a copy.
async fn reached(app: &TestApp, bot: &TestBot, people: usize) {
    let began = std::time::Instant::now();
    while copies(app, bot).await.len() < people {
        assert!(began.elapsed() < PATIENCE, "only {:?} were reached", copies(app, bot).await);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Composes a text and opens its preview.
pub(crate) async fn compose(app: &TestApp, bot: &TestBot, text: &str) {
    open(app, bot, OWNER, "admin_broadcast", "Рассылки").await;
    app.press(bot, OWNER, "✉️ Создать", "Пришлите одно сообщение").await;
    app.say(bot, OWNER, text, "Получателей").await;
    app.settled(bot, OWNER).await;
}

#[test]
fn a14_cancel_while_composing_a_broadcast_sends_nothing_to_anyone() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        crowd(&app, &bot, 2).await;
        open(&app, &bot, OWNER, "admin_create_broadcast", "Пришлите одно сообщение").await;
        app.say(&bot, OWNER, "/cancel", "Операция отменена").await;
        app.say(&bot, OWNER, "это никуда не уйдёт", "Выберите действие").await;
        // After the preview too, and its buttons are dead.
        compose(&app, &bot, "и это").await;
        let preview = app.world.messages(&bot.username, OWNER.0).await.unwrap().last().unwrap().clone();
        let send = preview.buttons().into_iter().find(|(label, _)| label == "🚀 Отправить").unwrap().1;
        app.say(&bot, OWNER, "/cancel", "Операция отменена").await;
        let told = app.world.press(&bot.username, OWNER.0, preview.id, &send).await.unwrap();
        assert_eq!(told.text.as_deref(), Some("Черновик закрыт. Создайте рассылку заново."));
        // Words that give up elsewhere are a text like any other here; commands are commands.
        open(&app, &bot, OWNER, "admin_create_broadcast", "Пришлите одно сообщение").await;
        app.say(&bot, OWNER, "стоп", "Получателей: 3").await;
        app.say(&bot, OWNER, "/balance", "Доступно").await;
        app.say(&bot, OWNER, "/start", "Доступно").await;
        assert!(copies(&app, &bot).await.is_empty(), "nothing was sent to anyone");
        app.finish().await;
    });
}

#[test]
fn a104_a_broadcast_is_previewed_reaches_everybody_once_and_keeps_its_formatting() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        crowd(&app, &bot, 12).await;
        // One who never pressed /start, one who blocks the bot without a word of it, and one whom the bot knows to be gone.
        let shy = app.person(2_001, "Shy", "ru").await;
        app.say(&bot, shy, "привет", "Выберите действие").await;
        app.world.block(&bot.username, 1_003, true).await.unwrap();
        let began = std::time::Instant::now();
        loop {
            let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
            if tx.user_get(UserId(1_003)).await.unwrap().unwrap().unreachable_at.is_some() {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "the bot hears of the block");
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        }
        // As if it had not heard: Telegram will say so once more.
        let mut tx = app.app.platform.db.tenant(&bot.id).await.unwrap();
        tx.user_unreachable(UserId(1_004), app.app.platform.clock.now()).await.unwrap();
        tx.user_seen(&seen(1_003), app.app.platform.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        open(&app, &bot, OWNER, "admin_broadcast", "её получат: 12 человек").await;
        app.press(&bot, OWNER, "✉️ Создать", "Пришлите одно сообщение").await;
        let bold = json!([{"type": "bold", "offset": 0, "length": 6}, {"type": "text_link", "offset": 7, "length": 6, "url": "https://example.com/"}]);
        let before = app.version(&bot, OWNER).await;
        let content = json!({"text": "Скидка сегодня <b>&", "entities": bold});
        app.world.send_content(&bot.username, OWNER.0, &content).await.unwrap();
        app.hear(&bot, OWNER, before, "Получателей: 12, ≈ 1 мин").await;
        app.settled(&bot, OWNER).await;
        assert!(copies(&app, &bot).await.is_empty(), "nothing before the confirmation");
        let said = app.world.messages(&bot.username, OWNER.0).await.unwrap();
        assert_eq!(said[said.len() - 2].json["entities"], bold, "the preview is the exact copy");
        app.press(&bot, OWNER, "✉️ Тест себе", "Скидка сегодня").await;
        app.press(&bot, OWNER, "🚀 Отправить", "Рассылка № 1").await;
        app.world
            .wait_text(
                &bot.username,
                OWNER.0,
                "✅ Рассылка № 1 завершена: получателей 12, отправлено 11, недоступны 1, ошибок 0",
                PATIENCE,
            )
            .await
            .unwrap();
        let counts = copies(&app, &bot).await;
        assert_eq!(counts.len(), 10, "everybody but the owner: {counts:?}");
        assert!(counts.values().all(|n| *n == 1) && !counts.contains_key(&2_001) && !counts.contains_key(&1_004));
        let heard = app.world.messages(&bot.username, 1_005).await.unwrap();
        assert_eq!(heard.last().unwrap().json["entities"], bold);
        // What is counted now: the two who are gone are not.
        open(&app, &bot, OWNER, "admin_broadcast", "её получат: 11 человек").await;
        open(&app, &bot, OWNER, "admin_broadcast_stats", "Получателей 12, отправлено 11, недоступны 1").await;
        let told = press_of_a_user(&app, &bot, "admin_create_broadcast").await;
        assert_eq!(told.as_deref(), Some("Эта функция доступна только администратору."));
        app.finish().await;
    });
}

fn seen(user: i64) -> botyard::store::Seen<'static> {
    botyard::store::Seen {
        user_id: UserId(user),
        username: None,
        first_name: "Person",
        last_name: None,
        language_code: Some("ru"),
    }
}

async fn press_of_a_user(app: &TestApp, bot: &TestBot, data: &str) -> Option<String> {
    let message = app.world.messages(&bot.username, 1_001).await.unwrap().iter().rev().find(|m| m.from_bot).unwrap().id;
    app.world.press_forged(&bot.username, 1_001, message, data, PATIENCE).await.unwrap().text
}

#[test]
fn a104_pause_restart_resume_and_stop_hold_and_answers_come_meanwhile() {
    story(async |test| {
        let slow = [("telegram.broadcast_sends", "10 per 1 s"), ("broadcast.lease", "1 s")];
        let app = TestApp::start_with(&test.url, &slow).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        crowd(&app, &bot, 20).await;
        compose(&app, &bot, "Первая").await;
        app.press(&bot, OWNER, "🚀 Отправить", "Рассылка № 1").await;
        reached(&app, &bot, 3).await;
        // A person who writes meanwhile is answered before it is over.
        app.say(&bot, UserId(1_019), "/help", "/balance").await;
        assert!(copies(&app, &bot).await.len() < 20, "the answer did not wait for the end");
        let told = app.world.messages(&bot.username, OWNER.0).await.unwrap();
        let standing = told.iter().rev().find(|m| m.text().contains("Рассылка № 1")).unwrap().id;
        app.press(&bot, OWNER, "⏸", "на паузе").await;
        let told = app.world.press_forged(&bot.username, OWNER.0, standing, "admin_create_broadcast", PATIENCE).await;
        assert_eq!(told.unwrap().text.as_deref(), Some("Сначала завершите текущую рассылку."));
        // What was under way ends; then nothing goes on, not even after a restart.
        let quiet = settle(&app, &bot).await;
        let app = app.restart().await;
        app.say(&bot, UserId(1_000), "/help", "/balance").await;
        assert_eq!(copies(&app, &bot).await, quiet, "paused is paused");
        assert!(quiet.len() < 20);
        app.world.press(&bot.username, OWNER.0, standing, &act(&app, &bot, "resume").await).await.unwrap();
        app.world
            .wait_text(&bot.username, OWNER.0, "✅ Рассылка № 1 завершена: получателей 21, отправлено 21", PATIENCE)
            .await
            .unwrap();
        let counts = copies(&app, &bot).await;
        assert!(counts.len() == 20 && counts.values().all(|n| *n == 1), "each exactly once: {counts:?}");
        // The second one is stopped.
        app.world.forget_calls().await.unwrap();
        compose(&app, &bot, "Вторая").await;
        app.press(&bot, OWNER, "🚀 Отправить", "Рассылка № 2").await;
        reached(&app, &bot, 2).await;
        app.press(&bot, OWNER, "⏹", "остановлена").await;
        let quiet = settle(&app, &bot).await;
        app.say(&bot, UserId(1_000), "/help", "/balance").await;
        assert_eq!(copies(&app, &bot).await, quiet);
        assert!(quiet.len() < 20, "stopped in the middle");
        app.finish().await;
    });
}

/// The data of a button of the unfinished broadcast.
async fn act(app: &TestApp, bot: &TestBot, action: &str) -> String {
    let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
    format!("admin_bc:{action}:{}", tx.broadcast_unfinished().await.unwrap().unwrap().id.short())
}

/// The copies once their number stays the same over several looks, each longer than a window.
async fn settle(app: &TestApp, bot: &TestBot) -> BTreeMap<i64, usize> {
    let mut last = copies(app, bot).await;
    loop {
        tokio::time::sleep(std::time::Duration::from_millis(900)).await;
        let now = copies(app, bot).await;
        if now == last {
            return now;
        }
        last = now;
    }
}
