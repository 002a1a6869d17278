//! Telegram's door under pressure, on a whole platform: the same update or press many times at once, bodies too large, headers
//! too slow (reliability.md T19, T22, T23).

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Money, UserId};

use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::web::rows;

const ANNA: UserId = UserId(101);

fn from() -> Value {
    json!({"id": ANNA.0, "is_bot": false, "first_name": "A", "language_code": "ru"})
}

fn text(update: i64, text: &str) -> Value {
    json!({"update_id": update, "message": {"message_id": update, "date": 1, "text": text, "from": from(),
        "chat": {"id": ANNA.0, "type": "private"}}})
}

fn pressed(update: i64, message: i64, data: &str) -> Value {
    json!({"update_id": update, "callback_query": {"id": update.to_string(), "chat_instance": "1", "data": data,
        "from": from(), "message": {"message_id": message, "date": 1, "chat": {"id": ANNA.0, "type": "private"}}}})
}

async fn started(test: &TestDb, more: &[(&str, &str)]) -> (TestApp, TestBot) {
    let app = TestApp::start_with(&test.url, more).await;
    let bot = app.bot("first", 1, TenantSettings::default()).await;
    app.person(ANNA.0, "Anna", "ru").await;
    app.say(&bot, ANNA, "/start", "Доступно").await;
    app.settled(&bot, ANNA).await;
    (app, bot)
}

on_each_db! {
    async fn one_update_brought_twenty_times_at_once_is_answered_once(test: TestDb) {
        let (app, bot) = started(&test, &[]).await;
        let (said, known) = (app.world.messages(&bot.username, ANNA.0).await.unwrap().len(), rows::count(&test.db, "updates").await);
        let update = text(500_000, "/help");
        let all = futures::future::join_all((0..20).map(|_| app.post_webhook(&bot, &update, None))).await;
        assert!(all.iter().all(|status| matches!(status, 200 | 503)) && all.contains(&200), "{all:?}");
        assert_eq!(app.post_webhook(&bot, &update, None).await, 200);
        app.settled(&bot, ANNA).await;
        assert_eq!(rows::count(&test.db, "updates").await, known + 1);
        assert_eq!(app.world.messages(&bot.username, ANNA.0).await.unwrap().len(), said + 1);
        app.finish().await;
    }

    async fn twenty_presses_of_one_confirm_at_once_make_one_task_and_one_hold(test: TestDb) {
        let (app, bot) = started(&test, &[]).await;
        app.credit(&bot, ANNA, Money::kopecks(10_000)).await;
        app.say(&bot, ANNA, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, ANNA, "Горы на рассвете", "Шаг 2").await;
        app.press(&bot, ANNA, "16:9", "Шаг 3").await;
        let offer = app.press_data(&bot, ANNA, "quality:basic", "Проверьте заказ").await;
        let (_, data) = offer.buttons().into_iter().find(|(label, _)| label.contains("Генерировать")).unwrap();
        app.settled(&bot, ANNA).await;
        let before = app.version(&bot, ANNA).await;
        let presses: Vec<Value> = (0..20).map(|n| pressed(700_000 + n, offer.id, &data)).collect();
        let all = futures::future::join_all(presses.iter().map(|press| app.post_webhook(&bot, press, None))).await;
        assert!(all.iter().all(|status| matches!(status, 200 | 503)) && all.contains(&200), "{all:?}");
        app.hear(&bot, ANNA, before, "94.89 ₽").await;
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 1);
        let transfers = rows::dump(&test.db).await.remove("transfers").unwrap();
        assert_eq!(transfers.len(), 3, "a credit, a hold, its capture: {transfers:#?}");
        let balance = app.balance(&bot, ANNA).await;
        assert_eq!((balance.available, balance.held), (Money::kopecks(9_489), Money::ZERO));
        app.finish().await;
    }

    async fn a_body_of_two_mebibytes_is_refused_and_leaves_nothing(test: TestDb) {
        let (app, bot) = started(&test, &[]).await;
        let known = rows::count(&test.db, "updates").await;
        let large = text(500_000, &"х".repeat(1 << 20));
        assert!(large.to_string().len() > 2 << 20);
        assert_eq!(app.post_webhook(&bot, &large, None).await, 413);
        assert_eq!(rows::count(&test.db, "updates").await, known);
        app.say(&bot, ANNA, "/help", "/balance").await;
        app.finish().await;
    }

    async fn a_header_that_does_not_end_is_cut_and_delays_nobody(test: TestDb) {
        let (app, bot) = started(&test, &[("server.header_timeout", "300 ms")]).await;
        let mut slow = Vec::new();
        for _ in 0..50 {
            let mut stream = TcpStream::connect(app.app.address).await.unwrap();
            stream.write_all(b"POST /webhook/first HTTP/1.1\r\nhost: x\r\nx-never: ").await.unwrap();
            slow.push(stream);
        }
        app.say(&bot, ANNA, "/help", "/balance").await;
        for mut stream in slow {
            let mut rest = Vec::new();
            let cut = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
            assert!(cut.is_ok(), "the connection stays open");
            assert!(!rest.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
        }
        app.finish().await;
    }
}
