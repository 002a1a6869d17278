//! «🗑 Удалить мои данные»: what is told before, what is waited for, what is left.

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Money, UserId};
use botyard::sandbox::wire::KieTuning;

use crate::acceptance::payments::invoice;
use crate::util::app::{OWNER, PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

async fn ordered(app: &TestApp, bot: &TestBot, user: UserId) {
    app.say(bot, user, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
    app.say(bot, user, "лес", "Шаг 2").await;
    app.press(bot, user, "1:1", "Шаг 3").await;
    app.press_data(bot, user, "quality:basic", "Проверьте заказ").await;
    app.press_only(bot, user, "✅ Генерировать").await;
}

on_each_db! {
    async fn a_person_is_erased_when_nothing_of_theirs_is_in_work(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let (anna, owner) = (app.person(101, "Anna", "ru").await, app.person(OWNER.0, "Owner", "ru").await);
        app.say(&bot, owner, "/start", "Админ").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.credit(&bot, anna, Money::kopecks(5_000)).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, anna, "кот", "Шаг 2").await;
        app.press(&bot, anna, "1:1", "Проверьте заказ").await;
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        app.hear(&bot, anna, before, "✅ Z-Image").await;
        app.world.tune_kie(&KieTuning { delay_ms: Some(1_500), ..KieTuning::default() }).await.unwrap();
        ordered(&app, &bot, anna).await;

        app.say(&bot, anna, "/privacy", "Ваши данные").await;
        let told = app.press(&bot, anna, "🗑 Удалить мои данные", "Удалить ваши данные?").await;
        assert!(told.text().contains("На балансе 44.89 ₽") && told.text().contains("В работе 1 генерация"), "{}", told.text());
        let admins = app.version(&bot, owner).await;
        app.press(&bot, anna, "✅ Подтвердить", "✅ Запрос принят.").await;
        app.hear(&bot, owner, admins, "Пользователь попросил удалить свои данные").await;
        let again = app.world.press_forged(&bot.username, anna.0, told.id, "privacy_delete_ok", PATIENCE).await.unwrap();
        assert!(again.show_alert && again.text.as_deref() == Some("Запрос уже принят."), "{again:?}");

        let before = app.version(&bot, anna).await;
        app.hear(&bot, anna, before, "✅ Ваши данные удалены.").await;
        let platform = &app.app.platform;
        let mut tx = platform.db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.user_get(anna).await.unwrap(), None);
        assert_eq!(tx.session_load(anna).await.unwrap(), None);
        assert_eq!(tx.generations_history(anna, 10).await.unwrap(), []);
        assert!(!tx.erasure_is_requested(anna).await.unwrap());
        drop(tx);
        // Who comes back is unknown, but what is free once a day was had.
        let menu = app.say(&bot, anna, "/start", "Доступно: 0 ₽").await;
        assert!(menu.text().contains("Бесплатных осталось сегодня: 4 из 5"), "{}", menu.text());
        app.finish().await;
    }

    async fn a_blocked_person_may_still_have_themselves_erased(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let (anna, owner) = (app.person(101, "Anna", "ru").await, app.person(OWNER.0, "Owner", "ru").await);
        app.say(&bot, owner, "/start", "Админ").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, owner, "/block_user 101", "заблокирован").await;
        app.say(&bot, anna, "/privacy", "Ваши данные").await;
        app.press(&bot, anna, "🗑 Удалить мои данные", "Удалить ваши данные?").await;
        app.press(&bot, anna, "✅ Подтвердить", "✅ Запрос принят.").await;
        app.finish().await;
    }

    async fn stars_of_a_person_who_is_gone_are_not_promised_back(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let (anna, owner) = (app.person(101, "Anna", "ru").await, app.person(OWNER.0, "Owner", "ru").await);
        app.say(&bot, owner, "/start", "Админ").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        let bill = invoice(&app, &bot, anna, "50 ₽").await;
        let before = app.version(&bot, anna).await;
        app.world.pay(&bot.username, anna.0, bill.id).await.unwrap();
        app.hear(&bot, anna, before, "Оплата получена").await;
        let list = app.say(&bot, owner, "/payments", "платежей: 1").await;
        let refund = list.buttons().into_iter().find(|(_, data)| data.starts_with("admin_refund:")).unwrap().1;
        app.say(&bot, anna, "/privacy", "Ваши данные").await;
        app.press(&bot, anna, "🗑 Удалить мои данные", "Удалить ваши данные?").await;
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Подтвердить").await;
        app.hear(&bot, anna, before, "✅ Ваши данные удалены.").await;
        let list_now = app.say(&bot, owner, "/payments", "удалён").await;
        assert!(!list_now.buttons().iter().any(|(_, data)| data.starts_with("admin_refund:")), "{:?}", list_now.buttons());
        for press in [refund.clone(), refund.replace("admin_refund:", "admin_refund_ok:")] {
            let answer =
                app.world.press_forged(&bot.username, owner.0, list.id, &press, PATIENCE).await.unwrap();
            assert!(answer.text.as_deref().is_some_and(|text| text.contains("@TelegramSupport")), "{answer:?}");
        }
        app.finish().await;
    }

    async fn an_admin_is_not_erased(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        let menu = app.say(&bot, owner, "/start", "Админ").await.id;
        for data in ["privacy_delete", "privacy_delete_ok"] {
            let answer = app.world.press_forged(&bot.username, owner.0, menu, data, PATIENCE).await.unwrap();
            assert!(answer.show_alert && answer.text.unwrap().contains("администратор"), "{data}");
        }
        app.finish().await;
    }
}
