//! The catalog in the binary is good, and each rule fires on a planted fault.

use super::*;
use crate::catalog::{Catalog, Status};

/// A small good catalog in which faults are planted by replacing a piece of text.
const GOOD: &str = "
aliases: {other: a/one}
models:
- id: a/one
  title: One
  vendor: V
  gen_type: image-to-image
  output: image
  status: listed
  wire: {fixed: {mode: fast}}
  params:
  - {name: image_input, kind: image, wire: image_url, required: true}
  - {name: prompt, kind: string, required: true, min_length: 3, max_length: 10}
  - {name: size, kind: enum, values: [S, M], default: S}
  - {name: sound, kind: bool, required: true}
  - {name: num_images, kind: int, min: '1', max: '4', default: '1'}
  - {name: scale, kind: float, min: '0', max: '1', step: '0.1', default: '0.5'}
  pricing:
    quantity: {images: {param: num_images}}
    axes: [size, sound]
    tiers:
    - {when: {size: S, sound: 'false'}, price: 100, credits: 100}
    - {when: {size: S}, price: 200, credits: 200}
    - {when: {size: M}, price: 300, credits: 300}
    forbidden:
    - {size: M, sound: 'true'}
";

fn faults(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    Catalog::parse(&GOOD.replacen(from, to, 1)).map_or_else(|e| e.problems, |_| Vec::new())
}

#[test]
fn the_embedded_catalog_is_good_and_whole() {
    let catalog = Catalog::embedded().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(catalog.models().len(), 73);
    assert_eq!(catalog.models().iter().filter(|m| m.status == Status::Listed).count(), 51);
    assert_eq!(catalog.models().iter().filter(|m| m.is_visible_by_default()).count(), 51);
    assert_eq!(catalog.models().iter().filter(|m| !m.is_sellable()).count(), 4);
}

#[test]
fn the_small_catalog_is_good() {
    assert_eq!(faults("title: One", "title: Two"), Vec::<String>::new());
}

#[test]
fn each_rule_fires_on_its_fault() {
    let table = [
        ("id: a/one", "id: 'A:one'", "an id is made of"),
        ("id: a/one", "id: a/two", "alias other: there is no model a/one"),
        ("{other: a/one}", "{a/one: a/one}", "alias a/one: it is also the id or hash of a/one"),
        ("title: One", "title: ' '", "title and vendor must not be empty"),
        ("status: listed", "status: listed\n  hidden: ''", "hidden needs its reason"),
        ("wire: {fixed", "wire: {api: none, fixed", "without an endpoint it must be hidden"),
        ("gen_type: image-to-image", "gen_type: image-to-image\n  also: [image-to-image]", "is named twice"),
        ("kind: image, wire: image_url", "kind: string, wire: image_url", "image-to-image starts from a file"),
        ("name: prompt", "name: Prompt", "a name is made of a-z"),
        ("name: prompt", "name: size", "parameter size is there twice"),
        ("wire: image_url", "wire: prompt", "something else is already sent as prompt"),
        ("wire: image_url", "wire: mode", "something else is already sent as mode"),
        ("min_length: 3", "min_length: 11", "min_length is above max_length"),
        ("kind: string, required: true, min_length: 3", "kind: url, url_prefix: 'http://x/'", "must begin with https"),
        ("min: '0', max: '1'", "min: '1', max: '1'", "min is not below max"),
        ("step: '0.1'", "step: '0'", "step must be above 0"),
        ("step: '0.1'", "step: '0.3'", "parameter scale: its default is not one of its values"),
        ("default: S", "default: s", "parameter size: its default is not one of its values"),
        ("values: [S, M]", "values: [S, M, S]", "its values must be there and differ"),
        ("values: [S, M]", "values: [S, M, __skip__]", "a reserved word"),
        ("values: [S, M]", "values: [S, M], wire_values: {L: l}", "wire_values names a value"),
        ("values: [S, M]", "values: [S, M], wire_type: number", "needs whole numbers as values"),
        ("values: [S, M]", "values: [S, M, L]", "axis size: its value L has no price"),
        ("required: true}\n  - {name: prompt", "max_mb: 0}\n  - {name: prompt", "it takes nothing"),
        ("required: true}\n  - {name: prompt", "mime: [audio/ogg]}\n  - {name: prompt", "must be of its kind"),
        ("name: scale", "name: seed", "seed is sent only when somebody typed it"),
        ("param: num_images", "param: count", "quantity: there is no parameter count"),
        ("param: num_images", "param: prompt", "quantity: parameter prompt cannot be counted so"),
        ("{images: {param: num_images}}", "{seconds: {of: image_input}}", "image_input cannot be counted so"),
        ("{images: {param: num_images}}", "unmeasurable", "an unmeasurable quantity must be hidden"),
        ("axes: [size, sound]", "axes: [size, sound, tone]", "axis tone: there is no such parameter"),
        ("axes: [size, sound]", "axes: [size, sound, prompt]", "axis prompt: it is no enum or bool"),
        ("axes: [size, sound]", "axes: [size]", "tier: sound is not an axis"),
        ("{when: {size: M}", "{when: {size: L}", "tier: size has no value L"),
        ("- {size: M, sound: 'true'}", "- {size: L}", "forbidden: size has no value L"),
        ("- {size: M, sound: 'true'}", "- {size: M}", "tier a/one::size=M: no selection reaches it"),
        ("{when: {size: S, sound: 'false'}", "{when: {size: S}", "has the id or hash a/one::size=S"),
        (
            "- {when: {size: S, sound",
            "- {price: 5, credits: 5}\n    - {when: {size: S, sound",
            "size=S: no selection reaches",
        ),
        ("{when: {size: S, sound: 'false'}", "{when: {size: S, size: M}", "not readable"),
        ("when: {size: S, sound: 'false'}, price: 100", "price: 100", "axis sound: no tier depends on it"),
        ("price: 100", "price: 0", "tier a/one::size=S|sound=false: a price of zero needs free: true"),
        ("price: 100", "price: -1", "a price is not negative"),
        ("max_length: 10", "max_len: 10", "not readable"),
        ("status: listed", "status: unlisted", "not readable"),
        ("kind: bool", "kind: bool, max_length: 3", "parameter sound: max_length does not belong to this kind"),
        ("kind: enum, values: [S, M]", "kind: enum", "parameter size: values is missing"),
    ];
    for (from, to, said) in table {
        let found = faults(from, to);
        assert!(found.iter().any(|f| f.contains(said)), "{from} -> {to}: expected «{said}», got {found:#?}");
        assert!(found.iter().all(|f| f.starts_with("a/one: ") || !f.starts_with("a/")), "{found:#?}");
    }
}

#[test]
fn two_models_with_one_id_and_two_names_with_one_hash_fail() {
    let catalog = Catalog::embedded().unwrap();
    let (one, mut two) = (catalog.models()[0].clone(), catalog.models()[1].clone());
    let none = BTreeMap::new();
    let twice = problems(&[one.clone(), one.clone()], &none);
    assert!(twice.iter().any(|p| p.contains("its id or hash z-image is also that of z-image")), "{twice:#?}");
    two.hash.clone_from(&one.hash);
    two.pricing.tiers[0].sku_hash.clone_from(&one.pricing.tiers[0].sku_hash);
    let clash = problems(&[one, two], &none);
    assert_eq!(clash.len(), 2, "{clash:#?}");
    assert!(clash[0].contains("is also that of z-image") && clash[1].contains("of z-image::default"), "{clash:#?}");
}

#[test]
fn every_mistake_is_reported_on_a_line_of_its_own() {
    let bad =
        GOOD.replace("default: S", "default: X").replace("price: 100", "price: 0").replace("[size, sound]", "[tone]");
    let error = Catalog::parse(&bad).unwrap_err();
    assert!(error.problems.len() >= 3, "{error}");
    assert_eq!(error.to_string().lines().count(), error.problems.len() + 1);
}
