//! Every sellable model becomes a request that fits its own schema; the shapes of the special ones stand here in full.

use super::*;
use crate::catalog::{Catalog, Decimal, GenType, Media, next_step, offered_values};

fn model(id: &str) -> &'static Model {
    Catalog::embedded().unwrap().model(id).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that `request` takes")]
fn url(file: &FileValue) -> Option<String> {
    Some(format!("https://files.example/{}", file.media))
}

fn file(media: Media, n: usize) -> FileValue {
    let mime = match media {
        Media::Image => "image/png",
        Media::Video => "video/mp4",
        Media::Audio => "audio/mpeg",
    };
    FileValue {
        media: format!("med_{n}"),
        mime: mime.to_owned(),
        bytes: 1000,
        sha256: "ab".to_owned(),
        duration_ms: (media != Media::Image).then_some(4_200),
    }
}

/// A valid answer to a step, as a person would give it.
fn answer(model: &Model, param: &Param, chosen: &Selection) -> Value {
    match &param.kind {
        ParamKind::Files { media, max_items, .. } => {
            Value::Files((0..(*max_items).min(2)).map(|n| file(*media, n)).collect())
        }
        ParamKind::Text { min, .. } => Value::Text("a cat".repeat(min.div_ceil(5).max(1))),
        ParamKind::Url { prefix, .. } => Value::Text(format!("{prefix}p/1")),
        ParamKind::Number { max, .. } => Value::Number(*max),
        ParamKind::Enum { .. } | ParamKind::Bool => {
            let offered = offered_values(model, param, chosen);
            param.option_value(offered.last().unwrap()).unwrap()
        }
    }
}

/// Walks the wizard to its end; `also_optional` answers everything else too.
fn walk(model: &Model, under: GenType, also_optional: bool) -> Selection {
    let mut chosen = Selection::new();
    while let Some(param) = next_step(model, under, &mut chosen) {
        let value = answer(model, param, &chosen);
        chosen.set(&param.name, value);
    }
    for param in model.params.iter().filter(|p| also_optional && !chosen.has(&p.name)).collect::<Vec<_>>() {
        let value = answer(model, param, &chosen);
        chosen.set(&param.name, value);
    }
    chosen
}

/// The schema, read a second time from the side of the request.
fn assert_field_fits(param: &Param, json: &Json, id: &str) {
    let place = format!("{id}: {} = {json}", param.wire);
    let is_url = |j: &Json| j.as_str().is_some_and(|u| u.starts_with("https://"));
    match &param.kind {
        ParamKind::Files { list: true, max_items, .. } => {
            let urls = json.as_array().unwrap_or_else(|| panic!("{place}"));
            assert!((1..=*max_items).contains(&urls.len()) && urls.iter().all(is_url), "{place}");
        }
        ParamKind::Files { .. } | ParamKind::Url { .. } => assert!(is_url(json), "{place}"),
        ParamKind::Text { min, max } => {
            let length = json.as_str().unwrap_or_else(|| panic!("{place}")).chars().count();
            assert!((*min..=*max).contains(&length), "{place}");
        }
        ParamKind::Enum { values, wire_values, as_number } => {
            assert_eq!(json.is_number(), *as_number, "{place}");
            let sent = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
            assert!(values.iter().any(|v| *wire_values.get(v).unwrap_or(v) == sent), "{place}");
        }
        ParamKind::Bool => assert!(json.is_boolean(), "{place}"),
        ParamKind::Number { whole, min, max, .. } => {
            assert!(json.is_number() && (!whole || json.is_i64()), "{place}");
            let number = Decimal::parse(&json.to_string()).unwrap_or_else(|_| panic!("{place}"));
            assert!((*min..=*max).contains(&number), "{place}");
        }
    }
}

#[test]
fn every_sellable_model_becomes_a_request_that_fits_its_schema() {
    for model in Catalog::embedded().unwrap().models().iter().filter(|m| m.is_sellable()) {
        for (under, everything) in model.gen_types().flat_map(|g| [(g, false), (g, true)]) {
            let chosen = walk(model, under, everything);
            let made = request(model, &chosen, &url).unwrap_or_else(|e| panic!("{} under {under}: {e}", model.id));
            let input = made.input.as_object().unwrap();
            for param in &model.params {
                if let Some(json) = input.get(&param.wire) {
                    assert_field_fits(param, json, &model.id);
                } else {
                    let may_be_absent = !param.required && param.default.is_none() && !model.prices_by(&param.name);
                    assert!(may_be_absent && !everything, "{}: no {}", model.id, param.wire);
                }
            }
            let known = |key: &String| model.fixed.contains_key(key) || model.params.iter().any(|p| p.wire == *key);
            assert!(input.keys().all(known), "{}: {input:?}", model.id);
            assert!(everything || !input.contains_key("seed"), "{}", model.id);
            assert_eq!(made.model.is_none(), matches!(model.api, Api::Gpt4oImage | Api::Runway), "{}", model.id);
        }
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_job_carries_its_model_its_input_and_the_address_for_the_answer() {
    let chosen = Selection::new().with("prompt", text("cat")).with("num_images", text("2"));
    let chosen = chosen.with("rendering_speed", text("TURBO"));
    let made = request(model("ideogram/v3-text-to-image"), &chosen, &url).unwrap();
    assert_eq!(
        made.body(Some("https://bots.example/kie/a/t")),
        json!({
            "model": "ideogram/v3-text-to-image",
            "input": {"prompt": "cat", "rendering_speed": "TURBO", "num_images": "2"},
            "callBackUrl": "https://bots.example/kie/a/t",
        })
    );
}

#[test]
fn names_spellings_and_arrays_are_the_providers() {
    let hailuo = Selection::new()
        .with("prompt", text("waves"))
        .with("image_input", Value::Files(vec![file(Media::Image, 7)]))
        .with("duration", text("6"))
        .with("resolution", text("1080p"));
    let made = request(model("hailuo/2.3"), &hailuo, &url).unwrap();
    assert_eq!(made.model.as_deref(), Some("hailuo/2-3-image-to-video-standard"));
    assert_eq!(
        made.input,
        json!({"prompt": "waves", "image_url": "https://files.example/med_7", "duration": "6", "resolution": "1080P"})
    );
    let kling = Selection::new()
        .with("prompt", text("waves"))
        .with("image_input", Value::Files(vec![file(Media::Image, 7)]))
        .with("sound", Value::Bool(false))
        .with("duration", text("10"));
    assert_eq!(
        request(model("kling-2.6/image-to-video"), &kling, &url).unwrap().input,
        json!({"prompt": "waves", "image_urls": ["https://files.example/med_7"], "sound": false, "duration": "10"})
    );
    let avatar = walk(model("kling/v1-avatar-standard"), GenType::LipSync, false);
    let made = request(model("kling/v1-avatar-standard"), &avatar, &url).unwrap();
    assert_eq!(made.model.as_deref(), Some("kling/ai-avatar-standard"));
}

#[test]
fn dedicated_endpoints_get_their_own_bodies() {
    let prompt = Selection::new().with("prompt", text("cat"));
    let body =
        |id: &str, chosen: &Selection| request(model(id), chosen, &url).unwrap().body(Some("https://b.example/x"));
    let back = "https://b.example/x";
    assert_eq!(
        body("suno/v5", &prompt),
        json!({"prompt": "cat", "customMode": false, "instrumental": false, "model": "V5", "callBackUrl": back})
    );
    assert_eq!(body("openai/4o-image", &prompt), json!({"prompt": "cat", "size": "1:1", "callBackUrl": back}));
    assert_eq!(
        body("flux/kontext", &prompt),
        json!({"prompt": "cat", "model": "flux-kontext-pro", "enableTranslation": true, "callBackUrl": back})
    );
    assert_eq!(
        body("google/veo-3.1", &prompt),
        json!({"prompt": "cat", "model": "veo3_fast", "generationType": "TEXT_2_VIDEO", "aspect_ratio": "16:9",
            "resolution": "720p", "duration": 8, "enableTranslation": true, "callBackUrl": back})
    );
    let runway = prompt.with("duration", text("5")).with("resolution", text("1080p"));
    assert_eq!(
        body("runway/gen-4", &runway),
        json!({"prompt": "cat", "duration": 5, "quality": "1080p", "aspectRatio": "16:9", "callBackUrl": back})
    );
    assert!(model("runway/gen-4").api.requires_callback() && model("suno/v5").api.requires_callback());
}

#[test]
fn numbers_are_sent_as_numbers_and_defaults_as_the_catalog_has_them() {
    let id = "wan/2-2-a14b-speech-to-video-turbo";
    let input = request(model(id), &walk(model(id), GenType::SpeechToVideo, false), &url).unwrap().input;
    assert_eq!(input["num_frames"], json!(80));
    assert_eq!(input["frames_per_second"], json!(16));
    assert_eq!(input["guidance_scale"], json!(3.5));
    assert_eq!(input["resolution"], json!("480p"));
    let seeded =
        walk(model("ideogram/v3-edit"), GenType::ImageEdit, false).with("seed", Value::Number(Decimal::whole(42)));
    assert_eq!(request(model("ideogram/v3-edit"), &seeded, &url).unwrap().input["seed"], json!(42));
}

#[test]
fn what_is_missing_unknown_or_without_a_price_is_not_sent() {
    let z = |chosen: Selection| request(model("z-image"), &chosen, &url).unwrap_err();
    assert_eq!(z(Selection::new()), WireError::Missing { param: "prompt".into() });
    assert_eq!(z(Selection::new().with("style", text("x"))), WireError::Unknown { param: "style".into() });
    let long = Selection::new().with("prompt", text(&"x".repeat(1001)));
    assert!(matches!(z(long), WireError::Invalid { refusal: Refusal::TextLength { .. }, .. }));
    let hailuo = walk(model("hailuo/2.3"), GenType::ImageToVideo, false)
        .with("duration", text("10"))
        .with("resolution", text("1080p"));
    assert_eq!(request(model("hailuo/2.3"), &hailuo, &url), Err(WireError::NotSold(NotSold::Forbidden)));
    let nowhere = walk(model("recraft/crisp-upscale"), GenType::Upscale, false);
    let lost = request(model("recraft/crisp-upscale"), &nowhere, &|_| None);
    assert_eq!(lost, Err(WireError::NoUrl { param: "image_input".into() }));
    let hidden = request(model("midjourney/api"), &Selection::new().with("prompt", text("cat")), &url);
    assert_eq!(hidden, Err(WireError::NotSold(NotSold::Hidden)));
}
