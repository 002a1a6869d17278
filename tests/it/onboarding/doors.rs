//! The doors: a pasted token, a bot created by link, a token sent to the platform's bot; and everything that is refused.

use std::time::{Duration, Instant};

use botyard::domain::settings::TenantSettings;
use botyard::domain::{BanKind, TenantState, UserId};
use botyard::sandbox::wire::CallFilter;

use super::{
    PLATFORM_BOT, came_by_platform_bot, enter, heard_from_platform_bot, link_from_platform_bot, new_bot, send,
    with_platform_bot,
};
use crate::util::app::{PATIENCE, TestApp};
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::Client;

/// The state of the only bot of this owner.
fn owned(app: &TestApp, owner: i64) -> Option<(String, TenantState)> {
    let all = app.platform().tenants.all();
    let own = all.iter().find(|tenant| tenant.owner() == Some(UserId(owner)));
    own.map(|tenant| (tenant.id.to_string(), tenant.state))
}

/// The page once it shows a text.
async fn page_with(client: &Client, part: &str) -> String {
    let began = Instant::now();
    loop {
        let page = client.get("/onboarding").await;
        if page.body.contains(part) {
            return page.body;
        }
        assert!(began.elapsed() < PATIENCE, "«{part}» is not on the page: {}", page.body);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

on_each_db! {
    async fn a_pasted_token_becomes_a_bot_that_goes_live(test: TestDb) {
        let app = with_platform_bot(&test.url).await;
        app.person(501, "Пётр", "ru").await;
        app.person(502, "Гость", "ru").await;
        let client = came_by_platform_bot(&app, 501).await;
        let token = new_bot(&app, 31, "studio_petr_bot").await;
        for wrong in ["", "hello", "12345:short"] {
            let answer = send(&client, "/onboarding/paste", &[("bot_token", wrong)]).await;
            assert_eq!(answer.status, 400, "{wrong}");
            assert!(answer.body.contains("не похоже на токен"), "{wrong}");
        }
        let unknown = crate::util::app::fake_token(32);
        let answer = send(&client, "/onboarding/paste", &[("bot_token", unknown.expose())]).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("не знает такого токена") && !answer.body.contains("AAfake"), "{}", answer.body);
        let pasted = send(&client, "/onboarding/paste", &[("bot_token", &format!(" {}\n", token.expose()))]).await;
        assert_eq!((pasted.status, pasted.header("location")), (303, "/onboarding"), "{}", pasted.body);
        assert_eq!(owned(&app, 501), Some(("studio_petr".to_owned(), TenantState::Draft)));
        let page = page_with(&client, "@studio_petr_bot").await;
        assert!(page.contains("https://t.me/studio_petr_bot") && !page.contains("AAfake"), "{page}");

        // The test chat: full use for the owner, «being set up» for everybody else.
        let bot = crate::util::app::TestBot {
            id: crate::web::site::id("studio_petr"),
            username: "studio_petr_bot".to_owned(),
            token: token.clone(),
        };
        app.say(&bot, UserId(501), "/start", "Админ").await;
        app.say(&bot, UserId(502), "/start", "настраивается").await;
        page_with(&client, "Вы открыли чат с ботом").await;
        // Prices and payment, all of the form or nothing.
        let wrong = [("markup", "99"), ("free_per_day", "3"), ("support_contact", "@petr")];
        let refused = send(&client, "/onboarding/sale", &wrong).await;
        assert_eq!((refused.status, refused.body.contains("Не сохранено")), (422, true), "{}", refused.body);
        let sale = [("markup", "1,3"), ("free_per_day", "3"), ("stars_enabled", "on"), ("support_contact", "@petr")];
        let saved = send(&client, "/onboarding/sale", &sale).await;
        assert_eq!((saved.status, saved.header("location")), (303, "/onboarding"), "{}", saved.body);
        let settings = app.platform().tenants.get(&bot.id).unwrap().settings.clone();
        assert_eq!((settings.markup.to_string().as_str(), settings.free_per_day, settings.stars_enabled), ("1.30", 3, true));
        assert_eq!(settings.support_contact, "@petr");
        // They leave and come back by another link: the bot is where it was.
        let again = came_by_platform_bot(&app, 501).await;
        page_with(&again, "@studio_petr_bot").await;
        let live = send(&again, "/onboarding/live", &[]).await;
        assert_eq!(live.status, 303, "{}", live.body);
        assert_eq!(owned(&app, 501), Some(("studio_petr".to_owned(), TenantState::Active)));
        app.say(&bot, UserId(502), "/start", "Бесплатных").await;
        assert!(client.get("/onboarding").await.body.contains("Бот открыт для всех"));
        for rows in crate::web::rows::dump(&test.db).await.values() {
            assert!(rows.iter().all(|row| !row.contains(token.expose())), "the token is kept sealed");
        }
        app.finish().await;
    }

    async fn iso_token_twice(test: TestDb) {
        let app = with_platform_bot(&test.url).await;
        app.person(501, "Пётр", "ru").await;
        let hosted = app.bot("first", 1, TenantSettings::default()).await;
        let info = |app: &TestApp| app.platform().tenants.get(&hosted.id).unwrap().version;
        let before = info(&app);
        let client = came_by_platform_bot(&app, 501).await;
        app.world.forget_calls().await.unwrap();
        let answer = send(&client, "/onboarding/paste", &[("bot_token", hosted.token.expose())]).await;
        assert_eq!(answer.status, 409);
        assert!(answer.body.contains("уже подключён"), "{}", answer.body);
        // The platform's bot says the same, and removes the message.
        link_from_platform_bot(&app, 501, hosted.token.expose(), "уже подключён").await;
        let calls = app.world.calls(&CallFilter { bot: Some(hosted.username.clone()), ..CallFilter::default() }).await.unwrap();
        assert!(calls.is_empty(), "nothing was said to Telegram with the other tenant's token: {calls:?}");
        assert_eq!((info(&app), owned(&app, 501)), (before, None));
        app.finish().await;
    }

    async fn a_bot_that_speaks_elsewhere_is_moved_only_on_a_word(test: TestDb) {
        let app = with_platform_bot(&test.url).await;
        app.person(501, "Пётр", "ru").await;
        let client = came_by_platform_bot(&app, 501).await;
        let token = new_bot(&app, 33, "moved_bot").await;
        set_webhook(&app, token.expose(), "https://other-host.example/hook?secret=planted").await;
        let pasted = send(&client, "/onboarding/paste", &[("bot_token", token.expose())]).await;
        assert_eq!(pasted.status, 303, "{}", pasted.body);
        let page = client.get("/onboarding").await.body;
        assert!(page.contains("other-host.example") && !page.contains("planted"), "{page}");
        assert_eq!(owned(&app, 501), None);
        // Thought better of it.
        assert_eq!(send(&client, "/onboarding/another", &[]).await.status, 303);
        assert!(client.get("/onboarding").await.body.contains("bot_token"));
        // By the platform's bot it is the same question.
        link_from_platform_bot(&app, 501, token.expose(), "other-host.example").await;
        let moved = send(&client, "/onboarding/replace", &[]).await;
        assert_eq!(moved.status, 303, "{}", moved.body);
        assert_eq!(owned(&app, 501), Some(("moved".to_owned(), TenantState::Draft)));
        app.finish().await;
    }

    async fn a_token_sent_to_the_platforms_bot_is_taken_and_the_message_removed(test: TestDb) {
        let app = with_platform_bot(&test.url).await;
        app.person(501, "Пётр", "ru").await;
        let token = new_bot(&app, 34, "by_chat_bot").await;
        let says = format!("Use this token:\n{}\nKeep it secure.", token.expose());
        let link = link_from_platform_bot(&app, 501, &says, "@by_chat_bot").await;
        let messages = app.world.messages(PLATFORM_BOT, 501).await.unwrap();
        assert!(messages.iter().all(|m| !m.text().contains(token.expose())), "the message is gone");
        assert_eq!(owned(&app, 501), Some(("by_chat".to_owned(), TenantState::Draft)));
        let client = enter(&app, &link).await;
        page_with(&client, "@by_chat_bot").await;
        app.finish().await;
    }

    async fn a_bot_created_by_link_is_taken_for_who_asked(test: TestDb) {
        let app = with_platform_bot(&test.url).await;
        app.person(501, "Пётр", "ru").await;
        app.person(502, "Чужой", "ru").await;
        let client = came_by_platform_bot(&app, 501).await;
        let asked = send(&client, "/onboarding/pair", &[]).await;
        assert_eq!((asked.status, asked.header("location")), (303, "/onboarding/pairing"), "{}", asked.body);
        let page = client.get("/onboarding/pairing").await.body;
        let (_, rest) = page.split_once("https://t.me/newbot/").unwrap();
        let (manager, rest) = rest.split_once('/').unwrap();
        let suggested = rest.split('"').next().unwrap().to_owned();
        assert_eq!(manager, PLATFORM_BOT);
        assert!(page.contains("<svg class=\"qr\"") && suggested.starts_with("studio_"), "{page}");
        // Somebody else creates a bot by this link: it is not attached, and they are told.
        app.world.send_text(PLATFORM_BOT, 502, "/start").await.unwrap();
        let before = app.world.messages(PLATFORM_BOT, 502).await.unwrap().len();
        app.world.create_managed_bot(PLATFORM_BOT, 502, "thief_bot", "Thief").await.unwrap();
        heard_from_platform_bot(&app, 502, before, "не ждали").await;
        assert_eq!((owned(&app, 501), owned(&app, 502)), (None, None));
        let before = app.world.messages(PLATFORM_BOT, 501).await.unwrap().len();
        app.world.create_managed_bot(PLATFORM_BOT, 501, &suggested, "Студия").await.unwrap();
        heard_from_platform_bot(&app, 501, before, &format!("@{suggested}")).await;
        assert!(owned(&app, 501).is_some_and(|(_, state)| state == TenantState::Draft));
        page_with(&client, &format!("@{suggested}")).await;
        assert_eq!(client.get("/onboarding/pairing").await.status, 303, "the code is used up");
        // The code is used up: another bot of the same person needs another code.
        let before = app.world.messages(PLATFORM_BOT, 501).await.unwrap().len();
        app.world.create_managed_bot(PLATFORM_BOT, 501, "second_try_bot", "Second").await.unwrap();
        heard_from_platform_bot(&app, 501, before, "не ждали").await;
        app.finish().await;
    }

    async fn who_is_banned_connects_nothing(test: TestDb) {
        let app = with_platform_bot(&test.url).await;
        app.person(501, "Пётр", "ru").await;
        app.person(502, "Анна", "ru").await;
        let (one, two) = (new_bot(&app, 35, "one_new_bot").await, new_bot(&app, 36, "two_new_bot").await);
        let mut tx = app.platform().db.platform().await.unwrap();
        assert!(tx.ban_put(BanKind::Person, UserId(501), Some("fraud"), app.platform().clock.now()).await.unwrap());
        assert!(tx.ban_put(BanKind::Bot, two.bot_id(), None, app.platform().clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        let client = came_by_platform_bot(&app, 501).await;
        let answer = send(&client, "/onboarding/paste", &[("bot_token", one.expose())]).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
        let client = came_by_platform_bot(&app, 502).await;
        let answer = send(&client, "/onboarding/paste", &[("bot_token", two.expose())]).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert_eq!((owned(&app, 501), owned(&app, 502)), (None, None));
        app.finish().await;
    }
}

/// Points a bot somewhere else, as its partner did before.
async fn set_webhook(app: &TestApp, token: &str, url: &str) {
    #[expect(clippy::disallowed_methods, reason = "the test plays the partner's old server")]
    let client = reqwest::Client::new();
    let address = format!("{}/bot{token}/setWebhook", app.sandbox.telegram_url());
    let answer = client.post(address).json(&serde_json::json!({ "url": url })).send().await.unwrap();
    assert!(answer.status().is_success());
}
