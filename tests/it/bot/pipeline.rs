//! The way of an update: the door, duplicates, order, the exception boundary, the database away (reliability.md T19, F11, F30).

use serde_json::{Value, json};

use botyard::domain::settings::TenantSettings;

use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

fn text(update: i64, user: i64, text: &str) -> Value {
    json!({"update_id": update, "message": {"message_id": update, "date": 1, "text": text,
        "from": {"id": user, "is_bot": false, "first_name": "A", "language_code": "ru"}, "chat": {"id": user, "type": "private"}}})
}

async fn started(test: &TestDb) -> (TestApp, TestBot) {
    let app = TestApp::start(&test.url).await;
    let bot = app.bot("first", 1, TenantSettings::default()).await;
    app.person(101, "Anna", "ru").await;
    app.say(&bot, botyard::domain::UserId(101), "/start", "Доступно").await;
    (app, bot)
}

on_each_db! {
    async fn the_same_update_twice_has_one_effect(test: TestDb) {
        let (app, bot) = started(&test).await;
        let before = app.world.messages(&bot.username, 101).await.unwrap().len();
        let update = text(5_000, 101, "/help");
        assert_eq!(app.post_webhook(&bot, &update, None).await, 200);
        assert_eq!(app.post_webhook(&bot, &update, None).await, 200);
        // A later message is answered after whatever the duplicates might have said.
        app.say(&bot, botyard::domain::UserId(101), "/start", "Доступно").await;
        let after = app.world.messages(&bot.username, 101).await.unwrap();
        let said = after.iter().skip(before).filter(|m| m.from_bot).count();
        assert_eq!(said, 2, "one help and one menu");
        app.finish().await;
    }

    async fn a_wrong_secret_and_an_unknown_bot_get_the_same_401(test: TestDb) {
        let (app, bot) = started(&test).await;
        let update = text(5_001, 101, "/help");
        assert_eq!(app.post_webhook(&bot, &update, Some("")).await, 401);
        assert_eq!(app.post_webhook(&bot, &update, Some("almost")).await, 401);
        let nobody = TestBot { id: botyard::domain::BotInstanceId::parse("nobody").unwrap(), ..bot.clone() };
        assert_eq!(app.post_webhook(&nobody, &update, Some("almost")).await, 401);
        let mut tx = app.app.platform.db.tenant(&bot.id).await.unwrap();
        let fresh = tx.update_record(botyard::domain::UpdateId(5_001), &botyard::domain::Corr::random(), botyard::domain::UnixMs(1)).await;
        assert!(fresh.unwrap(), "a refused update must leave no row");
        drop(tx);
        app.finish().await;
    }

    async fn an_unknown_button_says_so_and_shows_the_menu(test: TestDb) {
        let (app, bot) = started(&test).await;
        let user = botyard::domain::UserId(101);
        let menu = app.say(&bot, user, "/start", "Доступно").await;
        app.say(&bot, user, "/help", "/balance").await;
        let before = app.version(&bot, user).await;
        let help = app.world.messages(&bot.username, user.0).await.unwrap().last().unwrap().id;
        assert_ne!(menu.id, help);
        let answer = app.world.press_forged(&bot.username, user.0, help, "foo:bar", PATIENCE).await.unwrap();
        assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."));
        app.hear(&bot, user, before, "Доступно").await;
        app.finish().await;
    }

    async fn no_message_of_a_private_chat_stays_without_a_reaction(test: TestDb) {
        let (app, bot) = started(&test).await;
        let user = botyard::domain::UserId(101);
        for (n, content) in [
            json!({"sticker": {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1, "type": "regular", "is_animated": false, "is_video": false}}),
            json!({"dice": {"emoji": "🎲", "value": 3}}),
            json!({"text": "просто слова"}),
            json!({"contact": {"phone_number": "1", "first_name": "A"}}),
        ]
        .into_iter()
        .enumerate()
        {
            let mut update = text(6_000 + i64::try_from(n).unwrap(), user.0, "");
            update["message"].as_object_mut().unwrap().remove("text");
            update["message"].as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
            let before = app.version(&bot, user).await;
            assert_eq!(app.post_webhook(&bot, &update, None).await, 200);
            app.hear(&bot, user, before, "Выберите действие из меню").await;
        }
        app.finish().await;
    }

    async fn with_the_database_away_a_menu_comes_from_memory_and_the_rest_waits(test: TestDb) {
        let (app, bot) = started(&test).await;
        let user = botyard::domain::UserId(101);
        // The menu was heard, but that it was sent may not be recorded yet: then its chat would wait for a lease.
        app.settled(&bot, user).await;
        app.app.platform.db.close().await;
        let before = app.version(&bot, user).await;
        assert_eq!(app.post_webhook(&bot, &text(7_000, user.0, "/start"), None).await, 200);
        app.hear(&bot, user, before, "Идут технические работы").await;
        assert_eq!(app.post_webhook(&bot, &text(7_001, user.0, "картинка"), None).await, 503);
        assert_eq!(app.post_webhook(&bot, &text(7_002, user.0, "/balance"), None).await, 503);
        let app = app.restart().await;
        // What was not acknowledged comes again and is answered.
        let before = app.version(&bot, user).await;
        assert_eq!(app.post_webhook(&bot, &text(7_002, user.0, "/balance"), None).await, 200);
        app.hear(&bot, user, before, "Доступно").await;
        app.finish().await;
    }

    async fn texts_of_a_person_arrive_literally(test: TestDb) {
        let (app, bot) = started(&test).await;
        let user = botyard::domain::UserId(101);
        app.say(&bot, user, "/generate z-image", "Шаг 1").await;
        app.say(&bot, user, "<b>кот</b> & <script>", "Шаг 2").await;
        let confirm = app.press(&bot, user, "1:1", "Проверьте заказ").await;
        assert!(confirm.text().contains("<b>кот</b> & <script>"), "{}", confirm.text());
        app.finish().await;
    }
}
