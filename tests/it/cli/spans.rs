//! Spans reach a collector when one is set, and nothing is gathered without (platform.md 5).

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Json;
use axum::routing::post;
use botyard::sandbox::{Sandbox, SandboxSettings};
use serde_json::Value;

use super::program::{PATIENCE, Place};

#[tokio::test]
async fn serve_brings_its_spans_to_the_collector() {
    let taken: Arc<Mutex<Vec<Value>>> = Arc::default();
    let keep = taken.clone();
    let router = axum::Router::new().route(
        "/v1/traces",
        post(async move |Json(body): Json<Value>| {
            keep.lock().unwrap().push(body);
            Json(serde_json::json!({}))
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "the collector is the test's own")]
    let collector = tokio::spawn(async move { axum::serve(listener, router).await });
    let sandbox = Sandbox::start(SandboxSettings::default()).await.unwrap();
    let mut place = Place::beside(&sandbox);
    place.set("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint);
    let serving =
        place.start(&["serve", "--set", "server.listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0"]).await;
    let page = format!("http://{}/panel", serving.address(&["listening"]));
    let status = reqwest::get(page).await.unwrap().status().as_u16();
    assert_eq!(status, 401, "a page that wants a session");
    let began = Instant::now();
    loop {
        let all = taken.lock().unwrap().clone();
        if let Some(body) = all.iter().find(|body| body.to_string().contains("\"page\"")) {
            let resource = body["resourceSpans"][0]["resource"].to_string();
            assert!(resource.contains("service.name") && resource.contains("botyard"), "{resource}");
            break;
        }
        assert!(began.elapsed() < PATIENCE, "no span of a page came: {all:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    serving.stop().await;
    collector.abort();
    sandbox.stop().await;
}
