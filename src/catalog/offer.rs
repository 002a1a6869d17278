//! Which values may be offered: those that still lead to a price together with what is already chosen (bot.md 7.2).

use std::collections::BTreeMap;

use super::model::Model;
use super::param::Param;
use super::value::Selection;

/// One way of filling every price axis.
pub(super) type Assignment<'m> = BTreeMap<&'m str, String>;

/// The parameters that choose a tier, in the catalog's order.
pub(super) fn axes(model: &Model) -> impl Iterator<Item = &Param> {
    model.params.iter().filter(|p| model.is_axis(&p.name))
}

/// All ways of filling the axes: those that `known` knows keep their value, the others take each of theirs. Validation
/// bounds the product (`validate.rs`).
pub(super) fn assignments(model: &Model, known: impl Fn(&Param) -> Option<String>) -> Vec<Assignment<'_>> {
    let mut all = vec![Assignment::new()];
    for axis in axes(model) {
        let values = known(axis).map_or_else(
            || axis.options().unwrap_or_default().into_iter().map(str::to_owned).collect(),
            |value| vec![value],
        );
        all = all
            .into_iter()
            .flat_map(|partial| {
                values.iter().map(move |value| {
                    let mut next = partial.clone();
                    next.insert(axis.name.as_str(), value.clone());
                    next
                })
            })
            .collect();
    }
    all
}

/// Whether an assignment contains a combination that cannot be sold.
pub(super) fn is_forbidden(model: &Model, assignment: &Assignment<'_>) -> bool {
    model
        .pricing
        .forbidden
        .iter()
        .any(|combination| combination.iter().all(|(name, value)| assignment.get(name.as_str()) == Some(value)))
}

/// The first tier that matches an assignment.
pub(super) fn first_tier(model: &Model, assignment: &Assignment<'_>) -> Option<usize> {
    model.pricing.tiers.iter().position(|tier| tier.matches(|axis| assignment.get(axis).map(String::as_str)))
}

/// The values of an enum or bool that may be offered: of the catalog's list, those that can still be sold together with
/// what is chosen (the parameter's own present value aside). Empty for parameters without buttons.
pub fn offered_values<'m>(model: &Model, param: &'m Param, selection: &Selection) -> Vec<&'m str> {
    let options = param.options().unwrap_or_default();
    if !model.is_axis(&param.name) {
        return options;
    }
    let sells = |value: &str| {
        let known = |p: &Param| if p.name == param.name { Some(value.to_owned()) } else { selection.text(&p.name) };
        assignments(model, known).iter().any(|assignment| {
            !is_forbidden(model, assignment)
                && first_tier(model, assignment).is_some_and(|tier| model.pricing.tiers[tier].is_sellable())
        })
    };
    options.into_iter().filter(|value| sells(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Value};

    fn offered(id: &str, param: &str, selection: &Selection) -> Vec<String> {
        let model = Catalog::embedded().unwrap().model(id).unwrap();
        let param = model.param(param).unwrap();
        offered_values(model, param, selection).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_forbidden_combination_is_not_offered_once_its_other_half_is_chosen() {
        let nothing = Selection::new();
        assert_eq!(offered("hailuo/2.3", "resolution", &nothing), ["768p", "1080p"]);
        let long = Selection::new().with("duration", Value::Text("10".into()));
        assert_eq!(offered("hailuo/2.3", "resolution", &long), ["768p"]);
        let sharp = Selection::new().with("resolution", Value::Text("1080p".into()));
        assert_eq!(offered("hailuo/2.3", "duration", &sharp), ["6"]);
    }

    #[test]
    fn values_that_the_provider_dropped_are_gone() {
        assert_eq!(offered("topaz/image-upscale", "upscale_factor", &Selection::new()), ["1", "2", "4"]);
        assert!(!offered("flux-2/pro-text-to-image", "aspect_ratio", &Selection::new()).contains(&"auto".to_owned()));
    }

    #[test]
    fn a_parameter_that_does_not_price_offers_all_its_values() {
        assert_eq!(offered("z-image", "aspect_ratio", &Selection::new()).len(), 5);
        assert_eq!(offered("z-image", "prompt", &Selection::new()).len(), 0);
    }
}
