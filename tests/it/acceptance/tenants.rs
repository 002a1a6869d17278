//! A106: two bots with the same person know nothing of each other.

use botyard::domain::Money;
use botyard::domain::settings::TenantSettings;

use super::{data_of, forge, newest, story};
use crate::util::app::{OWNER, TestApp};

#[test]
fn a106_nothing_of_one_bot_is_visible_in_another_to_the_same_person() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let first = app.bot("first", 1, TenantSettings::default()).await;
        let second = app.bot("second", 2, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&first, anna, "/start", "Доступно").await;
        app.credit(&first, anna, Money::kopecks(50_000)).await;
        app.say(&first, anna, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&first, anna, "Тайный сад", "Шаг 2").await;
        app.press(&first, anna, "1:1", "Шаг 3").await;
        app.press_data(&first, anna, "quality:basic", "Проверьте заказ").await;
        let before = app.version(&first, anna).await;
        app.press_only(&first, anna, "✅ Генерировать").await;
        let after = app.hear(&first, anna, before, "494.89 ₽").await;
        let repeat = after.buttons().into_iter().find(|(_, data)| data.starts_with("gen_repeat:")).unwrap().1;
        let gid = repeat.trim_start_matches("gen_repeat:").to_owned();

        // The second bot: a new person, without money, history, or a step that waits.
        app.say(&second, anna, "/start", "Доступно: 0 ₽").await;
        app.say(&second, anna, "Тайный дом", "💡 Выберите действие из меню.").await;
        app.say(&second, anna, "/balance", "Доступно: 0 ₽").await;
        let menu = newest(&app, &second, anna).await.id;
        for data in ["gen_view", "gen_repeat", "retry_generate", "retry_delivery", "open_result", "cancel"] {
            let answer = forge(&app, &second, anna, menu, &format!("{data}:{gid}")).await;
            assert_eq!(answer.text.as_deref(), Some("❌ Запись не найдена."), "{data}");
        }
        let answer = forge(&app, &second, anna, menu, &format!("gen_history:{gid}:prev")).await;
        assert_eq!(answer.text.as_deref(), Some("❌ Запись не найдена."));
        app.say(&second, anna, &format!("/status {gid}"), "❌ Запись не найдена.").await;
        app.say(&second, anna, "/start", "Доступно: 0 ₽").await;
        let all = app.world.messages(&second.username, anna.0).await.unwrap();
        let said: String = all.iter().filter(|m| m.from_bot).map(|m| m.json.to_string()).collect();
        assert!(!said.contains("Тайный сад") && !said.contains(&gid), "{said}");
        // The first bot has kept everything.
        app.say(&first, anna, "/balance", "Доступно: 494.89 ₽").await;
        app.finish().await;
    });
}

#[test]
fn a106_articles_promo_codes_invitations_and_bonuses_stay_in_their_bot() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let first = app.bot("first", 1, TenantSettings::default()).await;
        let second = app.bot("second", 2, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        // The same person owns both; what they make in one is not in the other.
        app.say(&first, owner, "/start", "Админ").await;
        app.say(&second, owner, "/start", "Админ").await;
        app.say(&first, owner, "/add Тайные тарифы\nСкидка для своих действует по вторникам.", "(№ 1)").await;
        app.say(&second, owner, "/search тарифы", "Ничего не нашлось").await;
        let answer = forge(&app, &second, owner, newest(&app, &second, owner).await.id, "kb:1").await;
        assert_eq!(answer.text.as_deref(), Some("❌ Запись не найдена."));

        let before = app.version(&first, owner).await;
        forge(&app, &first, owner, newest(&app, &first, owner).await.id, "admin_promo_new").await;
        app.hear(&first, owner, before, "WELCOME 50 100 1 30").await;
        app.say(&first, owner, "ONLYHERE 50 100 1 30", "ONLYHERE").await;
        let referral = app.press_data(&first, owner, "back_to_menu", "Доступно").await;
        assert!(data_of(&referral).contains(&"referral_info".to_owned()));
        let link = app.press(&first, owner, "🤝 Партнёрка", "?start=ref_").await;
        let payload = link.text().split("?start=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();

        // An invitation of the first bot is an ordinary start in the second, and its code is no code there.
        let menu = app.say(&second, anna, &format!("/start {payload}"), "Доступно: 0 ₽").await;
        assert!(!menu.text().contains("бонусн"), "{}", menu.text());
        let before = app.version(&second, anna).await;
        forge(&app, &second, anna, menu.id, "promo_codes").await;
        app.hear(&second, anna, before, "Введите промокод").await;
        app.say(&second, anna, "ONLYHERE", "❌ Такого промокода нет.").await;
        app.say(&second, anna, "/balance", "Доступно: 0 ₽").await;
        app.say(&first, anna, &format!("/start {payload}"), "Доступно").await;
        let messages = app.world.messages(&first.username, anna.0).await.unwrap();
        assert!(messages.iter().any(|m| m.text().contains("Вам начислено 10 бонусных генераций")), "{messages:#?}");
        app.finish().await;
    });
}
