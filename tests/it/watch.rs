//! Tokens and webhooks are looked after (platform.md 3; reliability.md T32, F27).

mod alerts;
mod retention;
mod tasks;
mod trace;

use std::time::{Duration, Instant};

use botyard::domain::UserId;
use botyard::domain::settings::TenantSettings;
use botyard::sandbox::wire::{CallFilter, FaultAnswer, TelegramFault};
use botyard::store::WatchRow;

pub(crate) use crate::util::app::PATIENCE;
use crate::util::app::{OWNER, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

/// Somebody else's address.
const FOREIGN: &str = "http://127.0.0.1:9/a-secret-path";

/// A platform that looks often, with two bots whose owner can be written to.
async fn watched(test: &TestDb, more: &[(&str, &str)]) -> (TestApp, TestBot, TestBot) {
    let mut settings = vec![("telegram.watch_every", "200 ms")];
    settings.extend(more);
    let app = TestApp::start_with(&test.url, &settings).await;
    let first = app.bot("first", 1, TenantSettings::default()).await;
    let other = app.bot("other", 2, TenantSettings::default()).await;
    app.person(OWNER.0, "Olga", "ru").await;
    for bot in [&first, &other] {
        app.say(bot, OWNER, "/start", "Доступно").await;
    }
    (app, first, other)
}

/// Calls a method with the bot's own token, as whoever stole it does.
async fn steal(app: &TestApp, bot: &TestBot, method: &str, body: &serde_json::Value) {
    #[expect(clippy::disallowed_methods, reason = "the test plays the thief")]
    let client = reqwest::Client::new();
    let url = format!("{}/bot{}/{method}", app.sandbox.telegram_url(), bot.token.expose());
    let began = Instant::now();
    // Telegram lets a webhook be changed once a second.
    while client.post(&url).json(body).send().await.unwrap().status().as_u16() != 200 {
        assert!(began.elapsed() < PATIENCE, "{method} is refused");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn watch(app: &TestApp, bot: &TestBot) -> Option<WatchRow> {
    app.platform().db.tenant_read(&bot.id).await.unwrap().watch_get().await.unwrap()
}

/// Waits until the last look found this trouble, or none.
async fn found(app: &TestApp, bot: &TestBot, trouble: Option<&str>) {
    let began = Instant::now();
    loop {
        let row = watch(app, bot).await;
        if row.as_ref().is_some_and(|row| row.trouble.as_deref() == trouble) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{trouble:?} was not found, but {row:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until the bot was looked at so often again.
async fn looked(app: &TestApp, bot: &TestBot, times: usize) {
    let began = Instant::now();
    let asked = |app: &TestApp| {
        let (world, name) = (app.sandbox.client(), bot.username.clone());
        async move {
            let filter =
                CallFilter { method: Some("getWebhookInfo".to_owned()), bot: Some(name), ..CallFilter::default() };
            world.calls(&filter).await.unwrap().len()
        }
    };
    let before = asked(app).await;
    while asked(app).await < before + times {
        assert!(began.elapsed() < PATIENCE, "nobody looks");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn said(app: &TestApp, bot: &TestBot, user: UserId, part: &str) -> usize {
    let messages = app.world.messages(&bot.username, user.0).await.unwrap();
    messages.iter().filter(|message| message.from_bot && message.text().contains(part)).count()
}

async fn sets(app: &TestApp, bot: &TestBot) -> usize {
    let filter =
        CallFilter { method: Some("setWebhook".to_owned()), bot: Some(bot.username.clone()), ..CallFilter::default() };
    app.world.calls(&filter).await.unwrap().iter().filter(|call| call.status == 200).count()
}

on_each_db! {
    async fn sec_hijack(test: TestDb) {
        let (app, first, other) = watched(&test, &[("telegram.webhook_reset_every", "10 min")]).await;
        found(&app, &first, None).await;
        let before = sets(&app, &first).await;
        steal(&app, &first, "setWebhook", &serde_json::json!({ "url": FOREIGN })).await;
        found(&app, &first, Some("webhook_hijacked")).await;
        let began = Instant::now();
        while said(&app, &first, OWNER, "уходят на 127.0.0.1").await == 0 {
            assert!(began.elapsed() < PATIENCE, "the admin was not told");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Set again once; the thief, who sets his once more, is not answered in kind.
        found(&app, &first, None).await;
        assert_eq!(sets(&app, &first).await, before + 2, "the thief's and ours");
        steal(&app, &first, "setWebhook", &serde_json::json!({ "url": FOREIGN })).await;
        found(&app, &first, Some("webhook_hijacked")).await;
        looked(&app, &first, 3).await;
        assert_eq!(sets(&app, &first).await, before + 3, "no tug of war");
        assert!(said(&app, &first, OWNER, "уходят на").await <= 2, "each time once");
        assert_eq!(said(&app, &other, OWNER, "уходят на").await, 0);
        assert_eq!(watch(&app, &other).await.and_then(|row| row.trouble), None);
        let story = app.world.messages(&first.username, OWNER.0).await.unwrap();
        assert!(story.iter().all(|message| !message.text().contains("a-secret-path")), "an address may be a secret");
        app.say(&other, OWNER, "/help", "/balance").await;
        app.finish().await;
    }

    async fn f_tg_409_401_a_revoked_token_is_noted_and_the_others_go_on(test: TestDb) {
        let (app, first, other) = watched(&test, &[]).await;
        found(&app, &first, None).await;
        let refuse = TelegramFault {
            bot: Some(first.username.clone()),
            method: Some("getWebhookInfo".to_owned()),
            chat_id: None,
            answer: FaultAnswer { status: Some(401), description: Some("Unauthorized".to_owned()), ..FaultAnswer::default() },
            times: 10_000,
        };
        app.world.inject_telegram(&refuse).await.unwrap();
        found(&app, &first, Some("token_revoked")).await;
        // Noted a moment after the look itself.
        let began = Instant::now();
        let noted = async || {
            let mut tx = app.platform().db.tenant_read(&first.id).await.unwrap();
            tx.connection_get().await.unwrap().unwrap().token_error.is_some()
        };
        while !noted().await {
            assert!(began.elapsed() < PATIENCE, "the refused token was not noted");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let tenant = app.platform().tenants.get(&first.id).unwrap();
        let due = botyard::bot::requirements::due(
            &app.platform().db,
            &app.platform().settings,
            app.platform().catalog,
            &tenant,
            app.platform().clock.now(),
        );
        assert_eq!(due.await.unwrap()[0].code, "token_revoked");
        app.say(&other, OWNER, "/help", "/balance").await;
        // It is accepted again: nothing is left of it.
        app.world.heal().await.unwrap();
        found(&app, &first, None).await;
        let began = Instant::now();
        loop {
            let mut tx = app.platform().db.tenant_read(&first.id).await.unwrap();
            let connection = tx.connection_get().await.unwrap().unwrap();
            let set = connection.webhook_url.as_deref().is_some_and(|url| url.contains("/webhook/first"));
            if connection.token_error.is_none() && set {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "{connection:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(watch(&app, &other).await.and_then(|row| row.trouble), None);
        app.finish().await;
    }
}
