//! Creation, records, balance and uploads against servers that answer as the provider does, or worse.

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use serde_json::json;

use super::*;
use crate::clients::testing::{Peer, Server, quick_http, raw_peer};

fn kie(base: &Url) -> Kie {
    Kie::new(quick_http(), base.clone(), base.clone())
}

fn key() -> Secret {
    Secret::new("kie-key-canary")
}

fn call(api: KieApi, model: Option<&str>) -> WireCall {
    WireCall {
        api,
        model: model.map(str::to_owned),
        input: json!({"prompt": "кот", "n": 1}).as_object().unwrap().clone(),
        call_back_url: Some("https://h/kie/one/abc".to_owned()),
    }
}

async fn create(status: u16, body: &str) -> Result<TaskId, CreateError> {
    let server = Server::fixed(status, body).await;
    let outcome = kie(&server.url).create_task(&key(), &call(KieApi::Jobs, Some("z-image"))).await;
    assert_eq!(server.seen().len(), 1, "one call, whatever the answer");
    outcome
}

#[tokio::test]
async fn a_market_task_is_created_with_one_request() {
    let server =
        Server::fixed(200, r#"{"code":200,"msg":"success","data":{"recordId":"r","taskId":"task_z_1"}}"#).await;
    let task = kie(&server.url).create_task(&key(), &call(KieApi::Jobs, Some("z-image"))).await.unwrap();
    assert_eq!(task.as_str(), "task_z_1");
    let seen = server.last();
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/api/v1/jobs/createTask"));
    assert_eq!(seen.headers["authorization"], "Bearer kie-key-canary");
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(
        seen.json(),
        json!({"model": "z-image", "input": {"prompt": "кот", "n": 1}, "callBackUrl": "https://h/kie/one/abc"})
    );
}

#[tokio::test]
async fn the_settings_name_the_hosts_and_the_user_agent() {
    let server = Server::fixed(200, r#"{"code":200,"data":1}"#).await;
    let overrides = ["kie.api_url", "kie.upload_url"].map(|name| (name.to_owned(), server.url.to_string()));
    let sources = config::Sources { overrides: overrides.to_vec(), ..config::Sources::default() };
    let settings = config::Settings::load(&sources).unwrap();
    let kie = Kie::from_settings(quick_http(), &settings.kie).unwrap();
    assert_eq!(kie.credits(&key()).await, Ok(100));
    let agents = server
        .last()
        .headers
        .get_all("user-agent")
        .iter()
        .map(|it| it.to_str().unwrap().to_owned())
        .collect::<Vec<_>>();
    assert_eq!(agents, [settings.kie.user_agent.as_str()]);
}

#[tokio::test]
async fn the_older_families_take_their_fields_at_the_top() {
    for (api, model, path) in [
        (KieApi::Veo, Some("veo3_fast"), "/api/v1/veo/generate"),
        (KieApi::Suno, Some("V5"), "/api/v1/generate"),
        (KieApi::Gpt4oImage, None, "/api/v1/gpt4o-image/generate"),
        (KieApi::FluxKontext, Some("flux-kontext-pro"), "/api/v1/flux/kontext/generate"),
        (KieApi::Runway, Some("gen-4"), "/api/v1/runway/generate"),
    ] {
        let server = Server::fixed(200, r#"{"code":200,"data":{"taskId":"t"}}"#).await;
        kie(&server.url).create_task(&key(), &call(api, model)).await.unwrap();
        let mut expected = json!({"prompt": "кот", "n": 1, "callBackUrl": "https://h/kie/one/abc"});
        if let Some(model) = model {
            expected["model"] = json!(model);
        }
        assert_eq!((server.last().path, server.last().json()), (path.to_owned(), expected));
        assert_eq!(api.as_str().parse(), Ok(api));
    }
    assert!("midjourney".parse::<KieApi>().is_err());
}

/// F19: twenty bad answers. Only a clear no may say that there is no task.
#[tokio::test]
async fn every_bad_answer_to_a_creation_has_one_meaning() {
    let account = |fault| CreateError::Refused { cause: Cause::Account(fault) };
    let unknown = |code| CreateError::Unknown(Why::Server(code));
    let garbled = CreateError::Unknown(Why::Garbled);
    let busy = CreateError::Busy { retry_after: None };
    for (status, body, expected) in [
        (200, r#"{"code":401,"msg":"You do not have access permissions"}"#, account(AccountFault::KeyRefused)),
        (401, r#"{"code":401,"msg":"x","data":null}"#, account(AccountFault::KeyRefused)),
        (200, r#"{"code":402,"msg":"Credits insufficient"}"#, account(AccountFault::NoCredits)),
        (403, "<html>error code: 1010</html>", account(AccountFault::ClientBlocked)),
        (200, r#"{"code":505,"msg":"disabled"}"#, account(AccountFault::ModelOff)),
        (404, "<html>nginx</html>", account(AccountFault::ModelOff)),
        (200, r#"{"code":429,"msg":"x"}"#, busy.clone()),
        (429, "<html>error 1015</html>", busy.clone()),
        (200, r#"{"code":455,"message":"maintenance"}"#, busy),
        (200, r#"{"code":"500","msg":"Server exception"}"#, unknown(500)),
        (200, r#"{"code":501,"msg":"x"}"#, unknown(501)),
        (200, r#"{"code":408,"msg":"x"}"#, unknown(408)),
        (502, "<html>Bad gateway</html>", unknown(502)),
        (524, "", unknown(524)),
        (500, r#"{"timestamp":1,"status":500,"error":"Internal"}"#, unknown(500)),
        (302, "", unknown(302)),
        (200, "", garbled.clone()),
        (200, "{\"code\":200,\"data\":{\"tas", garbled.clone()),
        (200, r#"{"code":200,"msg":"success","data":null}"#, garbled.clone()),
        (200, r#"{"code":200,"data":{"taskId":""}}"#, garbled),
        (200, r#"{"code":451,"msg":"x"}"#, CreateError::Refused { cause: Cause::UnreadableInput }),
        (200, r#"{"code":400,"msg":"flagged by the safety system"}"#, CreateError::Refused { cause: Cause::Unsafe }),
    ] {
        assert_eq!(create(status, body).await, Err(expected), "{status} {body}");
    }
    let refused = create(200, r#"{"code":422,"msg":"KIE: input.prompt: This field is required"}"#).await.unwrap_err();
    let CreateError::Refused { cause: Cause::BadParams { hint, missing } } = refused else { panic!("{refused:?}") };
    assert_eq!(hint.unwrap().as_str(), "input.prompt: This field is required");
    assert_eq!(missing.as_deref(), Some("prompt"));
}

#[tokio::test]
async fn a_creation_that_may_have_arrived_is_unknown_and_never_repeated() {
    for (peer, not_sent) in [(Peer::Refuse, true), (Peer::ReadThenClose, false), (Peer::Hang, false)] {
        let peer_at = raw_peer(peer).await;
        let outcome = kie(&peer_at.url).create_task(&key(), &call(KieApi::Jobs, Some("z-image"))).await.unwrap_err();
        assert_eq!(matches!(outcome, CreateError::NotSent(_)), not_sent, "{peer:?}: {outcome:?}");
        assert_eq!(matches!(outcome, CreateError::Unknown(_)), !not_sent, "{peer:?}: {outcome:?}");
        assert_eq!(peer_at.requests(), usize::from(!not_sent));
        assert!(!format!("{outcome} {outcome:?}").contains("canary"));
    }
    let server = Server::start(|_| (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")], "{}").into_response()).await;
    let outcome = kie(&server.url).create_task(&key(), &call(KieApi::Jobs, None)).await;
    assert_eq!(outcome, Err(CreateError::Busy { retry_after: Some(Duration::from_secs(7)) }));
}

async fn record(api: KieApi, body: Value) -> Result<Record, StatusError> {
    let server = Server::fixed(200, body.to_string()).await;
    let outcome = kie(&server.url).record(&key(), api, &TaskId::parse("t/1&x").unwrap()).await;
    assert!(server.last().path.ends_with("?taskId=t%2F1%26x"), "{}", server.last().path);
    outcome
}

fn success(urls: &[&str], text: Option<&str>) -> RecordState {
    RecordState::Success {
        urls: urls.iter().map(ToString::to_string).collect(),
        text: text.map(|text| Words::whole(text.to_owned())),
    }
}

#[tokio::test]
async fn a_market_record_is_read_in_all_its_spellings() {
    let jobs = async |data: Value| record(KieApi::Jobs, json!({"code": 200, "data": data})).await.map(|r| r.state);
    assert_eq!(jobs(json!({"state": "waiting"})).await, Ok(RecordState::Waiting));
    assert_eq!(jobs(json!({"state": "queuing"})).await, Ok(RecordState::Waiting));
    assert_eq!(jobs(json!({"state": "generating", "progress": 5})).await, Ok(RecordState::Running));
    assert_eq!(jobs(json!({"state": "brand-new-word"})).await, Ok(RecordState::Running));
    let (a, b) = ("https://x/a.png", "https://x/b.png");
    for result in [
        json!(json!({"resultUrls": [a, b, a]}).to_string()),
        json!({"resultUrls": [a, b]}),
        json!({"resultUrls": json!([a, b]).to_string()}),
        json!({"resultUrls": [{"url": a}, {"resultUrl": b}, {"url": "ftp://x"}, "javascript:1"]}),
    ] {
        assert_eq!(jobs(json!({"state": "success", "resultJson": result})).await, Ok(success(&[a, b], None)));
    }
    for (object, text) in [
        (json!({"text": "Привет", "words": []}), Some("Привет")),
        (json!("Привет"), Some("Привет")),
        (json!({"a": 1}), Some(r#"{"a":1}"#)),
        (json!(null), None),
    ] {
        let result = json!({"resultObject": object}).to_string();
        assert_eq!(jobs(json!({"state": "success", "resultJson": result})).await, Ok(success(&[], text)));
    }
    for empty in [json!(null), json!(""), json!("not json"), json!({})] {
        assert_eq!(jobs(json!({"state": "success", "resultJson": empty})).await, Ok(success(&[], None)));
    }
    let failed = jobs(json!({"state": "fail", "failCode": "422", "failMsg": "duration must be 5 or 10"})).await;
    assert!(matches!(failed, Ok(RecordState::Fail { cause: Cause::BadParams { .. }, msg: Some(_) })), "{failed:?}");
}

#[tokio::test]
async fn the_older_families_records_are_read() {
    let url = "https://x/1";
    for (api, data) in [
        (KieApi::Veo, json!({"successFlag": 1, "response": {"resultUrls": [url]}})),
        (KieApi::Veo, json!({"successFlag": 1, "resultUrls": json!([url]).to_string()})),
        (
            KieApi::Suno,
            json!({"status": "SUCCESS", "response": {"sunoData": [{"audioUrl": url, "imageUrl": "https://x/i"}]}}),
        ),
        (KieApi::Gpt4oImage, json!({"successFlag": 1, "response": {"result_urls": [url]}})),
        (
            KieApi::FluxKontext,
            json!({"successFlag": "1", "response": {"resultImageUrl": url, "originImageUrl": "https://x/o"}}),
        ),
        (KieApi::Runway, json!({"state": "success", "videoInfo": {"videoUrl": url, "imageUrl": "https://x/i"}})),
    ] {
        let body = json!({"code": 200, "data": data});
        assert_eq!(record(api, body.clone()).await.map(|r| r.state), Ok(success(&[url], None)), "{body}");
    }
    for (api, data, running) in [
        (KieApi::Veo, json!({"successFlag": 0}), true),
        (KieApi::Suno, json!({"status": "TEXT_SUCCESS"}), true),
        (KieApi::Suno, json!({"status": "FIRST_SUCCESS"}), true),
        (KieApi::Suno, json!({"status": "GENERATE_AUDIO_FAILED"}), false),
        (KieApi::Gpt4oImage, json!({"successFlag": 2, "errorMessage": "x"}), false),
        (KieApi::FluxKontext, json!({"successFlag": 3}), false),
        (KieApi::Runway, json!({"state": "queueing"}), true),
        (KieApi::Runway, json!({"state": "fail", "failMsg": "x"}), false),
    ] {
        let state = record(api, json!({"code": 200, "data": data})).await.unwrap().state;
        assert_eq!(matches!(state, RecordState::Waiting | RecordState::Running), running, "{data}: {state:?}");
        assert_eq!(matches!(state, RecordState::Fail { .. }), !running, "{data}: {state:?}");
    }
    let unsafe_song = record(KieApi::Suno, json!({"code": 200, "data": {"status": "SENSITIVE_WORD_ERROR"}})).await;
    assert_eq!(unsafe_song.unwrap().state, RecordState::Fail { cause: Cause::Unsafe, msg: None });
}

#[tokio::test]
async fn credits_are_hundredths() {
    for (written, expected) in [("2", Some(200)), ("60.62", Some(6_062)), ("\"0.8\"", Some(80)), ("null", None)] {
        let body = format!(r#"{{"code":200,"data":{{"state":"waiting","creditsConsumed":{written}}}}}"#);
        let server = Server::fixed(200, body).await;
        let record = kie(&server.url).record(&key(), KieApi::Jobs, &TaskId::parse("t").unwrap()).await.unwrap();
        assert_eq!(record.credits, expected);
    }
    let server = Server::fixed(200, r#"{"code":200,"msg":"success","data":60.62}"#).await;
    assert_eq!(kie(&server.url).credits(&key()).await, Ok(6_062));
    assert_eq!(server.last().path, "/api/v1/chat/credit");
    let server = Server::fixed(200, r#"{"code":401,"msg":"no"}"#).await;
    assert_eq!(kie(&server.url).credits(&key()).await, Err(StatusError::Account(AccountFault::KeyRefused)));
}

#[tokio::test]
async fn a_record_that_cannot_be_had_says_what_to_do() {
    for (status, body, expected) in [
        (200, r#"{"code":422,"msg":"recordInfo is null","data":null}"#, StatusError::NotVisibleYet),
        (200, r#"{"code":404,"msg":"x"}"#, StatusError::NotVisibleYet),
        (200, r#"{"code":200,"msg":"success","data":null}"#, StatusError::NotVisibleYet),
        (429, "", StatusError::Busy),
        (200, r#"{"code":455,"msg":"x"}"#, StatusError::Busy),
        (200, r#"{"code":402,"msg":"x"}"#, StatusError::Account(AccountFault::NoCredits)),
        (403, "error code: 1010", StatusError::Account(AccountFault::ClientBlocked)),
        (500, r#"{"code":500,"msg":"x"}"#, StatusError::Transient(Why::Server(500))),
        (501, "<html>", StatusError::Transient(Why::Server(501))),
        (200, "<html>", StatusError::Transient(Why::Garbled)),
        (200, r#"{"code":200,"data":{"taskId":"t"}}"#, StatusError::Transient(Why::Garbled)),
    ] {
        let server = Server::fixed(status, body).await;
        let outcome = kie(&server.url).record(&key(), KieApi::Jobs, &TaskId::parse("t").unwrap()).await;
        assert_eq!(outcome, Err(expected), "{status} {body}");
    }
    let failed = record(KieApi::Veo, json!({"code": 501, "msg": "Your prompt was flagged", "data": null})).await;
    assert!(matches!(failed.unwrap().state, RecordState::Fail { cause: Cause::Unsafe, .. }));
}

#[tokio::test]
async fn an_upload_gives_a_link() {
    let server = Server::start(|seen| {
        let body = String::from_utf8_lossy(&seen.body).into_owned();
        let ok = ["name=\"uploadPath\"", "name=\"fileName\"\r\n\r\nа.png", "name=\"file\"", "image/png"];
        let good = seen.path == "/api/file-stream-upload" && ok.iter().all(|part| body.contains(part));
        let data = json!({"downloadUrl": "https://x/a.png", "fileUrl": "https://x/other"});
        json!({"success": good, "code": if good { 200 } else { 400 }, "msg": "", "data": data})
            .to_string()
            .into_response()
    })
    .await;
    let file = Bytes::from_static(b"\x89PNG");
    let link = kie(&server.url).upload(&key(), file.clone(), "а.png", "image/png").await;
    assert_eq!(link, Ok("https://x/a.png".to_owned()));
    for (status, body, expected) in [
        (200, r#"{"code":400,"msg":"x"}"#, UploadError::Refused(400)),
        (429, "", UploadError::Busy),
        (401, "", UploadError::Account(AccountFault::KeyRefused)),
        (500, "", UploadError::Transient(Why::Server(500))),
        (200, r#"{"code":200,"data":{"fileName":"a"}}"#, UploadError::Transient(Why::Garbled)),
    ] {
        let server = Server::fixed(status, body).await;
        assert_eq!(kie(&server.url).upload(&key(), file.clone(), "a.png", "image/png").await, Err(expected), "{body}");
    }
}
