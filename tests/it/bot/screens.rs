//! The screens through the bot's interface: every way through lists and cards, the wizard, files, history.

mod browse;
mod files;
mod history;
mod wizard;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Money, UserId};
use botyard::sandbox::wire::{ChatMessage, PressAnswer};

use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::TestDb;

/// A running bot and a person with 500 ₽ who has pressed /start.
async fn rich(test: &TestDb) -> (TestApp, TestBot, UserId) {
    let app = TestApp::start(&test.url).await;
    let bot = app.bot("first", 1, TenantSettings::default()).await;
    let anna = app.person(101, "Anna", "ru").await;
    app.say(&bot, anna, "/start", "Доступно").await;
    app.credit(&bot, anna, Money::kopecks(50_000)).await;
    (app, bot, anna)
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
