//! A model on sale and its prices, as the rest of the program sees them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::gen_type::GenType;
use super::param::Param;
use super::value::Selection;
use crate::domain::Money;

/// What a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// Pictures.
    Image,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// A text.
    Text,
}

/// How sure it is that the provider still takes the model (facts/kie-api.md 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In the provider's documentation: on sale by default.
    Listed,
    /// No longer there.
    NotListed,
    /// There under another id, which is the one sent.
    ListedUnderOtherId,
    /// Served by an endpoint of its own.
    DedicatedApi,
    /// Another entry's model under an older name.
    Duplicate,
    /// Never was a model for generations.
    Invalid,
}

/// The provider's endpoint for a model (facts/kie-api.md 2 and 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Api {
    /// `createTask`, for most models.
    Jobs,
    /// Veo 3.1.
    Veo,
    /// 4o Image.
    #[serde(rename = "gpt4o-image")]
    Gpt4oImage,
    /// Flux Kontext.
    FluxKontext,
    /// Suno; refuses a request without a callback address.
    Suno,
    /// Runway; refuses a request without a callback address.
    Runway,
    /// None that is documented: such a model is always hidden.
    None,
}

impl Api {
    /// Whether the endpoint refuses a request without `callBackUrl`.
    pub const fn requires_callback(self) -> bool {
        matches!(self, Self::Suno | Self::Runway)
    }
}

/// What a tier's price is multiplied by (bot.md 8.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum QuantityRule {
    /// Nothing: one task, one price.
    #[default]
    One,
    /// The number of pictures ordered; 1 when not chosen.
    Images {
        /// The parameter with the number.
        param: String,
    },
    /// Whole seconds of an uploaded file.
    Seconds {
        /// The file's parameter.
        of: String,
        /// Longer files are refused.
        #[serde(default)]
        max: Option<i64>,
    },
    /// Whole seconds of an uploaded file, ÷ 60.
    Minutes {
        /// The file's parameter.
        of: String,
    },
    /// Characters of a text, ÷ 1000.
    Characters {
        /// The text's parameter.
        of: String,
    },
    /// Whole seconds of the result: frames ÷ frames per second.
    Frames {
        /// The parameter with the number of frames.
        frames: String,
        /// The parameter with the frames per second.
        rate: String,
    },
    /// Cannot be known before the work: such a model is always hidden.
    Unmeasurable,
}

/// What one unit of a price is, for «5.11 ₽ за сек.» (bot.md 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A whole task.
    Task,
    /// One picture of possibly several.
    Image,
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// A thousand characters.
    ThousandChars,
}

impl QuantityRule {
    /// What one unit is.
    pub const fn unit(&self) -> Unit {
        match self {
            Self::One | Self::Unmeasurable => Unit::Task,
            Self::Images { .. } => Unit::Image,
            Self::Seconds { .. } | Self::Frames { .. } => Unit::Second,
            Self::Minutes { .. } => Unit::Minute,
            Self::Characters { .. } => Unit::ThousandChars,
        }
    }

    /// The parameters that the quantity is read from.
    pub fn params(&self) -> Vec<&str> {
        match self {
            Self::One | Self::Unmeasurable => Vec::new(),
            Self::Images { param } => vec![param],
            Self::Seconds { of, .. } | Self::Minutes { of } | Self::Characters { of } => vec![of],
            Self::Frames { frames, rate } => vec![frames, rate],
        }
    }
}

/// One row of a price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// The values of axes that it is for; an axis that is absent may have any value.
    pub when: BTreeMap<String, String>,
    /// The retail price of one unit before the tenant's markup.
    pub price: Money,
    /// What the provider takes for one unit, in hundredths of a credit.
    pub credits: i64,
    /// Whether free generations may pay for it (bot.md 12.1).
    pub free: bool,
    /// Its SKU id: `<model>::k=v|k2=v2`, keys sorted, or `<model>::default` (bot.md 1.1).
    pub sku: String,
    /// The first 12 hex digits of SHA-256 of the SKU id: the payload of `sk:`.
    pub sku_hash: String,
}

impl Tier {
    /// Whether it may be sold at all: a price, or a zero that is marked free (bot.md 8.1, zero guard).
    pub const fn is_sellable(&self) -> bool {
        self.price.is_positive() || (self.free && self.price.as_kopecks() == 0)
    }

    /// Whether its conditions hold for values given as text.
    pub fn matches<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> bool {
        self.when.iter().all(|(axis, wanted)| value(axis) == Some(wanted.as_str()))
    }
}

/// A model's price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pricing {
    /// What a tier's price is multiplied by.
    pub quantity: QuantityRule,
    /// The parameters that the tier is chosen by.
    pub axes: Vec<String>,
    /// The tiers; the first that matches counts.
    pub tiers: Vec<Tier>,
    /// Combinations that cannot be sold.
    pub forbidden: Vec<BTreeMap<String, String>>,
}

/// One model of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Its maker.
    pub vendor: String,
    /// Its main gen type.
    pub gen_type: GenType,
    /// Further gen types it is listed under.
    pub also: Vec<GenType>,
    /// What it makes.
    pub output: Output,
    /// How sure it is that it can be sold.
    pub status: Status,
    /// Why it may never be sold.
    pub hidden: Option<String>,
    /// The provider's endpoint.
    pub api: Api,
    /// The provider's id for it; some endpoints have none.
    pub wire_model: Option<String>,
    /// Constants sent with every request, by the provider's names.
    pub fixed: BTreeMap<String, serde_json::Value>,
    /// Its parameters, in the catalog's order.
    pub params: Vec<Param>,
    /// Its prices.
    pub pricing: Pricing,
    /// `h` and the first 12 hex digits of SHA-256 of the id: its ref where the id is too long (bot.md 1.1).
    pub hash: String,
}

impl Model {
    /// A parameter by name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|p| p.name == name)
    }

    /// Whether the price depends on a parameter: it is an axis or makes the quantity. Others never change it.
    pub fn prices_by(&self, name: &str) -> bool {
        self.is_axis(name) || self.pricing.quantity.params().contains(&name)
    }

    /// Whether a parameter chooses the tier.
    pub fn is_axis(&self, name: &str) -> bool {
        self.pricing.axes.iter().any(|axis| axis == name)
    }

    /// All gen types it is listed under, the main one first.
    pub fn gen_types(&self) -> impl Iterator<Item = GenType> {
        std::iter::once(self.gen_type).chain(self.also.iter().copied())
    }

    /// Whether it can be sold to anybody: not hidden, a sellable tier, a quantity that can be measured, an endpoint.
    /// A model whose status is not `listed` needs the platform owner's mark besides (bot.md 1.2).
    pub fn is_sellable(&self) -> bool {
        self.hidden.is_none()
            && self.api != Api::None
            && self.pricing.quantity != QuantityRule::Unmeasurable
            && self.pricing.tiers.iter().any(Tier::is_sellable)
    }

    /// Whether it is on sale where nobody has chosen otherwise: sellable and listed by the provider.
    pub fn is_visible_by_default(&self) -> bool {
        self.is_sellable() && self.status == Status::Listed
    }

    /// The sellable tiers with their numbers in the catalog: the model's modes (bot.md 1.1).
    pub fn modes(&self) -> impl Iterator<Item = (usize, &Tier)> {
        self.pricing.tiers.iter().enumerate().filter(|(_, tier)| tier.is_sellable())
    }

    /// The axes of a tier as chosen values, for `select_mode:` and `sku:`. `None` when there is no such tier.
    pub fn tier_selection(&self, tier: usize) -> Option<Selection> {
        let tier = self.pricing.tiers.get(tier)?;
        tier.when
            .iter()
            .map(|(axis, value)| Some((axis.clone(), self.param(axis)?.option_value(value)?)))
            .collect::<Option<Vec<_>>>()
            .map(Selection::from_iter)
    }
}
