//! History, status, giving up, once more.

use botyard::domain::UserId;
use botyard::sandbox::wire::KieTuning;

use super::{forge, newest, rich};
use crate::util::app::{TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};

async fn picture(app: &TestApp, bot: &TestBot, user: UserId, prompt: &str) {
    app.say(bot, user, "/generate z-image", "Шаг 1").await;
    app.say(bot, user, prompt, "Шаг 2").await;
    app.press(bot, user, "16:9", "Проверьте заказ").await;
    let before = app.version(bot, user).await;
    app.press_only(bot, user, "✅ Генерировать").await;
    app.hear(bot, user, before, "✅ Z-Image").await;
}

on_each_db! {
    async fn history_turns_both_ways_and_says_where_it_ends(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/start", "Доступно").await;
        let menu = newest(&app, &bot, anna).await.id;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, menu, "my_generations").await;
        app.hear(&bot, anna, before, "❌ У вас пока нет сохранённых генераций.").await;
        picture(&app, &bot, anna, "первая").await;
        picture(&app, &bot, anna, "вторая").await;

        let shown = app.press(&bot, anna, "📚 Мои генерации", "№ 1 из 2").await;
        assert!(shown.text().contains("📝 вторая") && shown.text().contains("🎁 Бесплатно"), "{}", shown.text());
        let older = app.press_data(&bot, anna, ":prev", "№ 2 из 2").await;
        assert!(older.text().contains("📝 первая"), "{}", older.text());
        let end = older.buttons().into_iter().find(|(_, data)| data.ends_with(":prev")).unwrap().1;
        let answer = forge(&app, &bot, anna, older.id, &end).await;
        assert_eq!(answer.text.as_deref(), Some("⚠️ Это первая генерация"));

        app.press(&bot, anna, "👁️ Показать результат", "отправлен ещё раз").await;
        let photos = app.world.messages(&bot.username, anna.0).await.unwrap();
        assert_eq!(photos.iter().filter(|m| m.json.get("photo").is_some()).count(), 3);
        let confirm = app.press(&bot, anna, "🔁 Повторить", "Проверьте заказ").await;
        assert!(confirm.text().contains("📝 первая") && confirm.text().contains("2/5"), "{}", confirm.text());
        // Nothing is started or charged by looking.
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 2);
        app.finish().await;
    }

    async fn once_more_keeps_the_settings_and_asks_for_a_new_request(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        picture(&app, &bot, anna, "первая").await;
        app.press(&bot, anna, "🔄 Сгенерировать ещё", "Описание").await;
        let confirm = app.say(&bot, anna, "другая", "Проверьте заказ").await;
        assert!(confirm.text().contains("📝 другая") && confirm.text().contains("16:9"), "{}", confirm.text());
        app.finish().await;
    }

    async fn a_running_generation_is_shown_and_can_be_given_up_by_its_person_only(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.world.tune_kie(&KieTuning { delay_ms: Some(6_000), ..KieTuning::default() }).await.unwrap();
        app.say(&bot, anna, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, anna, "лес", "Шаг 2").await;
        app.press(&bot, anna, "1:1", "Шаг 3").await;
        app.press_data(&bot, anna, "quality:basic", "Проверьте заказ").await;
        let progress = app.press(&bot, anna, "✅ Генерировать", "🧾").await;
        let cancel = progress.buttons().into_iter().find(|(_, data)| data.starts_with("cancel:")).unwrap().1;
        assert_eq!(app.balance(&bot, anna).await.held.as_kopecks(), 511);
        app.say(&bot, anna, "/status", "Сейчас в работе").await;
        app.press(&bot, anna, "📊 Seedream 4.5", "5.11 ₽ в резерве").await;
        app.say(&bot, anna, "/cancel", "Отменять нечего.").await;

        let eve = app.person(666, "Eve", "ru").await;
        let menu = app.say(&bot, eve, "/start", "Доступно").await;
        let gid = cancel.strip_prefix("cancel:").unwrap().to_owned();
        for data in [
            cancel.clone(), format!("open_result:{gid}"), format!("gen_view:{gid}"), format!("gen_repeat:{gid}"),
            format!("retry_generate:{gid}"), format!("retry_delivery:{gid}"), format!("gen_history:{gid}:next"),
        ] {
            let answer = forge(&app, &bot, eve, menu.id, &data).await;
            assert_eq!(answer.text.as_deref(), Some("❌ Запись не найдена."), "{data}");
        }
        app.say(&bot, eve, &format!("/status {gid}"), "Запись не найдена").await;

        app.press_data(&bot, anna, &cancel, "❌ Отменено. Деньги не списаны.").await;
        assert_eq!(app.balance(&bot, anna).await.available.as_kopecks(), 50_000);
        let answer = forge(&app, &bot, anna, progress.id, &cancel).await;
        assert!(answer.text.is_some(), "{answer:?}");
        app.world.tune_kie(&KieTuning { delay_ms: Some(100), ..KieTuning::default() }).await.unwrap();
        app.finish().await;
    }
}
