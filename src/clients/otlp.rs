//! Sends finished spans to a collector: OTLP over HTTP, JSON (platform.md 5). One call for each batch, never repeated: a span is
//! not worth waiting for.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::http::{Http, Lost, exchange};
use crate::config::BaseUrl;

/// A collector that is slower loses the batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// Its answer is looked at no further.
const ANSWER_CAP: usize = 64 * 1024;

/// A collector.
#[derive(Clone)]
pub struct Collector {
    http: Http,
    url: Url,
}

impl Collector {
    /// At the endpoint that the settings name; spans go to its `/v1/traces`. `None`: it is no address.
    pub fn new(http: Http, endpoint: &BaseUrl) -> Option<Self> {
        let url = Url::parse(&format!("{}/v1/traces", endpoint.as_str())).ok()?;
        Some(Self { http, url })
    }

    /// Sends a batch. `false`: the collector did not take it.
    pub async fn send(&self, instance: &str, spans: Vec<Value>) -> bool {
        let attribute = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
        let resource = [
            attribute("service.name", "botyard"),
            attribute("service.version", env!("CARGO_PKG_VERSION")),
            attribute("service.instance.id", instance),
        ];
        let scope = json!({ "scope": { "name": "botyard" }, "spans": spans });
        let body = json!({ "resourceSpans": [{ "resource": { "attributes": resource }, "scopeSpans": [scope] }] });
        let request = self.http.post(self.url.clone()).timeout(PATIENCE).json(&body);
        match exchange(request, ANSWER_CAP).await {
            Ok(answer) => (200..300).contains(&answer.status),
            Err(Lost::NotSent(_) | Lost::InDoubt(_)) => false,
        }
    }
}
