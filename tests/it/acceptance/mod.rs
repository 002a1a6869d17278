//! The product's acceptance list (bot.md 16): each test is named by its line, `a1_…`, and goes end to end over HTTP, updates
//! in and Telegram calls out, through the sandbox.
//!
//! On SQLite, unless a line is about money or races: those run on each database.

mod admin;
mod bonuses;
mod brake;
pub(crate) mod broadcast;
mod callbacks;
mod canary;
mod checked;
mod delivery;
mod driver;
mod generation;
mod knowledge;
mod languages;
mod logs;
mod master_key;
mod menu;
mod models;
mod money;
pub(crate) mod payments;
mod prices;
mod replay;
mod second;
mod sessions;
mod tenants;
mod transfers;
mod unanswered;
mod wizard;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Money, UserId};
use botyard::sandbox::wire::{CallFilter, CallRecord, ChatMessage, PressAnswer};

use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_sqlite};

/// Runs one line's story on a database of its own.
fn story<F: Future<Output = ()>>(body: impl FnOnce(TestDb) -> F) {
    on_sqlite(body);
}

/// A running bot with the defaults, and Anna, who has pressed /start and has 500 ₽.
async fn begun(test: &TestDb, more: &[(&str, &str)]) -> (TestApp, TestBot, UserId) {
    let app = TestApp::start_with(&test.url, more).await;
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

/// The data of a message's buttons.
fn data_of(message: &ChatMessage) -> Vec<String> {
    message.buttons().into_iter().map(|(_, data)| data).collect()
}

/// The bot's calls of a method so far.
async fn calls(app: &TestApp, bot: &TestBot, method: &str) -> Vec<CallRecord> {
    let filter =
        CallFilter { bot: Some(bot.username.clone()), method: Some(method.to_owned()), ..CallFilter::default() };
    app.world.calls(&filter).await.unwrap()
}
