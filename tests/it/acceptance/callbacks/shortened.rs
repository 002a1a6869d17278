//! A24, A25: shortened models of older messages.

use super::{afresh, forge, opens, rich};
use crate::acceptance::story;

#[test]
fn a24_shortened_buttons_made_before_a_restart_work_after_it() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        opens(&app, &bot, anna, "model:z-image", "🪪").await;
        let app = app.restart().await;
        opens(&app, &bot, anna, "sel", "Шаг 1").await;
        let catalog = botyard::catalog::Catalog::embedded().unwrap();
        let kling = catalog.model("kling-2.6/text-to-video").unwrap();
        let sku = &catalog.sku("z-image::default").unwrap().tier.sku_hash;
        for (data, part) in [
            (format!("modelk:{}", &kling.hash[1..]), "Kling 2.6"),
            ("m:z-im".to_owned(), "🪪"),
            ("sel:z-im".to_owned(), "Шаг 1"),
            (format!("mode:{}:1", kling.hash), "Шаг 1"),
            (format!("sk:{sku}"), "Шаг 1"),
            ("sku:z-image::default".to_owned(), "Шаг 1"),
        ] {
            afresh(&app, &bot, anna).await;
            opens(&app, &bot, anna, &data, part).await;
        }
        // The number alone is a variant of the draft's model; it survives a restart too.
        afresh(&app, &bot, anna).await;
        opens(&app, &bot, anna, "select_model:kling-2.6/text-to-video", "Шаг 1").await;
        let app = app.restart().await;
        opens(&app, &bot, anna, "mode:1", "Шаг 1").await;
        app.finish().await;
    });
}

#[test]
fn a25_an_ambiguous_beginning_never_picks_a_model() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        for data in ["m:k", "m:bytedance/seedream", "sel:ideogram/v3-", "sel:k", "m:nothing", "sel:Z-image"] {
            let message = afresh(&app, &bot, anna).await;
            let before = app.version(&bot, anna).await;
            let answer = forge(&app, &bot, anna, message, data).await;
            assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."), "{data}");
            app.hear(&bot, anna, before, "Доступно").await;
        }
        // Nothing was begun: a text is not a prompt.
        app.say(&bot, anna, "кот", "Выберите действие из меню").await;
        app.finish().await;
    });
}
