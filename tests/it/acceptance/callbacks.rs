//! A19–A33: every button of bot.md 4, whatever it carries, and every kind of update.

mod answers;
mod fuzz;
mod payloads;
mod shortened;
mod updates;

use botyard::domain::settings::{EnabledModels, TenantSettings};
use botyard::domain::{Money, UserId};
use botyard::sandbox::wire::{ChatMessage, PressAnswer};
use serde_json::{Value, json};

use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::TestDb;

/// A running bot with these settings and a person with 500 ₽ who has pressed /start.
async fn rich_with(test: &TestDb, settings: TenantSettings, timers: &[(&str, &str)]) -> (TestApp, TestBot, UserId) {
    let app = TestApp::start_with(&test.url, timers).await;
    let bot = app.bot("first", 1, settings).await;
    let anna = app.person(101, "Anna", "ru").await;
    app.say(&bot, anna, "/start", "Доступно").await;
    app.credit(&bot, anna, Money::kopecks(50_000)).await;
    (app, bot, anna)
}

async fn rich(test: &TestDb) -> (TestApp, TestBot, UserId) {
    rich_with(test, TenantSettings::default(), &[]).await
}

/// Only these models.
fn only(models: &[&str]) -> TenantSettings {
    let models = models.iter().map(|id| (*id).to_owned()).collect();
    TenantSettings { enabled_models: EnabledModels::Only(models), ..TenantSettings::default() }
}

/// The bot's newest message.
async fn newest(app: &TestApp, bot: &TestBot, user: UserId) -> ChatMessage {
    let messages = app.world.messages(&bot.username, user.0).await.unwrap();
    messages.into_iter().rev().find(|m| m.from_bot).unwrap()
}

/// Presses `data` on a message, whether it shows such a button or not.
async fn forge(app: &TestApp, bot: &TestBot, user: UserId, message: i64, data: &str) -> PressAnswer {
    app.world.press_forged(&bot.username, user.0, message, data, PATIENCE).await.unwrap()
}

/// A message to press on, with nothing in the middle of anything. No button leads to this screen: Telegram shows nothing of
/// an edit that changes nothing.
async fn afresh(app: &TestApp, bot: &TestBot, user: UserId) -> i64 {
    app.say(bot, user, "/start", "Доступно").await;
    app.say(bot, user, "/paysupport", "По вопросам оплаты").await.id
}

/// Presses `data` on the newest message and waits for a screen that says `part`.
async fn opens(app: &TestApp, bot: &TestBot, user: UserId, data: &str, part: &str) -> ChatMessage {
    let message = newest(app, bot, user).await.id;
    let before = app.version(bot, user).await;
    let answer = forge(app, bot, user, message, data).await;
    assert!(answer.answered, "{data}");
    app.hear(bot, user, before, part).await
}

/// A message update as Telegram posts it.
fn message(update: i64, user: UserId, content: &Value) -> Value {
    let mut all = json!({"update_id": update, "message": {"message_id": update, "date": 1,
        "from": {"id": user.0, "is_bot": false, "first_name": "A", "language_code": "ru"}, "chat": {"id": user.0, "type": "private"}}});
    all["message"].as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    all
}
