//! From /start to a picture: free, paid, without money, as admin; two bots apart; across a restart.

use botyard::domain::Money;
use botyard::domain::settings::TenantSettings;

use crate::util::app::{OWNER, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

/// Opens the model from the full list: its card, then its wizard.
async fn order(app: &TestApp, bot: &TestBot, user: botyard::domain::UserId, model: &str, first_step: &str) {
    app.say(bot, user, &format!("/generate {model}"), first_step).await;
}

on_each_db! {
    async fn a_free_picture_from_start_to_result(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;

        let menu = app.say(&bot, anna, "/start", "Бесплатных осталось сегодня: 5 из 5").await;
        let labels: Vec<String> = menu.buttons().into_iter().map(|(label, _)| label).collect();
        assert_eq!(
            labels,
            [
                "🆓 FAST TOOLS",
                "🎨 Генерация визуала",
                "🧩 Ремикс изображения",
                "🎬 Видео по сценарию",
                "🪄 Анимировать изображение",
                "🧰 Спец-инструменты",
                "💳 Баланс / Доступ",
                "🤝 Партнёрка"
            ]
        );
        order(&app, &bot, anna, "z-image", "Шаг 1").await;
        app.say(&bot, anna, "Рыжий кот на крыше", "Шаг 2").await;
        app.press(&bot, anna, "16:9", "Проверьте заказ").await;
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        let after = app.hear(&bot, anna, before, "✅ Z-Image").await;
        assert!(after.text().contains("бесплатно"), "{}", after.text());
        let messages = app.world.messages(&bot.username, anna.0).await.unwrap();
        assert_eq!(messages.iter().filter(|m| m.json.get("photo").is_some()).count(), 1);
        app.say(&bot, anna, "/start", "Бесплатных осталось сегодня: 4 из 5").await;
        app.finish().await;
    }

    async fn a_paid_picture_moves_exactly_its_price(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let boris = app.person(102, "Boris", "ru").await;
        app.say(&bot, boris, "/start", "Доступно").await;

        // Without money the top-up is offered, the draft is kept and the provider is not called.
        let offer = app.say(&bot, boris, "/generate seedream/4.5-text-to-image", "Недостаточно средств").await;
        assert!(offer.text().contains("5.11 ₽"), "{}", offer.text());
        assert!(offer.buttons().iter().any(|(_, data)| data.starts_with("topup")), "{:?}", offer.buttons());
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 0);

        app.credit(&bot, boris, Money::kopecks(10_000)).await;
        order(&app, &bot, boris, "seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, boris, "Горы на рассвете", "Шаг 2").await;
        app.press(&bot, boris, "16:9", "Шаг 3").await;
        let confirm = app.press_data(&bot, boris, "quality:basic", "Проверьте заказ").await;
        assert!(confirm.text().contains("5.11 ₽") && confirm.text().contains("94.89 ₽"), "{}", confirm.text());
        let before = app.version(&bot, boris).await;
        app.press_only(&bot, boris, "✅ Генерировать").await;
        app.hear(&bot, boris, before, "94.89 ₽").await;
        let balance = app.balance(&bot, boris).await;
        assert_eq!((balance.available, balance.held), (Money::kopecks(9_489), Money::ZERO));
        app.finish().await;
    }

    async fn an_admin_generates_free(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        app.say(&bot, owner, "/start", "Админ").await;
        order(&app, &bot, owner, "seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, owner, "Замок", "Шаг 2").await;
        app.press(&bot, owner, "1:1", "Шаг 3").await;
        app.press_data(&bot, owner, "quality:basic", "Админ").await;
        let before = app.version(&bot, owner).await;
        app.press_only(&bot, owner, "✅ Генерировать").await;
        app.hear(&bot, owner, before, "✅ Seedream 4.5").await;
        assert_eq!(app.balance(&bot, owner).await.available, Money::ZERO);
        app.finish().await;
    }

    async fn two_bots_know_nothing_of_each_other(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let dear = TenantSettings {
            brand: "Dear Studio".to_owned(),
            markup: botyard::domain::Factor::ten_thousandths(15_000),
            ..TenantSettings::default()
        };
        let cheap = TenantSettings { brand: "Дешёвая студия".to_owned(), ..TenantSettings::default() };
        let first = app.bot("cheap-one", 1, cheap).await;
        let second = app.bot("dear-one", 2, dear).await;
        let carl = app.person(103, "Carl", "en").await;
        let menu = app.say(&first, carl, "/start", "Дешёвая студия").await;
        assert!(!menu.text().contains("Dear Studio"));
        let menu = app.say(&second, carl, "/start", "Dear Studio").await;
        assert!(!menu.text().contains("Дешёвая"));
        app.credit(&first, carl, Money::kopecks(10_000)).await;
        assert_eq!(app.balance(&second, carl).await.available, Money::ZERO);
        let offer = app.say(&second, carl, "/generate seedream/4.5-text-to-image", "7.67 ₽").await;
        assert!(offer.text().contains("7.67 ₽"), "{}", offer.text());
        app.finish().await;
    }

    async fn a_restart_keeps_session_history_and_balance(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(104, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.credit(&bot, anna, Money::kopecks(5_000)).await;
        order(&app, &bot, anna, "z-image", "Шаг 1").await;
        app.say(&bot, anna, "Дом у моря", "Шаг 2").await;

        let app = app.restart().await;
        app.press(&bot, anna, "16:9", "Проверьте заказ").await;
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        app.hear(&bot, anna, before, "✅ Z-Image").await;
        assert_eq!(app.balance(&bot, anna).await.available, Money::kopecks(5_000));

        let app = app.restart().await;
        app.press(&bot, anna, "📚 Мои генерации", "Дом у моря").await;
        app.finish().await;
    }

    async fn a_failed_generation_gives_the_money_back(test: TestDb) {
        use botyard::sandbox::wire::{KieFault, Outcome, TaskFault};
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let dina = app.person(105, "Dina", "ru").await;
        app.say(&bot, dina, "/start", "Доступно").await;
        app.credit(&bot, dina, Money::kopecks(5_000)).await;
        let fails = Outcome::Fail { code: "501".to_owned(), msg: "generation failed".to_owned() };
        let task = TaskFault { outcome: fails, ..TaskFault::default() };
        app.world.inject_kie(&KieFault { times: 1, task: Some(task), ..KieFault::default() }).await.unwrap();
        order(&app, &bot, dina, "seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, dina, "Лес", "Шаг 2").await;
        app.press(&bot, dina, "1:1", "Шаг 3").await;
        app.press_data(&bot, dina, "quality:basic", "Проверьте заказ").await;
        let before = app.version(&bot, dina).await;
        app.press_only(&bot, dina, "✅ Генерировать").await;
        app.hear(&bot, dina, before, "Деньги не списаны").await;
        let balance = app.balance(&bot, dina).await;
        assert_eq!((balance.available, balance.held), (Money::kopecks(5_000), Money::ZERO));
        app.finish().await;
    }
}
