//! A partner's own bot goes online (platform.md 3): by a pasted token, by a bot created for the platform's manager, by the
//! platform's own bot; from the link that proves who came to the bot's first answer.

mod doors;
mod links;
mod miniapp;
mod robot;

use std::time::{Duration, Instant};

use botyard::domain::BotToken;
use botyard::sandbox::wire::CallFilter;

use crate::util::app::{PATIENCE, TestApp, fake_token};
use crate::web::site::{Answer, Client};

/// The platform's own bot in these tests.
pub(crate) const PLATFORM_BOT: &str = "platform_test_bot";

/// An app that has a bot of its own, which manages others.
pub(crate) async fn with_platform_bot(database: &str) -> TestApp {
    let token = fake_token(900_000);
    let app =
        TestApp::start_with(database, &[("owner.bot_token", token.expose()), ("telegram.long_poll", "1 s")]).await;
    app.world.register_bot(token.expose(), PLATFORM_BOT, "Platform").await.unwrap();
    app.world.manage_bots(PLATFORM_BOT).await.unwrap();
    // It may have introduced itself a moment before that was switched on, and says so again only after a while.
    app.platform().manager.set(PLATFORM_BOT.to_owned(), true);
    let began = Instant::now();
    while app
        .world
        .calls(&CallFilter { method: Some("getUpdates".to_owned()), ..CallFilter::default() })
        .await
        .unwrap()
        .is_empty()
    {
        assert!(began.elapsed() < PATIENCE, "the platform's bot does not listen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    app
}

/// A bot that BotFather made and nobody hosts.
pub(crate) async fn new_bot(app: &TestApp, n: i64, username: &str) -> BotToken {
    let token = fake_token(n);
    app.world.register_bot(token.expose(), username, "Студия").await.unwrap();
    token
}

/// Somebody who writes to the platform's bot and comes by the link it gives; gives their browser, on the first page.
pub(crate) async fn came_by_platform_bot(app: &TestApp, user: i64) -> Client {
    let link = link_from_platform_bot(app, user, "/start", "подключают своих ботов").await;
    enter(app, &link).await
}

/// The address in the newest answer of the platform's bot that holds `part`.
pub(crate) async fn link_from_platform_bot(app: &TestApp, user: i64, says: &str, part: &str) -> String {
    let before = app.world.messages(PLATFORM_BOT, user).await.unwrap_or_default().len();
    app.world.send_text(PLATFORM_BOT, user, says).await.unwrap();
    heard_from_platform_bot(app, user, before, part).await
}

/// The same without writing: the address in what it says by itself.
pub(crate) async fn heard_from_platform_bot(app: &TestApp, user: i64, before: usize, part: &str) -> String {
    let began = Instant::now();
    loop {
        let messages = app.world.messages(PLATFORM_BOT, user).await.unwrap_or_default();
        if let Some(said) = messages.iter().skip(before).rev().find(|m| m.from_bot && m.text().contains(part)) {
            return address(&said.json).unwrap_or_default();
        }
        assert!(began.elapsed() < PATIENCE, "«{part}» was not said");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The path of the first link under a message.
pub(crate) fn address(message: &serde_json::Value) -> Option<String> {
    let rows = message["reply_markup"]["inline_keyboard"].as_array()?;
    let url = rows.iter().flat_map(|row| row.as_array().unwrap()).find_map(|button| button["url"].as_str())?;
    Some(url::Url::parse(url).unwrap().path().to_owned())
}

/// Comes in by a link; gives the browser.
pub(crate) async fn enter(app: &TestApp, link: &str) -> Client {
    let client = Client::new(app.app.address);
    let page = client.get(link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let entered = client.post(link, &[("form_token", &page.field("form_token"))]).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/onboarding"), "{}", entered.body);
    client
}

/// Sends a form of the page where they are.
pub(crate) async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = client.get("/onboarding").await;
    let token = page.field("form_token");
    let mut all = vec![("form_token", token.as_str())];
    all.extend_from_slice(fields);
    client.post(path, &all).await
}
