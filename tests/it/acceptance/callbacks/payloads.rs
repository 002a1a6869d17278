//! A19–A22, A26: patterns, payloads, unknown data.

use std::time::Duration;

use botyard::telemetry::LogCapture;

use super::{afresh, forge, newest, only, opens, rich, rich_with};
use crate::acceptance::story;
use crate::util::rows;

/// Every pattern of bot.md 4 outside payments and admin, with a payload that could be right.
pub(super) const PATTERNS: &[&str] = &[
    "back_to_menu",
    "main_menu",
    "back_to_previous_step",
    "reset_step",
    "reset_wizard",
    "cancel",
    "cancel:abcdefghijkl",
    "help_menu",
    "support_contact",
    "copy_bot",
    "change_language",
    "set_language:ru",
    "language_select:ru",
    "pg:all:0",
    "pg:gt.text-to-image:0",
    "pg:kb:0",
    "show_models",
    "all_models",
    "show_all_models_list",
    "other_models",
    "special_tools",
    "gen_type:text-to-image",
    "gen_type:t2v",
    "category:image",
    "type_header:t2i",
    "model:z-image",
    "modelk:7ac6429f9f44",
    "m:z-im",
    "select_model:z-image",
    "start:z-image",
    "sel:z-im",
    "sel",
    "select_mode:kling-2.6/text-to-video:0",
    "mode:kling-2.6/text-to-video:0",
    "mode:0",
    "sku:z-image::default",
    "example:z-image",
    "info:z-image",
    "modes:kling-2.6/text-to-video",
    "gen:z-image",
    "back_to_model:z-image",
    "back_to_mode",
    "back_to_models",
    "back_to_categories",
    "show_parameters",
    "back_to_params",
    "edit_param:prompt",
    "param_menu:prompt",
    "param_menu:",
    "param_input:prompt",
    "set_param:aspect_ratio:1:1",
    "confirm_param:aspect_ratio:1:1",
    "add_image",
    "image_done",
    "skip_image",
    "add_audio",
    "skip_audio",
    "add_video",
    "skip_video",
    "back_to_confirmation",
    "show_price_confirmation",
    "confirm_generate",
    "retry_generate:abcdefghijkl",
    "gen_repeat:abcdefghijkl",
    "retry_delivery:abcdefghijkl",
    "open_result:abcdefghijkl",
    "generate_again",
    "my_generations",
    "gen_view:abcdefghijkl",
    "gen_history:abcdefghijkl:prev",
    "free_tools",
    "fast_tools",
    "referral_info",
    "quick:menu",
    "quick:action:post",
    "quick:examples:post",
    "check_balance",
    "tutorial_start",
    "tutorial_step1",
    "tutorial_step:2",
    "tutorial_complete",
    "kb:1",
    "kb_del:1",
    "admin_add",
    "privacy_delete",
];

#[test]
fn a19_every_pattern_pressed_without_a_session_gives_a_visible_reaction() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        for data in PATTERNS {
            let message = afresh(&app, &bot, anna).await;
            let before = app.version(&bot, anna).await;
            let answer = forge(&app, &bot, anna, message, data).await;
            assert!(answer.answered, "{data}");
            if answer.text.is_none() {
                app.hear(&bot, anna, before, "").await;
            }
        }
        let mut tx = app.app.platform.db.tenant_read(&bot.id).await.unwrap();
        assert_eq!(tx.errors_last(10).await.unwrap(), [], "ROUTER_FAIL");
        drop(tx);
        app.finish().await;
    });
}

/// What the last column of bot.md 4 says.
enum Outcome {
    /// «Кнопка устарела, открой меню.» and S-01.
    Stale,
    /// `model_unavailable`.
    Model,
    /// `session_expired` and S-01.
    Step,
    /// Alert `not_found`.
    NotFound,
    /// A screen, with or without a toast.
    Screen(&'static str),
}

/// Empty, over-long, non-numeric and foreign payloads, pressed on the menu without a draft.
#[expect(clippy::too_many_lines, reason = "one table")]
fn wrong_payloads() -> Vec<(String, Outcome)> {
    use Outcome::{Model, NotFound, Screen, Stale, Step};
    let long = |head: &str| format!("{head}{}", "a".repeat(64 - head.len()));
    let mut all: Vec<(String, Outcome)> = Vec::new();
    for data in [
        "foo",
        "foo:bar",
        "",
        ":",
        "set_language:",
        "set_language:fr",
        "language_select:x",
        "gen_type:",
        "gen_type:nothing",
        "pg:",
        "pg:all:",
        "pg:all:x",
        "pg:nothing:0",
        "pg:gt.nothing:0",
        "pg:kb:x",
        "modelk:",
        "modelk:000000000000",
        "m:",
        "m:k",
        "m:nothing",
        "sel:",
        "sel:k",
        "sel:nothing",
        "sku:",
        "sku:nothing",
        "sk:",
        "sk:000000000000",
        "kb:",
        "kb:x",
        "kb:-1",
        "kb_del:x",
        "cancel:",
        "open_result:",
        "open_result:ABC",
        "gen_view:",
        "gen_history:abc:prev",
        "gen_history:abcdefghijkl:side",
        "mode:",
        "set_param:",
        "confirm_param:x",
    ] {
        all.push((data.to_owned(), Stale));
    }
    for head in ["gen_type:", "modelk:", "m:", "sel:", "sku:", "kb:", "gen_view:", "pg:"] {
        all.push((long(head), Stale));
    }
    for data in [
        "model:nothing",
        "select_model:suno/v5",
        "start:nothing",
        "modes:nothing",
        "info:nothing",
        "example:nothing",
        "back_to_model:nothing",
        "select_mode:nothing:0",
        "mode:nothing:0",
        "gen:nothing",
    ] {
        all.push((data.to_owned(), Model));
    }
    for head in ["model:", "select_model:", "info:", "gen:", "retry_generate:"] {
        all.push((long(head), Model));
    }
    for data in [
        "show_parameters",
        "back_to_params",
        "edit_param:",
        "edit_param:nothing",
        "param_input:",
        "param_menu:",
        "set_param:x:y",
        "confirm_param:x:y",
        "add_image",
        "image_done",
        "skip_image",
        "add_audio",
        "skip_video",
        "back_to_confirmation",
        "show_price_confirmation",
        "mode:1",
        "back_to_previous_step",
    ] {
        all.push((data.to_owned(), Step));
    }
    for head in ["cancel:", "open_result:", "retry_generate:", "gen_repeat:", "retry_delivery:", "gen_view:", "gen:"] {
        all.push((format!("{head}abcdefghijkl"), NotFound));
    }
    for data in ["gen_history:abcdefghijkl:prev", "kb:1", "kb:9223372036854775807"] {
        all.push((data.to_owned(), NotFound));
    }
    for (data, screen) in [
        ("category:", "Выберите категорию"),
        ("category:nothing", "Выберите категорию"),
        ("type_header:", "Все модели"),
        ("type_header:nothing", "Все модели"),
        ("pg:all:99", "Все модели"),
        ("quick:action:nothing", "Быстрые действия"),
        ("tutorial_step9", "1 из 4"),
        ("select_mode:kling-2.6/text-to-video:99", "Варианты"),
        ("sel", "Выберите, что создать"),
        ("back_to_mode", "Выберите, что создать"),
    ] {
        all.push((data.to_owned(), Screen(screen)));
    }
    all
}

#[test]
fn a20_wrong_payloads_get_the_outcome_of_their_row() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        for (data, outcome) in wrong_payloads() {
            let message = afresh(&app, &bot, anna).await;
            let before = app.version(&bot, anna).await;
            let answer = forge(&app, &bot, anna, message, &data).await;
            let said = answer.text.as_deref();
            match outcome {
                Outcome::Stale => {
                    assert_eq!(said, Some("Кнопка устарела, открой меню."), "{data}");
                    app.hear(&bot, anna, before, "Доступно").await;
                }
                Outcome::Model => drop(app.hear(&bot, anna, before, "Модель временно недоступна").await),
                Outcome::Step => drop(app.hear(&bot, anna, before, "Прошло больше 30 минут").await),
                Outcome::NotFound => {
                    assert!(answer.show_alert && said == Some("❌ Запись не найдена."), "{data}: {answer:?}");
                }
                Outcome::Screen(part) => drop(app.hear(&bot, anna, before, part).await),
            }
        }
        app.finish().await;
    });
}

#[test]
fn a20_a_generation_of_somebody_else_is_not_found() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, anna, "кот", "Шаг 2").await;
        app.press(&bot, anna, "1:1", "Проверьте заказ").await;
        let before = app.version(&bot, anna).await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        let done = app.hear(&bot, anna, before, "✅ Z-Image").await;
        let repeat = done.buttons().into_iter().find(|(_, data)| data.starts_with("gen_repeat:")).unwrap().1;
        let gid = repeat.split_once(':').unwrap().1.to_owned();
        let eve = app.person(102, "Eve", "ru").await;
        for head in ["cancel", "open_result", "retry_generate", "gen_repeat", "retry_delivery", "gen_view", "gen"] {
            let message = afresh(&app, &bot, eve).await;
            let answer = forge(&app, &bot, eve, message, &format!("{head}:{gid}")).await;
            assert!(answer.show_alert && answer.text.as_deref() == Some("❌ Запись не найдена."), "{head}: {answer:?}");
        }
        // The person's own old button opens the results again.
        opens(&app, &bot, anna, &format!("gen:{gid}"), "отправлен ещё раз").await;
        app.finish().await;
    });
}

#[test]
fn a20_a_forged_value_or_name_changes_nothing() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        let step = app.say(&bot, anna, "кот", "Шаг 2").await.id;
        for (data, said) in [
            ("set_param:aspect_ratio:7:3", "❌ Недопустимое значение."),
            ("set_param:aspect_ratio:__skip__", "❌ Этот параметр обязателен и не может быть пропущен."),
        ] {
            let answer = forge(&app, &bot, anna, step, data).await;
            assert!(answer.show_alert && answer.text.as_deref() == Some(said), "{data}: {answer:?}");
        }
        // A value for another parameter than the one asked: the current step again, nothing taken.
        let answer = forge(&app, &bot, anna, step, "set_param:prompt:собака").await;
        assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."));
        let confirm = app.press(&bot, anna, "9:16", "Проверьте заказ").await;
        assert!(confirm.text().contains("кот") && !confirm.text().contains("собака"), "{}", confirm.text());
        app.finish().await;
    });
}

#[test]
fn a21_unknown_data_is_answered_shown_the_menu_and_logged() {
    story(async |test| {
        let logs = LogCapture::of_process("info");
        let (app, bot, anna) = rich_with(&test, only(&["z-image"]), &[]).await;
        let tenant = bot.id.to_string();
        app.say(&bot, anna, "/help", "Как это работает").await;
        let message = newest(&app, &bot, anna).await.id;
        let before = app.version(&bot, anna).await;
        let answer = forge(&app, &bot, anna, message, "foo:bar").await;
        assert_eq!(answer.text.as_deref(), Some("Кнопка устарела, открой меню."));
        app.hear(&bot, anna, before, "Доступно").await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        let lines = logs.lines();
        let of_ours = |line: &&serde_json::Value| {
            let text = line.to_string();
            text.contains("UNKNOWN_CALLBACK") && text.contains(&tenant) && text.contains("foo:…")
        };
        let line = lines.iter().find(of_ours).unwrap_or_else(|| panic!("no line among {}", lines.len()));
        assert!(line.to_string().contains("\"corr\":\""), "{line}");
        assert!(!line.to_string().contains("foo:bar"), "{line}");
        app.finish().await;
    });
}

#[test]
fn a22_no_button_of_any_model_has_data_over_64_bytes() {
    story(async |test| {
        let catalog = botyard::catalog::Catalog::embedded().unwrap();
        let ids: Vec<&str> = catalog.models().iter().filter(|m| m.is_sellable()).map(|m| m.id.as_str()).collect();
        let (app, bot, anna) = rich_with(&test, only(&ids), &[]).await;
        app.credit(&bot, anna, botyard::domain::Money::kopecks(10_000_000)).await;
        assert!(ids.len() > 50, "{}", ids.len());
        for id in ids {
            let hash = &catalog.model(id).unwrap().hash;
            opens(&app, &bot, anna, &format!("model:{hash}"), "🪪").await;
            opens(&app, &bot, anna, &format!("info:{hash}"), "").await;
            if catalog.model(id).unwrap().modes().count() > 1 {
                opens(&app, &bot, anna, &format!("modes:{hash}"), "").await;
            }
            opens(&app, &bot, anna, &format!("select_model:{hash}"), "").await;
            opens(&app, &bot, anna, "show_parameters", "").await;
            app.say(&bot, anna, "/paysupport", "По вопросам оплаты").await;
        }
        let mut seen = 0;
        for message in app.world.messages(&bot.username, anna.0).await.unwrap() {
            for (label, data) in message.buttons() {
                assert!((1..=64).contains(&data.len()), "{label}: {data}");
                seen += 1;
            }
        }
        assert!(seen > 100, "{seen}");
        app.finish().await;
    });
}

#[test]
fn a26_each_compatibility_callback_opens_its_screen() {
    story(async |test| {
        let (app, bot, anna) = rich(&test).await;
        for (data, part) in [
            ("main_menu", "Доступно"),
            ("quick:menu", "Быстрые действия"),
            ("quick:action:vertical", "Вертикальное видео"),
            ("quick:examples:vertical", "Нажмите на текст"),
            ("back_to_model:z-image", "🪪"),
            ("back_to_categories", "Выберите категорию"),
            ("back_to_models", "Выберите, что создать"),
            ("gen:z-image", "Шаг 1"),
            ("start:z-image", "Шаг 1"),
        ] {
            afresh(&app, &bot, anna).await;
            opens(&app, &bot, anna, data, part).await;
        }
        // Inside a draft.
        app.say(&bot, anna, "/generate kling-2.6/text-to-video", "Шаг 1").await;
        app.say(&bot, anna, "волны", "Шаг 2").await;
        opens(&app, &bot, anna, "back_to_params", "Параметры").await;
        opens(&app, &bot, anna, "param_menu:prompt", "Описание").await;
        opens(&app, &bot, anna, "param_menu:", "Параметры").await;
        opens(&app, &bot, anna, "param_input:duration", "Длительность").await;
        opens(&app, &bot, anna, "param_menu:", "Параметры").await;
        let message = newest(&app, &bot, anna).await.id;
        let before = app.version(&bot, anna).await;
        let answer = forge(&app, &bot, anna, message, "show_price_confirmation").await;
        assert!(answer.text.is_some_and(|text| text.starts_with("Заполните:")));
        app.hear(&bot, anna, before, "Звук").await;
        opens(&app, &bot, anna, "back_to_mode", "Варианты").await;
        opens(&app, &bot, anna, "main_menu", "Доступно").await;
        app.finish().await;
    });
}

/// Every test's end compares all buttons that its bots sent (`TestApp::finish`). Here: the table knows the patterns, and a
/// button that it does not know is found.
#[test]
fn a23_every_button_that_is_sent_is_in_the_table() {
    story(async |test| {
        let strange: Vec<&&str> = PATTERNS.iter().filter(|data| !rows::is_in_the_table(data)).collect();
        assert!(strange.is_empty(), "{strange:?}");
        for data in ["foo:bar", "", "pay_stars:1e3", "cancel:1", "admin_diag:all", "gen_type:", "pg:all:-1"] {
            assert!(!rows::is_in_the_table(data), "{data}");
        }
        assert!(!rows::is_in_the_table(&format!("set_param:prompt:{}", "x".repeat(60))), "more than 64 bytes");
        let (app, _bot, anna) = rich(&test).await;
        let other = app.bot("second", 2, only(&["z-image"])).await;
        app.say(&other, anna, "/start", "Доступно").await;
        let calls = app.world.calls(&botyard::sandbox::wire::CallFilter::default()).await.unwrap();
        assert_eq!(rows::strangers(&calls), [""; 0]);
        let mut planted = calls.iter().find(|call| call.method == "sendMessage").unwrap().clone();
        planted.params["reply_markup"] =
            serde_json::json!({"inline_keyboard": [[{"text": "?", "callback_data": "foo:bar"}]]});
        assert_eq!(rows::strangers(&[planted]), ["foo:bar"]);
        app.finish().await;
    });
}
