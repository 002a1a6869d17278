//! `/__diag/…`: who may ask, and what they are told (platform.md 5, decisions.md 16).

use std::time::{Duration, Instant};

use botyard::domain::{ApiRight, Corr, PanelScope, ReportKind};
use botyard::store::{Db, ErrorEntry};
use serde_json::json;

use super::api::key;
use super::site::{Answer, Client, NOON, Site};
use crate::util::db::on_each_db;

/// The owner's token in these tests.
pub(crate) const TOKEN: &str = "fake-test-owner-token";
/// Every report that has no path of its own.
pub(crate) const REPORTS: &[&str] = &["ready", "billing_preflight", "last_errors", "requirements"];

/// A site whose owner has a token.
pub(crate) async fn site(db: &Db) -> Site {
    Site::start_with(db, &[("admin.token", TOKEN)]).await
}

/// Asks as the owner.
pub(crate) async fn ask(client: &Client, path: &str) -> Answer {
    let bearer = format!("Bearer {TOKEN}");
    client.send(reqwest::Method::GET, &format!("/__diag/{path}"), &[("authorization", &bearer)], None).await
}

on_each_db! {
    async fn without_the_owners_token_nothing_is_told(db: Db) {
        let site = site(&db).await;
        let refused = json!({ "ok": false, "error": "unauthorized" });
        for client in [site.client(), Client::new(site.admin)] {
            for report in REPORTS {
                let path = format!("/__diag/{report}");
                let wrong = [
                    "", "Bearer", "Bearer ", "Bearer fake-test-owner-toke", "Bearer fake-test-owner-token2", "Basic fake-test-owner-token",
                    "fake-test-owner-token",
                ];
                for header in wrong {
                    let answer = client.send(reqwest::Method::GET, &path, &[("authorization", header)], None).await;
                    assert_eq!((answer.status, answer.json()), (401, refused.clone()), "{path} {header}");
                }
                assert_eq!(client.get(&path).await.status, 401);
                assert_eq!(ask(&client, report).await.status, 200, "{path}");
            }
        }
        site.stop().await;
    }

    async fn a_bots_own_key_tells_of_that_bot_and_of_no_other(db: Db) {
        let site = site(&db).await;
        let scope = PanelScope::Tenant(site.a.clone());
        let (reads, pays) = (key(&site, &scope, &[ApiRight::Read]).await, key(&site, &scope, &[ApiRight::Money]).await);
        let client = site.client();
        let with = async |key: &str, path: &str| {
            let bearer = format!("Bearer {key}");
            client.send(reqwest::Method::GET, &format!("/__diag/{path}"), &[("authorization", &bearer)], None).await
        };
        let corr = Corr::random();
        let entry = ErrorEntry { corr: &corr, stage: "s", handler: "h", class: "c", message: "m", update_id: None };
        for tenant in [&site.a, &site.b] {
            let mut tx = db.tenant(tenant).await.unwrap();
            tx.error_put(&entry, NOON).await.unwrap();
            tx.commit().await.unwrap();
        }
        for path in ["billing_preflight", "last_errors", "requirements", &format!("corr/{corr}"), "ready"] {
            for named in ["", "?tenant=tenant-a"] {
                let own = with(&reads, &format!("{path}{named}")).await;
                assert_eq!(own.status, 200, "{path}{named}: {}", own.body);
                assert!(!own.body.contains("tenant-b"), "{path}: {}", own.body);
                assert!(path == "ready" || own.body.contains("tenant-a"), "{path}: {}", own.body);
            }
            let (foreign, missing) = (with(&reads, &format!("{path}?tenant=tenant-b")).await, with(&reads, &format!("{path}?tenant=nothing")).await);
            assert_eq!((foreign.status, &foreign.body), (404, &missing.body), "{path}");
            assert_eq!(with(&pays, path).await.status, 403, "{path}: a key that may not read");
        }
        assert!(with(&reads, "ready").await.json()["tasks"].is_null(), "what there is of one bot is no process");
        assert_eq!(with(&reads, "last_errors").await.json()["errors"].as_array().unwrap().len(), 1);
        assert_eq!(with("byk_nobody", "ready").await.status, 401);
        // A key of the whole platform is the owner's; the database being away is told to whoever has the owner's token.
        let all = key(&site, &PanelScope::Platform, &[ApiRight::Read]).await;
        assert_eq!(with(&all, "requirements").await.json()["tenants"].as_array().unwrap().len(), 2);
        db.close().await;
        let away = with(&reads, "requirements").await;
        assert!(away.status == 503 && away.json().is_object(), "{} {}", away.status, away.body);
        site.stop().await;
    }

    async fn without_a_token_in_the_settings_nobody_is_the_owner(db: Db) {
        let site = Site::start(&db).await;
        assert_eq!(ask(&site.client(), "ready").await.status, 401);
        site.stop().await;
    }

    async fn a_preflight_says_how_each_section_stands_and_is_kept(db: Db) {
        let site = site(&db).await;
        let client = site.client();
        let of_a = ask(&client, "billing_preflight?tenant=tenant-a").await;
        assert_eq!(of_a.status, 200, "{}", of_a.body);
        let report = of_a.json();
        let names: Vec<&str> = report["sections"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "db", "tenant", "users", "balances", "free_limits", "attempts", "holds", "payments", "ledger", "ledger_chain",
                "storage_rw"
            ]
        );
        assert_eq!((&report["ok"], &report["status"], &report["bot_instance_id"]), (&json!(true), &json!("READY"), &json!("tenant-a")));
        assert!(!of_a.body.contains("tenant-b"));
        let all = ask(&client, "billing_preflight").await;
        let whole = all.json();
        assert_eq!((all.status, &whole["status"], &whole["bot_instance_id"]), (200, &json!("READY"), &json!(null)));
        let tenants = whole["sections"].as_array().unwrap().iter().find(|s| s["name"] == "tenants").unwrap();
        assert_eq!(tenants["records"], 2);
        assert!(tenants["note"].as_str().unwrap().contains("t***-a#"), "{tenants}");
        assert!(!all.body.contains("tenant-a"), "the sample is masked: {}", all.body);
        let kept = db.tenant_read(&site.a).await.unwrap().reports_last(ReportKind::Preflight, 9).await.unwrap();
        assert_eq!((kept.len(), kept[0].verdict.as_str()), (1, "READY"));
        let kept = botyard::diagnostics::runs::read(&kept[0].report).unwrap();
        assert_eq!(kept.sections.len(), names.len());
        assert_eq!(db.platform_read().await.unwrap().platform_reports_last(ReportKind::Preflight, 9).await.unwrap().len(), 1);
        site.stop().await;
    }

    async fn what_a_bot_needs_and_the_story_of_an_id_are_told(db: Db) {
        let site = site(&db).await;
        let client = site.client();
        let due = ask(&client, "requirements?tenant=tenant-a").await;
        let body = due.json();
        assert_eq!((due.status, &body["ok"], &body["bot_instance_id"]), (200, &json!(true), &json!("tenant-a")));
        let codes: Vec<&str> =
            body["requirements"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["provider_key", "admin_reachable", "privacy_text"], "{}", due.body);
        assert_eq!((&body["can_go_live"], &body["requirements"][0]["severity"]), (&json!(true), &json!("warning")));
        site.check(&site.a, None, Some("wrong response")).await;
        let body = ask(&client, "requirements?tenant=tenant-a").await.json();
        assert_eq!((&body["requirements"][0]["code"], &body["can_go_live"]), (&json!("webhook_set"), &json!(false)));
        assert_eq!(body["requirements"][0]["severity"], "blocking");
        let all = ask(&client, "requirements").await.json();
        assert_eq!(all["tenants"].as_array().unwrap().len(), 2);
        let corr = Corr::random();
        let entry = ErrorEntry { corr: &corr, stage: "handler", handler: "menu", class: "db_busy", message: "m", update_id: None };
        let mut tx = db.tenant(&site.a).await.unwrap();
        tx.error_put(&entry, NOON).await.unwrap();
        tx.commit().await.unwrap();
        let story = ask(&client, &format!("corr/{corr}?tenant=tenant-a")).await;
        let body = story.json();
        assert_eq!((story.status, &body["corr"], &body["steps"][0]["kind"]), (200, &json!(corr), &json!("error")));
        for path in [
            format!("corr/{corr}?tenant=tenant-b"),
            format!("corr/{}?tenant=tenant-a", Corr::random()),
            "corr/no-id?tenant=tenant-a".to_owned(),
        ] {
            let missing = ask(&client, &path).await;
            assert_eq!((missing.status, missing.json()), (404, json!({ "ok": false, "error": "not_found" })), "{path}");
        }
        assert_eq!(ask(&client, &format!("corr/{corr}")).await.status, 400, "the owner says whose it is");
        let early = ask(&client, "boot").await;
        assert_eq!((early.status, &early.json()["error"]), (503, &json!("boot_timeout")));
        assert_eq!(ask(&client, "boot?tenant=tenant-a").await.status, 503);
        site.stop().await;
    }

    async fn a_tenant_that_is_not_there_is_not_found(db: Db) {
        let site = site(&db).await;
        for name in ["no-such-tenant", "Not*An*Id", ""] {
            let answer = ask(&site.client(), &format!("billing_preflight?tenant={name}")).await;
            assert_eq!((answer.status, answer.json()), (404, json!({ "ok": false, "error": "not_found" })), "{name}");
        }
        site.stop().await;
    }

    async fn a_failed_preflight_is_503_and_never_500(db: Db) {
        let site = site(&db).await;
        db.close().await;
        for path in ["billing_preflight", "billing_preflight?tenant=tenant-a"] {
            let began = Instant::now();
            let answer = ask(&site.client(), path).await;
            let body = answer.json();
            assert_eq!((answer.status, &body["error"], &body["status"]), (503, &json!("billing_preflight_failed"), &json!("error")));
            assert_eq!((&body["ok"], &body["detail"]), (&json!(false), &json!("db_away")));
            assert!(began.elapsed() < Duration::from_secs(5));
        }
        for report in REPORTS {
            let answer = ask(&site.client(), report).await;
            assert!(answer.status == 503 && answer.json().is_object(), "{report}: {}", answer.status);
        }
        site.stop().await;
    }
}
