//! Callbacks to `callBackUrl`: their bodies by family, their signature, their retries (facts/kie-api.md 2.5, 3, 5).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::task::{End, Family, Task};
use super::{families, results};
use crate::sandbox::wire::Callbacks;
use crate::sandbox::world::World;

/// How long the receiver may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// Tries after the first.
const RETRIES: u32 = 3;

/// The callback of an ended task.
pub(super) async fn finished(world: &World, id: &str) {
    let Some(task) = snapshot(world, id) else { return };
    let body = match task.family {
        Family::Jobs => jobs_body(world, &task),
        Family::Suno => suno_body(world, &task, if failed(&task) { "error" } else { "complete" }),
        Family::Veo | Family::Gpt4oImage | Family::FluxKontext => info_body(world, &task),
        Family::Runway => runway_body(world, &task),
    };
    deliver(world, &task, &body).await;
}

/// An early callback of a task that comes in stages.
pub(super) async fn stage(world: &World, id: &str, stage: &str) {
    if let Some(task) = snapshot(world, id) {
        let body = suno_body(world, &task, stage);
        deliver(world, &task, &body).await;
    }
}

fn snapshot(world: &World, id: &str) -> Option<Task> {
    world.kie.inner().tasks.get(id).cloned()
}

fn failed(task: &Task) -> bool {
    matches!(task.end, Some(End::Fail(..)))
}

fn code_and_msg(task: &Task, good: &str) -> (i64, String) {
    match &task.end {
        Some(End::Fail(code, msg)) => (code.parse().unwrap_or(501), msg.clone()),
        _ => (200, good.to_owned()),
    }
}

fn jobs_body(world: &World, task: &Task) -> Value {
    let (code, msg) =
        if failed(task) { (501, "Playground task failed.") } else { (200, "Playground task completed successfully.") };
    let mut data = families::record(&world.base_url, task, world.clock.now().0);
    let remained = world.kie.inner().accounts.get(&task.key).map_or(Value::Null, super::task::Account::shown);
    data["consumeCredits"] = json!(task.credits_milli as f64 / 1_000.0);
    data["remainedCredits"] = remained;
    json!({"code": code, "msg": msg, "data": data})
}

fn suno_body(world: &World, task: &Task, stage: &str) -> Value {
    let (code, msg) = code_and_msg(task, "All generated successfully.");
    let songs = match stage {
        "first" | "complete" => families::songs(&world.base_url, task, true),
        _ => json!([]),
    };
    json!({"code": code, "msg": msg, "data": {"callbackType": stage, "task_id": task.id, "data": songs}})
}

fn info_body(world: &World, task: &Task) -> Value {
    let (code, msg) = code_and_msg(task, "success");
    let links = results::links(&world.base_url, task);
    let info = match task.family {
        Family::Veo => json!({"resultUrls": links, "originUrls": links, "resolution": "720p"}),
        Family::Gpt4oImage => json!({"result_urls": links}),
        _ => json!({"resultImageUrl": links.first(), "originImageUrl": links.first()}),
    };
    let info = if failed(task) { Value::Null } else { info };
    json!({"code": code, "msg": msg, "data": {
        "taskId": task.id, "promptJson": task.request.to_string(), "info": info, "fallbackFlag": false,
    }})
}

fn runway_body(world: &World, task: &Task) -> Value {
    let (code, msg) = code_and_msg(task, "All generated successfully.");
    json!({"code": code, "msg": msg, "data": {
        "task_id": task.id, "video_id": task.id,
        "video_url": results::links(&world.base_url, task).first(), "image_url": results::cover(&world.base_url, task, 0),
    }})
}

/// Base64( HMAC-SHA256( key, taskId + "." + timestamp ) ).
pub(super) fn signature(key: &str, task_id: &str, timestamp: i64) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(format!("{task_id}.{timestamp}").as_bytes());
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

async fn deliver(world: &World, task: &Task, body: &Value) {
    let Some(url) = &task.callback else { return };
    let times = match task.fault.callbacks {
        Callbacks::Off => 0,
        Callbacks::Once => 1,
        Callbacks::Twice => 2,
    };
    for _ in 0..times {
        for attempt in 0..=RETRIES {
            if attempt > 0 {
                tokio::time::sleep(world.settings.kie.callback_retry).await;
            }
            if post(world, task, url, body).await {
                break;
            }
        }
    }
}

async fn post(world: &World, task: &Task, url: &str, body: &Value) -> bool {
    if let Some(task) = world.kie.inner().tasks.get_mut(&task.id) {
        task.callbacks += 1;
    }
    let mut request = world.http.post(url).timeout(ANSWER_WITHIN).json(body);
    let key = world.kie.inner().hmac_key.clone();
    let timestamp = world.seconds();
    if let Some(signature) = key.and_then(|key| signature(&key, &task.id, timestamp)) {
        request = request.header("X-Webhook-Timestamp", timestamp).header("X-Webhook-Signature", signature);
    }
    request.send().await.is_ok_and(|response| response.status() == reqwest::StatusCode::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_covers_the_task_id_and_the_second() {
        // printf 'task_1.1700000000' | openssl dgst -sha256 -hmac secret -binary | base64
        assert_eq!(
            signature("secret", "task_1", 1_700_000_000).unwrap(),
            "ZldUdpiTNjv8C3iG+Nsqf+/7MoUG8WN6i3/xqFapcCM="
        );
    }
}
