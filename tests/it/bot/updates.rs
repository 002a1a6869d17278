//! Kinds of updates beside messages and buttons of a private chat (bot.md 2.1, 2.2): groups, inline queries, blocked people.

use botyard::domain::UserId;
use botyard::domain::settings::TenantSettings;
use botyard::sandbox::wire::{CallFilter, CallRecord};
use serde_json::{Value, json};

use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

const GROUP: i64 = -100_500;

fn in_group(update: i64, user: i64, text: &str) -> Value {
    json!({"update_id": update, "message": {"message_id": update, "date": 1, "text": text,
        "from": {"id": user, "is_bot": false, "first_name": "A", "language_code": "ru"}, "chat": {"id": GROUP, "type": "group"}}})
}

/// Waits for the bot's calls of a method.
async fn calls(app: &TestApp, bot: &TestBot, method: &str, chat: Option<i64>, at_least: usize) -> Vec<CallRecord> {
    let (bot, method) = (Some(bot.username.clone()), Some(method.to_owned()));
    let filter = CallFilter { bot, method, chat_id: chat, since: 0 };
    let began = std::time::Instant::now();
    loop {
        let found = app.world.calls(&filter).await.unwrap();
        if found.len() >= at_least {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{found:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn started(test: &TestDb) -> (TestApp, TestBot, UserId) {
    let app = TestApp::start(&test.url).await;
    let bot = app.bot("first", 1, TenantSettings::default()).await;
    let anna = app.person(101, "Anna", "ru").await;
    app.say(&bot, anna, "/start", "Доступно").await;
    (app, bot, anna)
}

on_each_db! {
    async fn a_group_is_told_once_a_day_where_the_bot_works_and_nobody_becomes_a_user(test: TestDb) {
        let (app, bot, anna) = started(&test).await;
        let began = std::time::Instant::now();
        while app.app.platform.tenants.get(&bot.id).unwrap().username.is_none() {
            assert!(began.elapsed() < PATIENCE, "Telegram did not tell the bot's name");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        for n in 0..3 {
            assert_eq!(app.post_webhook(&bot, &in_group(9_000 + n, 555, "/start"), None).await, 200);
        }
        let said = calls(&app, &bot, "sendMessage", Some(GROUP), 1).await;
        // A private chat is answered after whatever the group might have caused.
        app.say(&bot, anna, "/help", "Как это работает").await;
        assert_eq!(calls(&app, &bot, "sendMessage", Some(GROUP), 1).await.len(), 1);
        let text = said[0].params["text"].as_str().unwrap();
        assert_eq!(text, "Я работаю только в личных сообщениях: https://t.me/first_bot");
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.user_get(UserId(555)).await.unwrap(), None);
        drop(tx);
        app.finish().await;
    }

    async fn an_inline_query_gets_an_empty_answer_that_is_kept(test: TestDb) {
        let (app, bot, _) = started(&test).await;
        let update = json!({"update_id": 9_100, "inline_query": {"id": "q1", "query": "кот", "offset": "",
            "from": {"id": 101, "is_bot": false, "first_name": "A"}}});
        assert_eq!(app.post_webhook(&bot, &update, None).await, 200);
        let answers = calls(&app, &bot, "answerInlineQuery", None, 1).await;
        assert_eq!(answers[0].params["inline_query_id"], "q1");
        let number = |name: &str| answers[0].params[name].to_string().trim_matches('"').to_owned();
        assert_eq!(number("cache_time"), "300");
        app.finish().await;
    }
}
