//! Lists, cards, help: every button leads to a screen with a way home.

use std::collections::BTreeMap;

use super::{forge, newest, rich};
use crate::util::app::OWNER;
use crate::util::db::{TestDb, on_each_db};

/// What changes or orders something, and the buttons of a draft: tested where they belong.
const NOT_HERE: [&str; 9] =
    ["set_param", "confirm_", "edit_param", "cancel", "select_m", "sk:", "set_language", "topup", "back_to_previous"];

/// Of one kind of button so many are pressed.
const OF_EACH: usize = 4;

on_each_db! {
    async fn every_button_of_lists_cards_and_help_opens_a_screen_with_a_way_home(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        let menu = newest(&app, &bot, anna).await;
        let mut waiting: Vec<String> = menu.buttons().into_iter().map(|(_, data)| data).collect();
        let mut pressed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while let Some(data) = waiting.pop() {
            let kind = data.split(':').next().unwrap_or_default().to_owned();
            let seen = pressed.entry(kind).or_default();
            if seen.contains(&data) || seen.len() >= OF_EACH || NOT_HERE.iter().any(|not| data.starts_with(not)) {
                continue;
            }
            seen.push(data.clone());
            let before = app.version(&bot, anna).await;
            let answer = forge(&app, &bot, anna, menu.id, &data).await;
            assert!(answer.answered, "{data}");
            assert_ne!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."), "{data}");
            if data == "noop" || answer.text.is_some() {
                continue;
            }
            // The wheel turns by edits of its own: a screen pressed meanwhile would be mistaken for one of its pictures.
            let last_words = if data == "claim_gift" { "Вы выиграли" } else { "" };
            let screen = app.hear(&bot, anna, before, last_words).await;
            let buttons = screen.buttons();
            let home = buttons.iter().any(|(_, to)| to == "back_to_menu") || data == "back_to_menu";
            assert!(home, "{data} leads to a screen without a way home: {}", screen.text());
            for (label, to) in buttons {
                assert!((1..=64).contains(&to.len()) || to.starts_with("http"), "{label}: {to}");
                if !to.starts_with("http") {
                    waiting.push(to);
                }
            }
        }
        for kind in ["gen_type", "model", "modes", "info", "example", "type_header", "help_menu", "referral_info"] {
            assert!(pressed.contains_key(kind), "{kind} was never offered: {:?}", pressed.keys());
        }
        app.finish().await;
    }

    async fn back_to_models_leads_to_the_list_it_came_from(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.press(&bot, anna, "🎬 Видео по сценарию", "Доступные нейросети").await;
        let menu = newest(&app, &bot, anna).await;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, menu.id, "model:kling-2.6/text-to-video").await;
        app.hear(&bot, anna, before, "🪪").await;
        app.press(&bot, anna, "🔙 Назад к моделям", "Текст в видео").await;
        app.say(&bot, anna, "/models", "Выберите категорию").await;
        let list = app.press(&bot, anna, "🖼 Изображения", "Доступные нейросети").await;
        let before = app.version(&bot, anna).await;
        forge(&app, &bot, anna, list.id, "model:z-image").await;
        app.hear(&bot, anna, before, "🪪").await;
        app.press(&bot, anna, "🔙 Назад к моделям", "🖼 Изображения").await;
        app.finish().await;
    }

    async fn a_model_that_is_not_offered_is_said_to_be_unavailable(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        for data in ["model:suno/v5", "select_model:nothing", "modes:hailuo/2.3", "info:runway/gen-4"] {
            let menu = app.say(&bot, anna, "/start", "Доступно").await.id;
            let before = app.version(&bot, anna).await;
            forge(&app, &bot, anna, menu, data).await;
            app.hear(&bot, anna, before, "Модель временно недоступна").await;
        }
        app.say(&bot, anna, "/generate nothing", "Модель временно недоступна").await;
        app.finish().await;
    }

    async fn the_chosen_language_is_spoken_at_once_and_kept(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/language", "Язык / Language").await;
        app.press(&bot, anna, "English", "Available: 500 ₽").await;
        app.say(&bot, anna, "/help", "How it works").await;
        app.say(&bot, anna, "/language ru", "Доступно: 500 ₽").await;
        app.say(&bot, anna, "/language xx", "Язык / Language").await;
        app.finish().await;
    }

    async fn the_panel_is_for_administrators(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/panel", "доступна только администратору").await;
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        let link = app.say(&bot, owner, "/panel", "работает один раз").await;
        let keyboard = link.json["reply_markup"]["inline_keyboard"].to_string();
        assert!(keyboard.contains("/panel/enter/"), "{keyboard}");
        app.finish().await;
    }

    async fn topping_up_offers_amounts_and_refuses_what_is_out_of_range(test: TestDb) {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/balance", "Доступно: 500 ₽").await;
        app.press(&bot, anna, "💳 Пополнить", "Выберите сумму").await;
        let answer = forge(&app, &bot, anna, newest(&app, &bot, anna).await.id, "topup_amount:49.99").await;
        assert!(answer.show_alert && answer.text.unwrap().starts_with("Введите сумму от 50 до 50"));
        app.finish().await;
    }
}
