//! What was agreed: the order and the terms it was sold at. Sealed with the tenant's key beside the quote and the generation,
//! so a price list that changes later changes neither what is charged nor what is charged for a part.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::GenerationError;
use super::order::Order;
use crate::catalog::{Markup, Model, Quantity, QuantityRule, Sold, price_of};
use crate::domain::{GenerationId, Money, Secret};
use crate::store::GenerationRow;
use crate::tenants::Tenant;
use crate::vault::Column;

/// An order and its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    /// What is ordered.
    pub order: Order,
    /// Tier, quantity, full price.
    pub sold: Sold,
    /// The markup in that price.
    pub markup: Markup,
    /// How many pictures, where the price is per picture (bot.md 9.5).
    pub images: Option<i64>,
}

impl Deal {
    /// The terms of an order.
    pub(super) fn new(model: &Model, order: Order, sold: Sold, markup: Markup) -> Self {
        let per_image = matches!(model.pricing.quantity, QuantityRule::Images { .. });
        Self { order, sold, markup, images: per_image.then_some(sold.units) }
    }

    /// How many pictures of how many came, when fewer came than were ordered and the price is per picture.
    pub fn shortfall(&self, came: i64) -> Option<(i64, i64)> {
        self.images.filter(|ordered| (1..*ordered).contains(&came)).map(|ordered| (came, ordered))
    }

    /// The price of what came: the whole, or that of k of n pictures (bot.md 9.5).
    pub fn price_of_part(&self, came: i64) -> Money {
        let part =
            self.shortfall(came).and_then(|(k, _)| price_of(self.sold.unit_price, Quantity::whole(k), self.markup));
        part.map_or(self.sold.price, |part| part.min(self.sold.price))
    }

    /// Free generations that what came takes.
    pub fn units_of_part(&self, came: i64) -> i64 {
        self.shortfall(came).map_or(self.sold.units, |(k, _)| k)
    }

    pub(super) fn seal(&self, tenant: &Tenant) -> Result<Vec<u8>, GenerationError> {
        seal(tenant, self)
    }

    pub(super) fn open(tenant: &Tenant, sealed: &[u8]) -> Result<Self, GenerationError> {
        open(tenant, sealed)
    }
}

/// What a generation keeps sealed: the deal, and the token of its callback address.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) deal: Deal,
    token: String,
}

impl Kept {
    /// With a new random token.
    pub(super) fn new(deal: Deal) -> Self {
        Self { deal, token: hex::encode(rand::random::<[u8; 24]>()) }
    }

    /// The secret part of the address that the provider calls back.
    pub(super) fn token(&self) -> Secret {
        Secret::new(self.token.clone())
    }

    /// What is stored of the token.
    pub(super) fn token_hash(&self) -> String {
        token_hash(&self.token)
    }

    pub(super) fn seal(&self, tenant: &Tenant) -> Result<Vec<u8>, GenerationError> {
        seal(tenant, self)
    }

    pub(super) fn open(tenant: &Tenant, sealed: &[u8]) -> Result<Self, GenerationError> {
        open(tenant, sealed)
    }
}

/// The order of a stored generation and the terms it was sold at.
pub fn deal_of(tenant: &Tenant, row: &GenerationRow) -> Result<Deal, GenerationError> {
    Ok(Kept::open(tenant, &row.sealed)?.deal)
}

/// SHA-256 of a callback token, in hex: tokens are looked up by it, so no comparison of secrets leaks its progress.
pub(super) fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

fn seal<T: Serialize>(tenant: &Tenant, value: &T) -> Result<Vec<u8>, GenerationError> {
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(value).map_err(|_| GenerationError::Unreadable)?);
    Ok(tenant.seal(Column::Request, &plain)?)
}

fn open<T: for<'de> Deserialize<'de>>(tenant: &Tenant, sealed: &[u8]) -> Result<T, GenerationError> {
    serde_json::from_slice(&tenant.open(Column::Request, sealed)?).map_err(|_| GenerationError::Unreadable)
}

/// `{model}_{gid}` with what file names cannot hold replaced (bot.md 10).
pub fn file_stem(model: &str, generation: &GenerationId) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' };
    format!("{}_{}", model.chars().map(plain).collect::<String>(), generation.short())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, GenType, Selection, Value, price};

    fn deal(model: &str, chosen: &Selection, markup: Markup) -> Deal {
        let model = Catalog::embedded().unwrap().model(model).unwrap();
        let order = Order::new(model, GenType::TextToImage, chosen, None);
        let sold = price(model, &order.selection, markup).unwrap();
        Deal::new(model, order, sold, markup)
    }

    #[test]
    fn three_of_four_pictures_cost_three_quarters() {
        let four = Selection::new().with("prompt", Value::Text("a".into())).with(
            "max_images",
            Catalog::embedded()
                .unwrap()
                .model("bytedance/seedream-v4-text-to-image")
                .unwrap()
                .param("max_images")
                .and_then(|p| crate::catalog::check_text(p, "4").ok())
                .unwrap(),
        );
        let deal = deal("bytedance/seedream-v4-text-to-image", &four, Markup::ONE);
        assert_eq!(deal.sold.price, Money::kopecks(1572));
        assert_eq!((deal.price_of_part(3), deal.units_of_part(3)), (Money::kopecks(1179), 3));
        for whole in [0, 4, 5] {
            assert_eq!((deal.price_of_part(whole), deal.units_of_part(whole)), (Money::kopecks(1572), 4), "{whole}");
        }
    }

    #[test]
    fn what_is_not_priced_by_the_picture_is_charged_whole() {
        let deal = deal("z-image", &Selection::new().with("prompt", Value::Text("a".into())), Markup::ONE);
        assert_eq!(deal.price_of_part(1), deal.sold.price);
        assert_eq!(deal.images, None);
    }

    #[test]
    fn a_file_name_holds_no_slash() {
        let id = GenerationId::from_short("abcdefghijkl").unwrap();
        assert_eq!(file_stem("google/nano-banana", &id), "google-nano-banana_abcdefghijkl");
    }
}
