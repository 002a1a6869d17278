//! What takes long, or is refused, is stood in for: the menu never vanishes (bot.md 2.3), a confirm is never silent (bot.md 9.1).

use botyard::domain::settings::TenantSettings;
use botyard::domain::{ChatId, Money, UserId};
use botyard::sandbox::wire::{FaultAnswer, TelegramFault};

use crate::util::app::{TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

/// Waiting for the chat's lock is not given up while a test holds it.
const PATIENT: [(&str, &str); 5] = [
    ("database.acquire_timeout", "60 s"),
    ("database.lock_timeout", "60 s"),
    ("database.statement_timeout", "60 s"),
    ("database.busy_timeout", "60 s"),
    ("bot.handler_limit", "60 s"),
];

async fn started(test: &TestDb, more: &[(&str, &str)]) -> (TestApp, TestBot, UserId) {
    let settings: Vec<_> = PATIENT.iter().chain(more).copied().collect();
    let app = TestApp::start_with(&test.url, &settings).await;
    let bot = app.bot("first", 1, TenantSettings::default()).await;
    let anna = app.person(101, "Anna", "ru").await;
    app.say(&bot, anna, "/help", "/balance").await;
    (app, bot, anna)
}

/// How many messages of the bot hold `part` now.
async fn shown(app: &TestApp, bot: &TestBot, user: UserId, part: &str) -> usize {
    let messages = app.world.messages(&bot.username, user.0).await.unwrap();
    messages.iter().filter(|m| m.from_bot && m.text().contains(part)).count()
}

/// Telegram refuses so many messages of the bot.
async fn refuse(app: &TestApp, times: u32) {
    let description = Some("Bad Request: can't parse entities".to_owned());
    let answer = FaultAnswer { status: Some(400), description, ..FaultAnswer::default() };
    let fault = TelegramFault { method: Some("sendMessage".to_owned()), times, answer, ..TelegramFault::default() };
    app.world.inject_telegram(&fault).await.unwrap();
}

on_each_db! {
    async fn a_start_that_waits_shows_the_minimal_menu_and_the_full_one_takes_its_place(test: TestDb) {
        let (app, bot, anna) = started(&test, &[("bot.start_menu_within", "20 ms"), ("bot.start_once_within", "60 s")]).await;
        app.settled(&bot, anna).await;
        let held = app.platform().db.tenant_chat(&bot.id, ChatId::from(anna)).await.unwrap();
        let before = app.version(&bot, anna).await;
        for _ in 0..3 {
            app.world.send_text(&bot.username, anna.0, "/start").await.unwrap();
        }
        let minimal = app.hear(&bot, anna, before.clone(), "⚠️ Меню загружается дольше обычного. Попробуйте ещё раз.").await;
        assert!(minimal.text().contains("Главное меню"), "{}", minimal.text());
        let data: Vec<String> = minimal.buttons().into_iter().map(|(_, data)| data).collect();
        assert_eq!(data, ["show_models", "check_balance", "help_menu", "my_generations", "back_to_menu"]);
        assert_eq!(shown(&app, &bot, anna, "Доступно").await, 0, "the turn still waits");
        held.rollback().await.unwrap();
        let full = app.hear(&bot, anna, before, "Доступно").await;
        assert_eq!(full.id, minimal.id, "the full menu takes its place");
        app.settled(&bot, anna).await;
        assert_eq!(shown(&app, &bot, anna, "дольше обычного").await, 0);
        assert_eq!(shown(&app, &bot, anna, "Доступно").await, 1, "three presses, one menu");
        app.finish().await;
    }

    async fn a_confirm_that_waits_says_that_it_is_under_way_and_is_carried_out(test: TestDb) {
        let (app, bot, anna) = started(&test, &[("generation.confirm_lock", "20 ms")]).await;
        app.credit(&bot, anna, Money::kopecks(50_000)).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, anna, "Рыжий кот", "Шаг 2").await;
        app.press(&bot, anna, "1:1", "Проверьте заказ").await;
        app.settled(&bot, anna).await;
        let held = app.platform().db.tenant_chat(&bot.id, ChatId::from(anna)).await.unwrap();
        let before = app.version(&bot, anna).await;
        // The press is answered when its turn is over, or by the watchdog: nobody waits for that here.
        let (world, name) = (app.world.clone(), bot.username.clone());
        let mut pressed = tokio::task::JoinSet::new();
        pressed.spawn(async move { world.press_label(&name, anna.0, "✅ Генерировать").await });
        let told = app.hear(&bot, anna, before.clone(), "Запускаю параллельный запрос, попробуйте ещё раз через пару секунд.").await;
        assert_eq!(told.buttons()[0].0, "📊 Статус");
        held.rollback().await.unwrap();
        app.hear(&bot, anna, before, "✅ Z-Image").await;
        pressed.join_next().await.unwrap().unwrap().unwrap();
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 1);
        app.finish().await;
    }

    async fn a_menu_that_telegram_refuses_becomes_the_minimal_one_then_plain_words(test: TestDb) {
        let (app, bot, anna) = started(&test, &[]).await;
        refuse(&app, 1).await;
        let minimal = app.say(&bot, anna, "/start", "Главное меню").await;
        assert_eq!(minimal.buttons().len(), 5, "{:?}", minimal.buttons());
        refuse(&app, 2).await;
        let plain = app.say(&bot, anna, "/start", "Главное меню: /start").await;
        assert!(plain.buttons().is_empty(), "{:?}", plain.buttons());
        app.say(&bot, anna, "/start", "Доступно").await;
        app.finish().await;
    }
}
