//! Everything that the catalog names has words in every language, and no words are left of what it dropped.

use std::collections::BTreeSet;

use botyard::catalog::{Catalog, Category, GenType, HEADER_CODES, ParamKind};
use botyard::domain::Language;
use botyard::texts::key_part;

use super::texts;

fn catalog() -> &'static Catalog {
    Catalog::embedded().unwrap()
}

#[test]
fn gen_types_have_a_title_and_a_sentence() {
    let texts = texts();
    for lang in Language::ALL {
        let words = texts.words(lang);
        for gen_type in GenType::ALL {
            let title = words.find(&gen_type.text_key());
            assert_eq!(title, Some(words.gen_type(gen_type.slug())), "{lang}/{gen_type}");
            let sentence = words.gen_type_desc(gen_type.slug()).unwrap_or_default();
            assert!(sentence.ends_with('.') && sentence.chars().count() < 120, "{lang}/{gen_type}: {sentence}");
        }
        for category in Category::ALL {
            assert!(words.find(&category.text_key()).is_some(), "{lang}: {}", category.slug());
        }
        for code in HEADER_CODES {
            assert!(words.find(&format!("header-{}", key_part(code))).is_some(), "{lang}: {code}");
        }
    }
}

#[test]
fn a_gen_type_whose_models_take_a_prompt_has_samples() {
    let texts = texts();
    for lang in Language::ALL {
        let words = texts.words(lang);
        for model in catalog().models().iter().filter(|m| m.is_visible_by_default()) {
            let writes = model.params.iter().any(|p| p.required && p.name == "prompt");
            let shown = words.examples(model.gen_type.slug()).len();
            assert!(!writes || (1..=3).contains(&shown), "{lang}/{}: {shown} samples", model.gen_type);
        }
        assert_eq!(words.examples("text-to-image").len(), 3);
        assert!(words.examples("upscale").is_empty());
    }
}

#[test]
fn every_parameter_of_the_catalog_has_a_label() {
    let texts = texts();
    for lang in Language::ALL {
        for param in catalog().models().iter().flat_map(|m| &m.params) {
            let label = texts.words(lang).find(&format!("param-{}", key_part(&param.name)));
            assert!(label.is_some(), "{lang}: {}", param.name);
        }
    }
}

#[test]
fn every_choice_of_the_catalog_reads_as_words() {
    let texts = texts();
    for param in catalog().models().iter().flat_map(|m| &m.params) {
        let ParamKind::Enum { values, .. } = &param.kind else { continue };
        for value in values {
            let said = texts.words(Language::Ru).value(&param.name, value);
            // A choice that is shown as it is spelled must be a number, a ratio or a resolution.
            let plain = value.starts_with(|c: char| c.is_ascii_digit());
            assert!(said != *value || plain, "{} = {value} has no name", param.name);
        }
    }
}

#[test]
fn words_about_models_belong_to_models_that_exist() {
    let texts = texts();
    let ids: BTreeSet<String> = catalog().models().iter().map(|m| key_part(&m.id)).collect();
    assert_eq!(ids.len(), catalog().models().len(), "two ids become one key");
    for message in texts.messages(Language::Ru) {
        let model = message.key.strip_prefix("title-").or_else(|| message.key.strip_prefix("about-"));
        assert!(model.is_none_or(|id| ids.contains(id)), "{} is about no model", message.key);
    }
}

#[test]
fn english_titles_are_the_catalog_s_with_a_video_s_source_in_a_word() {
    let texts = texts();
    let (en, ru) = (texts.words(Language::En), texts.words(Language::Ru));
    for model in catalog().models() {
        // «Hailuo 02 Standard, image to video • from 9.43 ₽» is wider than a phone.
        let grok = model.id.starts_with("grok");
        let short = model.title.replace(", image to video", " (photo)").replace(", text to video", " (text)");
        assert_eq!(en.model_title(&model.id, &model.title), if grok { &model.title } else { &short }.as_str());
        let said = ru.model_title(&model.id, &model.title);
        for phrase in ["text to", "image to", "speech", "upscale", "background", "remover", "Edit", "Remix", "audio"] {
            assert!(!model.is_visible_by_default() || !said.contains(phrase), "{}: {said}", model.id);
        }
    }
}

#[test]
fn names_from_the_catalog_are_said_in_words() {
    let texts = texts();
    let ru = texts.words(Language::Ru);
    assert_eq!(ru.param("aspect_ratio"), "Соотношение сторон");
    assert_eq!(ru.param("brand_new_knob"), "brand new knob");
    assert_eq!(ru.value("image_size", "portrait_16_9"), "Вертикальный 9:16");
    assert_eq!(ru.value("rendering_speed", "TURBO"), "Быстро");
    assert_eq!(ru.value("aspect_ratio", "16:9"), "16:9");
    assert_eq!(ru.value("sound", "true"), "✅ Да");
    assert!(ru.param_hint("mask_input").is_some());
    assert_eq!(ru.param_hint("brand_new_knob"), None);
    assert_eq!(ru.model_title("kling-2.6/text-to-video", "Kling 2.6 (text)"), "Kling 2.6, из текста");
    assert!(ru.model_desc("z-image").is_some());
}
