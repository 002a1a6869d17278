//! The OpenAPI 3.1 document, made from the table that the router is made from.

use serde_json::{Map, Value, json};

use super::door::TENANT;
use super::shape::{Schemas, Shape as _};
use super::table::{Endpoint, Needs};

/// The document of these calls.
pub(super) fn document(endpoints: &[Endpoint]) -> Value {
    let mut all = Schemas::default();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in endpoints {
        let operation = operation(endpoint, &mut all);
        let method = endpoint.method.method().as_str().to_ascii_lowercase();
        let of_path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Some(of_path) = of_path.as_object_mut() {
            of_path.insert(method, operation);
        }
    }
    all.0.insert("Problem".to_owned(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Botyard",
            "version": "1",
            "description": "What programs of partners and of the platform's owner may ask and do. Money is whole kopecks, \
                times are RFC 3339 in UTC. Every write needs an Idempotency-Key; its answer is kept for 24 hours.",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "schemas": all.0,
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer", "description":
                "A key of one bot (botyard key add), or the token of the platform's owner." } },
        },
    })
}

fn operation(endpoint: &Endpoint, all: &mut Schemas) -> Value {
    let mut params: Vec<Value> = endpoint
        .params
        .iter()
        .map(|param| {
            json!({
                "name": param.name, "in": if param.in_path { "path" } else { "query" }, "required": param.in_path,
                "description": param.about, "schema": (param.schema)(all),
            })
        })
        .collect();
    if matches!(endpoint.needs, Needs::Tenant(_)) {
        params.push(json!({
            "name": TENANT, "in": "query", "required": false, "schema": String::schema(all),
            "description": "Which bot: the platform's owner names one, a bot's own key need not.",
        }));
    }
    if endpoint.is_write() {
        params.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "New for each write, the same when it is repeated: then the first answer comes again.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]{1,128}$" },
        }));
    }
    let mut operation = json!({
        "operationId": endpoint.name, "summary": endpoint.about, "parameters": params,
        "responses": responses(endpoint, all), "x-right": endpoint.needs.word(),
    });
    if let Some(operation) = operation.as_object_mut() {
        if let Some(body) = endpoint.body {
            let body = json!({ "required": true, "content": { "application/json": { "schema": body(all) } } });
            operation.insert("requestBody".to_owned(), body);
        }
        if endpoint.needs == Needs::Nothing {
            operation.insert("security".to_owned(), json!([]));
        }
    }
    operation
}

fn responses(endpoint: &Endpoint, all: &mut Schemas) -> Value {
    let (status, answer) = endpoint.answer;
    let mut responses = Map::new();
    let done = json!({ "description": "Done.", "content": { "application/json": { "schema": answer(all) } } });
    responses.insert(status.to_string(), done);
    if let Some((status, about, answer)) = endpoint.other {
        let other = json!({ "description": about, "content": { "application/json": { "schema": answer(all) } } });
        responses.insert(status.to_string(), other);
    }
    for (status, about) in refusals(endpoint) {
        let problem = json!({
            "description": about,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
        responses.insert(status.to_string(), problem);
    }
    responses.into()
}

/// What may come instead, and why.
fn refusals(endpoint: &Endpoint) -> Vec<(u16, &'static str)> {
    if endpoint.needs == Needs::Nothing {
        return Vec::new();
    }
    let mut refusals = vec![
        (400, "A parameter, the body or the Idempotency-Key is not what it should be."),
        (401, "No good key."),
        (403, "The key may not do that."),
        (404, "There is no such thing, or it is not yours."),
        (429, "Too many calls, see Retry-After."),
        (503, "The service cannot reach its data, try again."),
    ];
    if endpoint.is_write() {
        refusals.extend([
            (409, "It does not fit how things stand."),
            (413, "The body is larger than it may be."),
            (415, "The body is no JSON by its Content-Type."),
            (422, "The Idempotency-Key was given to another request."),
        ]);
    }
    refusals
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "properties": {
            "type": { "type": "string", "description": "The kind, for programs: urn:botyard:problem:…" },
            "title": { "type": "string", "description": "What the kind means." },
            "status": { "type": "integer", "description": "The status." },
            "detail": { "type": "string", "description": "What it is this time." },
        },
        "required": ["type", "title", "status"],
        "additionalProperties": false,
    })
}
