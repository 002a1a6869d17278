//! All 73 models of the catalog, one by one: from `/generate` to the delivered result, or to the stated reason why a model is
//! not on sale. The price on the confirmation is the price held and the price posted, and the request is what the provider's
//! documentation asks for (`models.json`, transcribed from it).

use std::collections::BTreeSet;

use botyard::catalog::{Catalog, GenType, Model};
use botyard::domain::settings::{EnabledModels, TenantSettings};
use botyard::domain::{Money, UserId};
use botyard::sandbox::wire::TaskInfo;
use serde::Deserialize;
use serde_json::Value;

use super::driver::{Driver, Scene, price_in};
use super::story;

/// A model as the provider documents it.
#[derive(Deserialize)]
struct Documented {
    id: String,
    api: String,
    model: Option<String>,
    status: String,
    params: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    wire: String,
    #[serde(rename = "type")]
    kind: String,
    required: bool,
    #[serde(default)]
    list: bool,
    values: Option<Vec<String>>,
    wire_values: Option<std::collections::BTreeMap<String, String>>,
    wire_type: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    max_length: Option<usize>,
    max_items: Option<usize>,
}

fn documented() -> Vec<Documented> {
    serde_json::from_str(include_str!("models.json")).unwrap()
}

fn catalog() -> &'static Catalog {
    Catalog::embedded().unwrap()
}

/// A56 and A34, for every model there is: price shown = held = posted, from the first question to the result.
#[test]
fn a56_every_model_is_ordered_and_costs_what_was_shown() {
    story(async |test| {
        let ids: Vec<String> = catalog().models().iter().map(|m| m.id.clone()).collect();
        assert_eq!(ids.len(), 73);
        let settings =
            TenantSettings { enabled_models: EnabledModels::Only(ids), free_per_day: 0, ..TenantSettings::default() };
        let scene = Scene::with(&test, settings, &[]).await;
        let shares = (0..4).map(|n| share(&scene, n));
        let sold: usize = futures::future::join_all(shares).await.into_iter().sum();
        let tasks = scene.app.world.kie_tasks().await.unwrap();
        assert_eq!(tasks.len(), sold);
        assert_eq!(sold, catalog().models().iter().filter(|m| m.is_sellable()).count());
        scene.finish().await;
    });
}

/// Every fourth model, by a person of its own. Gives how many were on sale.
async fn share(scene: &Scene, n: usize) -> usize {
    let user = scene.app.person(200 + i64::try_from(n).unwrap(), "Max", "ru").await;
    scene.app.say(&scene.bot, user, "/start", "Доступно").await;
    scene.app.credit(&scene.bot, user, Money::kopecks(10_000_000)).await;
    let mut sold = 0;
    for model in catalog().models().iter().skip(n).step_by(4) {
        if model.is_sellable() {
            one(scene, user, model).await;
            sold += 1;
        } else {
            let reason = model.hidden.as_deref().unwrap_or_default();
            assert!(reason.len() > 20, "{} is not on sale, and nothing says why", model.id);
            scene.app.say(&scene.bot, user, &format!("/generate {}", model.id), "временно").await;
        }
    }
    sold
}

async fn one(scene: &Scene, user: UserId, model: &Model) {
    let (app, bot) = (&scene.app, &scene.bot);
    let confirmation = Driver::new(scene, user).order(&model.id, &[]).await;
    let shown = price_in(confirmation.text());
    let before = app.version(bot, user).await;
    app.press_only(bot, user, "✅ Генерировать").await;
    app.hear(bot, user, before, "Баланс:").await;
    let row = scene.generations_of(user).await.remove(0);
    assert_eq!((row.model_id.as_str(), row.price, row.charged), (model.id.as_str(), shown, shown), "{}", model.id);
    let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
    let moved: Vec<(String, i64)> =
        tx.transfers_of_corr(&row.corr).await.unwrap().into_iter().map(|t| (t.kind, t.amount)).collect();
    drop(tx);
    let of = |kind: &str| moved.iter().filter(|(k, _)| k == kind).map(|(_, amount)| *amount).collect::<Vec<_>>();
    assert_eq!((of("pending"), of("post")), (vec![shown.as_kopecks()], vec![shown.as_kopecks()]), "{}", model.id);
    let task = row.provider_task_id.unwrap();
    let tasks = app.world.kie_tasks().await.unwrap();
    let made = tasks.iter().find(|made| made.task_id == task).unwrap();
    check_request(&documented().into_iter().find(|d| d.id == model.id).unwrap(), model, made);
}

/// The request against the documentation: endpoint, model, names, kinds, values, limits, nothing unknown, nothing missing.
fn check_request(doc: &Documented, model: &Model, task: &TaskInfo) {
    let at = &doc.id;
    assert_eq!(task.family, doc.api, "{at}: another endpoint");
    if let Some(name) = &doc.model {
        assert_eq!(&task.model, name, "{at}: another model");
    }
    let envelope = ["model", "callBackUrl"];
    let input = if doc.api == "jobs" {
        let top: BTreeSet<&str> = task.request.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(top, BTreeSet::from(["model", "input", "callBackUrl"]), "{at}");
        task.request["input"].as_object().unwrap().clone()
    } else {
        let mut fields = task.request.as_object().unwrap().clone();
        fields.retain(|name, _| !envelope.contains(&name.as_str()));
        fields
    };
    for name in input.keys() {
        let known = doc.params.iter().any(|p| p.wire == *name) || model.fixed.contains_key(name);
        assert!(known, "{at}: sends {name}, which nothing documents");
    }
    for field in &doc.params {
        match input.get(&field.wire) {
            Some(value) => check_value(at, field, value),
            None => {
                assert!(!field.required || model.fixed.contains_key(&field.wire), "{at}: {} is missing", field.wire);
            }
        }
    }
}

fn check_value(at: &str, field: &Field, value: &Value) {
    let what = format!("{at}: {} = {value}", field.wire);
    match field.kind.as_str() {
        "image" | "video" | "audio" => {
            let links: Vec<&Value> =
                if field.list { value.as_array().expect(&what).iter().collect() } else { vec![value] };
            assert!(!links.is_empty() && links.len() <= field.max_items.unwrap_or(8), "{what}");
            assert!(links.iter().all(|link| link.as_str().is_some_and(|l| l.starts_with("http"))), "{what}");
        }
        "bool" => assert!(value.is_boolean(), "{what}"),
        "int" | "float" => {
            let number = value.as_f64().expect(&what);
            assert!(field.min.is_none_or(|min| number >= min) && field.max.is_none_or(|max| number <= max), "{what}");
            assert!(field.kind == "float" || value.is_i64(), "{what}");
        }
        "enum" => {
            let text = match field.wire_type.as_deref() {
                Some("number") => value.as_i64().expect(&what).to_string(),
                _ => value.as_str().expect(&what).to_owned(),
            };
            let spelled =
                |v: &String| field.wire_values.as_ref().and_then(|w| w.get(v)).cloned().unwrap_or_else(|| v.clone());
            let allowed: Vec<String> = field.values.iter().flatten().map(spelled).collect();
            assert!(allowed.contains(&text), "{what} is none of {allowed:?}");
        }
        _ => {
            let text = value.as_str().expect(&what);
            assert!(!text.is_empty() && text.chars().count() <= field.max_length.unwrap_or(5_000), "{what}");
        }
    }
}

#[test]
fn the_documentation_and_the_catalog_name_the_same_models() {
    let documented = documented();
    let ours: BTreeSet<&str> = catalog().models().iter().map(|m| m.id.as_str()).collect();
    assert_eq!(documented.iter().map(|d| d.id.as_str()).collect::<BTreeSet<_>>(), ours);
    for doc in &documented {
        let model = catalog().model(&doc.id).unwrap();
        assert_eq!(model.is_visible_by_default(), doc.status == "listed" && model.is_sellable(), "{}", doc.id);
        for param in &model.params {
            let field = doc.params.iter().find(|f| f.name == param.name);
            assert!(field.is_some_and(|f| f.wire == param.wire), "{}: {}", doc.id, param.name);
        }
    }
}

#[test]
fn every_generation_type_with_a_model_on_sale_is_offered() {
    let offered: Vec<GenType> = catalog().gen_types(Model::is_visible_by_default);
    for gen_type in GenType::ALL {
        let has =
            catalog().models().iter().any(|m| m.is_visible_by_default() && m.gen_types().any(|of| of == gen_type));
        assert_eq!(offered.contains(&gen_type), has, "{gen_type}");
    }
    assert_eq!(offered.len(), 12, "{offered:?}");
}
