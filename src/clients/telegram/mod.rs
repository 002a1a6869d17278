//! Outgoing calls to the Bot API: one shared HTTP client, one way to call, errors by meaning.
//!
//! A call is sent once. It never waits for a `retry_after`, never repeats itself, and no error, `Debug` or trace field of
//! it holds the token. Incoming updates are not parsed here.
//!
//! ```ignore
//! let bot = telegram.bot(&token, api_url.as_ref());
//! let message = bot.send_message(chat, "Привет, <b>мир</b>", Extra::default()).await?;
//! let me: serde_json::Value = bot.call_raw("getMe", &()).await?;          // newer than the library: raw
//! let stars = bot.call(&teloxide_core::payloads::GetStarTransactions::new()).await?; // typed by the library
//! ```

pub mod budget;
mod error;
mod files;
pub mod keyboard;
mod messages;
mod setup;
mod stars;

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use teloxide_core::requests::Payload;
use url::Url;

use super::http::{self, Http, HttpBuildError, Lost, Timeouts, Why};
use crate::config;
use crate::domain::BotToken;

pub use budget::{Lane, Pace, Rates, SendBudget, Verdict};
pub use error::TelegramError;
pub use files::{FileInfo, InputFile};
pub use keyboard::{Button, InlineKeyboard};
pub use messages::{Extra, Sent};
pub use setup::{BotCommand, CommandScope, Me, Webhook, WebhookInfo};
pub use stars::{StarsInvoice, StarsPartner, StarsTransaction, StarsUser};

/// The cloud's address, used where neither the platform nor the tenant names another.
pub const CLOUD: &str = "https://api.telegram.org";

/// More than a hundred updates of the largest size; no other answer comes near.
const ANSWER_CAP: usize = 16 << 20;

/// The Bot API as the platform reaches it. Cheap to clone.
#[derive(Clone)]
pub struct Telegram {
    http: Http,
    base: Url,
    timeouts: Timeouts,
}

impl Telegram {
    /// `base`: `TELEGRAM_API_URL` or [`CLOUD`].
    pub fn new(http: Http, base: Url) -> Self {
        let timeouts = http.timeouts();
        Self { http, base, timeouts }
    }

    /// As the settings say.
    pub fn from_settings(http: Http, settings: &config::Telegram) -> Result<Self, HttpBuildError> {
        let timeouts = Timeouts { call: settings.call_timeout, upload: settings.upload_timeout };
        Ok(Self { http, base: http::base(&settings.api_url)?, timeouts })
    }

    /// A handle that speaks for one bot; `api_url` is the tenant's own server, where it has one.
    pub fn bot<'a>(&'a self, token: &'a BotToken, api_url: Option<&'a Url>) -> Bot<'a> {
        Bot { telegram: self, base: api_url.unwrap_or(&self.base), token }
    }
}

/// One bot at one Bot API server.
#[derive(Clone, Copy)]
pub struct Bot<'a> {
    telegram: &'a Telegram,
    base: &'a Url,
    token: &'a BotToken,
}

impl Bot<'_> {
    /// Calls a method that the library knows.
    pub async fn call<P>(&self, payload: &P) -> Result<P::Output, TelegramError>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        let timeout = payload.timeout_hint().map(|hint| hint + Duration::from_secs(10));
        self.json(P::NAME, payload, timeout).await
    }

    /// Calls any method by its name: for those newer than the library, for recorded bodies, for short own structs.
    pub async fn call_raw<T: DeserializeOwned>(&self, method: &str, body: &impl Serialize) -> Result<T, TelegramError> {
        self.json(method, body, None).await
    }

    async fn json<T: DeserializeOwned>(
        &self,
        method: &str,
        body: &impl Serialize,
        timeout: Option<Duration>,
    ) -> Result<T, TelegramError> {
        let body = serde_json::to_vec(body).map_err(|_| TelegramError::NotSent(Why::Unbuilt))?;
        // `()` serializes to `null`, which the server refuses as a body.
        let body = if body == b"null" { b"{}".to_vec() } else { body };
        let call = self.telegram.timeouts.call;
        let request = self
            .telegram
            .http
            .post(self.method_url(method)?)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body)
            .timeout(timeout.map_or(call, |timeout| timeout.max(call)));
        self.finish(request).await
    }

    async fn finish<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, TelegramError> {
        let answer = http::exchange(request, ANSWER_CAP).await.map_err(|lost| match lost {
            Lost::NotSent(why) => TelegramError::NotSent(why),
            Lost::InDoubt(why) => TelegramError::InDoubt(why),
        })?;
        error::read(&answer, self.token)
    }

    /// `<base>/bot<token>/<method>`. The library spells methods in PascalCase, the documentation in camelCase.
    fn method_url(&self, method: &str) -> Result<Url, TelegramError> {
        if method.is_empty() || !method.bytes().all(|c| c.is_ascii_alphanumeric()) {
            return Err(TelegramError::NotSent(Why::Unbuilt));
        }
        let (first, rest) = method.split_at(1);
        self.url(&[&format!("bot{}", self.token.expose()), &format!("{}{rest}", first.to_ascii_lowercase())])
    }

    fn url(&self, segments: &[&str]) -> Result<Url, TelegramError> {
        let mut url = self.base.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.path_segments_mut().map_err(|()| TelegramError::NotSent(Why::Unbuilt))?.pop_if_empty().extend(segments);
        Ok(url)
    }
}

impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telegram").field("host", &self.base.host_str()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Bot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("id", &self.token.bot_id()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
