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
