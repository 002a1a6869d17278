//! A109: each screen in one language, and the right plural. The robot (`tests/it/robot`) looks at every other screen.

use std::collections::BTreeSet;

use botyard::domain::settings::TenantSettings;
use botyard::domain::{Language, Money};
use botyard::sandbox::wire::ChatMessage;
use botyard::texts::Texts;

use super::{forge, newest, story};
use crate::util::app::TestApp;

/// Screens that need nothing but a press.
const SCREENS: [&str; 16] = [
    "back_to_menu",
    "show_models",
    "back_to_categories",
    "category:video",
    "gen_type:text-to-image",
    "show_all_models_list",
    "other_models",
    "model:kling-2.6/image-to-video",
    "modes:kling-2.6/image-to-video",
    "info:z-image",
    "example:z-image",
    "free_tools",
    "referral_info",
    "check_balance",
    "topup_balance",
    "help_menu",
];

fn everything(message: &ChatMessage) -> String {
    let labels: Vec<String> = message.buttons().into_iter().map(|(label, _)| label).collect();
    format!("{}\n{}", message.text(), labels.join("\n"))
}

#[test]
fn a109_with_english_every_screen_is_english_and_with_russian_russian() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        let ben = app.person(102, "Ben", "en").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, ben, "/start", "Available").await;
        let cyrillic = |text: &str| {
            text.chars().any(|c| ('а'..='я').contains(&c.to_ascii_lowercase()) || ('А'..='Я').contains(&c))
        };
        for data in SCREENS {
            for (person, russian) in [(anna, true), (ben, false)] {
                let before = app.version(&bot, person).await;
                forge(&app, &bot, person, newest(&app, &bot, person).await.id, data).await;
                let shown = if data == "back_to_menu" {
                    newest(&app, &bot, person).await
                } else {
                    app.hear(&bot, person, before, "").await
                };
                assert_eq!(cyrillic(&everything(&shown)), russian, "{data}: {}", everything(&shown));
            }
        }
        app.finish().await;
    });
}

#[test]
fn a109_counts_take_the_right_form() {
    story(async |test| {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        let ben = app.person(102, "Ben", "en").await;
        let rows = [
            (1, "1 генерация", "1 generation"),
            (2, "2 генерации", "2 generations"),
            (5, "5 генераций", "5 generations"),
            (11, "11 генераций", "11 generations"),
            (21, "21 генерация", "21 generations"),
        ];
        app.say(&bot, anna, "/start", "Доступно").await;
        app.say(&bot, ben, "/start", "Available").await;
        let mut has = 0;
        for (n, russian, english) in rows {
            for (person, form) in [(anna, russian), (ben, english)] {
                // What 5.11 ₽ each make of the balance: «Доступно: 2 генерации» on the card.
                app.credit(&bot, person, Money::kopecks((n - has) * 511)).await;
                let before = app.version(&bot, person).await;
                forge(&app, &bot, person, newest(&app, &bot, person).await.id, "model:seedream/4.5-text-to-image")
                    .await;
                let card = app.hear(&bot, person, before, form).await;
                let line = card.text().lines().find(|line| line.contains(form)).unwrap().to_owned();
                assert!(line.ends_with(form), "{line}");
            }
            has = n;
        }
        app.finish().await;
    });
}

#[test]
fn a109_the_languages_have_the_same_keys_with_the_same_values() {
    let texts = Texts::embedded().unwrap();
    let keys = |language| -> BTreeSet<(String, BTreeSet<String>)> {
        texts.messages(language).into_iter().map(|m| (m.key, m.values)).collect()
    };
    let (ru, en) = (keys(Language::Ru), keys(Language::En));
    let named = |key: &str| ["title-", "about-"].iter().any(|kind| key.starts_with(kind));
    let of_screens = |all: &BTreeSet<(String, BTreeSet<String>)>| -> BTreeSet<(String, BTreeSet<String>)> {
        all.iter().filter(|(key, _)| !named(key)).cloned().collect()
    };
    let (ru, en) = (of_screens(&ru), of_screens(&en));
    assert!(ru.len() > 300, "{}", ru.len());
    assert_eq!(ru.symmetric_difference(&en).collect::<Vec<_>>(), Vec::<&(String, BTreeSet<String>)>::new());
}
