//! What must hold of a catalog before anything is sold from it. Every rule that fails is one line naming model and place.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::check::{DEFAULT, SKIP, check_value};
use super::model::{Api, Model, QuantityRule, Tier};
use super::offer::{assignments, axes, first_tier, is_forbidden};
use super::param::{Media, Param, ParamKind, canonical_mime};
use super::refs::{CALLBACK_MAX, enum_ref};

/// The most ways of filling a model's axes: prices are found by walking them.
const MAX_ASSIGNMENTS: usize = 256;

/// All mistakes, in the catalog's order; empty for a good one.
pub(super) fn problems(models: &[Model], aliases: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    names(models, aliases, &mut found);
    for model in models {
        let mut of_model = Vec::new();
        identity(model, &mut of_model);
        params(model, &mut of_model);
        quantity(model, &mut of_model);
        axis_list(model, &mut of_model);
        if of_model.is_empty() {
            tiers(model, &mut of_model);
        }
        found.extend(of_model.into_iter().map(|problem| format!("{}: {problem}", model.id)));
    }
    found
}

/// Ids, aliases, hashes and SKUs name one thing each.
fn names(models: &[Model], aliases: &BTreeMap<String, String>, found: &mut Vec<String>) {
    let mut refs: HashMap<&str, &str> = HashMap::new();
    for model in models {
        for name in [&model.id, &model.hash] {
            if let Some(other) = refs.insert(name, &model.id) {
                found.push(format!("{}: its id or hash {name} is also that of {other}", model.id));
            }
        }
    }
    for (alias, id) in aliases {
        if !models.iter().any(|m| m.id == *id) {
            found.push(format!("alias {alias}: there is no model {id}"));
        }
        if let Some(other) = refs.get(alias.as_str()) {
            found.push(format!("alias {alias}: it is also the id or hash of {other}"));
        }
    }
    let mut skus: HashMap<&str, &str> = HashMap::new();
    for (model, tier) in models.iter().flat_map(|m| m.pricing.tiers.iter().map(move |t| (m, t))) {
        for name in [&tier.sku, &tier.sku_hash] {
            if let Some(other) = skus.insert(name, &tier.sku) {
                found.push(format!("{}: SKU {} has the id or hash {name} of {other}", model.id, tier.sku));
            }
        }
    }
}

/// What a model says of itself.
fn identity(model: &Model, found: &mut Vec<String>) {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'_' | b'/' | b'-');
    if model.id.is_empty() || !model.id.bytes().all(plain) {
        found.push("an id is made of a-z, 0-9, '.', '_', '/', '-'".to_owned());
    }
    if model.title.trim().is_empty() || model.vendor.trim().is_empty() {
        found.push("title and vendor must not be empty".to_owned());
    }
    if model.hidden.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
        found.push("hidden needs its reason".to_owned());
    }
    if model.hidden.is_none() {
        if model.api == Api::None {
            found.push("without an endpoint it must be hidden, with the reason".to_owned());
        }
        if model.pricing.quantity == QuantityRule::Unmeasurable {
            found.push("an unmeasurable quantity must be hidden, with the reason".to_owned());
        }
        if model.api == Api::Jobs && model.wire_model.is_none() {
            found.push("createTask needs a model".to_owned());
        }
    }
    let mut listed = BTreeSet::new();
    for gen_type in model.gen_types() {
        if !listed.insert(gen_type) {
            found.push(format!("{gen_type} is named twice"));
        }
        if gen_type.starts_from_media() && !model.params.iter().any(|p| p.media().is_some()) {
            found.push(format!("{gen_type} starts from a file, and no parameter takes one"));
        }
    }
}

/// Names, wire names, values, limits and defaults of parameters.
fn params(model: &Model, found: &mut Vec<String>) {
    let (mut names, mut wires) = (BTreeSet::new(), BTreeSet::new());
    wires.extend(model.fixed.keys().map(String::as_str));
    if model.api != Api::Jobs && model.wire_model.is_some() && !wires.insert("model") {
        found.push("fixed sets model a second time".to_owned());
    }
    for param in &model.params {
        let name = &param.name;
        if name.is_empty() || !name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_') {
            found.push(format!("parameter {name}: a name is made of a-z, 0-9, '_'"));
        }
        if !names.insert(name) {
            found.push(format!("parameter {name} is there twice"));
        }
        if !wires.insert(&param.wire) {
            found.push(format!("parameter {name}: something else is already sent as {}", param.wire));
        }
        kind(param, found);
        if param.default.as_ref().is_some_and(|default| check_value(param, default).is_err()) {
            found.push(format!("parameter {name}: its default is not one of its values"));
        }
        if name == "seed" && (param.default.is_some() || param.required) {
            found.push("seed is sent only when somebody typed it".to_owned());
        }
    }
}

fn kind(param: &Param, found: &mut Vec<String>) {
    let mut say = |what: &str| found.push(format!("parameter {}: {what}", param.name));
    match &param.kind {
        ParamKind::Files { media, mime, max_mb, max_items, .. } => {
            let family = match media {
                Media::Image => "image/",
                Media::Video => "video/",
                Media::Audio => "audio/",
            };
            if mime.is_empty() || mime.iter().any(|m| !m.starts_with(family) || canonical_mime(m) != *m) {
                say("its MIME types must be of its kind and canonical");
            }
            if *max_mb == 0 || *max_items == 0 {
                say("it takes nothing: max_mb and max_items are at least 1");
            }
        }
        ParamKind::Text { min, max } if min > max || *max == 0 => say("min_length is above max_length"),
        ParamKind::Url { prefix, .. } if !prefix.starts_with("https://") => say("url_prefix must begin with https://"),
        ParamKind::Number { min, max, .. } if min >= max => say("min is not below max"),
        ParamKind::Number { min, step: Some(step), .. } if !min.on_step(*min, *step) => say("step must be above 0"),
        ParamKind::Enum { values, wire_values, as_number } => {
            let distinct: BTreeSet<&String> = values.iter().collect();
            let prefix = format!("confirm_param:{}:", param.name);
            let refs: BTreeSet<String> = values.iter().map(|v| enum_ref(&prefix, v)).collect();
            if values.is_empty() || distinct.len() != values.len() || refs.len() != values.len() {
                say("its values must be there and differ, as buttons too");
            }
            if prefix.len() + DEFAULT.len() > CALLBACK_MAX {
                say("its name is too long for a button");
            }
            if values.iter().any(|v| v.is_empty() || v.starts_with('#') || v == SKIP || v == DEFAULT) {
                say("a value must not be empty, begin with '#' or be a reserved word");
            }
            if wire_values.keys().any(|v| !values.contains(v)) {
                say("wire_values names a value that it does not have");
            }
            if *as_number && values.iter().any(|v| v.parse::<i64>().is_err()) {
                say("wire_type: number needs whole numbers as values");
            }
        }
        _ => {}
    }
}

/// The quantity is read from parameters that exist and are of the right kind.
fn quantity(model: &Model, found: &mut Vec<String>) {
    let rule = &model.pricing.quantity;
    for name in rule.params() {
        let Some(param) = model.param(name) else {
            found.push(format!("quantity: there is no parameter {name}"));
            continue;
        };
        let counts = |least: i64| match &param.kind {
            ParamKind::Enum { values, .. } => values.iter().all(|v| v.parse::<i64>().is_ok_and(|n| n >= least)),
            ParamKind::Number { whole, min, .. } => *whole && min.as_whole().is_some_and(|n| n >= least),
            _ => false,
        };
        let fits = match rule {
            QuantityRule::Images { .. } => counts(1),
            QuantityRule::Frames { .. } => counts(1) && (param.required || param.default.is_some()),
            QuantityRule::Seconds { .. } | QuantityRule::Minutes { .. } => {
                param.required && matches!(param.media(), Some(Media::Video | Media::Audio))
            }
            QuantityRule::Characters { .. } => param.required && matches!(param.kind, ParamKind::Text { .. }),
            QuantityRule::One | QuantityRule::Unmeasurable => true,
        };
        if !fits {
            found.push(format!("quantity: parameter {name} cannot be counted so"));
        }
    }
}

/// Axes are enums or bools, few enough to walk; conditions name axes and their values.
fn axis_list(model: &Model, found: &mut Vec<String>) {
    for axis in &model.pricing.axes {
        match model.param(axis) {
            None => found.push(format!("axis {axis}: there is no such parameter")),
            Some(param) if param.options().is_none() => found.push(format!("axis {axis}: it is no enum or bool")),
            Some(_) if !model.pricing.tiers.iter().any(|tier| tier.when.contains_key(axis)) => {
                found.push(format!("axis {axis}: no tier depends on it"));
            }
            Some(_) => {}
        }
    }
    let ways: usize = axes(model).map(|p| p.options().map_or(1, |o| o.len())).product();
    if ways > MAX_ASSIGNMENTS {
        found.push(format!("axes: {ways} combinations, at most {MAX_ASSIGNMENTS}"));
    }
    let tiers = model.pricing.tiers.iter().map(|t| ("tier", &t.when));
    for (what, when) in tiers.chain(model.pricing.forbidden.iter().map(|f| ("forbidden", f))) {
        for (name, value) in when {
            let offers = |p: &Param| p.options().is_some_and(|o| o.contains(&value.as_str()));
            if !model.is_axis(name) {
                found.push(format!("{what}: {name} is not an axis"));
            } else if !model.param(name).is_some_and(offers) {
                found.push(format!("{what}: {name} has no value {value}"));
            }
        }
    }
}

/// Every tier has a price and can be reached; every value of an axis leads to one.
fn tiers(model: &Model, found: &mut Vec<String>) {
    if model.pricing.tiers.is_empty() {
        found.push("it has no tier".to_owned());
    }
    for Tier { price, credits, free, sku, .. } in &model.pricing.tiers {
        if price.as_kopecks() < 0 || *credits < 0 {
            found.push(format!("tier {sku}: a price is not negative"));
        }
        if price.as_kopecks() == 0 && !free {
            found.push(format!("tier {sku}: a price of zero needs free: true"));
        }
    }
    let mut reached = BTreeSet::new();
    let mut priced = BTreeSet::new();
    for assignment in assignments(model, |_| None) {
        if is_forbidden(model, &assignment) {
            continue;
        }
        if let Some(index) = first_tier(model, &assignment) {
            reached.insert(index);
            priced.extend(assignment);
        }
    }
    for (index, tier) in model.pricing.tiers.iter().enumerate() {
        if !reached.contains(&index) {
            found
                .push(format!("tier {}: no selection reaches it, an earlier one or forbidden is in the way", tier.sku));
        }
    }
    for axis in axes(model) {
        for value in axis.options().unwrap_or_default() {
            if !priced.contains(&(axis.name.as_str(), value.to_owned())) {
                found.push(format!("axis {}: its value {value} has no price", axis.name));
            }
        }
    }
}

#[cfg(test)]
mod tests;
