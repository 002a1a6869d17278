//! T06, T08, F03, F04: money where presses, answers and processes get lost. End to end over HTTP, on both databases.

use std::time::Duration;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Money, PaymentState, UserId};
use botyard::lifecycle::crash::PAYMENT_POINTS;
use botyard::sandbox::wire::{CallFilter, Drop, FaultAnswer, TelegramFault};
use serde_json::json;

use super::payments::invoice;
use crate::cli::program::{PATIENCE as LONG, Place};
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::util::env;

const FIFTY: Money = Money::kopecks(5_000);
const MODEL: &str = "seedream/4.5-text-to-image";

/// Up to the confirmation of a picture for 5.11 ₽.
async fn order(app: &TestApp, bot: &TestBot, user: UserId, prompt: &str) {
    app.say(bot, user, &format!("/generate {MODEL}"), "Шаг 1").await;
    app.say(bot, user, prompt, "Шаг 2").await;
    app.press(bot, user, "16:9", "Шаг 3").await;
    app.press_data(bot, user, "quality:basic", "Проверьте заказ").await;
}

async fn with_method(app: &TestApp, method: &str) -> usize {
    let of = CallFilter { method: Some(method.to_owned()), ..CallFilter::default() };
    app.world.calls(&of).await.unwrap().len()
}

on_each_db! {
    /// T06: fifty presses of one button, as fifty updates at once: one hold, one task, fifty answers.
    async fn money_double_tap(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.credit(&bot, anna, Money::kopecks(10_000)).await;
        order(&app, &bot, anna, "Гроза над полем").await;
        let messages = app.world.messages(&bot.username, anna.0).await.unwrap();
        let sells = |(label, _): &(String, String)| label == "✅ Генерировать";
        let offer = messages.iter().rev().find(|m| m.buttons().iter().any(sells)).unwrap();
        let data = offer.buttons().into_iter().find(sells).unwrap().1;
        let answered = with_method(&app, "answerCallbackQuery").await;
        let taps = (0..50).map(|n| {
            let update = json!({"update_id": 60_000 + n, "callback_query": {"id": format!("tap{n}"), "data": data,
                "from": {"id": anna.0, "is_bot": false, "first_name": "Anna", "language_code": "ru"}, "chat_instance": "1",
                "message": {"message_id": offer.id, "date": 1, "text": "x", "chat": {"id": anna.0, "type": "private"}}}});
            let (app, bot) = (&app, &bot);
            async move {
                loop {
                    match app.post_webhook(bot, &update, None).await {
                        200 => return,
                        // The door is full: Telegram brings it again.
                        503 => tokio::time::sleep(Duration::from_millis(20)).await,
                        other => panic!("answered {other}"),
                    }
                }
            }
        });
        futures::future::join_all(taps).await;
        app.settled(&bot, anna).await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(9_489));
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 1);
        let began = std::time::Instant::now();
        while with_method(&app, "answerCallbackQuery").await < answered + 50 {
            assert!(began.elapsed() < PATIENCE, "not every press was answered");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(with_method(&app, "answerCallbackQuery").await, answered + 50, "a press was answered twice");
        app.finish().await;
    }

    /// T08: a refund beside a generation that spends the same money; Telegram refunds, and its answers are lost. It may also
    /// announce the refund before the call is repeated.
    async fn money_refund_race(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        let message = invoice(&app, &bot, anna, "50 ₽").await;
        let before = app.version(&bot, anna).await;
        app.world.pay(&bot.username, anna.0, message.id).await.unwrap();
        app.hear(&bot, anna, before, "✅ Оплата получена").await;
        order(&app, &bot, anna, "Гроза над полем").await;
        let owner = app.person(OWNER.0, "Olga", "ru").await;
        app.say(&bot, owner, "/start", "Админ").await;
        let list = app.say(&bot, owner, "/payments", "Всего: 50 ₽").await;
        let refund = list.buttons().into_iter().find(|(_, data)| data.starts_with("admin_refund:")).unwrap().1;
        app.press_data(&bot, owner, "admin_refund:", "↩️ Вернуть 80 ⭐ (50 ₽) пользователю 101?").await;
        let answer = FaultAnswer { drop: Some(Drop::After), ..FaultAnswer::default() };
        let unheard = TelegramFault { method: Some("refundStarPayment".into()), times: 3, answer, ..Default::default() };
        app.world.inject_telegram(&unheard).await.unwrap();
        let before = app.version(&bot, anna).await;
        let ok = refund.replace("admin_refund", "admin_refund_ok");
        let asked = app.world.messages(&bot.username, owner.0).await.unwrap();
        let asked = asked.into_iter().rev().find(|m| m.buttons().iter().any(|(_, data)| *data == ok)).unwrap();
        let refund = app.world.press_forged(&bot.username, owner.0, asked.id, &ok, PATIENCE);
        let generate = app.world.press_label(&bot.username, anna.0, "✅ Генерировать");
        let (refunded, pressed) = tokio::join!(refund, generate);
        refunded.unwrap();
        pressed.unwrap();
        app.hear(&bot, anna, before, "↩️ Возврат 80 ⭐ выполнен.").await;
        // The generation may have won the race and still be on its way: its hold ends with it.
        app.at_rest().await;
        app.settled(&bot, anna).await;
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        let payment = tx.payments_recent(1).await.unwrap().remove(0);
        assert_eq!((payment.state, payment.refunds), (PaymentState::Refunded, 1));
        drop(tx);
        assert!(with_method(&app, "refundStarPayment").await >= 1);
        // Whoever was first: what was there is taken back, what was spent is owed, and nothing is owed twice.
        let left = app.balance(&bot, anna).await;
        let (spent, pictures) = (Money::kopecks(511), app.world.kie_tasks().await.unwrap().len());
        assert_eq!(left.held, Money::ZERO);
        assert_eq!(left.debt, if pictures == 1 { spent } else { Money::ZERO });
        assert_eq!(left.available, Money::ZERO.minus(left.debt).unwrap());
        app.finish().await;
    }
}

/// Leases so short that a dead process delays nobody for long.
const SHORT: &[(&str, &str)] = &[
    ("leases.life", "1 s"),
    ("leases.renew_every", "200 ms"),
    ("jobs.lease", "2 s"),
    ("jobs.heartbeat", "500 ms"),
    ("outbox.lease", "1 s"),
];

on_each_db! {
    /// F03, F04: the process ends at each place around a payment. Telegram brings the update again, or gives the payment up
    /// when its last check was not answered: then nothing is written, and paying once more works.
    async fn f_kill_pay_and_f_kill_precheckout(test: TestDb) {
        let app = TestApp::start_with(&test.url, SHORT).await;
        let bot = app.bot("killed", 1, TenantSettings::default()).await;
        let mut payers = Vec::new();
        for n in 0..env::count(1, 40) {
            for (at, point) in (0..).zip(PAYMENT_POINTS) {
                let user = app.person(4_000 + i64::try_from(n).unwrap() * 10 + at, "Vera", "ru").await;
                app.say(&bot, user, "/start", "Доступно").await;
                let message = invoice(&app, &bot, user, "50 ₽").await;
                app.settled(&bot, user).await;
                payers.push((point, user, message.id));
            }
        }
        let left = app.leave().await;
        let settings: Vec<String> =
            left.settings.iter().flat_map(|(k, v)| ["--set".to_owned(), format!("{k}={v}")]).collect();
        let args: Vec<&str> = std::iter::once("serve").chain(settings.iter().map(String::as_str)).collect();
        let (mut dying, living) = (Place::new(), Place::new());
        for (point, user, message) in payers {
            dying.env = vec![("BOTYARD_CRASH_AT".to_owned(), point.to_owned())];
            let mut process = dying.start(&args).await;
            let (paid, ended) = tokio::join!(left.world.pay(&bot.username, user.0, message), process.ended());
            assert_eq!(ended, None, "{point}: a signal ended it");
            let process = living.start(&args).await;
            if point == "checkout.decided" {
                assert!(paid.is_err(), "Telegram gives up what nobody answers");
                assert_eq!(has(&test, &bot, user).await, (Money::ZERO, 0), "{point}");
                left.world.pay(&bot.username, user.0, message).await.unwrap();
            } else {
                paid.unwrap_or_else(|error| panic!("{point}: {error}"));
            }
            let told = |text: &str| text.contains("✅ Оплата получена: +50 ₽");
            let began = std::time::Instant::now();
            loop {
                let messages = left.world.messages(&bot.username, user.0).await.unwrap();
                let told = messages.iter().filter(|message| told(message.text())).count();
                if told > 0 {
                    break;
                }
                assert!(began.elapsed() < LONG * 2, "{point}: no receipt; {}", process.log());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(has(&test, &bot, user).await, (FIFTY, 1), "{point}");
            process.kill().await;
        }
        let mut tx = test.db.tenant(&bot.id).await.unwrap();
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
        drop(tx);
        left.sandbox.stop().await;
    }
}

/// What a person can spend, and how many payments of theirs are known.
async fn has(test: &TestDb, bot: &TestBot, user: UserId) -> (Money, usize) {
    let mut tx = test.db.tenant_read(&bot.id).await.unwrap();
    let row = tx.user_get(user).await.unwrap().unwrap();
    let balance = botyard::billing::balance(&mut tx, &row.user_ref).await.unwrap();
    let payments = tx.payments_recent(1_000).await.unwrap();
    (balance.available, payments.iter().filter(|payment| payment.user_id == user).count())
}
