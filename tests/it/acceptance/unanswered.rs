//! Whoever sends the picture of a transfer gets an answer, whatever happens to it: a store or a database that is away, processes
//! that are killed, a request whose time was over (bot.md 11.3; reliability.md T01).

use std::time::Duration;

use botyard::bot::jobs::SentFile;
use botyard::bot::jobs::payments::CheckReceipt;
use botyard::domain::receipt::{ReceiptFlag, ReceiptFlags};
use botyard::domain::{Clock, Corr, JobId, Money, PaymentId, UserId};
use botyard::store::{Db, NewJob};
use botyard::worker::till;
use sqlx::AssertSqlSafe;

use super::transfers::{invoice, outcome, person, send};
use super::{data_of, forge};
use crate::store::world::NOON;
use crate::util::app::{Heard, OWNER, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::util::receipts::{png, takes_transfers};

const REVIEW: &str = "🕓 Скриншот передан на ручную проверку";
const AGAIN: &str = "⚠️ Не получилось загрузить файл. Пришлите его ещё раз";

async fn begun(test: &TestDb) -> (TestApp, TestBot, UserId) {
    let app = TestApp::start(&test.url).await;
    let bot = app.bot("first", 1, takes_transfers()).await;
    let anna = person(&app, &bot, 101, "Anna").await;
    (app, bot, anna)
}

/// How often a person was told something.
async fn told(app: &TestApp, bot: &TestBot, user: UserId, part: &str) -> usize {
    app.at_rest().await;
    let all = app.world.messages(&bot.username, user.0).await.unwrap();
    all.iter().filter(|message| message.from_bot && message.text().contains(part)).count()
}

/// What reviewers are told of the only payment under review.
async fn flags(app: &TestApp, bot: &TestBot) -> Vec<ReceiptFlag> {
    let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
    let [payment] = &tx.payments_review_oldest(9).await.unwrap()[..] else { panic!("not one payment") };
    ReceiptFlags::read(&payment.flags)
}

async fn run(db: &Db, sql: &str) {
    match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(|_| ()).unwrap(),
        (_, Some(pool)) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(|_| ()).unwrap(),
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    }
}

/// A job that was given up in a process that is gone: its picture is at Telegram, and nobody was told anything.
async fn given_up(app: &TestApp, bot: &TestBot, asked: &CheckReceipt) {
    let (id, corr, now) = (JobId::random(), Corr::random(), app.platform().clock.now());
    let payload = serde_json::to_string(asked).unwrap();
    let new = NewJob {
        id: id.clone(),
        lane: CheckReceipt::LANE,
        kind: CheckReceipt::KIND,
        dedupe_key: id.short(),
        // Nobody claims it before it is dead.
        run_at: now.plus(Duration::from_hours(1)),
        max_attempts: CheckReceipt::MAX_ATTEMPTS,
        payload: &payload,
        corr: &corr,
    };
    let db = &app.platform().db;
    let mut tx = db.tenant(&bot.id).await.unwrap();
    assert!(tx.job_put(&new, now).await.unwrap());
    tx.commit().await.unwrap();
    let dead =
        format!("UPDATE jobs SET state = 'dead', attempt = max_attempts, finished_at = {} WHERE id = '{id}'", now.0);
    match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(_), _) => run(db, &dead).await,
        _ => run(db, &format!("BEGIN; SET LOCAL ROLE botyard_platform; {dead}; COMMIT")).await,
    }
}

on_each_db! {
    async fn a_picture_that_cannot_be_kept_is_asked_for_again_and_then_taken(test: TestDb) {
        let (app, bot, anna) = begun(&test).await;
        invoice(&app, &bot, anna, "50").await;
        // Where the bot's folder of files would be something else stands.
        let folder = std::path::Path::new(&app.platform().settings.files.data).join("media").join(bot.id.as_str());
        std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
        std::fs::write(&folder, b"in the way").unwrap();
        outcome(&app, &bot, anna, png(1), AGAIN).await;
        std::fs::remove_file(&folder).unwrap();
        // The dialog waits for it, and no attempt was used.
        outcome(&app, &bot, anna, png(1), REVIEW).await;
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.invoices_of(anna, 1).await.unwrap()[0].attempts, 1);
        drop(tx);
        app.finish().await;
    }

    async fn a_picture_that_cannot_be_compared_goes_to_a_person(test: TestDb) {
        let (app, bot, anna) = begun(&test).await;
        invoice(&app, &bot, anna, "50").await;
        run(&test.db, "ALTER TABLE receipt_prints RENAME TO receipt_prints_away").await;
        outcome(&app, &bot, anna, png(1), REVIEW).await;
        run(&test.db, "ALTER TABLE receipt_prints_away RENAME TO receipt_prints").await;
        let flags = flags(&app, &bot).await;
        assert!(flags.contains(&ReceiptFlag::Unread) && flags.contains(&ReceiptFlag::Unseen), "{flags:?}");
        app.finish().await;
    }

    async fn a_check_that_was_given_up_in_silence_is_answered_once(test: TestDb) {
        let (app, bot, anna) = begun(&test).await;
        let sent = send(&app, &bot, anna, png(1)).await;
        app.hear(&bot, anna, Heard::nothing(), "💡 Выберите действие из меню.").await;
        invoice(&app, &bot, anna, "50").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        let photo = sent.json["photo"].as_array().unwrap().last().unwrap();
        let text = |name: &str| photo[name].as_str().unwrap().to_owned();
        let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
        let request = tx.invoices_of(anna, 1).await.unwrap().remove(0);
        drop(tx);
        let file = SentFile {
            file_id: text("file_id"),
            file_unique_id: text("file_unique_id"),
            claimed_mime: None,
            size: None,
            duration_s: None,
        };
        let mut asked = CheckReceipt {
            user: anna,
            invoice: request.id.clone(),
            payment: PaymentId::random(),
            file,
            accepted_at: request.created_at,
            to_a_person: false,
        };
        given_up(&app, &bot, &asked).await;
        for _ in 0..2 {
            let (one, other) = tokio::join!(till::pass(&app.app.workers), till::pass(&app.app.workers));
            one.unwrap();
            other.unwrap();
        }
        app.hear(&bot, anna, Heard::nothing(), REVIEW).await;
        assert_eq!(told(&app, &bot, anna, REVIEW).await, 1);
        let flags = flags(&app, &bot).await;
        assert!(flags.contains(&ReceiptFlag::Unread), "a person reads it: {flags:?}");
        // What a person was to get and could not: of a claimed one nothing more is said, of another its sender is asked once.
        asked.to_a_person = true;
        given_up(&app, &bot, &asked).await;
        asked.payment = PaymentId::random();
        given_up(&app, &bot, &asked).await;
        for _ in 0..2 {
            let (one, other) = tokio::join!(till::pass(&app.app.workers), till::pass(&app.app.workers));
            one.unwrap();
            other.unwrap();
        }
        app.hear(&bot, anna, Heard::nothing(), AGAIN).await;
        assert_eq!(told(&app, &bot, anna, AGAIN).await, 1);
        let mut tx = app.platform().db.platform_read().await.unwrap();
        assert_eq!(tx.jobs_dead_of(CheckReceipt::KIND, 9).await.unwrap(), []);
        drop(tx);
        // And the dialog waits for it.
        outcome(&app, &bot, anna, png(2), REVIEW).await;
        app.finish().await;
    }

    async fn a_picture_after_the_requests_time_is_asked_about_and_a_person_decides(test: TestDb) {
        let clock = Clock::manual(NOON);
        let app = TestApp::start_at(&test.url, clock.clone()).await;
        let bot = app.bot("first", 1, takes_transfers()).await;
        let anna = person(&app, &bot, 101, "Anna").await;
        person(&app, &bot, OWNER.0, "Olga").await;
        let amount = invoice(&app, &bot, anna, "50").await;
        clock.advance(Duration::from_hours(25));
        till::pass(&app.app.workers).await.unwrap();
        outcome(&app, &bot, anna, png(1), "Это скриншот оплаты счёта №").await;
        app.press_data(&bot, anna, "pay_resume:", REVIEW).await;
        assert!(flags(&app, &bot).await.contains(&ReceiptFlag::Late));
        let card = app.hear(&bot, OWNER, Heard::nothing(), "🚩 Пришёл после срока счёта").await;
        let approve = data_of(&card).into_iter().find(|data| data.starts_with("pay_approve:")).unwrap();
        let answer = forge(&app, &bot, OWNER, card.id, &approve).await;
        assert_eq!(answer.text.as_deref(), Some("✅ Одобрено, деньги зачислены."));
        app.hear(&bot, anna, Heard::nothing(), &format!("✅ Оплата получена: +{amount}")).await;
        assert_eq!(app.balance(&bot, anna).await.available, amount);
        // It is over now: another picture is nobody's proof. Nor is one that comes a day and more after a request's time.
        outcome(&app, &bot, anna, png(2), "💡 Выберите действие из меню.").await;
        invoice(&app, &bot, anna, "60").await;
        clock.advance(Duration::from_hours(49));
        outcome(&app, &bot, anna, png(3), "Доступно").await;
        assert_eq!(app.balance(&bot, anna).await.available, amount);
        assert_ne!(amount, Money::ZERO);
        app.finish().await;
    }

    async fn a_transfer_whose_request_is_closed_is_said_to_be_so_at_each_press(test: TestDb) {
        let (app, bot, anna) = begun(&test).await;
        person(&app, &bot, OWNER.0, "Olga").await;
        invoice(&app, &bot, anna, "50").await;
        outcome(&app, &bot, anna, png(1), REVIEW).await;
        let card = app.hear(&bot, OWNER, Heard::nothing(), "Перевод по счёту №").await;
        let mut tx = app.platform().db.tenant(&bot.id).await.unwrap();
        let request = tx.invoices_of(anna, 1).await.unwrap().remove(0);
        let (from, to) = (request.state, botyard::domain::InvoiceState::Closed);
        assert!(tx.invoice_move(&request.id, &[from], to, app.platform().clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        let approve = data_of(&card).into_iter().find(|data| data.starts_with("pay_approve:")).unwrap();
        for _ in 0..2 {
            let answer = forge(&app, &bot, OWNER, card.id, &approve).await;
            let said = answer.text.unwrap_or_default();
            assert!(said.starts_with("⚠️ Счёт этого перевода уже закрыт"), "{said}");
        }
        app.finish().await;
    }
}
