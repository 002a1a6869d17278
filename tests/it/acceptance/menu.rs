//! A1–A9: the menu, and the ways back to it.

use botyard::domain::UserId;
use botyard::domain::settings::TenantSettings;
use botyard::sandbox::wire::{FaultAnswer, TelegramFault};
use serde_json::{Value, json};

use super::{begun, calls, data_of, forge, newest, story};
use crate::util::app::{OWNER, TestApp, TestBot};

/// The rows of S-01 as bot.md 5 lists them: Russian, English, data.
const ROWS: [(&str, &str, &str); 8] = [
    ("🆓 FAST TOOLS", "🆓 FAST TOOLS", "free_tools"),
    ("🎨 Генерация визуала", "🎨 Visual generation", "gen_type:text-to-image"),
    ("🧩 Ремикс изображения", "🧩 Image remix", "gen_type:image-to-image"),
    ("🎬 Видео по сценарию", "🎬 Script to video", "gen_type:text-to-video"),
    ("🪄 Анимировать изображение", "🪄 Animate image", "gen_type:image-to-video"),
    ("🧰 Спец-инструменты", "🧰 Special tools", "other_models"),
    ("💳 Баланс / Доступ", "💳 Balance / Access", "check_balance"),
    ("🤝 Партнёрка", "🤝 Referral", "referral_info"),
];

#[test]
fn a1_start_shows_exactly_the_eight_rows_of_the_menu() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        let ben = app.person(102, "Ben", "en").await;
        for (person, part, english) in [(anna, "Доступно", false), (ben, "Available", true)] {
            let menu = app.say(&bot, person, "/start", part).await;
            let rows: Vec<Vec<(String, String)>> = menu.json["reply_markup"]["inline_keyboard"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| {
                    let text = |button: &serde_json::Value, field: &str| button[field].as_str().unwrap().to_owned();
                    row.as_array().unwrap().iter().map(|b| (text(b, "text"), text(b, "callback_data"))).collect()
                })
                .collect();
            let expected: Vec<Vec<(String, String)>> = ROWS
                .iter()
                .map(|(ru, en, data)| vec![(if english { *en } else { *ru }.to_owned(), (*data).to_owned())])
                .collect();
            assert_eq!(rows, expected);
        }
        app.finish().await;
    });
}

#[test]
fn a2_back_to_menu_pressed_twice_gives_the_menu_twice_and_a_text_is_no_parameter() {
    story(async |test| {
        let (app, bot, anna) = begun(&test, &[]).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        let step = newest(&app, &bot, anna).await.id;
        let before = calls(&app, &bot, "editMessageText").await.len();
        for _ in 0..2 {
            assert_eq!(forge(&app, &bot, anna, step, "back_to_menu").await.text, None);
            app.settled(&bot, anna).await;
        }
        let edits = calls(&app, &bot, "editMessageText").await.split_off(before);
        let menus = edits.iter().filter(|call| call.params["text"].as_str().unwrap().contains("Доступно")).count();
        assert_eq!(menus, 2, "{edits:#?}");
        app.say(&bot, anna, "Рыжий кот", "💡 Выберите действие из меню.").await;
        app.finish().await;
    });
}

#[test]
fn a3_every_step_of_the_flows_leads_to_the_menu_and_can_be_cancelled() {
    story(async |test| {
        let (app, bot, anna) = begun(&test, &[]).await;
        let way = |message: &botyard::sandbox::wire::ChatMessage, flow: bool| {
            let data = data_of(message);
            assert!(data.contains(&"back_to_menu".to_owned()), "{}: {data:?}", message.text());
            assert!(!flow || data.contains(&"cancel".to_owned()), "{}: {data:?}", message.text());
        };
        way(&app.say(&bot, anna, "/generate kling-2.6/image-to-video", "Шаг 1").await, true);
        let before = app.version(&bot, anna).await;
        app.world.send_file(&bot.username, anna.0, "photo", "a.png", picture(), "").await.unwrap();
        way(&app.hear(&bot, anna, before, "Описание").await, true);
        way(&app.say(&bot, anna, "волны", "Звук").await, true);
        way(&app.press_data(&bot, anna, "set_param:sound:true", "Эта опция").await, false);
        way(&app.press(&bot, anna, "✅ Подтвердить", "Длительность").await, true);
        way(&app.press(&bot, anna, "⭐ 5", "Проверьте заказ").await, true);
        way(&app.press(&bot, anna, "⚙️ Параметры", "Нажмите на строку").await, false);
        way(&app.press(&bot, anna, "Длительность", "✏️").await, true);
        for (data, part) in
            [("topup_balance", "Пополнение"), ("check_balance", "Доступно"), ("my_generations", "генераций")]
        {
            let before = app.version(&bot, anna).await;
            forge(&app, &bot, anna, newest(&app, &bot, anna).await.id, data).await;
            way(&app.hear(&bot, anna, before, part).await, false);
        }
        app.finish().await;
    });
}

#[test]
fn a4_cancel_in_each_state_ends_in_the_menu_with_an_empty_session() {
    story(async |test| {
        let (app, bot, anna) = begun(&test, &[]).await;
        // How each state of bot.md 6.3 is reached, and what its screen says.
        let ways: [(&str, &[&str]); 11] = [
            ("Шаг 1/1: Изображение", &["/generate recraft/remove-background"]),
            ("Шаг 1/1: Аудио", &["/generate elevenlabs/audio-isolation"]),
            ("Шаг 1/1: Видео", &["/generate topaz/video-upscale"]),
            ("Шаг 1/2: Описание", &["/generate z-image"]),
            ("Шаг 2/2: Соотношение сторон", &["/generate z-image", "кот"]),
            ("Проверьте заказ", &["/generate z-image", "кот", "16:9"]),
            ("Нажмите на строку", &["/generate z-image", "кот", "16:9", "show_parameters"]),
            ("Эта опция", &["/generate kling-2.6/text-to-video", "волны", "set_param:sound:true"]),
            ("Что найти?", &["/search"]),
            ("Напишите вопрос", &["/ask"]),
            ("Введите промокод", &["promo_codes"]),
        ];
        for (state, way) in ways {
            given_up(&app, &bot, anna, state, way).await;
        }
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        app.say(&bot, owner, "/start", "Админ").await;
        let ways: [(&str, &[&str]); 3] = [
            ("Пришлите статью", &["/add"]),
            ("WELCOME 50 100 1 30", &["admin_promo_new"]),
            ("Пришлите одно сообщение", &["admin_create_broadcast"]),
        ];
        for (state, way) in ways {
            given_up(&app, &bot, owner, state, way).await;
        }
        app.finish().await;
    });
}

/// Goes to a state by commands, texts and presses, gives it up, and finds nothing awaited any more.
async fn given_up(app: &TestApp, bot: &TestBot, user: UserId, state: &str, way: &[&str]) {
    for act in way {
        let before = app.version(bot, user).await;
        if act.contains('_') && !act.starts_with('/') {
            forge(app, bot, user, newest(app, bot, user).await.id, act).await;
        } else {
            app.world.send_text(&bot.username, user.0, act).await.unwrap();
        }
        app.hear(bot, user, before, "").await;
    }
    let screen = newest(app, bot, user).await;
    assert!(screen.text().contains(state), "{state}: {}", screen.text());
    let before = app.version(bot, user).await;
    forge(app, bot, user, screen.id, "cancel").await;
    let menu = app.hear(bot, user, before, "✅ Операция отменена.").await;
    assert!(data_of(&menu).contains(&"referral_info".to_owned()), "{state}: {:?}", menu.buttons());
    app.say(bot, user, "16:9", "💡 Выберите действие из меню.").await;
}

#[test]
fn a5_a_failing_edit_of_the_menu_becomes_a_new_message_and_an_unchanged_one_does_not() {
    story(async |test| {
        let (app, bot, anna) = begun(&test, &[]).await;
        let menu = app.say(&bot, anna, "/start", "500 ₽").await.id;
        let sent = calls(&app, &bot, "sendMessage").await.len();
        assert!(forge(&app, &bot, anna, menu, "back_to_menu").await.answered);
        app.settled(&bot, anna).await;
        let edit = calls(&app, &bot, "editMessageText").await.pop().unwrap();
        assert!(edit.description.unwrap().contains("message is not modified"));
        assert_eq!(calls(&app, &bot, "sendMessage").await.len(), sent, "the menu stands already");

        let description = Some("Bad Request: message can't be edited".to_owned());
        let answer = FaultAnswer { status: Some(400), description, ..FaultAnswer::default() };
        let method = Some("editMessageText".to_owned());
        app.world
            .inject_telegram(&TelegramFault { method, times: 1, answer, ..TelegramFault::default() })
            .await
            .unwrap();
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, menu, "check_balance").await;
        let balance = app.hear(&bot, anna, before, "Доступно: 500 ₽").await;
        assert_ne!(balance.id, menu);
        app.finish().await;
    });
}

/// An update as Telegram posts it.
fn written(update: i64, user: i64, text: &str) -> Value {
    json!({"update_id": update, "message": {"message_id": update, "date": 1, "text": text,
        "from": {"id": user, "is_bot": false, "first_name": "A", "language_code": "ru"}, "chat": {"id": user, "type": "private"}}})
}

/// A press as Telegram posts it.
fn pressed(update: i64, user: i64, message: i64, data: &str) -> Value {
    let person = json!({"id": user, "is_bot": false, "first_name": "A", "language_code": "ru"});
    let chat = json!({"id": user, "type": "private"});
    json!({"update_id": update, "callback_query": {"id": update.to_string(), "from": person, "data": data,
        "chat_instance": "1", "message": {"message_id": message, "date": 1, "chat": chat, "text": "x"}}})
}

#[test]
fn a6_a_gen_type_answers_with_navigation_while_no_data_can_be_read() {
    story(async |test| {
        let (app, bot, anna) = begun(&test, &[]).await;
        app.settled(&bot, anna).await;
        let menu = newest(&app, &bot, anna).await.id;
        app.app.platform.db.close().await;
        let before = app.version(&bot, anna).await;
        assert_eq!(app.post_webhook(&bot, &pressed(9_001, anna.0, menu, "gen_type:text-to-video"), None).await, 200);
        let minimal = app.hear(&bot, anna, before, "Идут технические работы").await;
        for data in ["show_models", "check_balance", "help_menu", "my_generations", "back_to_menu"] {
            assert!(data_of(&minimal).contains(&data.to_owned()), "{data}: {:?}", minimal.buttons());
        }
        let app = app.restart().await;
        app.press(&bot, anna, "🤖 Модели", "Выберите, что создать").await;
        app.finish().await;
    });
}

#[test]
fn a7_with_storage_down_start_shows_a_menu_and_nothing_about_money_is_done() {
    story(async |test| {
        let (app, bot, anna) = begun(&test, &[]).await;
        app.say(&bot, anna, "/generate seedream/4.5-text-to-image", "Шаг 1").await;
        app.say(&bot, anna, "Горы", "Шаг 2").await;
        app.press(&bot, anna, "16:9", "Шаг 3").await;
        let confirm = app.press_data(&bot, anna, "quality:basic", "Проверьте заказ").await.id;
        app.settled(&bot, anna).await;
        app.app.platform.db.close().await;

        let before = app.version(&bot, anna).await;
        assert_eq!(app.post_webhook(&bot, &written(9_001, anna.0, "/start"), None).await, 200);
        app.hear(&bot, anna, before, "Главное меню").await;
        assert_eq!(app.post_webhook(&bot, &pressed(9_002, anna.0, confirm, "confirm_generate"), None).await, 503);
        assert_eq!(app.post_webhook(&bot, &written(9_003, anna.0, "/balance"), None).await, 503);
        assert_eq!(app.world.kie_tasks().await.unwrap().len(), 0);

        let app = app.restart().await;
        let balance = app.balance(&bot, anna).await;
        assert_eq!((balance.available.as_kopecks(), balance.held.as_kopecks()), (50_000, 0));
        // Telegram brings the press again, and now it counts.
        assert_eq!(app.post_webhook(&bot, &pressed(9_002, anna.0, confirm, "confirm_generate"), None).await, 200);
        let before = app.version(&bot, anna).await;
        app.hear(&bot, anna, before, "✅ Seedream 4.5").await;
        assert_eq!(app.balance(&bot, anna).await.available.as_kopecks(), 50_000 - 511);
        app.finish().await;
    });
}

#[test]
fn a8_five_starts_within_a_second_give_one_menu() {
    story(async |test| {
        let app = TestApp::start_with(&test.url, &[("bot.start_once_within", "12 s")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        for _ in 0..5 {
            app.world.send_text(&bot.username, anna.0, "/start").await.unwrap();
        }
        // What is answered after them shows that all five were handled.
        app.say(&bot, anna, "/help", "/balance").await;
        let messages = app.world.messages(&bot.username, anna.0).await.unwrap();
        let menus = messages.iter().filter(|m| m.from_bot && data_of(m).contains(&"referral_info".to_owned()));
        let menus = menus.filter(|m| m.text().contains("Доступно")).count();
        assert_eq!(menus, 1);
        app.finish().await;
    });
}

#[test]
fn a8_a_start_after_something_else_counts_however_soon() {
    story(async |test| {
        let app = TestApp::start_with(&test.url, &[("bot.start_once_within", "12 s")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, anna, "это не описание", "Выберите действие из меню").await;
        app.finish().await;
    });
}

#[test]
fn a9_brand_welcome_and_support_of_one_bot_never_appear_in_another() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let told = |name: &str| TenantSettings {
            brand: format!("Студия {name}"),
            welcome_text: format!("Добро пожаловать в {name}"),
            support_contact: format!("@support_{name}"),
            whats_new: format!("Новости {name}"),
            ..TenantSettings::default()
        };
        let first = app.bot("first", 1, told("orion")).await;
        let second = app.bot("second", 2, told("lyra")).await;
        let anna = app.person(101, "Anna", "ru").await;
        let everything = async |bot: &TestBot| {
            app.say(bot, anna, "/start", "Доступно").await;
            app.say(bot, anna, "/help", "/balance").await;
            app.say(bot, anna, "/paysupport", "оплат").await;
            app.say(bot, anna, "/privacy", "").await;
            let before = app.version(bot, anna).await;
            forge(&app, bot, anna, newest(&app, bot, anna).await.id, "support_contact").await;
            app.hear(bot, anna, before, "@support_").await;
            let messages = app.world.messages(&bot.username, anna.0).await.unwrap();
            messages.iter().filter(|m| m.from_bot).map(|m| m.json.to_string()).collect::<Vec<_>>().join("\n")
        };
        let (in_first, in_second) = (everything(&first).await, everything(&second).await);
        assert!(in_first.contains("Студия orion") && in_first.contains("@support_orion") && !in_first.contains("lyra"));
        assert!(in_second.contains("Добро пожаловать в lyra") && !in_second.contains("orion"));
        app.finish().await;
    });
}

/// A small picture.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(32, 32, image::Rgb([7, 90, 200]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
