//! The OpenAPI document: made from the router's table, whole, and true to what is answered.

use std::collections::BTreeSet;

use botyard::store::Db;
use botyard::web::api::{document, listed};
use serde_json::{Value, json};

use super::{Program, TOKEN, rich, site};
use crate::util::db::on_each_db;

/// Every `$ref` of the document.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(array) => array.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// What of a value does not fit its schema: the few words of JSON Schema that the document uses.
fn faults(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return faults(document, document.pointer(&reference[1..]).unwrap(), value, at, found);
    }
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let fits = any.iter().any(|schema| {
            let mut inner = Vec::new();
            faults(document, schema, value, at, &mut inner);
            inner.is_empty()
        });
        if !fits {
            found.push(format!("{at}: fits none of anyOf"));
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    if !kinds.contains(&json!(kind)) {
        found.push(format!("{at}: {kind} where {kinds:?} is promised"));
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array).filter(|words| !words.contains(value)) {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    if let Some(array) = value.as_array() {
        for value in array {
            faults(document, &schema["items"], value, &format!("{at}[]"), found);
        }
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema.get("properties").and_then(Value::as_object)) {
        for (name, value) in object {
            match properties.get(name) {
                Some(schema) => faults(document, schema, value, &format!("{at}.{name}"), found),
                None => found.push(format!("{at}.{name} is not promised")),
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(name.as_str().unwrap()) {
                found.push(format!("{at}.{name} is missing"));
            }
        }
    }
}

#[test]
fn the_document_has_every_call_and_every_schema_it_names() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let calls: BTreeSet<(String, String)> =
        listed().into_iter().map(|(path, method, _)| (path.to_owned(), method.as_str().to_ascii_lowercase())).collect();
    let mut told = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            told.insert((path.clone(), method.clone()));
            assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{path}: a name twice");
            let in_path = path.matches('{').count();
            let params = operation["parameters"].as_array().unwrap();
            assert_eq!(params.iter().filter(|param| param["in"] == "path").count(), in_path, "{path}");
            assert!(params.iter().all(|param| param["description"].as_str().is_some_and(|text| text.len() > 5)));
        }
    }
    assert_eq!(told, calls);
    let mut used = BTreeSet::new();
    references(&document, &mut used);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let made: BTreeSet<String> = schemas.keys().map(|name| format!("#/components/schemas/{name}")).collect();
    assert_eq!(used, made, "each schema is used, each that is used is there");
}

#[test]
fn the_checker_finds_what_does_not_fit() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": ["integer", "null"] } }, "required": ["a"] });
    let wrong = |value: Value| {
        let mut found = Vec::new();
        faults(&json!({}), &schema, &value, "", &mut found);
        found.len()
    };
    assert_eq!((wrong(json!({ "a": 1 })), wrong(json!({ "a": null }))), (0, 0));
    assert_eq!(
        (wrong(json!({ "a": "x" })), wrong(json!({})), wrong(json!({ "a": 1, "b": 2 })), wrong(json!([]))),
        (1, 1, 1, 1)
    );
}

on_each_db! {
    async fn what_is_answered_is_what_the_document_says(db: Db) {
        let site = site(&db).await;
        let user = rich(&site, 501).await;
        let person = db.tenant_read(&site.a).await.unwrap().user_get(user).await.unwrap().unwrap();
        let generation = crate::store::world::generation(&db, &site.a, &person, 1).await;
        let owner = Program::new(&site, TOKEN);
        let document = owner.get("/api/v1/openapi.json").await.json();
        assert_eq!(document, botyard::web::api::document());
        let corr = db.tenant_read(&site.a).await.unwrap().generation_get(&generation).await.unwrap().unwrap().corr;
        for (path, call) in [
            ("/api/v1/tenant", "/api/v1/tenant"),
            ("/api/v1/users", "/api/v1/users"),
            ("/api/v1/users/501", "/api/v1/users/{user}"),
            ("/api/v1/generations", "/api/v1/generations"),
            (&format!("/api/v1/generations/{generation}"), "/api/v1/generations/{generation}"),
            ("/api/v1/payments", "/api/v1/payments"),
            ("/api/v1/errors", "/api/v1/errors"),
            (&format!("/api/v1/corr/{corr}"), "/api/v1/corr/{corr}"),
            ("/api/v1/figures", "/api/v1/figures"),
        ] {
            let answer = owner.get(&format!("{path}?tenant=tenant-a")).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            let schema = &document["paths"][call]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            let mut found = Vec::new();
            faults(&document, schema, &answer.json(), call, &mut found);
            assert!(found.is_empty(), "{path}: {found:?}");
        }
        let missing = owner.get("/api/v1/users/1?tenant=tenant-a").await.json();
        let mut found = Vec::new();
        faults(&document, &document["components"]["schemas"]["Problem"], &missing, "problem", &mut found);
        assert!(found.is_empty(), "{found:?}");
        site.stop().await;
    }
}
