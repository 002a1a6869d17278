//! Writes: done once however often they are sent, told to whom they concern, written down.

use botyard::domain::{ApiRight, PanelScope, PaymentState, UserId};
use botyard::store::{Counter, Db};
use serde_json::json;

use super::{Program, TOKEN, key, key_a, rich, site};
use crate::store::world::within;
use crate::util::db::on_each_db;
use crate::web::rooms::{GUEST, furnish};
use crate::web::rows::count;
use crate::web::site::OWNER_A;

on_each_db! {
    async fn a_write_is_done_once_and_answers_the_same(db: Db) {
        let site = site(&db).await;
        let user = rich(&site, 501).await;
        let program = Program::new(&site, &key_a(&site).await);
        let path = format!("/api/v1/users/{user}/credits");
        let body = json!({ "amount_kopecks": 500, "reason": "a gift" });
        let first = program.post(&path, "one", &body).await;
        assert_eq!((first.status, &first.json()["available_kopecks"]), (201, &json!(10_500)), "{}", first.body);
        let again = program.post(&path, "one", &body).await;
        assert_eq!((again.status, &again.body), (201, &first.body));
        assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
        let other = program.post(&path, "one", &json!({ "amount_kopecks": 501, "reason": "a gift" })).await;
        assert_eq!((other.status, other.json()["type"].as_str().unwrap()), (422, "urn:botyard:problem:idempotency_key_reused"));
        let elsewhere = program.post("/api/v1/tenant/pause", "one", &json!({})).await;
        assert_eq!(elsewhere.status, 422, "another call under the same key");
        let another = Program::new(&site, &key_a(&site).await).post(&path, "one", &body).await;
        assert_eq!((another.status, &another.json()["available_kopecks"]), (201, &json!(11_000)), "another program's key");
        site.clock.advance(std::time::Duration::from_hours(25));
        let late = program.post(&path, "one", &body).await;
        assert_eq!(late.status, 409, "the kept answer is forgotten, the credit is not: {}", late.body);
        let card = program.get(&format!("/api/v1/users/{user}")).await.json();
        assert_eq!(card["available_kopecks"], 11_000);
        assert_eq!(count(&db, "outbox").await, 2, "the person is told of each credit once");
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        let acts = tx.audit_last(i64::MAX, 9).await.unwrap();
        assert_eq!(acts.len(), 2);
        assert_eq!((acts[0].door.as_str(), acts[0].action.as_str()), ("api", "manual_credit"));
        assert!(acts[0].actor.starts_with("key:") && acts[0].reason.as_deref() == Some("a gift"), "{acts:?}");
        assert!(acts.iter().all(|act| act.origin.as_deref() == Some("127.0.0.*")), "{acts:?}");
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
        site.stop().await;
    }

    async fn twenty_at_once_are_one(db: Db) {
        let site = site(&db).await;
        let user = rich(&site, 501).await;
        let program = Program::new(&site, &key_a(&site).await);
        let path = format!("/api/v1/users/{user}/credits");
        let body = json!({ "amount_kopecks": 100, "reason": "a gift" });
        let all = futures::future::join_all((0..20).map(|_| program.post(&path, "one", &body))).await;
        for answer in &all {
            assert_eq!((answer.status, &answer.body), (201, &all[0].body));
        }
        let card = program.get(&format!("/api/v1/users/{user}")).await.json();
        assert_eq!(card["available_kopecks"], 10_100);
        site.stop().await;
    }

    async fn what_is_refused_is_not_remembered(db: Db) {
        let site = site(&db).await;
        let program = Program::new(&site, &key_a(&site).await);
        let body = json!({ "amount_kopecks": 100, "reason": "a gift" });
        assert_eq!(program.post("/api/v1/users/501/credits", "one", &body).await.status, 404);
        assert_eq!(count(&db, "api_answers").await, 0);
        rich(&site, 501).await;
        assert_eq!(program.post("/api/v1/users/501/credits", "one", &body).await.status, 201);
        site.stop().await;
    }

    async fn every_wrong_input_gets_a_clear_answer(db: Db) {
        let site = site(&db).await;
        rich(&site, 501).await;
        let program = Program::new(&site, &key_a(&site).await);
        let path = "/api/v1/users/501/credits";
        let good = r#"{"amount_kopecks":1,"reason":"abc"}"#;
        for (idem, body, detail) in [
            ("", good, "1 to 128"),
            ("a b", good, "1 to 128"),
            ("k", "{", "it is no JSON"),
            ("k", "[]", "does not fit"),
            ("k", r#"{"amount_kopecks":1}"#, "does not fit"),
            ("k", r#"{"amount_kopecks":1,"reason":"abc","more":1}"#, "does not fit"),
            ("k", r#"{"amount_kopecks":1.5,"reason":"abc"}"#, "does not fit"),
            ("k", r#"{"amount_kopecks":0,"reason":"abc"}"#, "from 1 to 10000000"),
            ("k", r#"{"amount_kopecks":10000001,"reason":"abc"}"#, "from 1 to 10000000"),
            ("k", r#"{"amount_kopecks":99999999999999999999,"reason":"abc"}"#, "does not fit"),
            ("k", r#"{"amount_kopecks":1,"reason":"ab"}"#, "3 to 200"),
        ] {
            let answer = program.send(&reqwest::Method::POST, path, idem, body).await;
            assert_eq!(answer.status, 400, "{body}: {}", answer.body);
            assert!(answer.json()["detail"].as_str().unwrap().contains(detail), "{body}: {}", answer.body);
        }
        let large = program.send(&reqwest::Method::POST, path, "k", &" ".repeat(20_000)).await;
        assert_eq!((large.status, large.header("content-type")), (413, "application/problem+json"));
        for (path, status) in [
            ("/api/v1/users?limit=0", 400),
            ("/api/v1/users?limit=101", 400),
            ("/api/v1/users?limit=1&limit=2", 400),
            ("/api/v1/users?colour=red", 400),
            ("/api/v1/users?cursor=what", 400),
            ("/api/v1/users/abc", 404),
            ("/api/v1/generations?state=sold", 400),
            ("/api/v1/figures?from=2026-02-30", 400),
            ("/api/v1/figures?from=2026-11-02&to=2026-11-01", 400),
            ("/api/v1/figures?from=2020-01-01", 400),
            ("/api/v1/nothing", 404),
            ("/api/v1/openapi.json/", 404),
        ] {
            let answer = program.get(path).await;
            assert_eq!((answer.status, answer.header("content-type")), (status, "application/problem+json"), "{path}");
        }
        let wrong = program.send(&reqwest::Method::PUT, "/api/v1/tenant", "", "").await;
        assert_eq!((wrong.status, wrong.header("content-type")), (405, "application/problem+json"));
        assert_eq!(count(&db, "api_answers").await, 0);
        site.stop().await;
    }

    async fn a_bot_is_paused_blocked_suspended_and_resumed(db: Db) {
        let site = site(&db).await;
        rich(&site, 501).await;
        let (partner, owner) = (Program::new(&site, &key_a(&site).await), Program::new(&site, TOKEN));
        let paused = partner.post("/api/v1/tenant/pause", "1", &json!({ "reason": "new prices" })).await;
        assert_eq!((paused.status, &paused.json()["state"]), (200, &json!("paused")));
        let shown = partner.get("/api/v1/tenant").await.json();
        assert_eq!((&shown["state"], &shown["state_reason"]), (&json!("paused"), &json!("new prices")));
        assert_eq!(partner.post("/api/v1/tenant/resume", "2", &json!({})).await.status, 200);
        // Of what the partner did themselves nobody is told; of what the platform did the bot's admins are.
        rich(&site, OWNER_A.0).await;
        let before = count(&db, "outbox").await;
        let suspend = owner.post("/api/v1/tenants/tenant-a/suspend", "3", &json!({ "reason": "complaints" })).await;
        assert_eq!((suspend.status, &suspend.json()["state"]), (200, &json!("suspended")), "{}", suspend.body);
        assert_eq!(partner.post("/api/v1/tenant/resume", "4", &json!({})).await.status, 409, "not the partner's to end");
        assert_eq!(count(&db, "outbox").await, before + 1, "why it was stopped");
        assert_eq!(owner.post("/api/v1/tenants/tenant-a/resume", "5", &json!({})).await.status, 200);
        assert_eq!(count(&db, "outbox").await, before + 2, "that it goes on");
        assert_eq!(partner.get("/api/v1/tenant").await.json()["state"], "active");
        assert_eq!(partner.post("/api/v1/users/501/block", "6", &json!({ "reason": "spam" })).await.status, 200);
        let row = db.tenant_read(&site.a).await.unwrap().user_get(UserId(501)).await.unwrap().unwrap();
        assert!(row.blocked_at.is_some());
        assert_eq!(partner.post("/api/v1/users/501/unblock", "7", &json!({})).await.json()["blocked"], false);
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        let acts: Vec<String> = tx.audit_last(i64::MAX, 9).await.unwrap().into_iter().map(|act| act.actor).collect();
        assert_eq!(acts.iter().filter(|actor| *actor == "owner").count(), 2, "{acts:?}");
        assert_eq!(acts.len(), 6);
        site.stop().await;
    }

    async fn stars_go_back_once_and_out_of_the_days_figures(db: Db) {
        let site = site(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let other = furnish(&site, &db, &site.b).await;
        let program = Program::new(&site, &key_a(&site).await);
        let path = format!("/api/v1/payments/{}/refund", room.payment);
        let body = json!({ "reason": "asked for" });
        let answers = futures::future::join_all((0..4).map(|n| {
            let (program, path, body) = (&program, &path, &body);
            async move { program.post(path, &format!("key-{n}"), body).await.status }
        }));
        let mut answers = answers.await;
        answers.sort_unstable();
        assert_eq!(answers, [202, 409, 409, 409]);
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        let figures = tx.counters_total().await.unwrap();
        assert_eq!((figures.get(Counter::TopUpStars), figures.get(Counter::Payments)), (-10_000, -1), "taken out once");
        let act = tx.audit_last(i64::MAX, 1).await.unwrap().remove(0);
        assert_eq!((act.action.as_str(), act.reason.as_deref()), ("payment_refunded", Some("asked for")));
        assert!(act.actor.starts_with("key:"), "{act:?}");
        drop(tx);
        // Telegram could not be told whose the Stars of an erased person are.
        within(&db, &site.b, async |tx| assert!(tx.erasure_finish(GUEST).await.unwrap())).await;
        let program = Program::new(&site, &key(&site, &PanelScope::Tenant(site.b.clone()), &[ApiRight::Money]).await);
        let refused = program.post(&format!("/api/v1/payments/{}/refund", other.payment), "one", &body).await;
        assert_eq!((refused.status, refused.body.contains("@TelegramSupport")), (409, true), "{}", refused.body);
        let row = within(&db, &site.b, async |tx| tx.payment_get(&other.payment).await.unwrap().unwrap()).await;
        assert_eq!(row.state, PaymentState::Approved, "nothing begun that cannot end");
        site.stop().await;
    }

    async fn the_owner_hosts_a_bot(db: Db) {
        let site = site(&db).await;
        let owner = Program::new(&site, TOKEN);
        let token = "7000000009:AAfaketesttoken00000000000000000009";
        let body = json!({ "id": "third", "bot_token": token, "owner_id": 77, "settings": { "brand": "Третий" } });
        let made = owner.post("/api/v1/tenants", "1", &body).await;
        assert_eq!((made.status, &made.json()["bot_id"]), (201, &json!(7_000_000_009_i64)), "{}", made.body);
        assert!(!made.body.contains("AAfake"));
        assert_eq!(owner.post("/api/v1/tenants", "1", &body).await.body, made.body);
        let twice = owner.post("/api/v1/tenants", "2", &body).await;
        assert_eq!((twice.status, twice.json()["type"].as_str().unwrap()), (409, "urn:botyard:problem:name_taken"));
        let mut same_bot = body.clone();
        same_bot["id"] = json!("fourth");
        let elsewhere = owner.post("/api/v1/tenants", "3", &same_bot).await;
        assert_eq!((elsewhere.status, elsewhere.json()["type"].as_str().unwrap()), (409, "urn:botyard:problem:bot_taken"));
        let list = owner.get("/api/v1/tenants?limit=2").await.json();
        assert_eq!((list["items"].as_array().unwrap().len(), &list["next"]), (2, &json!("tenant-b")));
        let rest = owner.get("/api/v1/tenants?limit=2&cursor=tenant-b").await.json();
        assert_eq!((&rest["items"][0]["id"], &rest["items"][0]["brand"]), (&json!("third"), &json!("Третий")));
        for wrong in [
            json!({ "id": "X", "bot_token": token, "owner_id": 1 }),
            json!({ "id": "fifth", "bot_token": "hello", "owner_id": 1 }),
            json!({ "id": "fifth", "bot_token": token, "owner_id": 0 }),
            json!({ "id": "fifth", "bot_token": token, "owner_id": 1, "settings": { "markup": 100 } }),
            json!({ "id": "fifth", "bot_token": token, "owner_id": 1, "settings": [] }),
        ] {
            let answer = owner.post("/api/v1/tenants", "9", &wrong).await;
            assert_eq!(answer.status, 400, "{wrong}: {}", answer.body);
            assert!(!answer.body.contains("AAfake"), "{}", answer.body);
        }
        site.stop().await;
    }
}
