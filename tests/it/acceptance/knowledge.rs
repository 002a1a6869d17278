//! A107 and the part of A108 that is there: the knowledge base, and bot tokens in a chat.

use botyard::domain::settings::TenantSettings;

use super::story;
use crate::util::app::{OWNER, PATIENCE, TestApp};

#[test]
fn a107_search_and_ask_find_an_article_by_another_word_form_and_only_admins_add() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let settings = TenantSettings { support_contact: "@help_desk".to_owned(), ..TenantSettings::default() };
        let bot = app.bot("first", 1, settings).await;
        let (anna, owner) = (app.person(101, "Anna", "ru").await, app.person(OWNER.0, "Owner", "ru").await);
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, owner, "/start", "Админ").await;

        // An empty base says whom to ask; an admin's command is refused to others and nothing is kept.
        app.say(
            &bot,
            anna,
            "/search оплата",
            "Ничего не нашлось. Переформулируйте или напишите в поддержку: @help_desk",
        )
        .await;
        let text = "Способы оплаты\nОплатить можно Звёздами. Возврат приходит сам, если генерация не удалась.";
        app.say(&bot, anna, &format!("/add {text}"), "❌ Эта команда доступна только администратору.").await;
        app.say(&bot, anna, "/ask Как оплатить?", "Ничего не нашлось").await;

        app.say(&bot, owner, &format!("/add {text}"), "✅ Статья добавлена: Способы оплаты (№ 1)").await;
        app.say(&bot, owner, &format!("/add {text}"), "Такая статья уже есть.").await;
        app.say(&bot, owner, "/add мало", "Длина текста — от 20 до 8000 символов, сейчас 4.").await;
        app.say(&bot, owner, "Вторая статья\nО доставке результатов в этот чат.", "(№ 2)").await;

        // Another form of the word finds it: by command, by answer, as a question.
        let found = app.say(&bot, anna, "/search оплатой", "Найдено: 1 статья").await;
        assert_eq!(found.buttons()[0].1, "kb:1");
        app.press(&bot, anna, "📄 Способы оплаты", "Оплатить можно Звёздами.").await;
        app.say(&bot, anna, "/search", "Что найти?").await;
        app.say(&bot, anna, "я", "от 2 до 300").await;
        app.say(&bot, anna, "ВОЗВРАТОМ", "Найдено: 1 статья").await;
        app.say(&bot, anna, "/ask", "Напишите вопрос").await;
        let answer = app.say(&bot, anna, "Какие есть способы оплатить?", "Способы оплаты").await;
        assert!(answer.text().contains("«Оплатить можно Звёздами."), "{}", answer.text());
        app.say(&bot, anna, "/ask Сколько лет Эйфелевой башне?", "Ничего не нашлось").await;
        // After the answer nothing is awaited.
        app.say(&bot, anna, "возврат", "Выберите действие из меню").await;

        // Only an admin removes, and what is removed is found no more.
        let article = app.say(&bot, anna, "/search оплаты", "Найдено").await.id;
        let refused = app.world.press_forged(&bot.username, anna.0, article, "kb_del:1", PATIENCE).await.unwrap();
        assert!(refused.show_alert);
        assert_eq!(refused.text.as_deref(), Some("Эта функция доступна только администратору."));
        app.say(&bot, owner, "/search оплаты", "Найдено").await;
        app.press(&bot, owner, "📄 Способы оплаты", "Оплатить можно").await;
        app.press(&bot, owner, "🗑 Удалить", "Статья № 1 удалена").await;
        app.say(&bot, anna, "/search оплаты", "Ничего не нашлось").await;
        let gone = app.world.press_forged(&bot.username, anna.0, article, "kb:1", PATIENCE).await.unwrap();
        assert!(gone.show_alert && gone.text.as_deref() == Some("❌ Запись не найдена."), "{gone:?}");
        app.finish().await;
    });
}

#[test]
fn a107_pages_of_what_was_found_turn_and_another_bot_finds_nothing() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let other = app.bot("second", 2, TenantSettings::default()).await;
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        app.say(&bot, owner, "/start", "Админ").await;
        app.say(&other, owner, "/start", "Админ").await;
        for n in 1..=7 {
            app.say(&bot, owner, &format!("/add Статья {n}\nВ ней упомянута доставка."), &format!("(№ {n})")).await;
        }
        let first = app.say(&bot, owner, "/search доставки", "Найдено: 7 статей").await;
        assert_eq!(first.buttons().iter().filter(|(_, data)| data.starts_with("kb:")).count(), 5);
        let second = app.press_data(&bot, owner, "pg:kb:1", "Найдено: 7 статей").await;
        assert_eq!(second.buttons().iter().filter(|(_, data)| data.starts_with("kb:")).count(), 2);
        app.say(&other, owner, "/search доставки", "Ничего не нашлось").await;
        app.finish().await;
    });
}

#[test]
fn a108_a_pasted_bot_token_is_deleted_and_not_stored() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        let token = format!("7123456789:AA{}", "fakefakefake".repeat(3).split_at(33).0);
        let pasted = format!("Use this token:\n{token}\nKeep it");
        app.say(&bot, anna, &pasted, "Не отправляйте токены в чат — используйте ссылку.").await;
        let began = std::time::Instant::now();
        while app.world.messages(&bot.username, anna.0).await.unwrap().iter().any(|m| m.text().contains(&token)) {
            assert!(began.elapsed() < PATIENCE, "the message with the token is still there");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        // It was not taken for the prompt: the step still waits.
        app.say(&bot, anna, "рыжий кот", "Шаг 2").await;
        app.finish().await;
    });
}
