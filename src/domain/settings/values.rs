//! Values that settings hold: a time zone, the models on offer, requisites, amounts in roubles.

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A time zone by its IANA name.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

/// Why a text is not a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an IANA time zone")]
pub struct BadZone;

impl Zone {
    /// Finds the zone; its name is kept in its usual spelling.
    pub fn parse(name: &str) -> Result<Self, BadZone> {
        let zone = TimeZone::get(name.trim()).map_err(|_| BadZone)?;
        let name = zone.iana_name().ok_or(BadZone)?.to_owned();
        Ok(Self { name, zone })
    }

    /// `Europe/Moscow`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For the calendar: `UnixMs::day`, `UnixMs::shown`.
    pub fn tz(&self) -> &TimeZone {
        &self.zone
    }
}

impl Default for Zone {
    /// Europe/Moscow (bot.md 1.2). The zones are compiled in, so it is always found.
    fn default() -> Self {
        Self::parse("Europe/Moscow").unwrap_or(Self { name: "UTC".to_owned(), zone: TimeZone::UTC })
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl TryFrom<String> for Zone {
    type Error = BadZone;
    fn try_from(name: String) -> Result<Self, BadZone> {
        Self::parse(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

/// The models a tenant offers. Whether each exists and may be offered is the catalog's question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EnabledModels {
    /// Those that the provider lists: `"listed"`.
    #[default]
    Listed,
    /// These: `["z-image", "kling-2.6/text-to-video"]`.
    Only(Vec<String>),
}

impl EnabledModels {
    /// Whether a model is offered; `listed` says whether it is one of those that the provider lists.
    pub fn offers(&self, model: &str, listed: bool) -> bool {
        match self {
            Self::Listed => listed,
            Self::Only(models) => models.iter().any(|m| m == model),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Word(String),
    Models(Vec<String>),
}

impl Serialize for EnabledModels {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Listed => "listed".serialize(to),
            Self::Only(models) => models.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for EnabledModels {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Written::deserialize(from)? {
            Written::Word(word) if word == "listed" => Ok(Self::Listed),
            Written::Word(_) => Err(serde::de::Error::custom("neither \"listed\" nor a list of models")),
            Written::Models(models) => Ok(Self::Only(models)),
        }
    }
}

/// Where a payer of SBP sends money. Shown to payers, never logged.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Requisites {
    /// The phone number that receives.
    pub phone: String,
    /// Its bank.
    pub bank: String,
    /// Who holds the account, as the payer will see it.
    pub holder: String,
}

impl Requisites {
    /// Whether a payer can pay by them.
    pub fn complete(&self) -> bool {
        ![&self.phone, &self.bank, &self.holder].iter().any(|part| part.trim().is_empty())
    }

    /// Whether nothing is filled in.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Debug for Requisites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.complete() { "Requisites(complete)" } else { "Requisites(incomplete)" })
    }
}

/// An amount as settings write it: roubles with a dot, `"10.00"` or `10.5`.
pub(super) mod roubles {
    use serde::{Deserializer, Serializer, de};

    use crate::domain::Money;
    use crate::domain::factor::decimal_text;

    pub(in crate::domain::settings) fn text(amount: Money) -> String {
        let kopecks = amount.as_kopecks();
        format!("{}.{:02}", kopecks / 100, kopecks % 100)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    pub(in crate::domain::settings) fn serialize<S: Serializer>(amount: &Money, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&text(*amount))
    }

    pub(in crate::domain::settings) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        Money::parse_roubles(&decimal_text(from)?).map_err(de::Error::custom)
    }
}

/// Several amounts.
pub(super) mod rouble_list {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::roubles;
    use crate::domain::Money;

    #[derive(Deserialize)]
    struct Roubles(#[serde(with = "roubles")] Money);

    pub(in crate::domain::settings) fn serialize<S: Serializer>(all: &[Money], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(|amount| roubles::text(*amount)))
    }

    pub(in crate::domain::settings) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Money>, D::Error> {
        Ok(Vec::<Roubles>::deserialize(from)?.into_iter().map(|amount| amount.0).collect())
    }
}
