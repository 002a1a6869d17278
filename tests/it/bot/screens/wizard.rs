//! The wizard: what is refused, what changes the price, what is kept, which buttons are too old.

use botyard::domain::settings::TenantSettings;

use super::{forge, newest, rich};
use crate::util::app::TestApp;
use crate::util::db::{TestDb, on_each_db};

on_each_db! {
    async fn a_wrong_answer_is_told_and_keeps_the_step(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1/2: Описание").await;
        let long = "я".repeat(1_001);
        let told = app.say(&bot, anna, &long, "Длина текста — от").await;
        assert!(told.text().contains("сейчас 1001") && told.text().contains("Шаг 1/2"), "{}", told.text());
        let before = app.version(&bot, anna).await;
        let sticker = serde_json::json!({"dice": {"emoji": "🎲", "value": 3}});
        app.world.send_content(&bot.username, anna.0, &sticker).await.unwrap();
        app.hear(&bot, anna, before, "✍️ Жду текст: Описание.").await;
        // A word that gives up elsewhere is a prompt here.
        app.say(&bot, anna, "Отмена", "Шаг 2/2: Соотношение сторон").await;
        app.say(&bot, anna, "квадрат", "👆 Выберите вариант кнопкой").await;
        let confirm = app.say(&bot, anna, "16:9", "Проверьте заказ").await;
        assert!(confirm.text().contains("📝 Отмена") && confirm.text().contains("16:9"), "{}", confirm.text());
        app.say(&bot, anna, "дальше", "👆 Выберите вариант кнопкой").await;
        app.say(&bot, anna, "стоп", "✅ Операция отменена.").await;
        app.say(&bot, anna, "кот", "💡 Выберите действие из меню.").await;
        app.finish().await;
    }

    async fn a_choice_that_changes_the_price_waits_for_agreement(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate kling-2.6/text-to-video", "Шаг 1").await;
        app.say(&bot, anna, "волны", "Звук").await;
        let option = app.press(&bot, anna, "✅ Да — от 86.43 ₽", "Эта опция: Звук = ✅ Да").await;
        assert!(option.text().contains("Было: от 43.21 ₽") && option.text().contains("Станет: от 86.43 ₽"));
        app.press(&bot, anna, "↩️ Назад", "Звук").await;
        // The cheaper one does not change what is shown, so it is taken at once.
        app.press(&bot, anna, "❌ Нет — от 43.21 ₽", "Соотношение сторон").await;
        let duration = app.press(&bot, anna, "16:9", "Длительность").await;
        assert!(duration.buttons().iter().any(|(label, _)| label == "⭐ 5 — 43.21 ₽"), "{:?}", duration.buttons());
        app.press(&bot, anna, "◀️ Назад", "Соотношение сторон").await;
        app.press(&bot, anna, "◀️ Назад", "Звук").await;
        app.press(&bot, anna, "✅ Да", "Станет: от 86.43 ₽").await;
        app.press(&bot, anna, "✅ Подтвердить", "Соотношение сторон").await;
        app.press(&bot, anna, "16:9", "Длительность").await;
        app.press(&bot, anna, "10 — 172.85 ₽", "Станет: 172.85 ₽").await;
        let confirm = app.press(&bot, anna, "✅ Подтвердить", "Проверьте заказ").await;
        assert!(confirm.text().contains("500 ₽ → 327.15 ₽"), "{}", confirm.text());
        app.finish().await;
    }

    async fn parameters_are_changed_one_by_one_and_lead_back(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate kling-2.6/text-to-video", "Шаг 1").await;
        app.say(&bot, anna, "волны", "Звук").await;
        app.press(&bot, anna, "❌ Нет", "Соотношение сторон").await;
        app.press(&bot, anna, "16:9", "Длительность").await;
        app.press(&bot, anna, "⭐ 5", "Проверьте заказ").await;
        app.press(&bot, anna, "⚙️ Параметры", "Нажмите на строку").await;
        app.press(&bot, anna, "Соотношение сторон", "✏️ Соотношение сторон").await;
        let list = app.press(&bot, anna, "1:1", "Нажмите на строку").await;
        assert!(list.buttons().iter().any(|(label, _)| label == "✅ Соотношение сторон: 1:1"), "{:?}", list.buttons());
        app.press(&bot, anna, "Описание: волны", "✏️ Описание").await;
        app.say(&bot, anna, "горы", "Нажмите на строку").await;
        let confirm = app.press(&bot, anna, "✅ Подтвердить и показать цену", "Проверьте заказ").await;
        assert!(confirm.text().contains("📝 горы") && confirm.text().contains("1:1"), "{}", confirm.text());
        app.press(&bot, anna, "◀️ Назад", "Длительность").await;
        app.press(&bot, anna, "⭐ 5", "📝 горы").await;
        app.finish().await;
    }

    async fn a_button_of_an_older_step_changes_nothing(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        let first = app.say(&bot, anna, "/generate kling-2.6/text-to-video", "Шаг 1").await;
        app.say(&bot, anna, "волны", "Звук").await;
        let before = app.version(&bot, anna).await;
        let answer = forge(&app, &bot, anna, first.id, "set_param:sound:true").await;
        assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."));
        app.hear(&bot, anna, before, "Звук").await;
        app.press(&bot, anna, "❌ Нет", "Соотношение сторон").await;
        app.press(&bot, anna, "16:9", "Длительность").await;
        app.press(&bot, anna, "⭐ 5", "43.21 ₽").await;
        app.finish().await;
    }

    async fn a_forged_value_or_name_changes_nothing(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate kling-2.6/text-to-video", "Шаг 1").await;
        app.say(&bot, anna, "волны", "Звук").await;
        let step = newest(&app, &bot, anna).await.id;
        for (data, said) in [
            ("set_param:sound:loud", "❌ Недопустимое значение."),
            ("set_param:sound:__skip__", "❌ Этот параметр обязателен и не может быть пропущен."),
            ("set_param:sound:#00000000", "❌ Недопустимое значение."),
        ] {
            let answer = forge(&app, &bot, anna, step, data).await;
            assert_eq!(answer.text.as_deref(), Some(said), "{data}");
            assert!(answer.show_alert, "{data}");
        }
        for data in ["set_param:duration:10", "confirm_param:sound:true", "image_done", "skip_image", "add_video"] {
            let answer = forge(&app, &bot, anna, newest(&app, &bot, anna).await.id, data).await;
            assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."), "{data}");
        }
        app.press(&bot, anna, "❌ Нет", "Соотношение сторон").await;
        app.press(&bot, anna, "16:9", "Длительность").await;
        app.press(&bot, anna, "⭐ 5", "43.21 ₽").await;
        app.finish().await;
    }

    async fn a_draft_s_button_without_a_draft_says_that_it_is_over(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        for data in [
            "set_param:sound:true", "confirm_param:sound:true", "edit_param:sound", "show_parameters", "add_image",
            "image_done", "skip_image", "back_to_confirmation", "show_price_confirmation", "confirm_generate",
            "back_to_previous_step",
        ] {
            let menu = app.say(&bot, anna, "/start", "Доступно").await.id;
            let before = app.version(&bot, anna).await;
            assert!(forge(&app, &bot, anna, menu, data).await.answered, "{data}");
            app.hear(&bot, anna, before, "шаг устарел. Начните заново.").await;
        }
        app.finish().await;
    }

    async fn a_step_left_too_long_is_over_and_says_so_once(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("session.life", "1 s")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        let step = app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
        app.say(&bot, anna, "рыжий кот", "шаг устарел. Начните заново.").await;
        app.say(&bot, anna, "рыжий кот", "💡 Выберите действие из меню.").await;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, step.id, "set_param:aspect_ratio:1:1").await;
        app.hear(&bot, anna, before, "шаг устарел. Начните заново.").await;
        app.finish().await;
    }

    async fn nothing_before_the_first_question_and_a_variant_s_values_are_not_asked(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, newest(&app, &bot, anna).await.id, "select_mode:kling-2.6/text-to-video:2").await;
        let step = app.hear(&bot, anna, before, "Шаг 1/2: Описание").await;
        let answer = forge(&app, &bot, anna, step.id, "back_to_previous_step").await;
        assert_eq!(answer.text.as_deref(), Some("Нечего возвращать."));
        app.say(&bot, anna, "a <b>cat</b> & co", "Шаг 2/2: Соотношение сторон").await;
        let confirm = app.press(&bot, anna, "16:9", "Проверьте заказ").await;
        assert!(confirm.text().contains("a <b>cat</b> & co"), "{}", confirm.text());
        let before = app.version(&bot, anna).await;
        let answer = forge(&app, &bot, anna, confirm.id, "select_mode:kling-2.6/text-to-video:77").await;
        assert_eq!(answer.text.as_deref(), Some("Вариант изменился, выберите заново"));
        app.hear(&bot, anna, before, "💰 Варианты").await;
        app.finish().await;
    }

    async fn many_presses_of_one_confirmation_make_one_generation(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, anna, "лес", "Шаг 2").await;
        app.press(&bot, anna, "1:1", "Шаг 3").await;
        let confirm = app.press_data(&bot, anna, "quality:basic", "Проверьте заказ").await;
        let before = app.version(&bot, anna).await;
        let presses = (0..8).map(|_| forge(&app, &bot, anna, confirm.id, "confirm_generate"));
        let answers = futures::future::join_all(presses).await;
        assert!(answers.iter().all(|answer| answer.answered));
        let running = answers.iter().filter(|a| a.text.as_deref() == Some("Генерация уже запущена")).count();
        assert_eq!(running, 7, "{answers:?}");
        app.hear(&bot, anna, before, "Баланс: 494.89 ₽").await;
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 1);
        app.finish().await;
    }
}
