//! Telegram's door (`in_secret`, reliability.md T19, T22, T23; F11): who proves nothing changes nothing; once is once; what
//! could not be kept is asked for again.

use std::time::Duration;

use botyard::domain::BotInstanceId;
use botyard::store::Db;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use super::rows;
use super::site::{Answer, Site};
use crate::util::db::on_each_db;

const SECRET: &str = "x-telegram-bot-api-secret-token";
const JSON: (&str, &str) = ("content-type", "application/json");

fn message(update: i64, text: &str) -> String {
    json!({ "update_id": update, "message": { "message_id": update, "date": 1_795_348_800, "text": text,
        "chat": { "id": 5001, "type": "private", "first_name": "Аня" },
        "from": { "id": 5001, "is_bot": false, "first_name": "Аня", "language_code": "ru" } } })
    .to_string()
}

fn secret(site: &Site, id: &BotInstanceId) -> String {
    site.platform.tenants.get(id).unwrap().webhook_secret.expose().to_owned()
}

async fn bring(site: &Site, id: &str, secret: Option<&str>, body: String) -> Answer {
    let mut headers = vec![JSON];
    headers.extend(secret.map(|secret| (SECRET, secret)));
    site.client().bring(&format!("/webhook/{id}"), &headers, body).await
}

on_each_db! {
    async fn in_secret(db: Db) {
        let site = Site::start(&db).await;
        let (right, others) = (secret(&site, &site.a), secret(&site, &site.b));
        let mut flipped = right.clone().into_bytes();
        flipped[20] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        let before = rows::dump(&db).await;
        let mut answers = Vec::new();
        for (id, given) in [
            ("tenant-a", None),
            ("tenant-a", Some("")),
            ("tenant-a", Some(&right[1..])),
            ("tenant-a", Some(&right[..42])),
            ("tenant-a", Some(&*format!("{right}x"))),
            ("tenant-a", Some(&*others)),
            ("tenant-a", Some(&*flipped)),
            ("tenant-a", Some(&*right.to_lowercase())),
            ("tenant-a", Some("x".repeat(4096).as_str())),
            ("no-such-tenant", Some(&*right)),
            ("no-such-tenant", None),
            ("Not*An*Id", Some(&*right)),
        ] {
            let answer = bring(&site, id, given, message(1, "/start")).await;
            assert_eq!(answer.status, 401, "{id} {given:?}");
            assert_eq!(answer.json(), json!({ "ok": false, "error": "unauthorized" }));
            answers.push(answer.body);
        }
        assert!(answers.iter().all(|body| *body == answers[0]), "{answers:?}");
        assert_eq!(rows::dump(&db).await, before, "0 rows");
        assert_eq!(bring(&site, "tenant-a", Some(&right), message(1, "/start")).await.status, 200);
        site.stop().await;
    }

    async fn the_same_update_ten_times_at_once_has_one_effect(db: Db) {
        let site = Site::start(&db).await;
        let right = secret(&site, &site.a);
        let all = futures::future::join_all((0..10).map(|_| bring(&site, "tenant-a", Some(&right), message(7, "/start")))).await;
        assert!(all.iter().all(|answer| matches!(answer.status, 200 | 503)), "{all:?}");
        assert_eq!(bring(&site, "tenant-a", Some(&right), message(7, "/start")).await.status, 200);
        assert_eq!(rows::count(&db, "updates").await, 1);
        assert_eq!(rows::count(&db, "users").await, 1);
        assert_eq!(rows::count(&db, "outbox").await, 1);
        site.stop().await;
    }

    async fn a_body_that_is_no_update_is_refused_or_dropped_and_never_kept(db: Db) {
        let site = Site::start(&db).await;
        let right = secret(&site, &site.a);
        let client = site.client();
        for (name, kind, body, status) in [
            ("no JSON", "application/json", "hello".to_owned(), 400),
            ("half of it", "application/json", message(1, "/start")[..40].to_owned(), 400),
            ("nothing", "application/json", String::new(), 400),
            ("another kind", "text/plain", message(1, "/start"), 400),
            ("a form", "application/x-www-form-urlencoded", message(1, "/start"), 400),
            ("no update", "application/json", r#"{"hello":1}"#.to_owned(), 200),
            ("10,000 deep", "application/json", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)), 200),
            ("too large", "application/json", format!("{{\"update_id\":1,\"x\":\"{}\"}}", "y".repeat(1 << 20)), 413),
        ] {
            let answer = client.bring("/webhook/tenant-a", &[("content-type", kind), (SECRET, &right)], body).await;
            assert_eq!(answer.status, status, "{name}: {}", answer.body);
        }
        assert_eq!(rows::count(&db, "updates").await, 0);
        assert_eq!(client.send(reqwest::Method::GET, "/webhook/tenant-a", &[], None).await.status, 405);
        site.stop().await;
    }

    async fn with_the_database_away_telegram_keeps_the_update(db: Db) {
        let site = Site::start(&db).await;
        let right = secret(&site, &site.a);
        db.close().await;
        let kept = bring(&site, "tenant-a", Some(&right), message(3, "кот в шляпе")).await;
        assert_eq!((kept.status, kept.header("retry-after")), (503, "5"), "{}", kept.body);
        let wrong = bring(&site, "tenant-a", Some("wrong"), message(3, "кот в шляпе")).await;
        assert_eq!(wrong.status, 401, "never 410, and no less careful");
        site.stop().await;
    }

    async fn a_flood_of_one_bot_fills_its_own_lane(db: Db) {
        let site = Site::start_with(&db, &[("server.tenant_updates_inflight", "2")]).await;
        let (key_a, key_b) = (secret(&site, &site.a), secret(&site, &site.b));
        // Two updates whose bodies do not end hold both places.
        let mut unfinished = Vec::new();
        for _ in 0..2 {
            let mut stream = tokio::net::TcpStream::connect(site.main).await.unwrap();
            let head = format!("POST /webhook/tenant-a HTTP/1.1\r\nhost: x\r\n{SECRET}: {key_a}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{");
            stream.write_all(head.as_bytes()).await.unwrap();
            unfinished.push(stream);
        }
        let mut full = None;
        for _ in 0..200 {
            let answer = bring(&site, "tenant-a", Some(&key_a), message(1, "/start")).await;
            if answer.status == 503 {
                full = Some(answer);
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let full = full.expect("the lane fills");
        assert_eq!((full.header("retry-after"), full.json()), ("5", json!({ "ok": false, "error": "unavailable" })));
        assert_eq!(bring(&site, "tenant-b", Some(&key_b), message(1, "/start")).await.status, 200, "B is not A");
        drop(unfinished);
        let mut last = 0;
        for _ in 0..200 {
            last = bring(&site, "tenant-a", Some(&key_a), message(2, "/start")).await.status;
            if last == 200 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(last, 200, "places come back");
        site.stop().await;
    }
}
