//! What a person orders: a model and every value it is to be made with. Stored sealed, compared by its fingerprint.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::catalog::{GenType, Model, ParamKind, Selection, Value, complete};
use crate::domain::{BotInstanceId, UserId};

/// An order: complete, so a default that changes later does not change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The model's id.
    pub model: String,
    /// The generation type it was opened under.
    pub gen_type: GenType,
    /// Every value, defaults too.
    pub selection: Selection,
}

/// An order in the words of a confirmation or of the history; labels and lengths are the screen's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The main text, whole.
    pub prompt: Option<String>,
    /// The other values as (parameter's name, value), in the catalog's order.
    pub params: Vec<(String, String)>,
    /// The inputs as (parameter's name, how many files), in the catalog's order.
    pub inputs: Vec<(String, usize)>,
}

impl Order {
    /// An order of what was chosen, with defaults in the places that were left out (bot.md 7.2).
    pub fn new(model: &Model, gen_type: GenType, chosen: &Selection, preferred_ratio: Option<&str>) -> Self {
        Self { model: model.id.clone(), gen_type, selection: complete(model, chosen, preferred_ratio) }
    }

    /// What makes two orders equal (bot.md 9.1): tenant, user, model, all values, contents of inputs. 64 hex digits.
    pub fn fingerprint(&self, tenant: &BotInstanceId, user: UserId) -> String {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            // Each part with its length before it, so that no two orders share one spelling.
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        part(tenant.as_str());
        part(&user.to_string());
        part(&self.model);
        for (name, value) in self.selection.iter() {
            part(name);
            match value {
                Value::Text(text) => ["text", text].into_iter().for_each(&mut part),
                Value::Bool(yes) => ["bool", &yes.to_string()].into_iter().for_each(&mut part),
                Value::Number(number) => ["number", &number.to_string()].into_iter().for_each(&mut part),
                Value::Files(files) => {
                    part("files");
                    part(&files.len().to_string());
                    for file in files {
                        part(&file.sha256);
                    }
                }
            }
        }
        hex::encode(hash.finalize())
    }

    /// The order's parts for people. A value that the model no longer has is left out.
    pub fn summary(&self, model: &Model) -> Summary {
        let mut summary = Summary::default();
        let main = main_text(model);
        for param in &model.params {
            let Some(value) = self.selection.get(&param.name) else { continue };
            if let Value::Files(files) = value {
                summary.inputs.push((param.name.clone(), files.len()));
            } else if main == Some(param.name.as_str()) {
                summary.prompt = value.as_text();
            } else {
                summary.params.push((param.name.clone(), value.to_string()));
            }
        }
        summary
    }
}

/// The parameter that a person would call the request: `prompt`, else the first free text.
fn main_text(model: &Model) -> Option<&str> {
    let texts = || model.params.iter().filter(|param| matches!(param.kind, ParamKind::Text { .. }));
    let named = texts().find(|param| param.name == "prompt");
    named.or_else(|| texts().next()).map(|param| param.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, FileValue};

    fn order(model: &str, chosen: &Selection) -> Order {
        Order::new(Catalog::embedded().unwrap().model(model).unwrap(), GenType::TextToImage, chosen, None)
    }

    fn file(media: &str, content: &str) -> Value {
        Value::Files(vec![FileValue {
            media: media.to_owned(),
            mime: "image/png".to_owned(),
            bytes: 1,
            sha256: content.to_owned(),
            duration_ms: None,
        }])
    }

    #[test]
    fn equal_orders_have_one_fingerprint_and_any_difference_makes_another() {
        let (tenant, other) = (BotInstanceId::parse("tenant-a").unwrap(), BotInstanceId::parse("tenant-b").unwrap());
        let cat = || Selection::new().with("prompt", Value::Text("a cat".into()));
        let print = |chosen: Selection| order("z-image", &chosen).fingerprint(&tenant, UserId(1));
        let base = print(cat());
        // A default that was chosen is the same value as a default that was left out.
        assert_eq!(base, print(cat().with("aspect_ratio", Value::Text("1:1".into()))));
        assert_ne!(base, print(cat().with("aspect_ratio", Value::Text("16:9".into()))));
        assert_ne!(base, print(Selection::new().with("prompt", Value::Text("a cat ".into()))));
        assert_ne!(base, order("z-image", &cat()).fingerprint(&tenant, UserId(2)));
        assert_ne!(base, order("z-image", &cat()).fingerprint(&other, UserId(1)));
        assert_ne!(base, order("bytedance/seedream", &cat()).fingerprint(&tenant, UserId(1)));
    }

    #[test]
    fn inputs_are_compared_by_their_content() {
        let tenant = BotInstanceId::parse("tenant-a").unwrap();
        let print = |value| {
            let chosen = Selection::new().with("image_input", value);
            Order { model: "m".into(), gen_type: GenType::ImageToImage, selection: chosen }
                .fingerprint(&tenant, UserId(1))
        };
        assert_eq!(print(file("med_a", "aa")), print(file("med_b", "aa")));
        assert_ne!(print(file("med_a", "aa")), print(file("med_a", "bb")));
    }

    #[test]
    fn a_summary_tells_the_text_from_the_other_values() {
        let catalog = Catalog::embedded().unwrap();
        let chosen =
            Selection::new().with("prompt", Value::Text("waves".into())).with("image_input", file("med_a", "aa"));
        let model = catalog.model("hailuo/2.3").unwrap();
        let summary = Order::new(model, GenType::ImageToVideo, &chosen, None).summary(model);
        assert_eq!(summary.prompt.as_deref(), Some("waves"));
        assert_eq!(summary.inputs, [("image_input".to_owned(), 1)]);
        assert!(summary.params.iter().all(|(name, _)| name != "prompt"), "{:?}", summary.params);
    }
}
