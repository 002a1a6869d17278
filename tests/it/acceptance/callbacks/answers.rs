//! A27–A30: exactly one answer, older messages, errors, the special tool.

use std::time::{Duration, Instant};

use botyard::domain::UserId;
use botyard::domain::settings::TenantSettings;
use botyard::sandbox::wire::{CallFilter, ChatMessage};

use super::{afresh, forge, newest, only, opens, rich, rich_with};
use crate::acceptance::story;
use crate::util::app::{TestApp, TestBot};

#[test]
fn a27_every_callback_is_answered_exactly_once_also_when_the_handler_is_slow() {
    story(async |test| {
        let timers = [("bot.callback_watchdog", "150 ms")];
        let (app, bot, anna) = rich_with(&test, TenantSettings::default(), &timers).await;
        let message = afresh(&app, &bot, anna).await;
        app.settled(&bot, anna).await;
        app.world.forget_calls().await.unwrap();
        // The only writer of SQLite is held: the handler cannot even begin.
        let held = app.app.platform.db.tenant(&bot.id).await.unwrap();
        let (before, began) = (app.version(&bot, anna).await, Instant::now());
        let answer = forge(&app, &bot, anna, message, "check_balance").await;
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        assert_eq!(answer.text.as_deref(), Some("⏳ Пожалуйста, подождите…"));
        held.rollback().await.unwrap();
        app.hear(&bot, anna, before, "Доступно: 500 ₽").await;
        app.settled(&bot, anna).await;
        for data in ["help_menu", "topup_amount:49.99", "back_to_menu"] {
            let message = newest(&app, &bot, anna).await.id;
            assert!(forge(&app, &bot, anna, message, data).await.answered, "{data}");
            app.settled(&bot, anna).await;
        }
        let filter = CallFilter { method: Some("answerCallbackQuery".to_owned()), ..CallFilter::default() };
        let answers = app.world.calls(&filter).await.unwrap();
        assert_eq!(answers.len(), 4, "{answers:?}");
        assert!(answers.iter().all(|call| call.status == 200), "{answers:?}");
        app.finish().await;
    });
}

#[test]
fn a28_a_button_of_an_older_wizard_message_does_not_change_the_draft() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        let old = app.say(&bot, anna, "старый кот", "Шаг 2").await.id;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, anna, "новый кот", "Шаг 2").await;
        for data in ["set_param:aspect_ratio:16:9", "back_to_previous_step", "show_parameters", "edit_param:prompt"] {
            let before = app.version(&bot, anna).await;
            let answer = forge(&app, &bot, anna, old, data).await;
            assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."), "{data}");
            app.hear(&bot, anna, before, "Шаг 2").await;
        }
        let confirm = app.press(&bot, anna, "1:1", "Проверьте заказ").await;
        assert!(confirm.text().contains("новый кот") && !confirm.text().contains("16:9"), "{}", confirm.text());
        app.finish().await;
    });
}

#[test]
fn a28_an_older_offer_leaves_the_present_order_as_it_is() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        let ordered = async |what: &str| {
            app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
            app.say(&bot, anna, what, "Шаг 2").await;
            app.press(&bot, anna, "1:1", "Проверьте заказ").await.id
        };
        // An offer that a newer one has replaced: it says so, and the newer one stands.
        let old = ordered("старый кот").await;
        ordered("новый кот").await;
        let before = app.version(&bot, anna).await;
        let answer = forge(&app, &bot, anna, old, "confirm_generate").await;
        assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."));
        let shown = app.hear(&bot, anna, before, "Проверьте заказ").await;
        assert!(shown.text().contains("новый кот"), "{}", shown.text());
        // An offer that nothing has replaced yet: it starts, and the step that is being answered goes on.
        let offered = shown.id;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, anna, "третий кот", "Шаг 2").await;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, offered, "confirm_generate").await;
        app.hear(&bot, anna, before, "бесплатно").await;
        let step = newest_with(&app, &bot, anna, "set_param:aspect_ratio:1:1").await;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, step, "set_param:aspect_ratio:1:1").await;
        let order = app.hear(&bot, anna, before, "Проверьте заказ").await;
        assert!(order.text().contains("третий кот"), "{}", order.text());
        app.finish().await;
    });
}

/// The newest message that shows this button.
async fn newest_with(app: &TestApp, bot: &TestBot, user: UserId, data: &str) -> i64 {
    let all = app.world.messages(&bot.username, user.0).await.unwrap();
    let shows = |m: &&ChatMessage| m.buttons().iter().any(|(_, d)| d == data);
    all.iter().rev().find(shows).expect("a message with this button").id
}

#[test]
fn a29_an_exception_is_answered_with_an_apology_and_one_record() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        let message = afresh(&app, &bot, anna).await;
        app.settled(&bot, anna).await;
        // What nobody can open: the handler fails before it says anything.
        let platform = &app.app.platform;
        let mut tx = platform.db.tenant(&bot.id).await.unwrap();
        let version = tx.session_load(anna).await.unwrap().unwrap().version;
        assert!(tx.session_save(anna, version, b"damaged", platform.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        let before = app.version(&bot, anna).await;
        let answer = forge(&app, &bot, anna, message, "check_balance").await;
        assert!(answer.show_alert && answer.text.as_deref() == Some("⚠️ Техническая ошибка"), "{answer:?}");
        let sorry = app.hear(&bot, anna, before, "Временный сбой, вернул в меню. Лог: ").await;
        let corr = sorry.text().rsplit("Лог: ").next().unwrap().trim_end_matches('.').to_owned();
        assert_eq!(corr.len(), 12, "{}", sorry.text());
        assert!(!sorry.text().contains("101"), "the person's id is nobody's business: {}", sorry.text());
        let data: Vec<String> = sorry.buttons().into_iter().map(|(_, data)| data).collect();
        assert_eq!(data, ["show_models", "check_balance", "help_menu", "my_generations", "back_to_menu"]);
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        let errors = tx.errors_last(10).await.unwrap();
        drop(tx);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!((errors[0].corr.as_str(), errors[0].handler.as_str()), (corr.as_str(), "check_balance"));
        app.finish().await;
    });
}

#[test]
fn a30_special_tools_open_the_target_and_its_whole_way_works() {
    story(async |test| {
        let (app, bot, anna) = rich_with(&test, only(&["sora-watermark-remover", "topaz/image-upscale"]), &[]).await;
        let card = opens(&app, &bot, anna, "other_models", "🪪").await;
        assert!(card.text().contains("7.86 ₽"), "{}", card.text());
        app.press(&bot, anna, "🚀 Сгенерировать", "Шаг 1/1").await;
        app.say(&bot, anna, "https://example.com/film", "Нужна ссылка вида https://sora.chatgpt.com/").await;
        app.say(&bot, anna, "https://sora.chatgpt.com/p/s_68e83bd7eee88191be79d2ba7158516f", "Проверьте заказ").await;
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        app.hear(&bot, anna, before, "Баланс: 492.14 ₽").await;
        app.finish().await;
    });
}

#[test]
fn a30_without_the_target_special_tools_are_a_list() {
    story(async |test| {
        let (app, bot, anna) = rich_with(&test, only(&["z-image", "topaz/image-upscale"]), &[]).await;
        let list = opens(&app, &bot, anna, "other_models", "🧰 Спец-инструменты").await;
        assert!(list.buttons().iter().any(|(_, data)| data == "model:topaz/image-upscale"), "{:?}", list.buttons());
        app.finish().await;
    });
}
