//! Partners' own webhooks end to end: added by the API, told by the workers, signed so that the partner can check it, tried
//! again, given up with a word.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use botyard::accounts::keys;
use botyard::domain::settings::TenantSettings;
use botyard::domain::{ApiRight, BotInstanceId, PanelScope};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Program;
use crate::util::app::{OWNER, PATIENCE, TestApp};
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::Client;

/// What the partner's server was sent, and what it answers.
#[derive(Default)]
struct Partner {
    heard: Mutex<Vec<(HeaderMap, String)>>,
    answers: Mutex<Vec<u16>>,
}

impl Partner {
    /// Starts a server; gives its port.
    async fn start() -> (Arc<Self>, u16) {
        let partner = Arc::new(Self::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().fallback(Self::hear).with_state(partner.clone());
        #[expect(clippy::disallowed_methods, reason = "the test plays the partner's server")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        (partner, port)
    }

    #[expect(clippy::unused_async, reason = "a handler is asynchronous")]
    async fn hear(State(partner): State<Arc<Self>>, headers: HeaderMap, body: Bytes) -> StatusCode {
        partner.heard.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
        let mut answers = partner.answers.lock().unwrap();
        let status = if answers.is_empty() { 204 } else { answers.remove(0) };
        StatusCode::from_u16(status).unwrap()
    }

    /// Waits until this many requests came.
    async fn heard(&self, n: usize) -> Vec<(HeaderMap, String)> {
        let began = Instant::now();
        loop {
            let heard = self.heard.lock().unwrap().clone();
            if heard.len() >= n {
                return heard;
            }
            assert!(began.elapsed() < PATIENCE, "only {} of {n} came", heard.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A program of the tenant against the running app.
async fn program(app: &TestApp, tenant: &BotInstanceId) -> Program {
    let (platform, scope) = (app.platform(), PanelScope::Tenant(tenant.clone()));
    let made = keys::issue(&platform.db, &scope, "a test", ApiRight::ALL, "test", platform.clock.now()).await.unwrap();
    Program::over(Client::new(app.app.address), made.text.expose())
}

/// The state that the API shows of the newest delivery, once it is one of these.
async fn delivery(program: &Program, hook: &str, state: &str) -> Value {
    let began = Instant::now();
    loop {
        let page = program.get(&format!("/api/v1/webhooks/{hook}/deliveries")).await.json();
        let newest = page["items"][0].clone();
        if newest["state"] == state {
            return newest;
        }
        assert!(began.elapsed() < PATIENCE, "not {state}: {page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

on_each_db! {
    /// platform.md 6: not the token and the webhook alone.
    async fn everything_that_a_bot_needs_is_told_once(test: TestDb) {
        let (partner, port) = Partner::start().await;
        let allow = format!("127.0.0.1:{port}");
        let app = TestApp::start_also_allowing(&test.url, &allow, &[("bot.alert_every", "2 s")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let other = app.bot("other", 2, TenantSettings::default()).await;
        let program = program(&app, &bot.id).await;
        let body = json!({ "url": format!("http://{allow}/hook"), "events": ["tenant.requirement_due"] });
        assert_eq!(program.post("/api/v1/webhooks", "1", &body).await.status, 201);
        let shown = program.get("/api/v1/tenant/requirements").await.json();
        let due = |shown: &Value| -> Vec<String> {
            shown["requirements"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect()
        };
        let mut wanted = due(&shown);
        assert!(wanted.len() >= 2 && wanted.contains(&"privacy_text".to_owned()), "{shown}");
        let heard = partner.heard(wanted.len()).await;
        let mut codes: Vec<String> = heard
            .iter()
            .map(|(_, body)| {
                let event: Value = serde_json::from_str(body).unwrap();
                assert_eq!(event["type"], "tenant.requirement_due", "{event}");
                assert!(!event["data"]["how_to_fix"].as_str().unwrap().is_empty(), "{event}");
                event["data"]["code"].as_str().unwrap().to_owned()
            })
            .collect();
        codes.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(codes, wanted);
        // Several looks later nothing was told a second time, and nothing of the other bot.
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(partner.heard(0).await.len(), wanted.len());
        let told = app.platform().db.tenant_read(&other.id).await.unwrap().hooks_all().await.unwrap();
        assert!(told.is_empty());
        app.finish().await;
    }

    async fn an_event_arrives_signed_and_is_tried_again(test: TestDb) {
        let (partner, port) = Partner::start().await;
        partner.answers.lock().unwrap().extend([500, 302]);
        let allow = format!("127.0.0.1:{port}");
        let app = TestApp::start_also_allowing(&test.url, &allow, &[("api.hook_first_pause", "20 ms")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Бесплатных").await;
        let program = program(&app, &bot.id).await;
        let body = json!({ "url": format!("http://{allow}/hook"), "events": ["generation.delivered"] });
        let added = program.post("/api/v1/webhooks", "1", &body).await;
        assert_eq!(added.status, 201, "{}", added.body);
        assert_eq!(program.post("/api/v1/webhooks", "1", &body).await.body, added.body, "the secret again, for a day");
        let (hook, secret) = (added.json()["webhook"]["id"].clone(), added.json()["secret"].clone());
        let (hook, secret) = (hook.as_str().unwrap(), secret.as_str().unwrap());
        assert!(!program.get(&format!("/api/v1/webhooks/{hook}")).await.body.contains("whsec_"));
        for rows in crate::web::rows::dump(&test.db).await.values() {
            assert!(rows.iter().all(|row| !row.contains(secret)), "the secret is kept sealed");
        }

        app.say(&bot, anna, "/generate z-image", "Шаг 1").await;
        app.say(&bot, anna, "Рыжий кот на крыше", "Шаг 2").await;
        app.press(&bot, anna, "16:9", "Проверьте заказ").await;
        app.press_only(&bot, anna, "✅ Генерировать").await;
        let heard = partner.heard(3).await;
        let told = delivery(&program, hook, "delivered").await;
        assert_eq!((&told["attempts"], &told["status"], &told["error"]), (&json!(3), &json!(204), &Value::Null));
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        for (headers, body) in &heard {
            let header = |name: &str| headers[name].to_str().unwrap();
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp")).as_bytes());
            assert_eq!(header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
            assert_eq!(header("webhook-id"), told["event_id"].as_str().unwrap(), "the same on each try");
            let event: Value = serde_json::from_str(body).unwrap();
            assert_eq!((&event["type"], &event["data"]["user_id"]), (&json!("generation.delivered"), &json!(101)));
            assert!(!body.contains("кот"), "no prompt goes out: {body}");
        }

        let again = format!("/api/v1/webhooks/{hook}/deliveries/{}/redeliver", told["id"].as_str().unwrap());
        assert_eq!(program.post(&again, "2", &json!({})).await.status, 202);
        assert_eq!(partner.heard(4).await.len(), 4);
        delivery(&program, hook, "delivered").await;
        let removed = program.send(&reqwest::Method::DELETE, &format!("/api/v1/webhooks/{hook}"), "3", "").await;
        assert_eq!(removed.status, 200, "{}", removed.body);
        assert_eq!(program.get(&format!("/api/v1/webhooks/{hook}")).await.status, 404);
        app.finish().await;
    }

    async fn an_address_that_takes_nothing_is_given_up_and_the_partner_is_told(test: TestDb) {
        let (partner, port) = Partner::start().await;
        partner.answers.lock().unwrap().extend([500, 500]);
        let allow = format!("127.0.0.1:{port}");
        let more = [("api.hook_first_pause", "20 ms"), ("api.hook_give_up", "1 ms")];
        let app = TestApp::start_also_allowing(&test.url, &allow, &more).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let owner = app.person(OWNER.0, "Owner", "ru").await;
        app.say(&bot, owner, "/start", "Доступно").await;
        let program = program(&app, &bot.id).await;
        let body = json!({ "url": format!("http://{allow}/?key=planted-secret"), "events": ["payment.credited"] });
        let added = program.post("/api/v1/webhooks", "1", &body).await.json();
        let hook = added["webhook"]["id"].as_str().unwrap();
        let before = app.version(&bot, owner).await;
        let corr = botyard::domain::Corr::random();
        let mut tx = app.platform().db.tenant(&bot.id).await.unwrap();
        let row = tx.user_get(owner).await.unwrap().unwrap();
        let (paid, now) = (botyard::billing::Paid::Stars("charge-1"), app.platform().clock.now());
        let amount = botyard::domain::Money::kopecks(5_000);
        botyard::billing::top_up(&mut tx, &row.user_ref, paid, amount, &corr, now).await.unwrap();
        tx.commit().await.unwrap();
        let told = app.hear(&bot, owner, before, "не принимает события").await;
        assert!(told.text().contains("127.0.0.1") && !told.text().contains("planted"), "{}", told.text());
        assert!(told.text().ends_with("включите вебхук снова: панель (/panel) → «Настройки» → «Вебхуки»."), "{}", told.text());
        let shown = program.get(&format!("/api/v1/webhooks/{hook}")).await.json();
        assert!(shown["disabled_at"].is_string() && shown["disabled_why"] == "it answered 500", "{shown}");
        let dead = delivery(&program, hook, "dead").await;
        assert_eq!(dead["event"], "payment.credited");
        let again = format!("/api/v1/webhooks/{hook}/deliveries/{}/redeliver", dead["id"].as_str().unwrap());
        assert_eq!(program.post(&again, "2", &json!({})).await.status, 409, "switched off");
        assert_eq!(program.post(&format!("/api/v1/webhooks/{hook}/enable"), "3", &json!({})).await.status, 200);
        assert_eq!(program.post(&again, "4", &json!({})).await.status, 202);
        delivery(&program, hook, "delivered").await;
        let event: Value = serde_json::from_str(&partner.heard(3).await[2].1).unwrap();
        assert_eq!((&event["data"]["amount_kopecks"], &event["data"]["method"]), (&json!(5_000), &json!("stars")));
        app.finish().await;
    }

    async fn only_public_https_addresses_are_taken(test: TestDb) {
        let site = crate::web::api::site(&test.db).await;
        let program = Program::new(&site, &crate::web::api::key_a(&site).await);
        for (n, url) in [
            "http://partner.example/",
            "https://127.0.0.1/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/latest",
            "https://localhost/",
            "https://partner.example:8443/",
            "https://user:word@partner.example/",
            "ftp://partner.example/",
            "hello",
            &format!("https://partner.example/{}", "x".repeat(500)),
        ]
        .iter()
        .enumerate()
        {
            let body = json!({ "url": url, "events": ["payment.credited"] });
            let answer = program.post("/api/v1/webhooks", &n.to_string(), &body).await;
            assert_eq!(answer.status, 400, "{url}: {}", answer.body);
        }
        let none = json!({ "url": "https://partner.example/", "events": [] });
        assert_eq!(program.post("/api/v1/webhooks", "a", &none).await.status, 400);
        let good = json!({ "url": "https://partner.example/", "events": ["payment.credited"] });
        for n in 0..10 {
            assert_eq!(program.post("/api/v1/webhooks", &format!("b{n}"), &good).await.status, 201);
        }
        assert_eq!(program.post("/api/v1/webhooks", "c", &good).await.status, 409, "ten are enough");
        site.stop().await;
    }
}
