//! A31–A33: kinds of messages, rates, duplicates.

use serde_json::json;

use super::{message, rich, rich_with};
use crate::acceptance::story;
use botyard::domain::settings::TenantSettings;
use botyard::sandbox::wire::CallFilter;

#[test]
fn a31_every_kind_of_message_gets_its_reaction() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        let kinds = [
            json!({"sticker": {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "type": "regular"}}),
            json!({"contact": {"phone_number": "1", "first_name": "A"}}),
            json!({"location": {"latitude": 1.5, "longitude": 2.5}}),
            json!({"venue": {"location": {"latitude": 1.5, "longitude": 2.5}, "title": "t", "address": "a"}}),
            json!({"poll": {"id": "1", "question": "?", "options": []}}),
            json!({"dice": {"emoji": "🎲", "value": 3}}),
            json!({"game": {"title": "t"}}),
            json!({"story": {"id": 1}}),
            json!({"something_new": {"a": 1}}),
        ];
        let posted = async |content: &serde_json::Value, part: &str| {
            let before = app.version(&bot, anna).await;
            app.world.send_content(&bot.username, anna.0, content).await.unwrap();
            app.hear(&bot, anna, before, part).await;
        };
        for content in &kinds {
            posted(content, "💡 Выберите действие из меню.").await;
        }
        // At a text step it is said what is expected, and the step stays.
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        for content in &kinds {
            posted(content, "✍️ Жду текст: Описание.").await;
        }
        let voice = json!({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}});
        posted(&voice, "Голосовые сообщения пока не поддерживаются — напишите текстом.").await;
        app.say(&bot, anna, "кот", "Шаг 2").await;
        posted(&kinds[0], "👆 Выберите вариант кнопкой: Соотношение сторон.").await;
        // An edited message is told of once, and never taken.
        for n in 0..3 {
            let mut edited = message(7_000 + n, anna, &json!({"text": "16:9"}));
            let was = edited.as_object_mut().unwrap().remove("message").unwrap();
            edited["edited_message"] = was;
            let before = app.version(&bot, anna).await;
            assert_eq!(app.post_webhook(&bot, &edited, None).await, 200);
            if n == 0 {
                app.hear(&bot, anna, before, "✏️ Изменённые сообщения не учитываются — отправьте новое.").await;
            }
        }
        app.press(&bot, anna, "1:1", "Проверьте заказ").await;
        let told = app.world.messages(&bot.username, anna.0).await.unwrap();
        assert_eq!(told.iter().filter(|m| m.text().contains("Изменённые сообщения")).count(), 1);
        app.finish().await;
    });
}

#[test]
fn a32_a_flood_gets_one_notice_and_disturbs_nobody() {
    story(async |test| {
        let rates = [
            ("bot.user_messages", "3 per 2 s, burst 5"),
            ("bot.user_callbacks", "2 per 1 s, burst 6"),
            ("bot.same_callbacks", "1 per 1 s, burst 2"),
        ];
        let (app, bot, anna) = rich_with(&test, TenantSettings::default(), &rates).await;
        let ben = app.person(102, "Ben", "ru").await;
        for n in 0..20 {
            let update = message(6_000 + n, anna, &json!({"text": "/help"}));
            assert_eq!(app.post_webhook(&bot, &update, None).await, 200);
        }
        app.say(&bot, ben, "/start", "Доступно").await;
        app.say(&bot, ben, "/help", "Как это работает").await;
        app.settled(&bot, anna).await;
        let said = app.world.messages(&bot.username, anna.0).await.unwrap();
        let notices: Vec<&str> = said
            .iter()
            .map(botyard::sandbox::wire::ChatMessage::text)
            .filter(|t| t.contains("Слишком быстро"))
            .collect();
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(
            notices[0].starts_with("⏳ Слишком быстро. Попробуйте через ") && notices[0].ends_with(" сек."),
            "{notices:?}"
        );
        let helps = said.iter().filter(|m| m.text().contains("Как это работает")).count();
        assert!((1..10).contains(&helps), "{helps}");
        app.finish().await;
    });
}

#[test]
fn a32_the_same_button_again_and_again_is_answered_but_handled_at_its_rate() {
    story(async |test| {
        let rates = [("bot.same_callbacks", "1 per 60 s, burst 2")];
        let (app, bot, anna) = rich_with(&test, TenantSettings::default(), &rates).await;
        let message = super::afresh(&app, &bot, anna).await;
        let mut toasts = Vec::new();
        for _ in 0..6 {
            let answer = super::forge(&app, &bot, anna, message, "check_balance").await;
            assert!(answer.answered);
            toasts.extend(answer.text);
        }
        assert_eq!(toasts.len(), 1, "one notice, the rest an empty answer: {toasts:?}");
        assert!(toasts[0].contains("Слишком быстро"), "{toasts:?}");
        // Another button is not affected.
        super::opens(&app, &bot, anna, "help_menu", "Как это работает").await;
        app.finish().await;
    });
}

#[test]
fn a33_the_same_update_delivered_twice_has_one_effect() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.settled(&bot, anna).await;
        app.world.forget_calls().await.unwrap();
        let update = message(6_000, anna, &json!({"text": "кот"}));
        let both = tokio::join!(app.post_webhook(&bot, &update, None), app.post_webhook(&bot, &update, None));
        assert_eq!(both, (200, 200));
        assert_eq!(app.post_webhook(&bot, &update, None).await, 200);
        app.say(&bot, anna, "/help", "Как это работает").await;
        app.settled(&bot, anna).await;
        let filter = CallFilter { method: Some("sendMessage".to_owned()), ..CallFilter::default() };
        let sent = app.world.calls(&filter).await.unwrap();
        assert_eq!(sent.len(), 2, "one step and one help: {sent:?}");
        app.finish().await;
    });
}
