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
    insta::assert_snapshot!(ru(&step("z-image", "prompt", Selection::new(), person())), @"");
    insta::assert_snapshot!(en(&step("z-image", "prompt", Selection::new(), broke())), @"");
}

#[test]
fn s11_offers_values_with_the_price_that_each_would_make() {
    insta::assert_snapshot!(ru(&step("kling-2.6/image-to-video", "sound", Selection::new(), person())), @"");
    let loud = Selection::new().with("sound", Value::Bool(true));
    insta::assert_snapshot!(ru(&step("kling-2.6/image-to-video", "duration", loud, person())), @"");
    insta::assert_snapshot!(en(&step("z-image", "aspect_ratio", Selection::new(), broke())), @"");
    assert!(ru(&step("kling-2.6/image-to-video", "sound", Selection::new(), admin())).contains("✅ Да — 0 ₽"));
}

#[test]
fn s11_asks_for_pictures_and_counts_them() {
    insta::assert_snapshot!(ru(&step("seedream/4.5-edit", "image_urls", Selection::new(), person())), @"");
    let two = Selection::new().with("image_urls", Value::Files(vec![picture(), picture()]));
    insta::assert_snapshot!(ru(&step("seedream/4.5-edit", "image_urls", two, person())), @"");
}

#[test]
fn s11_asks_for_a_recording_by_the_second() {
    insta::assert_snapshot!(ru(&step("infinitalk/from-audio", "audio_input", Selection::new(), person())), @"");
}

#[test]
fn s11_of_an_optional_parameter_can_be_left_out() {
    let seed = Step {
        place: None,
        parent: Callback::ShowParameters,
        ..step("ideogram/v3-remix", "seed", Selection::new(), person())
    };
    insta::assert_snapshot!(ru(&seed), @"");
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
