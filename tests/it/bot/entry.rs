//! Whoever comes into the panel hears of it in the chat with the bot, and can end every session from there (reliability.md 3.8).

use botyard::domain::settings::TenantSettings;

use crate::util::app::{OWNER, TestApp};
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::Client;

on_each_db! {
    async fn a_log_in_is_told_and_not_me_ends_every_session(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.person(OWNER.0, "Olga", "ru").await;
        app.say(&bot, OWNER, "/start", "Доступно").await;
        let mut browsers = Vec::new();
        for _ in 0..2 {
            let link = app.say(&bot, OWNER, "/panel", "работает один раз").await.json["reply_markup"].to_string();
            let token = link.split("/panel/enter/").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let client = Client::new(app.app.address);
            let path = format!("/panel/enter/{token}");
            let before = app.version(&bot, OWNER).await;
            let page = client.get(&path).await;
            let entered = client.post(&path, &[("form_token", &page.field("form_token"))]).await;
            assert_eq!(entered.status, 303, "{}", entered.body);
            let news = app.hear(&bot, OWNER, before, "Вход в панель").await;
            assert!(news.json["text"].as_str().unwrap().contains("127.0.0.*"), "{news:?}");
            assert_eq!(client.get("/panel").await.status, 200);
            browsers.push(client);
        }
        app.press_data(&bot, OWNER, "panel_sign_out", "Все сеансы панели закончены").await;
        for client in &browsers {
            assert_eq!(client.get("/panel").await.status, 401);
        }
        app.finish().await;
    }
}
