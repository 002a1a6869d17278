//! The models on sale: parameters, prices, wire names, short hashes. Pure: the catalog is embedded in the binary
//! (`models.yaml`, whose head explains its fields) and checked once, at start.
//!
//! A new model is an entry of `models.yaml` and a title in nobody's code: everything else follows from the entry. The
//! way of a request: [`mod@steps`] says what to ask, [`check`] takes the answers, [`price()`] prices them, [`wire`] makes the
//! provider's request of them.

pub mod check;
pub mod decimal;
pub mod gen_type;
mod load;
pub mod lookup;
pub mod model;
mod offer;
pub mod param;
pub mod price;
pub mod quantity;
pub mod refs;
pub mod steps;
mod validate;
pub mod value;
pub mod wire;

pub use check::{Choice, Refusal, check_file, check_offer, check_selection, check_text, check_value, press};
pub use decimal::Decimal;
pub use gen_type::{Category, GenType, HEADER_CODES};
pub use lookup::{Catalog, CatalogError, Sku};
pub use model::{Api, Model, Output, Pricing, QuantityRule, Status, Tier, Unit};
pub use offer::offered_values;
pub use param::{Media, Param, ParamKind, canonical_mime};
pub use price::{
    Markup, NotSold, PriceLine, Sold, min_price, price, price_line, price_of, price_with, tier_of, tier_price,
    unit_line,
};
pub use quantity::{Quantity, QuantityError, quantity};
pub use refs::{callback_ref, callback_ref_before, enum_from_ref, enum_ref};
pub use steps::{complete, default_of, defaults, is_needed, missing_required, next_step, steps};
pub use value::{FileValue, Selection, Value};
pub use wire::{WireError, WireRequest, request};
