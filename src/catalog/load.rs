//! Reads `models.yaml`. Unknown fields are refused, and so are fields that do not belong to a parameter's kind; what the
//! entries mean together is checked in `validate.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::decimal::Decimal;
use super::gen_type::GenType;
use super::model::{Api, Model, Output, Pricing, QuantityRule, Status, Tier};
use super::param::{MAX_FILE_MB, Media, Param, ParamKind};
use super::refs::short_hash;
use super::value::Value;
use crate::domain::Money;

/// The longest text where the catalog names no limit (bot.md 7.3).
const DEFAULT_MAX_LENGTH: usize = 5000;
/// How many files a list takes where the catalog names no limit (bot.md 7.3).
const DEFAULT_MAX_ITEMS: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCatalog {
    #[serde(default)]
    pub(super) aliases: BTreeMap<String, String>,
    pub(super) models: Vec<RawModel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawModel {
    id: String,
    title: String,
    vendor: String,
    gen_type: GenType,
    #[serde(default)]
    also: Vec<GenType>,
    output: Output,
    status: Status,
    hidden: Option<String>,
    #[serde(default)]
    wire: RawWire,
    params: Vec<RawParam>,
    pricing: RawPricing,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawWire {
    api: Option<Api>,
    model: Option<String>,
    #[serde(default)]
    fixed: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawKind {
    Image,
    Video,
    Audio,
    String,
    Url,
    Enum,
    Bool,
    Int,
    Float,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireType {
    Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParam {
    name: String,
    kind: RawKind,
    wire: Option<String>,
    #[serde(default)]
    required: bool,
    default: Option<String>,
    list: Option<bool>,
    max_items: Option<usize>,
    mime: Option<Vec<String>>,
    max_mb: Option<u32>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    url_prefix: Option<String>,
    values: Option<Vec<String>>,
    wire_values: Option<BTreeMap<String, String>>,
    wire_type: Option<WireType>,
    min: Option<Decimal>,
    max: Option<Decimal>,
    step: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPricing {
    #[serde(default)]
    quantity: QuantityRule,
    #[serde(default)]
    axes: Vec<String>,
    tiers: Vec<RawTier>,
    #[serde(default)]
    forbidden: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTier {
    #[serde(default)]
    when: BTreeMap<String, String>,
    price: i64,
    credits: i64,
    #[serde(default)]
    free: bool,
}

impl RawModel {
    /// The model, or what is wrong with its parameters.
    pub(super) fn build(self) -> Result<Model, Vec<String>> {
        let mut problems = Vec::new();
        let mut params = Vec::new();
        for raw in self.params {
            let name = raw.name.clone();
            match raw.build() {
                Ok(param) => params.push(param),
                Err(problem) => problems.push(format!("{}: parameter {name}: {problem}", self.id)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let id = self.id;
        let api = self.wire.api.unwrap_or(Api::Jobs);
        let tiers = self.pricing.tiers.into_iter().map(|raw| raw.build(&id)).collect();
        Ok(Model {
            hash: format!("h{}", short_hash(&id, 12)),
            wire_model: self.wire.model.or_else(|| (api == Api::Jobs).then(|| id.clone())),
            title: self.title,
            vendor: self.vendor,
            gen_type: self.gen_type,
            also: self.also,
            output: self.output,
            status: self.status,
            hidden: self.hidden,
            api,
            fixed: self.wire.fixed,
            params,
            pricing: Pricing {
                quantity: self.pricing.quantity,
                axes: self.pricing.axes,
                tiers,
                forbidden: self.pricing.forbidden,
            },
            id,
        })
    }
}

impl RawTier {
    fn build(self, model: &str) -> Tier {
        let when: Vec<String> = self.when.iter().map(|(axis, value)| format!("{axis}={value}")).collect();
        let sku = if when.is_empty() { format!("{model}::default") } else { format!("{model}::{}", when.join("|")) };
        Tier {
            when: self.when,
            price: Money::kopecks(self.price),
            credits: self.credits,
            free: self.free,
            sku_hash: short_hash(&sku, 12),
            sku,
        }
    }
}

impl RawParam {
    fn build(self) -> Result<Param, String> {
        self.check_fields()?;
        let default = self.default.as_deref().map(|text| self.read_default(text)).transpose()?;
        let wire = self.wire.clone().unwrap_or_else(|| self.name.clone());
        Ok(Param { wire, required: self.required, default, kind: self.read_kind()?, name: self.name })
    }

    /// Refuses fields that belong to another kind: a limit that nobody would read is a mistake.
    fn check_fields(&self) -> Result<(), String> {
        use RawKind::{Audio, Enum, Float, Image, Int, String, Url, Video};
        let rules: [(&str, bool, &[RawKind]); 13] = [
            ("list", self.list.is_some(), &[Image, Video, Audio]),
            ("max_items", self.max_items.is_some(), &[Image, Video, Audio]),
            ("mime", self.mime.is_some(), &[Image, Video, Audio]),
            ("max_mb", self.max_mb.is_some(), &[Image, Video, Audio]),
            ("min_length", self.min_length.is_some(), &[String]),
            ("max_length", self.max_length.is_some(), &[String, Url]),
            ("url_prefix", self.url_prefix.is_some(), &[Url]),
            ("values", self.values.is_some(), &[Enum]),
            ("wire_values", self.wire_values.is_some(), &[Enum]),
            ("wire_type", self.wire_type.is_some(), &[Enum]),
            ("min", self.min.is_some(), &[Int, Float]),
            ("max", self.max.is_some(), &[Int, Float]),
            ("step", self.step.is_some(), &[Int, Float]),
        ];
        let misplaced = rules.iter().find(|(_, present, kinds)| *present && !kinds.contains(&self.kind));
        misplaced.map_or(Ok(()), |(field, ..)| Err(format!("{field} does not belong to this kind")))
    }

    fn read_kind(&self) -> Result<ParamKind, String> {
        let needs = |field: &str| format!("{field} is missing");
        Ok(match self.kind {
            RawKind::Image => self.files(Media::Image, &["image/jpeg", "image/png", "image/webp"]),
            RawKind::Video => self.files(Media::Video, &["video/mp4", "video/quicktime", "video/x-matroska"]),
            RawKind::Audio => {
                self.files(Media::Audio, &["audio/mpeg", "audio/wav", "audio/aac", "audio/mp4", "audio/ogg"])
            }
            RawKind::String => ParamKind::Text {
                // What is required is never empty: an empty prompt is no prompt.
                min: self.min_length.unwrap_or(1),
                max: self.max_length.unwrap_or(DEFAULT_MAX_LENGTH),
            },
            RawKind::Url => ParamKind::Url {
                prefix: self.url_prefix.clone().ok_or_else(|| needs("url_prefix"))?,
                max: self.max_length.unwrap_or(DEFAULT_MAX_LENGTH),
            },
            RawKind::Enum => ParamKind::Enum {
                values: self.values.clone().ok_or_else(|| needs("values"))?,
                wire_values: self.wire_values.clone().unwrap_or_default(),
                as_number: self.wire_type.is_some(),
            },
            RawKind::Bool => ParamKind::Bool,
            RawKind::Int | RawKind::Float => ParamKind::Number {
                whole: self.kind == RawKind::Int,
                min: self.min.ok_or_else(|| needs("min"))?,
                max: self.max.ok_or_else(|| needs("max"))?,
                step: self.step,
            },
        })
    }

    fn files(&self, media: Media, usual: &[&str]) -> ParamKind {
        let list = self.list.unwrap_or(false);
        ParamKind::Files {
            media,
            mime: self.mime.clone().unwrap_or_else(|| usual.iter().map(|m| (*m).to_owned()).collect()),
            max_mb: self.max_mb.unwrap_or(MAX_FILE_MB).min(MAX_FILE_MB),
            max_items: if list { self.max_items.unwrap_or(DEFAULT_MAX_ITEMS) } else { 1 },
            list,
        }
    }

    fn read_default(&self, text: &str) -> Result<Value, String> {
        let bad = || format!("default {text} is not one of its values");
        Ok(match self.kind {
            RawKind::Image | RawKind::Video | RawKind::Audio => return Err("a file has no default".to_owned()),
            RawKind::String | RawKind::Url | RawKind::Enum => Value::Text(text.to_owned()),
            RawKind::Bool => Value::Bool(text.parse().map_err(|_| bad())?),
            RawKind::Int | RawKind::Float => Value::Number(Decimal::parse(text).map_err(|_| bad())?),
        })
    }
}
