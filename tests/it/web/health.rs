//! `/live`, `/ready` and `/metrics` (platform.md 5).

use std::time::Duration;

use botyard::store::Db;
use serde_json::json;

use super::site::{Client, Site};
use crate::util::db::on_each_db;

on_each_db! {
    async fn ready_writes_and_reads_and_says_why_not(db: Db) {
        let site = Site::start(&db).await;
        for client in [site.client(), Client::new(site.admin)] {
            let live = client.get("/live").await;
            assert_eq!((live.status, live.json()), (200, json!({ "status": "OK" })));
            let ready = client.get("/ready").await;
            assert_eq!((ready.status, ready.json()), (200, json!({ "status": "READY" })));
        }
        assert_eq!(crate::web::rows::count(&db, "heartbeats").await, 1);
        // An answer is good for a second; then the database that went away is noticed.
        tokio::time::sleep(Duration::from_millis(1_050)).await;
        db.close().await;
        let ready = site.client().get("/ready").await;
        assert_eq!((ready.status, ready.json()), (503, json!({ "status": "FAIL", "reasons": ["database"] })));
        assert_eq!(site.client().get("/live").await.status, 200);
        site.stop().await;
    }

    async fn figures_for_the_operator_are_on_the_admin_address_alone(db: Db) {
        let site = Site::start(&db).await;
        site.client().get("/panel").await;
        let metrics = Client::new(site.admin).get("/metrics").await;
        assert!(metrics.header("content-type").starts_with("text/plain"));
        assert!(metrics.body.contains("botyard_http_requests_total{route=\"/panel\",status=\"401\"}"), "{}", metrics.body);
        let outside = site.client().get("/metrics").await;
        assert_eq!((outside.status, outside.json()), (404, json!({ "ok": false, "error": "not_found" })));
        assert_eq!(Client::new(site.admin).get("/panel").await.status, 404);
        site.stop().await;
    }
}
