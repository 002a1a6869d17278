//! Admins hear of errors, each class once in a while (bot.md 15.1), and `/metrics` has what platform.md 5 names.

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Corr, GenerationId, GenerationState as S, Lane, Money, UnixMs, UserId};
use botyard::sandbox::wire::KieFault;
use botyard::store::{ErrorEntry, GenerationChange};

use super::{PATIENCE, said};
use crate::store::world::{new_generation, offer, put_job, within};
use crate::util::app::{OWNER, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::Client;

const ANNA: UserId = UserId(101);

async fn fail(app: &TestApp, bot: &TestBot, class: &str) {
    let corr = Corr::random();
    let entry =
        ErrorEntry { corr: &corr, stage: "handler", handler: "menu", class, message: "planted", update_id: None };
    let mut tx = app.platform().db.tenant(&bot.id).await.unwrap();
    tx.error_put(&entry, app.platform().clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn heard(app: &TestApp, bot: &TestBot, part: &str) {
    let began = std::time::Instant::now();
    while said(app, bot, OWNER, part).await == 0 {
        assert!(began.elapsed() < PATIENCE, "nobody was told of {part}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// An order of the owner, made and brought to its state at these moments.
async fn place(
    app: &TestApp,
    bot: &TestBot,
    states: &[S],
    cause: Option<&str>,
    (ordered, moved): (UnixMs, UnixMs),
) -> GenerationId {
    let (quote, generation, corr) = (offer(OWNER, 1), GenerationId::random(), Corr::random());
    within(&app.platform().db, &bot.id, async |tx| {
        let person = tx.user_get(OWNER).await.unwrap().unwrap();
        tx.quote_insert(&quote).await.unwrap();
        assert!(tx.generation_insert(&new_generation(&generation, &quote, &person, &corr), ordered).await.unwrap());
        let mut from = S::Created;
        for to in states {
            let change = GenerationChange { cause, ..GenerationChange::default() };
            assert!(tx.generation_move(&generation, &[from], *to, &change, moved).await.unwrap());
            from = *to;
        }
    })
    .await;
    generation
}

on_each_db! {
    async fn a_class_of_errors_is_told_once_and_to_the_bots_own_admins(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("bot.alert_every", "3 s")]).await;
        let first = app.bot("first", 1, TenantSettings::default()).await;
        let other = app.bot("other", 2, TenantSettings::default()).await;
        app.person(OWNER.0, "Olga", "ru").await;
        for bot in [&first, &other] {
            app.say(bot, OWNER, "/start", "Доступно").await;
        }
        for _ in 0..3 {
            fail(&app, &first, "vault").await;
        }
        heard(&app, &first, "Ошибки: vault").await;
        fail(&app, &first, "too_long").await;
        heard(&app, &first, "Ошибки: too_long").await;
        assert_eq!(said(&app, &other, OWNER, "Ошибки").await, 0);
        assert!(said(&app, &first, OWNER, "Ошибки: vault").await <= 2, "once in three seconds");
        app.finish().await;
    }

    async fn dead_jobs_a_busy_provider_and_old_deliveries_are_told_once_each(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("bot.alert_every", "40 s")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let other = app.bot("other", 2, TenantSettings::default()).await;
        app.person(OWNER.0, "Olga", "ru").await;
        for bot in [&bot, &other] {
            app.say(bot, OWNER, "/start", "Доступно").await;
        }
        let (db, now) = (&app.platform().db, app.platform().clock.now());
        // No such work: whoever claims it gives it up.
        assert!(put_job(db, &bot.id, Lane::Sweep, "planted", now).await);
        heard(&app, &bot, "Задания остановлены после всех попыток: 1").await;
        let place = async |states: &[S], cause: Option<&str>, at: UnixMs| place(&app, &bot, states, cause, (at, at)).await;
        for _ in 0..5 {
            place(&[S::Failed], Some("busy"), now).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
        assert_eq!(said(&app, &bot, OWNER, "Сервис генераций перегружен").await, 0, "five are few");
        place(&[S::Failed], Some("busy"), now).await;
        heard(&app, &bot, "Сервис генераций перегружен").await;
        let old = now.minus(std::time::Duration::from_mins(11));
        let late = place(&[S::Submitting, S::Queued, S::Delivering], None, old).await;
        heard(&app, &bot, "Готовые результаты не доставляются: 1").await;
        for part in ["Задания остановлены", "Сервис генераций перегружен", "Готовые результаты не доставляются"] {
            assert_eq!(said(&app, &bot, OWNER, part).await, 1, "{part}");
            assert_eq!(said(&app, &other, OWNER, part).await, 0, "{part}");
        }
        within(db, &bot.id, async |tx| {
            // Its results are nowhere; what is made of that is another test's matter.
            let _ = tx.generation_move(&late, &[S::Delivering], S::Undelivered, &GenerationChange::default(), now).await;
        })
        .await;
        app.finish().await;
    }

    async fn how_many_refusals_and_how_old_a_delivery_make_an_alert_are_settings(test: TestDb) {
        let more = [
            ("generation.alert_after_errors", "1"),
            ("generation.alert_every", "40 s"),
            ("delivery.queue_alert_age", "3 min"),
        ];
        let app = TestApp::start_with(&test.url, &more).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.person(OWNER.0, "Olga", "ru").await;
        app.say(&bot, OWNER, "/start", "Доступно").await;
        let now = app.platform().clock.now();
        // An order waits for its turn before it is given up: it counts from its end.
        let ordered = now.minus(std::time::Duration::from_mins(10));
        for _ in 0..2 {
            place(&app, &bot, &[S::Failed], Some("busy"), (ordered, now)).await;
        }
        heard(&app, &bot, "Отказов за последнее время: 2.").await;
        let old = now.minus(std::time::Duration::from_secs(181));
        let late = place(&app, &bot, &[S::Submitting, S::Queued, S::Delivering], None, (old, old)).await;
        heard(&app, &bot, "Ждут уже 3 минуты или дольше.").await;
        within(&app.platform().db, &bot.id, async |tx| {
            let _ = tx.generation_move(&late, &[S::Delivering], S::Undelivered, &GenerationChange::default(), now).await;
        })
        .await;
        app.finish().await;
    }

    async fn each_cause_that_stops_generation_is_told_once_and_hides_no_other(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(ANNA.0, "Anna", "ru").await;
        app.person(OWNER.0, "Olga", "ru").await;
        for person in [OWNER, anna] {
            app.say(&bot, person, "/start", "Доступно").await;
        }
        app.credit(&bot, anna, Money::kopecks(50_000)).await;
        let order = async |code: i64, n: usize| {
            let fault = KieFault { path: Some("createTask".to_owned()), code: Some(code), times: 1, ..KieFault::default() };
            app.world.inject_kie(&fault).await.unwrap();
            app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
            app.say(&bot, anna, &format!("Рыжий кот {n}"), "Шаг 2").await;
            app.press(&bot, anna, "1:1", "Проверьте заказ").await;
            app.press(&bot, anna, "✅ Генерировать", "Генерация временно недоступна").await;
        };
        let (no_credits, model_off) = ("на счёте провайдера закончились кредиты", "Модель сейчас выключена у провайдера");
        order(505, 1).await;
        heard(&app, &bot, model_off).await;
        order(402, 2).await;
        heard(&app, &bot, no_credits).await;
        // What would be told of a third is told after the apology to its person: both are in the outbox when that has arrived.
        order(402, 3).await;
        app.at_rest().await;
        for part in [no_credits, model_off] {
            assert_eq!(said(&app, &bot, OWNER, part).await, 1, "{part}");
        }
        app.finish().await;
    }

    async fn what_happens_is_measured(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.person(ANNA.0, "Anna", "ru").await;
        app.say(&bot, ANNA, "/start", "Доступно").await;
        app.say(&bot, ANNA, "/generate z-image", "Шаг 1").await;
        app.say(&bot, ANNA, "Рыжий кот на крыше", "Шаг 2").await;
        app.press(&bot, ANNA, "16:9", "Проверьте заказ").await;
        let before = app.version(&bot, ANNA).await;
        app.press_only(&bot, ANNA, "✅ Генерировать").await;
        app.hear(&bot, ANNA, before, "✅ Z-Image").await;
        botyard::worker::figures::look(&app.app.workers, true).await.unwrap();
        let metrics = Client::new(app.app.admin_address).get("/metrics").await.body;
        for series in [
            "botyard_webhook_ack_seconds_bucket", "botyard_update_seconds_bucket", "botyard_updates_total{result=\"done\"}",
            "botyard_db_wait_seconds_bucket{lane=\"write\"", "botyard_db_waiting{lane=\"write\"}", "botyard_db_connections{pool=",
            "botyard_queue_depth{queue=\"outbox\"}", "botyard_queue_age_seconds{queue=\"outbox\"}",
            "botyard_sends_total{result=\"sent\"}", "botyard_provider_calls_total{call=\"create\",result=\"answered\"}",
            "botyard_provider_seconds_bucket{call=\"read\"", "botyard_tenant_today{figure=\"active_users\",tenant=\"first\"} 1",
        ] {
            assert!(metrics.contains(series), "{series} is not among\n{metrics}");
        }
        app.finish().await;
    }
}
