//! What a selection costs (bot.md 8.1): the first matching tier × quantity × markup, rounded once. A selection without
//! a tier, with a forbidden combination or with a zero price that is not marked free is never sold.

use serde::{Deserialize, Serialize};

use super::model::{Model, Tier, Unit};
use super::offer::{Assignment, assignments, axes, first_tier, is_forbidden};
use super::param::Param;
use super::quantity::{Quantity, QuantityError, quantity};
use super::value::{Selection, Value};
use crate::domain::Money;

/// A tenant's markup in basis points: 10 000 is 1.00 (bot.md 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Markup(u32);

/// A markup outside 0.50–10.00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("markup must be from 0.50 to 10.00 (5000 to 100000 basis points)")]
pub struct BadMarkup;

impl Markup {
    /// No markup.
    pub const ONE: Self = Self(10_000);

    /// From basis points, 5 000 to 100 000.
    pub const fn basis_points(points: u32) -> Result<Self, BadMarkup> {
        if points >= 5_000 && points <= 100_000 { Ok(Self(points)) } else { Err(BadMarkup) }
    }
}

impl Default for Markup {
    fn default() -> Self {
        Self::ONE
    }
}

impl TryFrom<u32> for Markup {
    type Error = BadMarkup;
    fn try_from(points: u32) -> Result<Self, BadMarkup> {
        Self::basis_points(points)
    }
}

impl From<Markup> for u32 {
    fn from(markup: Markup) -> Self {
        markup.0
    }
}

/// A selection that can be sold, and for how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// The tier's number in the catalog.
    pub tier: usize,
    /// The tier's price of one unit, before the markup.
    pub unit_price: Money,
    /// How many units.
    pub quantity: Quantity,
    /// What a user pays.
    pub price: Money,
    /// Whether free generations may pay for it.
    pub free_tier: bool,
    /// How many free generations that would take (bot.md 12.1).
    pub units: i64,
    /// What the provider takes, in hundredths of a credit, rounded up.
    pub credits: i64,
}

/// Why a selection cannot be sold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSold {
    /// A price axis has no value and no default.
    #[error("{param} is not chosen")]
    AxisOpen {
        /// Its name.
        param: String,
    },
    /// It contains a combination that cannot be sold (`no_tier`).
    #[error("a forbidden combination")]
    Forbidden,
    /// No tier matches (`no_tier`).
    #[error("no price for this combination")]
    NoTier,
    /// Its price is zero although it is not marked free: nothing is sold and admins are told (bot.md 8.1, zero guard).
    #[error("tier {sku} has no price and is not marked free")]
    ZeroPrice {
        /// The tier's SKU id.
        sku: String,
    },
    /// Its quantity cannot be told.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// The model is hidden for everybody.
    #[error("the model is not on sale")]
    Hidden,
    /// The price does not fit into money.
    #[error("the price is out of range")]
    OutOfRange,
}

/// A price as a step shows it (bot.md 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceLine {
    /// Everything that prices is known.
    Exact(Money),
    /// The least over what is still open: «от …».
    From(Money),
}

impl PriceLine {
    /// The amount, exact or least.
    pub const fn amount(self) -> Money {
        match self {
            Self::Exact(amount) | Self::From(amount) => amount,
        }
    }
}

/// A tier's price × quantity × markup, rounded half up to the kopeck; never rounded down to nothing. `None` when it
/// does not fit. Also prices the part of an order that was delivered (bot.md 9.5).
pub fn price_of(unit_price: Money, quantity: Quantity, markup: Markup) -> Option<Money> {
    let num = i128::from(quantity.num) * i128::from(markup.0);
    let price = unit_price.scaled(num, i128::from(quantity.den) * 10_000)?;
    Some(if unit_price.is_positive() { price.max(Money::kopecks(1)) } else { price })
}

/// What a selection costs; left-out axes and quantities count as their catalog defaults.
pub fn price(model: &Model, selection: &Selection, markup: Markup) -> Result<Sold, NotSold> {
    let index = tier_of(model, selection)?;
    let tier = sellable(&model.pricing.tiers[index])?;
    let quantity = quantity(model, selection)?;
    let price = price_of(tier.price, quantity, markup).ok_or(NotSold::OutOfRange)?;
    let (num, den) = (i128::from(quantity.num), i128::from(quantity.den));
    let credits = (i128::from(tier.credits) * num + den - 1) / den;
    Ok(Sold {
        tier: index,
        unit_price: tier.price,
        quantity,
        price,
        free_tier: tier.free,
        units: quantity.units(),
        credits: i64::try_from(credits).map_err(|_| NotSold::OutOfRange)?,
    })
}

/// The number of the tier that a selection, with catalog defaults for what is left out, falls into.
pub fn tier_of(model: &Model, selection: &Selection) -> Result<usize, NotSold> {
    if model.hidden.is_some() {
        return Err(NotSold::Hidden);
    }
    let mut assignment = Assignment::new();
    for axis in axes(model) {
        let open = || NotSold::AxisOpen { param: axis.name.clone() };
        assignment.insert(&axis.name, known_text(axis, selection, true).ok_or_else(open)?);
    }
    if is_forbidden(model, &assignment) {
        return Err(NotSold::Forbidden);
    }
    first_tier(model, &assignment).ok_or(NotSold::NoTier)
}

/// The price of a selection as a step shows it: exact when every axis and the quantity are known, otherwise the least
/// over the choices still open. An axis is open while it is going to be asked; a left-out optional one has its default.
pub fn price_line(model: &Model, selection: &Selection, markup: Markup) -> Result<PriceLine, NotSold> {
    match quantity(model, selection) {
        Ok(quantity) => line(model, selection, quantity, is_unchosen_quantity(model, selection), markup),
        Err(QuantityError::Open { .. }) => line(model, selection, Quantity::ONE, true, markup),
        Err(error) => Err(error.into()),
    }
}

/// The price line that a selection would have with one more value: the label of that value's button.
pub fn price_with(
    model: &Model,
    selection: &Selection,
    param: &str,
    value: Value,
    markup: Markup,
) -> Result<PriceLine, NotSold> {
    price_line(model, &selection.clone().with(param, value), markup)
}

/// The price of one unit in the same terms, for «{x} ₽ за сек.»; `None` for models priced by the task.
pub fn unit_line(model: &Model, selection: &Selection, markup: Markup) -> Option<(Unit, PriceLine)> {
    let unit = model.pricing.quantity.unit();
    if unit == Unit::Task {
        return None;
    }
    line(model, selection, Quantity::ONE, false, markup).ok().map(|line| (unit, line))
}

/// «от X» of a model: the least price of one unit over its sellable tiers. `None` when it is not on sale.
pub fn min_price(model: &Model, markup: Markup) -> Option<Money> {
    if !model.is_sellable() {
        return None;
    }
    model.modes().filter_map(|(_, tier)| price_of(tier.price, Quantity::ONE, markup)).min()
}

/// The price of one unit of a tier, for the list of modes. `None` when there is no such tier or it cannot be sold.
pub fn tier_price(model: &Model, tier: usize, markup: Markup) -> Option<Money> {
    let tier = model.pricing.tiers.get(tier).filter(|tier| tier.is_sellable())?;
    price_of(tier.price, Quantity::ONE, markup)
}

/// The least price over the open axes for a given quantity.
fn line(
    model: &Model,
    selection: &Selection,
    quantity: Quantity,
    open_quantity: bool,
    markup: Markup,
) -> Result<PriceLine, NotSold> {
    if model.hidden.is_some() {
        return Err(NotSold::Hidden);
    }
    let known = |param: &Param| known_text(param, selection, !param.required);
    let mut least = Err(NotSold::NoTier);
    for assignment in assignments(model, known) {
        let sold = if is_forbidden(model, &assignment) {
            Err(NotSold::Forbidden)
        } else {
            first_tier(model, &assignment)
                .ok_or(NotSold::NoTier)
                .and_then(|index| sellable(&model.pricing.tiers[index]))
                .and_then(|tier| price_of(tier.price, quantity, markup).ok_or(NotSold::OutOfRange))
        };
        least = match (least, sold) {
            (Ok(a), Ok(b)) => Ok(Money::min(a, b)),
            (Ok(a), Err(_)) => Ok(a),
            (Err(_), other) => other,
        };
    }
    let open = open_quantity || axes(model).any(|axis| known(axis).is_none());
    least.map(|amount| if open { PriceLine::From(amount) } else { PriceLine::Exact(amount) })
}

fn sellable(tier: &Tier) -> Result<&Tier, NotSold> {
    if tier.is_sellable() { Ok(tier) } else { Err(NotSold::ZeroPrice { sku: tier.sku.clone() }) }
}

fn known_text(param: &Param, selection: &Selection, with_default: bool) -> Option<String> {
    let default = || param.default.as_ref().filter(|_| with_default).and_then(Value::as_text);
    selection.text(&param.name).or_else(default)
}

/// Whether a parameter that makes the quantity is required and still to be asked although it has a default.
fn is_unchosen_quantity(model: &Model, selection: &Selection) -> bool {
    let unchosen = |name: &&str| model.param(name).is_some_and(|p| p.required) && !selection.has(name);
    model.pricing.quantity.params().iter().any(unchosen)
}

#[cfg(test)]
mod tests;
