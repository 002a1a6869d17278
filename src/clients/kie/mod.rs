//! The generation provider, KIE.ai: create a task, look at it, check a callback, upload an input.
//!
//! Creating costs credits and cannot be repeated safely (facts/kie-api.md 2.4), so nothing here repeats anything, and a
//! creation's failure says whether a task may exist. Keys are an argument of every call: tenants bring their own.

mod answer;
mod api;
mod callback;
mod cause;
mod record;
mod upload;
mod words;

use std::fmt;
use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::header::USER_AGENT;
use serde_json::{Map, Value};
use url::Url;

use super::http::{self, Answer, Http, HttpBuildError, Lost, Timeouts, Why};
use crate::config;
use crate::domain::Secret;

pub use api::KieApi;
pub use callback::{CallbackHint, SignatureFault, parse_callback, verify_signature};
pub use cause::{AccountFault, Cause};
pub use record::{Record, RecordState};
pub use upload::UploadError;
pub use words::Words;

/// The cloud's API address.
pub const CLOUD: &str = "https://api.kie.ai";

/// A record quotes the request and the results' texts; nothing else is long.
const ANSWER_CAP: usize = 4 << 20;

/// The provider as the platform reaches it. Cheap to clone.
#[derive(Clone)]
pub struct Kie {
    http: Http,
    base: Url,
    upload_base: Url,
    timeouts: Timeouts,
    user_agent: String,
}

/// One creation as it goes over the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct WireCall {
    /// Which of the provider's APIs the model lives in.
    pub api: KieApi,
    /// The provider's name of the model; the picture API of 4o has none.
    pub model: Option<String>,
    /// The model's own fields, by their wire names.
    pub input: Map<String, Value>,
    /// Where the provider reports the end; it carries the attempt's token.
    pub call_back_url: Option<String>,
}

/// The provider's name of a task: opaque.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TaskId(String);

impl TaskId {
    /// Takes what the provider gave, or a database row kept: 1 to 200 visible ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let ok = (1..=200).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic());
        ok.then(|| Self(text.to_owned()))
    }

    /// The text, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why no task id came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateError {
    /// Certainly no task: the provider said no.
    #[error("the provider refused: {cause}")]
    Refused {
        /// Why, as bot.md 9.6 sorts it.
        cause: Cause,
    },
    /// Certainly no task: too many requests, or maintenance. Try later from our own queue.
    #[error("the provider is busy")]
    Busy {
        /// Where the provider named a time.
        retry_after: Option<Duration>,
    },
    /// Certainly no task: the call never left.
    #[error("not sent: {0}")]
    NotSent(Why),
    /// A task may exist: never create a second one.
    #[error("a task may exist: {0}")]
    Unknown(Why),
}

/// Why a question to the provider (it costs nothing, it may be asked again) has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// The task is not to be seen: normal in its first seconds, an error later.
    #[error("the task is not visible yet")]
    NotVisibleYet,
    /// Asked too often, or maintenance.
    #[error("the provider is busy")]
    Busy,
    /// The account or key has a problem that asking again does not solve.
    #[error("the provider's account: {0}")]
    Account(AccountFault),
    /// Network, 5xx, something unreadable: ask again.
    #[error("no answer: {0}")]
    Transient(Why),
}

impl Kie {
    /// `base` and `upload_base`: `KIE_API_URL`, `KIE_UPLOAD_URL`, or the cloud's.
    pub fn new(http: Http, base: Url, upload_base: Url) -> Self {
        let timeouts = http.timeouts();
        Self { http, base, upload_base, timeouts, user_agent: http::USER_AGENT.to_owned() }
    }

    /// As the settings say.
    pub fn from_settings(http: Http, settings: &config::Kie) -> Result<Self, HttpBuildError> {
        Ok(Self {
            http,
            base: http::base(&settings.api_url)?,
            upload_base: http::base(&settings.upload_url)?,
            timeouts: Timeouts { call: settings.call_timeout, upload: settings.upload_timeout },
            user_agent: settings.user_agent.clone(),
        })
    }

    /// Creates a task: one request, never repeated.
    pub async fn create_task(&self, key: &Secret, call: &WireCall) -> Result<TaskId, CreateError> {
        let url = endpoint(&self.base, call.api.create_path()).ok_or(CreateError::NotSent(Why::Unbuilt))?;
        let request = self.authorised(self.http.post(url), key).json(&call.api.body(call));
        let answer = measured("create", request).await.map_err(|lost| match lost {
            Lost::NotSent(why) => CreateError::NotSent(why),
            Lost::InDoubt(why) => CreateError::Unknown(why),
        })?;
        answer::created(&answer)
    }

    /// What has become of a task.
    pub async fn record(&self, key: &Secret, api: KieApi, task: &TaskId) -> Result<Record, StatusError> {
        let mut url = endpoint(&self.base, api.record_path()).ok_or(StatusError::Transient(Why::Unbuilt))?;
        url.query_pairs_mut().append_pair("taskId", task.as_str());
        let answer = self.ask(url, key).await?;
        record::read(api, &answer)
    }

    /// Credits left on the account, in hundredths.
    pub async fn credits(&self, key: &Secret) -> Result<i64, StatusError> {
        let url = endpoint(&self.base, "api/v1/chat/credit").ok_or(StatusError::Transient(Why::Unbuilt))?;
        answer::credits(&self.ask(url, key).await?)
    }

    /// A key that cannot stand in a header makes the request fail when it is built. Cloudflare in front of the provider is
    /// said to turn away clients that do not look like a browser, so they have a setting (facts/kie-api.md 1).
    fn authorised(&self, request: RequestBuilder, key: &Secret) -> RequestBuilder {
        request.bearer_auth(key.expose()).header(USER_AGENT, &self.user_agent).timeout(self.timeouts.call)
    }

    async fn ask(&self, url: Url, key: &Secret) -> Result<Answer, StatusError> {
        let request = self.authorised(self.http.get(url), key);
        measured("read", request).await.map_err(|lost| match lost {
            Lost::NotSent(why) | Lost::InDoubt(why) => StatusError::Transient(why),
        })
    }
}

impl fmt::Debug for Kie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kie").field("host", &self.base.host_str()).finish_non_exhaustive()
    }
}

/// One call, measured: how long, and whether there was an answer.
async fn measured(call: &'static str, request: RequestBuilder) -> Result<Answer, Lost> {
    let began = tokio::time::Instant::now();
    let answer = http::exchange(request, ANSWER_CAP).await;
    let result = match &answer {
        Ok(answer) if answer.status == 429 => "busy",
        Ok(_) => "answered",
        Err(_) => "lost",
    };
    metrics::counter!("botyard_provider_calls_total", "call" => call, "result" => result).increment(1);
    metrics::histogram!("botyard_provider_seconds", "call" => call).record(began.elapsed().as_secs_f64());
    answer
}

fn endpoint(base: &Url, path: &str) -> Option<Url> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path.split('/'));
    Some(url)
}

#[cfg(test)]
mod tests;
