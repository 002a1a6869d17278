//! Names of things on screens: models, values, formats, and how they are cut to fit.

use crate::bot::turn::arg;
use crate::catalog::{Catalog, Model, Output, Tier, Value};
use crate::texts::Words;

/// A model as a stored record names it: its title is found in whichever language it is said; one that has left the catalog
/// keeps its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    id: String,
    title: String,
}

impl Named {
    /// By its id.
    pub fn of(catalog: &Catalog, id: &str) -> Self {
        let title = catalog.model(id).map_or_else(|| id.to_owned(), |model| model.title.clone());
        Self { id: id.to_owned(), title }
    }

    /// Its title for people.
    pub fn title(&self, words: Words<'_>) -> String {
        words.model_title(&self.id, &self.title)
    }
}

/// A model's title for people.
pub fn title(words: Words<'_>, model: &Model) -> String {
    words.model_title(&model.id, &model.title)
}

/// Titles for a list of one generation type: without what the list's own title says («, из фото»), where that leaves them apart.
pub fn short_titles(words: Words<'_>, models: &[&Model]) -> Vec<String> {
    let whole: Vec<String> = models.iter().map(|model| title(words, model)).collect();
    let short = |title: &str| title.split([',', '(']).next().unwrap_or_default().trim_end().to_owned();
    let alone = |name: &str| whole.iter().filter(|other| short(other) == name).count() == 1;
    whole
        .iter()
        .map(|title| {
            let name = short(title);
            if alone(&name) { name } else { title.clone() }
        })
        .collect()
}

/// A sentence on a model; its gen type's where it has none of its own.
pub fn description(words: Words<'_>, model: &Model) -> Option<String> {
    words.model_desc(&model.id).or_else(|| words.gen_type_desc(model.gen_type.slug()))
}

/// At most `max` characters, the last of them an ellipsis when something was cut.
pub fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// «{title} • {price}» of at most 60 bytes: the title gives way, the price stays (bot.md 5.1, S-06).
pub fn model_label(words: Words<'_>, title: &str, price: &str) -> String {
    const MOST: usize = 60;
    let label = |title: &str| words.plain("btn-model", arg("title", title).with("price", price));
    let whole = label(title);
    if whole.len() <= MOST {
        return whole;
    }
    let room = MOST.saturating_sub(whole.len() - title.len() + '…'.len_utf8());
    let end = (0..=room.min(title.len())).rev().find(|at| title.is_char_boundary(*at)).unwrap_or(0);
    label(&format!("{}…", title[..end].trim_end()))
}

/// A chosen value for people; files as their number.
pub fn value(words: Words<'_>, param: &str, value: &Value) -> String {
    match value {
        Value::Files(files) if files.len() == 1 => words.get("param-file"),
        Value::Files(files) => words.plain("param-files", arg("n", files.len())),
        other => words.value(param, &other.as_text().unwrap_or_default()),
    }
}

/// A value in a list of price variants, where its parameter's label does not stand beside it: «10 с», «со звуком».
pub fn axis_value(words: Words<'_>, axis: &str, value: &str) -> String {
    match (axis, value) {
        ("duration" | "n_frames", seconds) => words.plain("axis-seconds", arg("n", seconds)),
        ("sound", "true") => words.get("axis-sound-on"),
        ("sound", "false") => words.get("axis-sound-off"),
        _ => words.value(axis, value),
    }
}

/// A tier's axes in the catalog's order: «1080p · 10 с»; without any «Стандартный».
pub fn tier(words: Words<'_>, model: &Model, tier: &Tier) -> String {
    let values: Vec<String> = model
        .params
        .iter()
        .filter_map(|p| tier.when.get(&p.name).map(|value| axis_value(words, &p.name, value)))
        .collect();
    if values.is_empty() { words.get("mode-plain") } else { values.join(" · ") }
}

/// What a model makes.
pub fn output(words: Words<'_>, output: Output) -> String {
    words.get(match output {
        Output::Image => "kind-image",
        Output::Video => "kind-video",
        Output::Audio => "kind-audio",
        Output::Text => "kind-text",
    })
}

/// How long a kind of result usually takes (bot.md 5.2, S-14).
pub fn eta(words: Words<'_>, output: Output) -> String {
    words.get(match output {
        Output::Image => "eta-image",
        Output::Video => "eta-video",
        Output::Audio => "eta-audio",
        Output::Text => "eta-text",
    })
}

/// MIME types as people know them: «JPEG, PNG, WebP».
pub fn formats(mime: &[String]) -> String {
    let mut names: Vec<String> = Vec::new();
    for mime in mime {
        let name = match mime.as_str() {
            "image/webp" => "WebP".to_owned(),
            "audio/mpeg" => "MP3".to_owned(),
            "audio/mp4" => "M4A".to_owned(),
            "audio/ogg" => "OGG".to_owned(),
            "video/quicktime" => "MOV".to_owned(),
            "video/webm" => "WebM".to_owned(),
            "video/x-matroska" => "MKV".to_owned(),
            other => other.rsplit('/').next().unwrap_or(other).to_uppercase(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{model, words};
    use crate::domain::Language;
    use crate::texts::Texts;

    #[test]
    fn a_long_title_gives_way_and_the_price_stays() {
        let texts = Texts::embedded().unwrap();
        let words = texts.words(Language::Ru);
        assert_eq!(model_label(words, "Z-Image", "от 0.63 ₽"), "Z-Image • от 0.63 ₽");
        let long = model_label(words, "Seedance 1.0 Pro Fast, фото в видео", "от 172.85 ₽");
        assert_eq!(long, "Seedance 1.0 Pro Fast, фото в в… • от 172.85 ₽");
        assert!(long.len() <= 60);
    }

    #[test]
    fn in_a_list_of_one_type_a_title_leaves_out_what_the_list_says() {
        let of = |ids: &[&str]| {
            let models: Vec<&Model> = ids.iter().map(|id| model(id)).collect();
            [Language::Ru, Language::En].map(|language| short_titles(words(language), &models))
        };
        let apart = of(&["kling-2.6/image-to-video", "hailuo/02-image-to-video-pro"]);
        assert_eq!(apart, [["Kling 2.6", "Hailuo 02 Pro"], ["Kling 2.6", "Hailuo 02 Pro"]]);
        let alike = of(&["kling-2.6/image-to-video", "kling-2.6/text-to-video"]);
        assert_eq!(alike[0], ["Kling 2.6, из фото", "Kling 2.6, из текста"]);
    }

    #[test]
    fn a_cut_text_says_so() {
        assert_eq!(cut("кот", 3), "кот");
        assert_eq!(cut("кот в шляпе", 6), "кот в…");
    }

    #[test]
    fn formats_are_named_as_people_know_them() {
        let mime = ["image/jpeg", "image/png", "image/webp", "audio/mpeg"].map(str::to_owned);
        assert_eq!(formats(&mime), "JPEG, PNG, WebP, MP3");
    }
}
