//! What each family asks for and how it spells a task's state and results (facts/kie-api.md 2 and 5).

use serde_json::{Value, json};

use super::envelope::KieError;
use super::results;
use super::task::{End, Family, Kind, Task};
use crate::sandbox::wire::Outcome;

/// The model of a request; dedicated families have one of their own.
pub(super) fn model(family: Family, request: &Value) -> String {
    let named = request.get("model").and_then(Value::as_str);
    let usual = match family {
        Family::Jobs => "",
        Family::Veo => "veo3_fast",
        Family::Suno => "V5",
        Family::Gpt4oImage => "gpt4o-image",
        Family::FluxKontext => "flux-kontext-pro",
        Family::Runway => "runway",
    };
    named.unwrap_or(usual).to_owned()
}

/// What the model makes.
pub(super) fn kind(family: Family, model: &str) -> Kind {
    match family {
        Family::Jobs => Kind::of_model(model),
        Family::Veo | Family::Runway => Kind::Video,
        Family::Suno => Kind::Audio,
        Family::Gpt4oImage | Family::FluxKontext => Kind::Image,
    }
}

/// Refuses a request without what its family requires.
pub(super) fn check(family: Family, request: &Value) -> Result<(), KieError> {
    let invalid = |what: &str| KieError::new(422, format!("The request parameters failed validation checks: {what}"));
    if !request.is_object() {
        return Err(KieError::new(400, "The request body is not valid JSON"));
    }
    let text = |name: &str| request.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let need = |name: &str| text(name).map(|_| ()).ok_or_else(|| invalid(&format!("{name} is required")));
    let one_of = |name: &str, values: &[&str]| match text(name) {
        Some(value) if !values.contains(&value) => {
            Err(invalid(&format!("{name} must be one of {}", values.join(", "))))
        }
        _ => Ok(()),
    };
    if let Some(link) = request.get("callBackUrl").and_then(Value::as_str)
        && !(link.is_empty() || link.starts_with("http://") || link.starts_with("https://"))
    {
        return Err(invalid("callBackUrl must be a URL"));
    }
    match family {
        Family::Jobs => {
            need("model")?;
            let input =
                request.get("input").filter(|input| input.is_object()).ok_or_else(|| invalid("input is required"))?;
            match input.get("prompt") {
                Some(prompt) if !prompt.is_string() => Err(invalid("prompt must be a string")),
                Some(prompt) if prompt == "" => Err(invalid("prompt cannot be empty")),
                _ => Ok(()),
            }
        }
        Family::Veo => {
            need("prompt")?;
            one_of("model", &["veo3", "veo3_fast", "veo3_lite"])
        }
        Family::Suno => {
            need("prompt")?;
            need("model")?;
            need("callBackUrl")?;
            for flag in ["customMode", "instrumental"] {
                if !request.get(flag).is_some_and(Value::is_boolean) {
                    return Err(invalid(&format!("{flag} is required")));
                }
            }
            one_of("model", &["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"])
        }
        Family::Gpt4oImage => {
            need("size")?;
            one_of("size", &["1:1", "3:2", "2:3"])?;
            let has_files = request.get("filesUrl").and_then(Value::as_array).is_some_and(|files| !files.is_empty());
            if has_files { Ok(()) } else { need("prompt") }
        }
        Family::FluxKontext => {
            need("prompt")?;
            one_of("model", &["flux-kontext-pro", "flux-kontext-max"])
        }
        Family::Runway => {
            need("prompt")?;
            need("quality")?;
            one_of("quality", &["720p", "1080p"])?;
            match request.get("duration").and_then(Value::as_i64) {
                Some(10) if text("quality") == Some("1080p") => Err(invalid("10 s and 1080p exclude each other")),
                Some(5 | 10) => Ok(()),
                _ => Err(invalid("duration must be 5 or 10")),
            }
        }
    }
}

fn fail(task: &Task) -> (Value, Value) {
    match &task.end {
        Some(End::Fail(code, msg)) => (json!(code), json!(msg)),
        _ => (Value::Null, Value::Null),
    }
}

/// `successFlag`: 0 running, 1 done, otherwise the family's failure.
fn success_flag(task: &Task) -> i64 {
    match (&task.end, task.family) {
        (None, _) => 0,
        (Some(End::Success), _) => 1,
        (Some(End::Fail(..)), Family::Gpt4oImage) => 2,
        (Some(End::Fail(..)), _) => 3,
    }
}

/// `data` of a status answer.
pub(super) fn record(base: &str, task: &Task, now: i64) -> Value {
    match task.family {
        Family::Jobs => jobs_record(base, task, now),
        Family::Veo | Family::Gpt4oImage | Family::FluxKontext => flagged_record(base, task, now),
        Family::Suno => suno_record(base, task, now),
        Family::Runway => runway_record(base, task, now),
    }
}

fn jobs_record(base: &str, task: &Task, now: i64) -> Value {
    let (code, msg) = fail(task);
    let result = match (&task.end, task.kind) {
        (Some(End::Success), Kind::Text) => json!({"resultObject": results::transcript(task)}).to_string(),
        (Some(End::Success), _) => json!({"resultUrls": results::links(base, task)}).to_string(),
        _ => String::new(),
    };
    json!({
        "taskId": task.id,
        "model": task.model,
        "state": task.state(now),
        "param": task.request.to_string(),
        "resultJson": result,
        "failCode": code,
        "failMsg": msg,
        "costTime": task.completed.map(|at| at - task.created),
        "createTime": task.created,
        "updateTime": task.completed.unwrap_or(now),
        "completeTime": task.completed,
        "creditsConsumed": task.credits_milli as f64 / 1_000.0,
    })
}

fn flagged_record(base: &str, task: &Task, now: i64) -> Value {
    let (code, msg) = fail(task);
    let links = results::links(base, task);
    let response = match (&task.end, task.family) {
        (Some(End::Success), Family::Veo) => json!({
            "taskId": task.id, "resultUrls": links, "originUrls": links,
            "resolution": task.field("resolution").cloned().unwrap_or_else(|| json!("720p")),
        }),
        (Some(End::Success), Family::Gpt4oImage) => json!({"result_urls": links}),
        (Some(End::Success), _) => json!({"resultImageUrl": links.first(), "originImageUrl": links.first()}),
        _ => Value::Null,
    };
    json!({
        "taskId": task.id,
        "paramJson": task.request.to_string(),
        "createTime": task.created,
        "completeTime": task.completed,
        "successFlag": success_flag(task),
        "status": task.state(now).to_uppercase(),
        "progress": format!("{:.2}", task.progress(now)),
        "response": response,
        "errorCode": code,
        "errorMessage": msg,
        "fallbackFlag": false,
    })
}

/// The songs of a Suno task, in the spelling of status answers or of callbacks.
pub(super) fn songs(base: &str, task: &Task, callback: bool) -> Value {
    let names = if callback {
        ["audio_url", "stream_audio_url", "image_url"]
    } else {
        ["audioUrl", "streamAudioUrl", "imageUrl"]
    };
    let title =
        task.field("title").and_then(Value::as_str).map_or_else(|| results::short(&task.prompt(), 40), str::to_owned);
    let songs = results::links(base, task).into_iter().enumerate().map(|(n, link)| {
        json!({
            "id": format!("{}-{n}", task.id),
            (names[0]): link, (names[1]): link, (names[2]): results::cover(base, task, n),
            "title": title, "tags": task.field("style").cloned().unwrap_or_else(|| json!("pop")), "duration": 4.0,
        })
    });
    songs.collect()
}

fn suno_record(base: &str, task: &Task, now: i64) -> Value {
    let (code, msg) = fail(task);
    let status = match &task.end {
        Some(End::Success) => "SUCCESS",
        Some(End::Fail(code, _)) if code == "SENSITIVE_WORD_ERROR" => "SENSITIVE_WORD_ERROR",
        Some(End::Fail(..)) => "GENERATE_AUDIO_FAILED",
        None if task.progress(now) < 0.5 => "PENDING",
        None if task.progress(now) < 0.75 => "TEXT_SUCCESS",
        None => "FIRST_SUCCESS",
    };
    let done = task.end == Some(End::Success);
    json!({
        "taskId": task.id,
        "param": task.request.to_string(),
        "status": status,
        "type": "chirp-v5",
        "response": done.then(|| json!({"taskId": task.id, "sunoData": songs(base, task, false)})),
        "errorCode": code,
        "errorMessage": msg,
    })
}

fn runway_record(base: &str, task: &Task, now: i64) -> Value {
    let (code, msg) = fail(task);
    let state = match task.state(now) {
        "waiting" => "wait",
        "queuing" => "queueing",
        other => other,
    };
    let done = task.end == Some(End::Success) && task.fault.outcome != Outcome::Empty;
    let video = done.then(|| {
        json!({
            "videoId": task.id, "taskId": task.id,
            "videoUrl": results::links(base, task).first(), "imageUrl": results::cover(base, task, 0),
        })
    });
    json!({
        "taskId": task.id,
        "state": state,
        "generateTime": task.completed,
        "videoInfo": video,
        "expireFlag": 0,
        "failCode": code,
        "failMsg": msg,
    })
}
