//! A task's record. Six families answer in six shapes; what they have in common is read tolerantly.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answer::{Said, hundredths, said, whole_number};
use super::cause::{self, Cause};
use super::words::Words;
use super::{KieApi, StatusError};
use crate::clients::http::{Answer, Why};

/// No model gives more results than this at once.
const MAX_URLS: usize = 64;
const MSG_CHARS: usize = 300;

/// What the provider says about a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where the task stands.
    pub state: RecordState,
    /// What it cost, in hundredths of a credit, where the provider says so.
    pub credits: Option<i64>,
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordState {
    /// In the provider's queue.
    Waiting,
    /// Being made.
    Running,
    /// Made. Both may be empty: then there is no usable result.
    Success {
        /// Links to the results, in order, not yet checked or fetched.
        urls: Vec<String>,
        /// A result that is a text.
        text: Option<Words>,
    },
    /// Failed for good.
    Fail {
        /// Why, as bot.md 9.6 sorts it.
        cause: Cause,
        /// The provider's words for admins, cleaned.
        msg: Option<Words>,
    },
}

/// Reads the answer of a family's record endpoint.
pub(super) fn read(api: KieApi, answer: &Answer) -> Result<Record, StatusError> {
    let said = said(answer).ok_or(StatusError::Transient(Why::Garbled))?;
    let data = said.data.and_then(|data| serde_json::from_str::<Value>(data.get()).ok()).filter(Value::is_object);
    if let Some(state) = data.as_ref().and_then(|data| state(api, data)) {
        return Ok(Record { state, credits: said.data.and_then(credits) });
    }
    match said.code {
        200 if data.is_none() => Err(StatusError::NotVisibleYet),
        200 => Err(StatusError::Transient(Why::Garbled)),
        404 | 422 => Err(StatusError::NotVisibleYet),
        // The provider's own verdicts on the task, where they come without a record.
        408 | 413 | 451 | 501 | 531 if said.enveloped => Ok(Record { state: verdict(&said), credits: None }),
        _ => Err(said.status_error()),
    }
}

fn verdict(said: &Said<'_>) -> RecordState {
    RecordState::Fail { cause: cause::failed(Some(said.code), &said.msg), msg: Words::cleaned(&said.msg, MSG_CHARS) }
}

fn credits(data: &RawValue) -> Option<i64> {
    #[derive(Deserialize)]
    struct Costs<'a> {
        #[serde(rename = "creditsConsumed", borrow)]
        consumed: Option<&'a RawValue>,
        #[serde(rename = "consumeCredits", borrow)]
        consume: Option<&'a RawValue>,
    }
    let costs: Costs<'_> = serde_json::from_str(data.get()).ok()?;
    hundredths(costs.consumed.or(costs.consume)?.get())
}

enum Phase {
    Waiting,
    Running,
    Success,
    Fail,
}

fn state(api: KieApi, data: &Value) -> Option<RecordState> {
    Some(match phase(api, data)? {
        Phase::Waiting => RecordState::Waiting,
        Phase::Running => RecordState::Running,
        Phase::Success => {
            let (urls, text) = results(api, data);
            RecordState::Success { urls, text }
        }
        Phase::Fail => fail(data),
    })
}

fn phase(api: KieApi, data: &Value) -> Option<Phase> {
    let word = |name: &str| data.get(name).and_then(Value::as_str).filter(|word| !word.is_empty());
    match api {
        KieApi::Jobs | KieApi::Runway => word("state").map(by_word),
        KieApi::Suno => word("status").map(by_word),
        KieApi::Veo | KieApi::Gpt4oImage | KieApi::FluxKontext => {
            match data.get("successFlag").and_then(whole_number) {
                Some(0) => Some(Phase::Running),
                Some(1) => Some(Phase::Success),
                Some(_) => Some(Phase::Fail),
                None => word("status").map(by_word),
            }
        }
    }
}

/// A word that is not known yet counts as "still at it": the caller's own deadline ends it.
fn by_word(word: &str) -> Phase {
    let word = word.to_lowercase();
    match word.as_str() {
        "wait" | "waiting" | "queuing" | "queueing" | "queued" | "pending" => Phase::Waiting,
        "success" | "succeeded" | "completed" => Phase::Success,
        _ if ["fail", "error", "exception"].iter().any(|bad| word.contains(bad)) => Phase::Fail,
        _ => Phase::Running,
    }
}

fn fail(data: &Value) -> RecordState {
    let text = |names: &[&str]| {
        names.iter().find_map(|name| data.get(name)?.as_str().filter(|text| !text.is_empty())).unwrap_or_default()
    };
    let code = ["failCode", "errorCode"].iter().find_map(|name| whole_number(data.get(name)?));
    let msg = text(&["failMsg", "errorMessage", "failReason", "msg"]);
    // Suno names the cause in its status only.
    let words = if msg.is_empty() { text(&["status"]) } else { msg };
    RecordState::Fail { cause: cause::failed(code, words), msg: Words::cleaned(msg, MSG_CHARS) }
}

fn results(api: KieApi, data: &Value) -> (Vec<String>, Option<Words>) {
    let response = data.get("response").map(unwrapped).unwrap_or_default();
    let mut urls = Vec::new();
    let mut text = None;
    match api {
        KieApi::Jobs => {
            let result = data.get("resultJson").map(unwrapped).unwrap_or_default();
            collect(result.get("resultUrls").or_else(|| data.get("resultUrls")), &mut urls);
            text = result_text(&result);
        }
        KieApi::Veo => collect(response.get("resultUrls").or_else(|| data.get("resultUrls")), &mut urls),
        KieApi::Gpt4oImage => collect(response.get("result_urls").or_else(|| response.get("resultUrls")), &mut urls),
        KieApi::FluxKontext => collect(response.get("resultImageUrl"), &mut urls),
        KieApi::Runway => collect(data.get("videoInfo").and_then(|info| info.get("videoUrl")), &mut urls),
        KieApi::Suno => {
            let songs = response.get("sunoData").or_else(|| response.get("data")).and_then(Value::as_array);
            for song in songs.into_iter().flatten() {
                collect(song.get("audioUrl").or_else(|| song.get("audio_url")), &mut urls);
            }
        }
    }
    (urls, text)
}

/// An object that may have been written as a JSON text.
fn unwrapped(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    }
}

/// Links from a text, a list of texts, a list of objects, or any of these as a JSON text; each once.
fn collect(value: Option<&Value>, urls: &mut Vec<String>) {
    match value {
        Some(Value::String(text)) if is_link(text) && urls.len() < MAX_URLS && !urls.contains(text) => {
            urls.push(text.clone());
        }
        Some(Value::String(text)) if text.trim_start().starts_with('[') => {
            if let Ok(list @ Value::Array(_)) = serde_json::from_str(text) {
                collect(Some(&list), urls);
            }
        }
        Some(Value::Array(list)) => list.iter().for_each(|item| collect(Some(item), urls)),
        Some(Value::Object(item)) => {
            collect(["url", "resultUrl"].iter().find_map(|name| item.get(*name)), urls);
        }
        _ => {}
    }
}

fn is_link(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn result_text(result: &Value) -> Option<Words> {
    let text = match result.get("resultObject")? {
        Value::String(text) => text.clone(),
        Value::Null => return None,
        other => ["text", "content", "transcript"]
            .iter()
            .find_map(|name| other.get(name)?.as_str().map(str::to_owned))
            .unwrap_or_else(|| other.to_string()),
    };
    (!text.trim().is_empty()).then(|| Words::whole(text))
}
