//! What the wizard asks, in which order, and what it fills by itself (bot.md 7.2). Pure: drafts live elsewhere.

use super::decimal::Decimal;
use super::gen_type::GenType;
use super::model::{Model, QuantityRule};
use super::offer::offered_values;
use super::param::{Media, Param, ParamKind};
use super::value::{Selection, Value};

/// The parameters that are asked for a model opened under a gen type, in their order: media (image, video, audio), then
/// texts, then the rest; in each group required ones before axes without a default. What `prefilled` has is not asked.
pub fn steps<'m>(model: &'m Model, under: GenType, prefilled: &Selection) -> Vec<&'m Param> {
    let mut asked: Vec<&Param> =
        model.params.iter().filter(|p| is_needed(model, under, p) && !prefilled.has(&p.name)).collect();
    // The sort is stable: inside a group the catalog's order stays.
    asked.sort_by_key(|p| (group(p), !p.required));
    asked
}

/// The next parameter to ask; `None` when all are answered. On the way, enums and bools that have one value left are
/// filled silently.
pub fn next_step<'m>(model: &'m Model, under: GenType, selection: &mut Selection) -> Option<&'m Param> {
    for param in steps(model, under, selection) {
        match offered_values(model, param, selection).as_slice() {
            [only] => match param.option_value(only) {
                Some(value) => selection.set(&param.name, value),
                None => return Some(param),
            },
            _ => return Some(param),
        }
    }
    None
}

/// Whether a parameter is asked and cannot be left out: it is required, or an axis without a default, or the first
/// media parameter under a gen type that starts from a file.
pub fn is_needed(model: &Model, under: GenType, param: &Param) -> bool {
    param.required
        || (model.is_axis(&param.name) && param.default.is_none())
        || (under.starts_from_media() && forced_media(model).is_some_and(|first| first.name == param.name))
}

/// The needed parameters that have neither a value nor a default: why a draft cannot be priced yet.
pub fn missing_required<'m>(model: &'m Model, under: GenType, selection: &Selection) -> Vec<&'m Param> {
    steps(model, under, selection).into_iter().filter(|p| p.default.is_none()).collect()
}

/// A parameter's value when nothing is chosen: the tenant's preferred aspect ratio where it is allowed, else the
/// catalog's default, else 1 for a number of pictures.
pub fn default_of(model: &Model, param: &Param, preferred_aspect_ratio: Option<&str>) -> Option<Value> {
    let preferred = preferred_aspect_ratio.filter(|_| param.name == "aspect_ratio").and_then(|r| param.option_value(r));
    let one = || match &model.pricing.quantity {
        QuantityRule::Images { param: images } if *images == param.name => param
            .option_value("1")
            .or_else(|| matches!(param.kind, ParamKind::Number { .. }).then(|| Value::Number(Decimal::whole(1)))),
        _ => None,
    };
    preferred.or_else(|| param.default.clone()).or_else(one)
}

/// Every parameter's value when nothing is chosen. Parameters without one are absent: they are not sent.
pub fn defaults(model: &Model, preferred_aspect_ratio: Option<&str>) -> Selection {
    model.params.iter().filter_map(|p| Some((p.name.clone(), default_of(model, p, preferred_aspect_ratio)?))).collect()
}

/// A selection with the defaults in the places that were left out: what is quoted, stored and sent.
pub fn complete(model: &Model, selection: &Selection, preferred_aspect_ratio: Option<&str>) -> Selection {
    let mut all = defaults(model, preferred_aspect_ratio);
    for (name, value) in selection.iter() {
        all.set(name, value.clone());
    }
    all
}

fn forced_media(model: &Model) -> Option<&Param> {
    model.params.iter().filter(|p| p.media().is_some()).min_by_key(|p| group(p))
}

fn group(param: &Param) -> u8 {
    match param.media() {
        Some(Media::Image) => 0,
        Some(Media::Video) => 1,
        Some(Media::Audio) => 2,
        None if param.is_text() => 3,
        None => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, FileValue};

    fn model(id: &str) -> &'static Model {
        Catalog::embedded().unwrap().model(id).unwrap()
    }

    fn names(id: &str, under: GenType) -> Vec<&'static str> {
        steps(model(id), under, &Selection::new()).into_iter().map(|p| p.name.as_str()).collect()
    }

    #[test]
    fn media_come_first_then_texts_then_the_rest() {
        assert_eq!(names("z-image", GenType::TextToImage), ["prompt", "aspect_ratio"]);
        assert_eq!(
            names("kling-2.6/image-to-video", GenType::ImageToVideo),
            ["image_input", "prompt", "sound", "duration"]
        );
        assert_eq!(names("wan/2-2-animate-move", GenType::VideoToVideo), ["image_input", "video_input"]);
        assert_eq!(names("infinitalk/from-audio", GenType::LipSync), ["image_input", "audio_input", "prompt"]);
    }

    #[test]
    fn an_axis_without_a_default_is_asked_and_other_optional_parameters_are_not() {
        assert_eq!(names("wan/2-5-text-to-video", GenType::TextToVideo), ["prompt", "duration", "resolution"]);
        assert_eq!(names("ideogram/v3-text-to-image", GenType::TextToImage), ["prompt", "rendering_speed"]);
        assert_eq!(names("nano-banana-pro", GenType::TextToImage), ["prompt"]);
    }

    #[test]
    fn a_type_that_starts_from_a_picture_requires_the_picture() {
        assert_eq!(names("nano-banana-pro", GenType::ImageToImage), ["image_input", "prompt"]);
        let image = model("nano-banana-pro").param("image_input").unwrap();
        assert!(is_needed(model("nano-banana-pro"), GenType::ImageToImage, image));
        assert!(!is_needed(model("nano-banana-pro"), GenType::TextToImage, image));
    }

    #[test]
    fn every_image_model_asks_its_image_first_and_no_text_to_image_model_asks_one() {
        for m in Catalog::embedded().unwrap().models().iter().filter(|m| m.is_sellable()) {
            for under in m.gen_types() {
                let first = names(&m.id, under)[0];
                let media = m.param(first).unwrap().media();
                assert_eq!(media.is_some(), under.starts_from_media(), "{} under {under} asks {first}", m.id);
            }
        }
    }

    #[test]
    fn what_is_prefilled_is_not_asked() {
        let tier = model("kling-2.6/image-to-video").tier_selection(2).unwrap();
        let asked = steps(model("kling-2.6/image-to-video"), GenType::ImageToVideo, &tier);
        assert_eq!(asked.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["image_input", "prompt"]);
    }

    #[test]
    fn a_required_enum_with_one_value_left_is_filled_silently() {
        let hailuo = model("hailuo/2.3");
        let image = FileValue {
            media: "med_a".into(),
            mime: "image/png".into(),
            bytes: 1,
            sha256: "ab".into(),
            duration_ms: None,
        };
        let mut chosen =
            Selection::new().with("image_input", Value::Files(vec![image])).with("prompt", Value::Text("waves".into()));
        assert_eq!(next_step(hailuo, GenType::ImageToVideo, &mut chosen).unwrap().name, "duration");
        chosen.set("duration", Value::Text("10".into()));
        assert_eq!(next_step(hailuo, GenType::ImageToVideo, &mut chosen), None);
        assert_eq!(chosen.text("resolution").as_deref(), Some("768p"));
    }

    #[test]
    fn the_preferred_ratio_is_a_default_only_where_it_is_allowed() {
        let ratio = |id: &str| defaults(model(id), Some("9:16")).text("aspect_ratio");
        assert_eq!(ratio("z-image").as_deref(), Some("9:16"));
        assert_eq!(ratio("wan/2-5-text-to-video").as_deref(), Some("9:16"));
        assert_eq!(ratio("grok-imagine/text-to-video").as_deref(), Some("2:3"));
        assert_eq!(ratio("grok-imagine/text-to-image"), None);
        assert_eq!(defaults(model("z-image"), None).text("aspect_ratio").as_deref(), Some("1:1"));
    }

    #[test]
    fn a_number_of_pictures_without_a_default_is_one_and_a_seed_has_none() {
        let all = defaults(model("ideogram/v3-text-to-image"), None);
        assert_eq!(all.text("num_images").as_deref(), Some("1"));
        assert!(!all.has("seed"));
    }

    #[test]
    fn a_draft_misses_what_has_neither_value_nor_default() {
        let missing = missing_required(model("kling-2.6/image-to-video"), GenType::ImageToVideo, &Selection::new());
        let names: Vec<_> = missing.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["image_input", "prompt", "sound"]);
    }
}
