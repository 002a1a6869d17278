//! The kill switch: no new generation is submitted, what runs is finished, users and admins are told (platform.md 3).

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Clock, Money, UserId};
use botyard::sandbox::wire::KieTuning;
use botyard::tenants::brake::{self, Scope};

use crate::store::world::above;
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

const MODEL: &str = "seedream/4.5-text-to-image";

async fn order(app: &TestApp, bot: &TestBot, user: UserId, prompt: &str) {
    app.say(bot, user, &format!("/generate {MODEL}"), "Шаг 1").await;
    app.say(bot, user, prompt, "Шаг 2").await;
    app.press(bot, user, "16:9", "Шаг 3").await;
    app.press_data(bot, user, "quality:basic", "Проверьте заказ").await;
}

async fn until_stopped(app: &TestApp, bot: &TestBot, stopped: bool) {
    let began = std::time::Instant::now();
    while app.platform().tenants.get(&bot.id).unwrap().stopped.is_some() != stopped {
        assert!(began.elapsed() < PATIENCE, "the switch was not noticed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

on_each_db! {
    async fn a_stop_holds_new_generations_back_and_what_runs_is_finished(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let other = app.bot("second", 2, TenantSettings::default()).await;
        let owner = app.person(OWNER.0, "Olga", "ru").await;
        app.say(&bot, owner, "/start", "Админ").await;
        let anna = app.person(101, "Anna", "ru").await;
        for bot in [&bot, &other] {
            app.say(bot, anna, "/start", "Доступно").await;
            app.credit(bot, anna, Money::kopecks(10_000)).await;
        }
        app.world.tune_kie(&KieTuning { delay_ms: Some(1_500), ..KieTuning::default() }).await.unwrap();
        order(&app, &bot, anna, "Первая").await;
        let running = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        let began = std::time::Instant::now();
        while app.world.kie_tasks().await.unwrap().is_empty() {
            assert!(began.elapsed() < PATIENCE, "nothing was submitted");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let (now, heard) = (Clock::system().now(), app.version(&bot, owner).await);
        let scope = Scope::Tenant(bot.id.clone());
        assert!(above(&app.platform().db, async |tx| brake::stop(tx, &scope, "счёт проверяется", now).await.unwrap()).await);
        until_stopped(&app, &bot, true).await;
        app.hear(&bot, owner, heard, "Причина: счёт проверяется").await;
        app.hear(&bot, anna, running, "✅").await;
        app.settled(&bot, anna).await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(9_489), "what ran is delivered and paid");

        app.say(&bot, anna, &format!("/generate {MODEL}"), "⏸ Генерация остановлена").await;
        order(&app, &other, anna, "Вторая").await;
        assert!(above(&app.platform().db, async |tx| brake::stop(tx, &Scope::All, "", now).await.unwrap()).await);
        until_stopped(&app, &other, true).await;
        let shown = app.world.messages(&other.username, anna.0).await.unwrap();
        let sells = |(label, _): &(String, String)| label == "✅ Генерировать";
        let offer = shown.iter().rev().find(|m| m.buttons().iter().any(sells)).unwrap();
        let data = offer.buttons().into_iter().find(sells).unwrap().1;
        let answer = app.world.press_forged(&other.username, anna.0, offer.id, &data, PATIENCE).await.unwrap();
        assert!(answer.text.as_deref().is_some_and(|text| text.starts_with("⏸ Генерация остановлена")), "{answer:?}");
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 1, "nothing new was submitted");
        assert_eq!(app.balance(&other, anna).await.available, Money::kopecks(10_000), "and nothing is held");

        let heard = app.version(&bot, owner).await;
        for scope in [Scope::All, scope] {
            assert!(above(&app.platform().db, async |tx| brake::start(tx, &scope).await.unwrap()).await);
        }
        until_stopped(&app, &bot, false).await;
        until_stopped(&app, &other, false).await;
        app.hear(&bot, owner, heard, "▶️ Генерации в боте снова работают").await;
        let before = app.version(&other, anna).await;
        app.press_only(&other, anna, "✅ Генерировать").await;
        app.hear(&other, anna, before, "✅ Seedream").await;
        app.settled(&other, anna).await;
        assert_eq!(app.balance(&other, anna).await.available, Money::kopecks(9_489));
        app.finish().await;
    }
}
