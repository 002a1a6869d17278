//! S-11 as text, for every kind of parameter, and a walk over all parameters of all models.

use super::*;
use crate::bot::screens::testing::{admin, broke, catalog, en, model, person, ru};
use crate::catalog::{Decimal, FileValue};

fn step(id: &str, param: &str, selection: Selection, purse: Purse) -> Step<'static> {
    let model = model(id);
    let param = model.param(param).unwrap();
    Step {
        model,
        param,
        needed: is_needed(model, model.gen_type, param),
        default: default_of(model, param, Some("9:16")),
        free: purse.takes_free(model, &selection).then(|| (purse.free, "Europe/Moscow".to_owned())),
        selection,
        place: Some((1, 2)),
        purse,
        parent: Callback::BackToPreviousStep,
    }
}

fn picture() -> FileValue {
    let (media, mime, sha256) = ("med_a".to_owned(), "image/png".to_owned(), "00".to_owned());
    FileValue { media, mime, bytes: 9, sha256, duration_ms: None }
}

#[test]
fn s11_asks_for_a_text() {
    insta::assert_snapshot!(ru(&step("z-image", "prompt", Selection::new(), person())), @"
        📝 <b>Шаг 1/2: Описание</b>
        Опишите, что должно получиться: кто или что в кадре, где, какой свет и стиль.
        ✍️ Напишите текст сообщением.
        📏 До 1000 символов

        💰 Цена: 🎁 0 ₽
        🎁 Бесплатных осталось сегодня: 3 из 5
        ⏳ Бесплатный лимит обновится завтра в 00:00 (Europe/Moscow).
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
    insta::assert_snapshot!(en(&step("z-image", "prompt", Selection::new(), broke())), @"
        📝 <b>Step 1/2: Description</b>
        Describe what should come out: who or what is in the frame, where, which light and style.
        ✍️ Write it as a message.
        📏 Up to 1000 characters

        💰 Price: 0.63 ₽
        | ◀️ Back [back_to_previous_step] | 🏠 Main menu [back_to_menu] |
        | ❌ Cancel [cancel] |
        ");
}

#[test]
fn s11_offers_values_with_the_price_that_each_would_make() {
    insta::assert_snapshot!(ru(&step("kling-2.6/image-to-video", "sound", Selection::new(), person())), @"
        📝 <b>Шаг 1/2: Звук</b>
        Добавить к ролику звук и речь.
        👇 Выберите вариант кнопкой.

        💰 Цена: от 43.21 ₽
        | ✅ Да — от 86.43 ₽ [set_param:sound:true] | ❌ Нет — от 43.21 ₽ [set_param:sound:false] |
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
    let loud = Selection::new().with("sound", Value::Bool(true));
    insta::assert_snapshot!(ru(&step("kling-2.6/image-to-video", "duration", loud, person())), @"
        📝 <b>Шаг 1/2: Длительность, сек.</b>
        👇 Выберите вариант кнопкой.

        💰 Цена: от 86.43 ₽
        | ⭐ 5 — 86.43 ₽ [set_param:duration:5] | 10 — 172.85 ₽ [set_param:duration:10] |
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
    insta::assert_snapshot!(en(&step("z-image", "aspect_ratio", Selection::new(), broke())), @"
        📝 <b>Step 1/2: Aspect ratio</b>
        The shape of the frame: 9:16 for a phone, 16:9 for a screen, 1:1 is a square.
        👇 Choose with a button.

        💰 Price: 0.63 ₽
        | 1:1 — 0.63 ₽ [set_param:aspect_ratio:1:1] | 4:3 — 0.63 ₽ [set_param:aspect_ratio:4:3] |
        | 3:4 — 0.63 ₽ [set_param:aspect_ratio:3:4] | 16:9 — 0.63 ₽ [set_param:aspect_ratio:16:9] |
        | ⭐ 9:16 — 0.63 ₽ [set_param:aspect_ratio:9:16] |
        | ◀️ Back [back_to_previous_step] | 🏠 Main menu [back_to_menu] |
        | ❌ Cancel [cancel] |
        ");
    assert!(ru(&step("kling-2.6/image-to-video", "sound", Selection::new(), admin())).contains("✅ Да — 0 ₽"));
}

#[test]
fn s11_asks_for_pictures_and_counts_them() {
    insta::assert_snapshot!(ru(&step("seedream/4.5-edit", "image_urls", Selection::new(), person())), @"
        📝 <b>Шаг 1/2: Изображения</b>
        🖼 Пришлите изображения: фото, файлом или альбомом, до 10 МБ каждое, не больше 14.
        📎 Форматы: JPEG, PNG, WebP

        💰 Цена: 5.11 ₽
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
    let two = Selection::new().with("image_urls", Value::Files(vec![picture(), picture()]));
    insta::assert_snapshot!(ru(&step("seedream/4.5-edit", "image_urls", two, person())), @"
        📝 <b>Шаг 1/2: Изображения</b>
        🖼 Пришлите изображения: фото, файлом или альбомом, до 10 МБ каждое, не больше 14.
        📎 Форматы: JPEG, PNG, WebP
        📎 Загружено: 2 из 14

        💰 Цена: 5.11 ₽
        | ➕ Добавить ещё [add_image] |
        | ✅ Готово (2) [image_done] |
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
}

#[test]
fn s11_asks_for_a_recording_by_the_second() {
    insta::assert_snapshot!(ru(&step("infinitalk/from-audio", "audio_input", Selection::new(), person())), @"
        📝 <b>Шаг 1/2: Аудио</b>
        Запись голоса, под которую будут двигаться губы.
        🎤 Пришлите аудио: голосовое или файл, до 10 МБ.
        📎 Форматы: MP3, WAV, AAC, M4A, OGG
        ⏱ Аудио до 15 секунд

        💰 Цена: 2.36 ₽ за сек.
        | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
}

#[test]
fn s11_of_an_optional_parameter_can_be_left_out() {
    let seed = Step {
        place: None,
        parent: Callback::ShowParameters,
        ..step("ideogram/v3-remix", "seed", Selection::new(), person())
    };
    insta::assert_snapshot!(ru(&seed), @"
        ✏️ <b>Число-основа</b>
        Одно и то же число с тем же описанием даёт похожий результат.
        🔢 Напишите число.
        📏 От 0 до 2147483647
        Этот шаг можно пропустить.

        💰 Цена: от 2.75 ₽
        | ⏭️ Пропустить (auto) [set_param:seed:__skip__] |
        | ◀️ Назад [show_parameters] | 🏠 Главное меню [back_to_menu] |
        | ❌ Отмена [cancel] |
        ");
}

#[test]
fn a_value_without_a_price_is_not_offered() {
    let long = Selection::new().with("duration", Value::Text("10".into()));
    let drawn = ru(&step("hailuo/2.3", "resolution", long, person()));
    assert!(drawn.contains("768p — 39.29 ₽") && !drawn.contains("1080p"), "{drawn}");
}

#[test]
fn every_parameter_of_every_model_is_asked_in_both_languages_without_a_dead_button() {
    for model in catalog().models().iter().filter(|m| m.is_sellable()) {
        for param in &model.params {
            for purse in [person(), admin()] {
                let drawn = ru(&step(&model.id, &param.name, Selection::new(), purse));
                assert!(drawn.contains("back_to_menu") && drawn.contains("[cancel]"), "{}: {}", model.id, param.name);
                assert!(!en(&step(&model.id, &param.name, Selection::new(), purse)).is_empty());
            }
            let offered = offered_values(model, param, &Selection::new());
            let shown = ru(&step(&model.id, &param.name, Selection::new(), person())).matches(" — ").count();
            assert!(shown >= offered.len().min(VALUES), "{}: {}", model.id, param.name);
        }
    }
}

#[test]
fn a_chosen_number_of_pictures_is_priced_on_the_step() {
    let three = Selection::new()
        .with("rendering_speed", Value::Text("BALANCED".into()))
        .with("num_images", Value::Text("3".into()))
        .with("strength", Value::Number(Decimal::whole(1)));
    let screen = step("ideogram/v3-remix", "prompt", three, broke());
    assert!(ru(&screen).contains("16.50 ₽"), "{}", ru(&screen));
}
