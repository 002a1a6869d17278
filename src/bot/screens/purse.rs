//! How a price is said to one person: an admin pays nothing, a free generation costs nothing while one is left, everybody
//! else sees what the catalog asks (bot.md 7.4). What is said here is what a quote then charges.

use crate::billing::FreeQuota;
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{
    Markup, Model, PriceLine, QuantityError, Selection, Unit, min_price, price_line, quantity, tier_of, tier_price,
    unit_line,
};
use crate::domain::Money;
use crate::texts::Words;

/// What decides how prices are shown to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purse {
    /// An admin who is not in user mode: everything is free.
    pub admin: bool,
    /// Free generations of today and of the bank.
    pub free: FreeQuota,
    /// What can be spent.
    pub available: Money,
    /// The tenant's markup.
    pub markup: Markup,
}

/// A price as this person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// An admin's: «0 ₽».
    Admin,
    /// Paid by a free generation: «🎁 0 ₽».
    Free,
    /// Paid by several free generations at once: «🎁 × 4».
    FreeUnits(i64),
    /// «14.14 ₽».
    Exact(Money),
    /// «от 43.21 ₽».
    From(Money),
}

impl Shown {
    /// Whether money is to be paid, so that it matters for what.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Exact(_) | Self::From(_))
    }

    /// The price alone, as buttons carry it. Plain text.
    pub fn label(self, words: Words<'_>) -> String {
        match self {
            Self::Admin => words.get("price-zero"),
            Self::Free => words.get("price-gift-zero"),
            Self::FreeUnits(n) => words.plain("price-gift-units", arg("n", n)),
            Self::Exact(price) => price.to_string(),
            Self::From(price) => words.plain("price-from", arg("price", price)),
        }
    }

    /// The same where space is short and the gift says it all: «🎁» (bot.md 5.1, S-05).
    pub fn short_label(self, words: Words<'_>) -> String {
        if self == Self::Free { words.get("price-gift") } else { self.label(words) }
    }
}

impl From<PriceLine> for Shown {
    fn from(line: PriceLine) -> Self {
        match line {
            PriceLine::Exact(price) => Self::Exact(price),
            PriceLine::From(price) => Self::From(price),
        }
    }
}

impl Purse {
    /// The person of this turn.
    pub async fn of(turn: &mut Turn<'_>) -> Result<Self, TurnError> {
        Ok(Self {
            admin: turn.acts_as_admin(),
            free: turn.free_quota().await?,
            available: turn.balance().await?.available,
            markup: turn.tenant.markup(),
        })
    }

    /// Whether a free generation of this model is possible now.
    pub fn is_free_now(&self, model: &Model) -> bool {
        !self.admin && self.free.usable() > 0 && model.modes().any(|(_, tier)| tier.free)
    }

    /// What a model costs at least, for lists.
    pub fn of_model(&self, model: &Model) -> Option<Shown> {
        if self.admin {
            return Some(Shown::Admin);
        }
        if self.is_free_now(model) {
            return Some(Shown::Free);
        }
        min_price(model, self.markup).map(Shown::From)
    }

    /// What one unit of a mode costs.
    pub fn of_tier(&self, model: &Model, tier: usize) -> Option<Shown> {
        let price = tier_price(model, tier, self.markup)?;
        let free = model.pricing.tiers.get(tier).is_some_and(|t| t.free) && self.free.usable() > 0;
        Some(match (self.admin, free) {
            (true, _) => Shown::Admin,
            (false, true) => Shown::Free,
            (false, false) => Shown::Exact(price),
        })
    }

    /// What the selection so far costs; `None` when it cannot be sold.
    pub fn of_selection(&self, model: &Model, selection: &Selection) -> Option<Shown> {
        let line = price_line(model, selection, self.markup).ok()?;
        Some(match (self.admin, self.free_units(model, selection)) {
            (true, _) => Shown::Admin,
            (false, Some(n)) if n > 1 => Shown::FreeUnits(n),
            (false, Some(_)) => Shown::Free,
            (false, None) => line.into(),
        })
    }

    /// Whether choosing `after` over `before` asks for agreement: another amount, whoever pays in the end (bot.md 7.4).
    pub fn price_changes(&self, model: &Model, before: &Selection, after: &Selection) -> bool {
        let amount = |selection| price_line(model, selection, self.markup).ok().map(PriceLine::amount);
        !self.admin && matches!((amount(before), amount(after)), (Some(a), Some(b)) if a != b)
    }

    /// Whether free generations would pay for the selection: its tier is chosen, free, and enough are left.
    pub fn takes_free(&self, model: &Model, selection: &Selection) -> bool {
        self.free_units(model, selection).is_some()
    }

    /// How many free generations would pay for the selection; `None` when they would not.
    fn free_units(&self, model: &Model, selection: &Selection) -> Option<i64> {
        let open = |axis: &String| model.param(axis).is_some_and(|p| p.required) && !selection.has(axis);
        if self.admin || self.free.usable() <= 0 || model.pricing.axes.iter().any(open) {
            return None;
        }
        let units = match quantity(model, selection) {
            Ok(quantity) => quantity.units(),
            Err(QuantityError::Open { .. }) => 1,
            Err(_) => return None,
        };
        let free = tier_of(model, selection).is_ok_and(|tier| model.pricing.tiers[tier].free);
        (free && self.free.covers(units)).then_some(units)
    }

    /// The price line of a step: exact, «от», or by the unit (bot.md 7.4). Telegram HTML.
    pub fn line(&self, words: Words<'_>, model: &Model, selection: &Selection) -> Option<String> {
        let shown = self.of_selection(model, selection)?;
        let by_unit =
            unit_line(model, selection, self.markup).and_then(|(unit, rate)| Some((unit_word(words, unit)?, rate)));
        Some(match (shown, by_unit) {
            (Shown::Admin, _) => words.get("price-line-admin"),
            (Shown::Free, _) => words.get("price-line-free"),
            (Shown::FreeUnits(n), _) => words.fmt("price-line-free-units", arg("n", n)),
            (Shown::Exact(price), Some((unit, rate))) => {
                let args = arg("price", price).with("rate", Shown::from(rate).label(words)).with("unit", unit);
                words.fmt("price-line-unit-total", args)
            }
            (Shown::From(_), Some((unit, rate))) => {
                words.fmt("price-line-unit", arg("price", Shown::from(rate).label(words)).with("unit", unit))
            }
            (Shown::Exact(price), None) => words.fmt("price-line", arg("price", price)),
            (Shown::From(price), None) => words.fmt("price-line-from", arg("price", price)),
        })
    }
}

/// «за сек.», «за мин.», «за 1000 симв.»; whole tasks and pictures are priced as they come.
pub fn unit_word(words: Words<'_>, unit: Unit) -> Option<String> {
    let key = match unit {
        Unit::Task | Unit::Image => return None,
        Unit::Second => "unit-second",
        Unit::Minute => "unit-minute",
        Unit::ThousandChars => "unit-1000-chars",
    };
    Some(words.get(key))
}
