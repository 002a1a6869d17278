//! What each kind of parameter takes and what it answers otherwise.

use super::*;
use crate::catalog::{Catalog, GenType};

fn param(id: &str, name: &str) -> &'static Param {
    model(id).param(name).unwrap()
}

fn model(id: &str) -> &'static Model {
    Catalog::embedded().unwrap().model(id).unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_text_is_trimmed_and_measured_in_characters_before_it_is_kept() {
    let prompt = param("flux-2/pro-text-to-image", "prompt");
    assert_eq!(check_text(prompt, "  кот  "), Ok(text("кот")));
    assert_eq!(check_text(prompt, " к "), Err(Refusal::TextLength { min: 3, max: 5000, now: 1 }));
    let z = param("z-image", "prompt");
    assert_eq!(check_text(z, &"ж".repeat(1000)), Ok(text(&"ж".repeat(1000))));
    assert_eq!(check_text(z, &"ж".repeat(1001)), Err(Refusal::TextLength { min: 1, max: 1000, now: 1001 }));
    assert_eq!(check_text(z, "   "), Err(Refusal::TextLength { min: 1, max: 1000, now: 0 }));
}

#[test]
fn a_number_is_finite_inside_its_limits_and_on_its_grid() {
    let strength = param("ideogram/character-remix", "strength");
    let range = || {
        let number = |t| Decimal::parse(t).unwrap();
        Refusal::NumberRange { min: number("0.1"), max: number("1"), step: Some(number("0.1")) }
    };
    for (typed, kept) in [("0.7", "0.7"), ("0,30", "0.3"), ("1", "1"), ("0.1", "0.1")] {
        assert_eq!(check_text(strength, typed).unwrap().as_text().as_deref(), Some(kept), "{typed}");
    }
    for typed in ["0", "1.1", "0.75", "nan", "inf", "1e0", "", "много", "-0.5", "٠.٥"] {
        assert_eq!(check_text(strength, typed), Err(range()), "{typed}");
    }
    let steps = param("qwen/text-to-image", "num_inference_steps");
    assert!(check_text(steps, "30").is_ok());
    assert!(matches!(check_text(steps, "30.5"), Err(Refusal::NumberRange { .. })));
}

#[test]
fn an_address_is_https_parses_and_begins_with_its_prefix() {
    let url = param("sora-watermark-remover", "video_url");
    let good = "https://sora.chatgpt.com/p/s_68e";
    assert_eq!(check_text(url, good), Ok(text(good)));
    for bad in [
        "http://sora.chatgpt.com/p/1",
        "https://sora.chatgpt.com.evil.example/p/1",
        "https://evil.example/https://sora.chatgpt.com/",
        "https://sora.chatgpt.com/a b",
        "sora.chatgpt.com/p/1",
    ] {
        assert_eq!(
            check_text(url, bad),
            Err(Refusal::UrlPrefix { prefix: "https://sora.chatgpt.com/".into() }),
            "{bad}"
        );
    }
    assert!(matches!(check_text(url, &format!("{good}{}", "x".repeat(500))), Err(Refusal::TextLength { .. })));
}

#[test]
fn a_choice_may_be_typed_in_any_case_but_not_invented() {
    let resolution = param("nano-banana-pro", "resolution");
    assert_eq!(check_text(resolution, "4k"), Ok(text("4K")));
    assert_eq!(check_text(resolution, "8K"), Err(Refusal::ExpectedButton));
    let sound = param("kling-2.6/image-to-video", "sound");
    for (typed, yes) in [("Да", true), ("НЕТ", false), ("yes", true), ("0", false), ("true", true)] {
        assert_eq!(check_text(sound, typed), Ok(Value::Bool(yes)), "{typed}");
    }
    assert_eq!(check_text(sound, "может быть"), Err(Refusal::ExpectedButton));
    assert_eq!(
        check_text(param("kling-2.6/image-to-video", "image_input"), "кот"),
        Err(Refusal::ExpectedFile(Media::Image))
    );
}

#[test]
fn a_file_is_taken_by_its_type_its_size_and_the_room_that_is_left() {
    let images = param("google/nano-banana-edit", "image_urls");
    assert_eq!(check_file(images, 0, "image/png", 1), Ok(()));
    assert_eq!(check_file(images, 10, "image/png", 1), Err(Refusal::TooManyFiles { max: 10 }));
    assert_eq!(check_file(images, 0, "image/heic", 1), Err(Refusal::ExpectedFile(Media::Image)));
    assert_eq!(check_file(images, 0, "image/png", 10 * 1024 * 1024), Ok(()));
    assert_eq!(check_file(images, 0, "image/png", 10 * 1024 * 1024 + 1), Err(Refusal::FileTooBig { max_mb: 10 }));
    let single = param("qwen/image-edit", "image_input");
    assert_eq!(check_file(single, 1, "image/webp", 1), Ok(()), "a second file replaces the first");
    let speech = param("elevenlabs/speech-to-text", "audio_url");
    assert_eq!(check_file(speech, 0, "audio/x-wav", 21 * 1024 * 1024), Err(Refusal::FileTooBig { max_mb: 20 }));
    assert_eq!(check_file(param("z-image", "prompt"), 0, "image/png", 1), Err(Refusal::ExpectedText));
    assert_eq!(check_file(param("z-image", "aspect_ratio"), 0, "image/png", 1), Err(Refusal::ExpectedButton));
}

#[test]
fn a_pressed_value_must_be_offered() {
    let hailuo = model("hailuo/2.3");
    let resolution = param("hailuo/2.3", "resolution");
    let long = Selection::new().with("duration", text("10"));
    let under = GenType::ImageToVideo;
    assert_eq!(press(hailuo, under, &long, resolution, "768p"), Ok(Choice::Set(text("768p"))));
    assert_eq!(press(hailuo, under, &long, resolution, "1080p"), Err(Refusal::NoTier));
    assert_eq!(press(hailuo, under, &Selection::new(), resolution, "1080p"), Ok(Choice::Set(text("1080p"))));
    assert_eq!(press(hailuo, under, &long, resolution, "4K"), Err(Refusal::NotAllowed));
    assert_eq!(press(hailuo, under, &long, param("hailuo/2.3", "prompt"), "hello"), Err(Refusal::NotAllowed));
}

#[test]
fn what_is_required_cannot_be_skipped_and_what_is_optional_can() {
    let under = GenType::TextToVideo;
    let wan = model("wan/2-5-text-to-video");
    let nothing = Selection::new();
    let skip = |name| press(wan, under, &nothing, wan.param(name).unwrap(), SKIP);
    assert_eq!(skip("prompt"), Err(Refusal::Required));
    assert_eq!(skip("resolution"), Err(Refusal::Required), "an axis without a default");
    assert_eq!(skip("aspect_ratio"), Ok(Choice::Skip));
    let banana = model("nano-banana-pro");
    let image = banana.param("image_input").unwrap();
    assert_eq!(press(banana, GenType::ImageToImage, &nothing, image, SKIP), Err(Refusal::Required));
    assert_eq!(press(banana, GenType::TextToImage, &nothing, image, SKIP), Ok(Choice::Skip));
    let size = banana.param("resolution").unwrap();
    assert_eq!(press(banana, GenType::TextToImage, &nothing, size, DEFAULT), Ok(Choice::Set(text("1K"))));
    assert_eq!(press(banana, GenType::TextToImage, &nothing, image, DEFAULT), Err(Refusal::NotAllowed));
}

#[test]
fn a_stored_selection_that_no_longer_fits_is_named() {
    let z = model("z-image");
    assert_eq!(check_selection(z, &Selection::new().with("prompt", text("cat"))), Ok(()));
    let gone = Selection::new().with("style", text("x"));
    assert_eq!(check_selection(z, &gone), Err(("style".to_owned(), Refusal::NotAllowed)));
    let wrong = Selection::new().with("aspect_ratio", text("21:9"));
    assert_eq!(check_selection(z, &wrong), Err(("aspect_ratio".to_owned(), Refusal::NotAllowed)));
    let kind = Selection::new().with("prompt", Value::Bool(true));
    assert_eq!(check_selection(z, &kind), Err(("prompt".to_owned(), Refusal::ExpectedText)));
}
