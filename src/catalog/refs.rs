//! Short names that fit Telegram's 64 bytes of callback data (bot.md 1.1 and 4).

use sha2::{Digest, Sha256};

use super::model::Model;
use super::param::Param;

/// The most bytes that `callback_data` may have.
pub const CALLBACK_MAX: usize = 64;

/// The first `digits` hex digits of SHA-256 of a text.
pub fn short_hash(text: &str, digits: usize) -> String {
    let mut hash = hex::encode(Sha256::digest(text.as_bytes()));
    hash.truncate(digits);
    hash
}

/// The model's ref for a callback that ends with it: the id while `prefix` and id fit, else the hash.
pub fn callback_ref<'m>(prefix: &str, model: &'m Model) -> &'m str {
    callback_ref_before(prefix, model, "")
}

/// The same when something follows the ref, as in `select_mode:<ref>:<n>`: `rest` with its colon.
pub fn callback_ref_before<'m>(prefix: &str, model: &'m Model, rest: &str) -> &'m str {
    if prefix.len() + model.id.len() + rest.len() <= CALLBACK_MAX { &model.id } else { &model.hash }
}

/// The value itself while it fits behind `prefix` (`set_param:<name>:`), else `#` and 8 hex digits of its SHA-256.
pub fn enum_ref(prefix: &str, value: &str) -> String {
    if prefix.len() + value.len() <= CALLBACK_MAX { value.to_owned() } else { hashed(value) }
}

/// The value of an enum or bool that a payload names, in either form. `None` when it names none.
pub fn enum_from_ref<'p>(param: &'p Param, payload: &str) -> Option<&'p str> {
    param
        .options()?
        .into_iter()
        .find(|value| *value == payload || (payload.starts_with('#') && hashed(value) == payload))
}

fn hashed(value: &str) -> String {
    format!("#{}", short_hash(value, 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, param::ParamKind};

    #[test]
    fn no_callback_of_any_model_value_or_tier_is_longer_than_telegram_allows() {
        let catalog = Catalog::embedded().unwrap();
        let fits = |data: String| assert!(data.len() <= CALLBACK_MAX, "{data}");
        for model in catalog.models() {
            for prefix in ["select_model:", "model:", "modes:", "info:", "example:", "back_to_model:", "start:", "gen:"]
            {
                let reference = callback_ref(prefix, model);
                fits(format!("{prefix}{reference}"));
                assert_eq!(catalog.model(reference).map(|m| &m.id), Some(&model.id));
            }
            for (n, _) in model.modes() {
                let rest = format!(":{n}");
                for prefix in ["select_mode:", "mode:"] {
                    fits(format!("{prefix}{}{rest}", callback_ref_before(prefix, model, &rest)));
                }
            }
            for param in &model.params {
                for word in ["__skip__", "__default__"] {
                    fits(format!("set_param:{}:{word}", param.name));
                }
                for value in param.options().unwrap_or_default() {
                    for prefix in [format!("set_param:{}:", param.name), format!("confirm_param:{}:", param.name)] {
                        let reference = enum_ref(&prefix, value);
                        fits(format!("{prefix}{reference}"));
                        assert_eq!(enum_from_ref(param, &reference), Some(value));
                    }
                }
            }
        }
    }

    #[test]
    fn an_id_of_exactly_64_bytes_with_its_prefix_still_travels_whole() {
        let mut model = Catalog::embedded().unwrap().models()[0].clone();
        model.id = "a".repeat(CALLBACK_MAX - "model:".len());
        assert_eq!(callback_ref("model:", &model), model.id);
        assert_eq!(callback_ref("select_model:", &model), model.hash);
        assert_eq!(callback_ref_before("model:", &model, ":0"), model.hash);
    }

    #[test]
    fn a_long_value_travels_as_a_hash_and_comes_back() {
        let long = "a very long value that somebody may put into the catalog one day".to_owned();
        let kind = ParamKind::Enum {
            values: vec!["short".to_owned(), long.clone()],
            wire_values: std::collections::BTreeMap::new(),
            as_number: false,
        };
        let param = Param { name: "style".into(), wire: "style".into(), kind, required: false, default: None };
        let reference = enum_ref("set_param:style:", &long);
        assert_eq!(reference.len(), 9);
        assert_eq!(enum_from_ref(&param, &reference), Some(long.as_str()));
        assert_eq!(enum_from_ref(&param, "short"), Some("short"));
        assert_eq!(enum_from_ref(&param, "#00000000"), None);
    }
}
