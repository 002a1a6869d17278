//! KIE tests over real HTTP: create, watch, callbacks, uploads, faults.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::{Value, json};

use crate::sandbox::wire::{Callbacks, Drop, FaultAnswer, KieFault, Outcome, TaskFault};
use crate::sandbox::{KieSettings, Sandbox, SandboxClient, SandboxSettings};

struct Scene {
    sandbox: Sandbox,
    world: SandboxClient,
    http: reqwest::Client,
}

async fn scene() -> Scene {
    let kie = KieSettings {
        delay: Duration::from_millis(120),
        keys: BTreeMap::from([("key-a".to_owned(), 100.0), ("key-b".to_owned(), 1.0)]),
        hmac_key: Some("hmac".to_owned()),
        callback_retry: Duration::from_millis(20),
        picture_side: 128,
        ..KieSettings::default()
    };
    let sandbox = Sandbox::start(SandboxSettings { kie, ..SandboxSettings::default() }).await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test speaks to the sandbox")]
    let http = reqwest::Client::builder().user_agent("test/1").build().unwrap();
    Scene { world: sandbox.client(), sandbox, http }
}

impl Scene {
    async fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.sandbox.kie_url());
        self.http.post(url).bearer_auth("key-a").json(body).send().await.unwrap().json().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.sandbox.kie_url());
        self.http.get(url).bearer_auth("key-a").send().await.unwrap().json().await.unwrap()
    }

    async fn create(&self, input: Value) -> String {
        let body = json!({"model": "z-image", "input": input});
        let answer = self.post("/api/v1/jobs/createTask", &body).await;
        answer["data"]["taskId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    async fn finished(&self, id: &str) -> Value {
        for _ in 0..300 {
            let record = self.get(&format!("/api/v1/jobs/recordInfo?taskId={id}")).await;
            if matches!(record["data"]["state"].as_str(), Some("success" | "fail")) {
                return record["data"].clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the task did not end");
    }
}

fn links(record: &Value) -> Vec<String> {
    let result: Value = serde_json::from_str(record["resultJson"].as_str().unwrap()).unwrap();
    serde_json::from_value(result["resultUrls"].clone()).unwrap()
}

async fn receiver() -> (String, Arc<Mutex<Vec<(HeaderMap, Value)>>>) {
    let received: Arc<Mutex<Vec<(HeaderMap, Value)>>> = Arc::default();
    let seen = Arc::clone(&received);
    let handler = move |headers: HeaderMap, axum::Json(body): axum::Json<Value>| {
        seen.lock().unwrap().push((headers, body));
        async { "ok" }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/kie", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/kie", post(handler));
    #[expect(clippy::disallowed_methods, reason = "a test's own server")]
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, received)
}

#[tokio::test]
async fn a_task_takes_credits_ends_and_gives_a_real_picture_of_the_asked_shape() {
    let s = scene().await;
    assert_eq!(s.get("/api/v1/chat/credit").await["data"], 100);
    let id = s.create(json!({"prompt": "горы", "aspect_ratio": "16:9", "num_images": "2"})).await;
    assert_eq!(s.get("/api/v1/chat/credit").await["data"], 92);
    let early = s.get(&format!("/api/v1/jobs/recordInfo?taskId={id}")).await;
    assert!(matches!(early["data"]["state"].as_str(), Some("waiting" | "queuing" | "generating")), "{early}");
    assert_eq!(early["data"]["resultJson"], "");
    let record = s.finished(&id).await;
    assert_eq!(record["state"], "success");
    let links = links(&record);
    assert_eq!(links.len(), 2);
    let picture = s.http.get(&links[1]).send().await.unwrap().bytes().await.unwrap();
    let size = imagesize::blob_size(&picture).unwrap();
    assert_eq!((size.width, size.height), (128, 72));
    let link = s.post("/api/v1/common/download-url", &json!({"url": links[0]})).await;
    assert!(s.http.get(link["data"].as_str().unwrap()).send().await.unwrap().status().is_success());
    let foreign = s.post("/api/v1/common/download-url", &json!({"url": "http://example.org/x"})).await;
    assert_eq!(foreign["code"], 422);
}

#[tokio::test]
async fn the_front_door_checks_agent_key_body_and_credits() {
    let s = scene().await;
    let url = format!("{}/api/v1/jobs/createTask", s.sandbox.kie_url());
    #[expect(clippy::disallowed_methods, reason = "a client without a name")]
    let nameless = reqwest::Client::new().post(&url).bearer_auth("key-a").json(&json!({})).send().await.unwrap();
    assert_eq!(nameless.status(), 403);
    let body = json!({"model": "z-image", "input": {"prompt": "x"}});
    let as_key = |key: &'static str| s.http.post(&url).bearer_auth(key).json(&body).send();
    for (key, code) in [("unknown", 401), ("key-b", 402), ("key-a", 200)] {
        let response = as_key(key).await.unwrap();
        assert_eq!(response.status(), 200, "business errors come with HTTP 200");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code, "{key}");
    }
    assert_eq!(s.post("/api/v1/jobs/createTask", &json!({"model": "z-image"})).await["code"], 422);
    assert_eq!(s.get("/api/v1/jobs/recordInfo").await["code"], 400);
    assert_eq!(s.get("/api/v1/jobs/recordInfo?taskId=nope").await["msg"], "recordInfo is null");
}

#[tokio::test]
async fn the_21st_task_in_ten_seconds_is_refused_and_not_queued() {
    let s = scene().await;
    for n in 0..21 {
        let answer = s.post("/api/v1/jobs/createTask", &json!({"model": "z-image", "input": {"prompt": "x"}})).await;
        assert_eq!(answer["code"], if n < 20 { 200 } else { 429 });
    }
    assert_eq!(s.world.kie_tasks().await.unwrap().len(), 20);
}

#[tokio::test]
async fn the_callback_is_signed_and_says_what_recordinfo_says() {
    let s = scene().await;
    let (url, received) = receiver().await;
    let body = json!({"model": "z-image", "callBackUrl": url, "input": {"prompt": "x"}});
    let id = s.post("/api/v1/jobs/createTask", &body).await["data"]["taskId"].as_str().unwrap().to_owned();
    s.finished(&id).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (headers, body) = received.lock().unwrap()[0].clone();
    assert_eq!(received.lock().unwrap().len(), 1);
    assert_eq!((&body["code"], &body["data"]["taskId"]), (&json!(200), &json!(id)));
    assert_eq!(body["data"]["remainedCredits"], 96);
    let timestamp: i64 = headers["x-webhook-timestamp"].to_str().unwrap().parse().unwrap();
    let wanted = super::callback::signature("hmac", &id, timestamp).unwrap();
    assert_eq!(headers["x-webhook-signature"].to_str().unwrap(), wanted);
}

#[tokio::test]
async fn failures_can_be_chosen_and_cost_nothing() {
    let s = scene().await;
    let inject = |outcome: Outcome| {
        let task = TaskFault { outcome, delay_ms: Some(10), callbacks: Callbacks::Off, ..TaskFault::default() };
        KieFault { task: Some(task), ..KieFault::default() }
    };
    let fail = Outcome::Fail { code: "400".to_owned(), msg: "policy".to_owned() };
    s.world.inject_kie(&inject(fail)).await.unwrap();
    let id = s.create(json!({"prompt": "x"})).await;
    let record = s.finished(&id).await;
    assert_eq!((&record["failCode"], &record["failMsg"]), (&json!("400"), &json!("policy")));
    assert_eq!(s.get("/api/v1/chat/credit").await["data"], 100);
    s.world.inject_kie(&inject(Outcome::Empty)).await.unwrap();
    let id = s.create(json!({"prompt": "x"})).await;
    assert!(links(&s.finished(&id).await).is_empty());
    s.world.inject_kie(&inject(Outcome::Html)).await.unwrap();
    let id = s.create(json!({"prompt": "x"})).await;
    let page = s.http.get(&links(&s.finished(&id).await)[0]).send().await.unwrap();
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    s.world.inject_kie(&inject(Outcome::Never)).await.unwrap();
    let id = s.create(json!({"prompt": "x"})).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(s.get(&format!("/api/v1/jobs/recordInfo?taskId={id}")).await["data"]["state"], "generating");
}

#[tokio::test]
async fn a_lost_answer_leaves_a_task_behind_and_a_refusal_none() {
    let s = scene().await;
    let url = format!("{}/api/v1/jobs/createTask", s.sandbox.kie_url());
    let body = json!({"model": "z-image", "input": {"prompt": "x"}});
    let lost = FaultAnswer { drop: Some(Drop::After), ..FaultAnswer::default() };
    s.world.inject_kie(&KieFault { answer: lost, ..KieFault::default() }).await.unwrap();
    assert!(s.http.post(&url).bearer_auth("key-a").json(&body).send().await.is_err());
    assert_eq!(s.world.kie_tasks().await.unwrap().len(), 1);
    s.world.inject_kie(&KieFault { code: Some(455), ..KieFault::default() }).await.unwrap();
    assert_eq!(s.post("/api/v1/jobs/createTask", &body).await["code"], 455);
    assert_eq!(s.world.kie_tasks().await.unwrap().len(), 1);
}

#[tokio::test]
async fn uploads_come_back_under_their_link_and_unknown_ones_cannot_be_used() {
    let s = scene().await;
    let part = reqwest::multipart::Part::bytes(b"RIFFxxxx".to_vec()).file_name("a b.wav");
    let form = reqwest::multipart::Form::new().part("file", part).text("uploadPath", "in/1");
    let url = format!("{}/api/file-stream-upload", s.sandbox.kie_url());
    let answer: Value =
        s.http.post(url).bearer_auth("key-a").multipart(form).send().await.unwrap().json().await.unwrap();
    assert_eq!((&answer["success"], &answer["data"]["filePath"]), (&json!(true), &json!("in/1/a_b.wav")));
    let link = answer["data"]["downloadUrl"].as_str().unwrap();
    assert_eq!(s.http.get(link).send().await.unwrap().bytes().await.unwrap(), "RIFFxxxx");
    let data = json!({"base64Data": "data:text/plain;base64,aGk=", "uploadPath": "in", "fileName": "hi.txt"});
    let answer = s.post("/api/file-base64-upload", &data).await;
    assert_eq!(answer["data"]["fileSize"], 2);
    let missing = format!("{}/files/uploads/in/none.png", s.sandbox.kie_url());
    let body = json!({"model": "qwen/image-edit", "input": {"prompt": "x", "image_url": missing}});
    assert_eq!(s.post("/api/v1/jobs/createTask", &body).await["code"], 451);
}

#[tokio::test]
async fn every_older_family_creates_and_reports_in_its_own_words() {
    let s = scene().await;
    let (callback, received) = receiver().await;
    let suno =
        json!({"prompt": "песня", "customMode": false, "instrumental": false, "model": "V5", "callBackUrl": callback});
    for (create, status, body, result) in [
        ("veo/generate", "veo/record-info", json!({"prompt": "x"}), "/response/resultUrls/0"),
        ("generate", "generate/record-info", suno, "/response/sunoData/0/audioUrl"),
        (
            "gpt4o-image/generate",
            "gpt4o-image/record-info",
            json!({"prompt": "x", "size": "1:1"}),
            "/response/result_urls/0",
        ),
        ("flux/kontext/generate", "flux/kontext/record-info", json!({"prompt": "x"}), "/response/resultImageUrl"),
        (
            "runway/generate",
            "runway/record-detail",
            json!({"prompt": "x", "duration": 5, "quality": "720p", "aspectRatio": "16:9"}),
            "/videoInfo/videoUrl",
        ),
    ] {
        s.world
            .tune_kie(&crate::sandbox::wire::KieTuning {
                keys: BTreeMap::from([("key-a".to_owned(), 100.0)]),
                ..Default::default()
            })
            .await
            .unwrap();
        let answer = s.post(&format!("/api/v1/{create}"), &body).await;
        let id = answer["data"]["taskId"].as_str().unwrap_or_else(|| panic!("{create}: {answer}")).to_owned();
        tokio::time::sleep(Duration::from_millis(400)).await;
        let record = s.get(&format!("/api/v1/{status}?taskId={id}")).await;
        let link = record["data"].pointer(result).and_then(Value::as_str).unwrap_or_else(|| panic!("{record}"));
        let file = s.http.get(link).send().await.unwrap().bytes().await.unwrap();
        assert!(infer::get(&file).is_some(), "{create}");
        assert_eq!(s.post(&format!("/api/v1/{create}"), &json!({})).await["code"], 422, "{create}");
    }
    let stages: Vec<_> =
        received.lock().unwrap().iter().map(|(_, b)| b["data"]["callbackType"].as_str().unwrap().to_owned()).collect();
    assert_eq!(stages, ["text", "first", "complete"]);
}
