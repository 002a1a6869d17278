//! Links into onboarding: once, fifteen minutes, ended by a newer one; and «Copy bot» leads here (A108, bot.md 14.9).

use botyard::accounts::onboarding;
use botyard::domain::settings::TenantSettings;
use botyard::domain::{Language, LinkSource, UserId};
use botyard::store::Db;

use super::{address, enter};
use crate::util::app::TestApp;
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::Site;

async fn issue(site: &Site, person: i64) -> String {
    let (settings, now) = (&site.platform.settings.onboarding, site.clock.now());
    let source = (LinkSource::Owner, None);
    onboarding::issue(&site.platform.db, settings, UserId(person), source, Language::Ru, now).await.unwrap()
}

on_each_db! {
    async fn a_link_works_once_for_fifteen_minutes_and_a_newer_one_ends_it(db: Db) {
        let site = Site::start(&db).await;
        let first = issue(&site, 501).await;
        let others = issue(&site, 502).await;
        let second = issue(&site, 501).await;
        let client = site.client();
        assert_eq!(client.get(&first).await.status, 410, "a new press ended it");
        for _ in 0..10 {
            assert_eq!(client.get(&second).await.status, 200, "looking spends nothing");
        }
        let token = client.get(&second).await.field("form_token");
        let entered = client.post(&second, &[("form_token", &token)]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/onboarding"));
        assert_eq!(client.get(&second).await.status, 410, "used");
        assert!(client.get("/onboarding").await.body.contains("bot_token"), "the browser is known");
        let stranger = site.client();
        let outside = stranger.get("/onboarding").await.body;
        assert!(!outside.contains("bot_token"), "nobody else's is");
        assert!(outside.contains("Она работает один раз и живёт 15 минут."), "{outside}");
        assert_eq!(stranger.get("/onboarding/pairing").await.status, 401);
        site.clock.advance(std::time::Duration::from_mins(16));
        assert_eq!(stranger.get(&others).await.status, 410, "too late");
        site.clock.advance(std::time::Duration::from_hours(24 * 7));
        assert!(!client.get("/onboarding").await.body.contains("bot_token"), "a week later they come by a new link");
        site.stop().await;
    }

    async fn copy_bot_gives_a_link_that_leads_here(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/help", "Как это работает").await;
        let shown = app.press(&bot, anna, "📋 Скопировать бота", "Ваша личная ссылка").await;
        let first = address(&shown.json).unwrap();
        app.say(&bot, anna, "/help", "Как это работает").await;
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "📋 Скопировать бота").await;
        let shown = app.hear(&bot, anna, before, "15 минут").await;
        let second = address(&shown.json).unwrap();
        assert_ne!(first, second);
        let client = crate::web::site::Client::new(app.app.address);
        assert_eq!(client.get(&first).await.status, 410, "a new press makes the old link invalid");
        let client = enter(&app, &second).await;
        assert!(client.get("/onboarding").await.body.contains("Вставить токен"));
        app.finish().await;
    }

    async fn where_onboarding_is_closed_the_bot_says_whom_to_ask(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("onboarding.open", "false")]).await;
        let settings = TenantSettings { support_contact: "@help_desk".to_owned(), ..TenantSettings::default() };
        let bot = app.bot("first", 1, settings).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/help", "Как это работает").await;
        let closed = app.press(&bot, anna, "📋 Скопировать бота", "временно закрыто").await;
        assert!(closed.text().contains("@help_desk"), "{}", closed.text());
        app.finish().await;
    }
}
