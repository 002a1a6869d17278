//! Calls to partners' own webhooks: https to public addresses only, no redirects, the answer's status and nothing else of it.
//! Who is called is decided by somebody outside, so the same rules hold as for downloads (reliability.md T26).

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;

use super::http::{self, HttpBuildError, HttpSettings, Lost, Timeouts, Why};
use super::media::address::{self, Refusal};
use super::media::resolve;
use super::media::{Resolver, SystemResolver};
use crate::config::HostPort;

/// Why nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// It must not be called.
    #[error("the address is refused: {0}")]
    Refused(Refusal),
    /// It could not be reached, or not in time.
    #[error("the address did not answer: {0}")]
    Unavailable(Why),
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct HookClient {
    strict: reqwest::Client,
    trusted: reqwest::Client,
    rules: Arc<address::Rules>,
}

/// Whether an address may be called; a name that leads to a private address is found out when it is.
pub fn check(url: &str, allow: &[HostPort]) -> Result<(), Refusal> {
    address::Rules::new(allow.to_vec()).check(url).map(|_| ())
}

impl HookClient {
    /// `allow` may be called although private (tests, local installations).
    pub fn new(allow: Vec<HostPort>, timeout: Duration) -> Result<Self, HttpBuildError> {
        let rules = address::Rules::new(allow);
        let resolver: Arc<dyn Resolver> = Arc::new(SystemResolver);
        let timeouts = Timeouts { call: timeout, upload: timeout };
        let settings = HttpSettings { timeouts, idle_per_host: 1, ..HttpSettings::default() };
        let client = |public: Option<fn(std::net::IpAddr) -> bool>| {
            let checked = resolve::Checked { resolver: resolver.clone(), public };
            http::builder(&settings).dns_resolver(Arc::new(checked)).build().map_err(|_| HttpBuildError)
        };
        Ok(Self { strict: client(Some(rules.public))?, trusted: client(None)?, rules: Arc::new(rules) })
    }

    /// Sends JSON with these headers once; gives the status of the answer.
    pub async fn post(&self, url: &str, headers: &[(&str, &str)], body: String) -> Result<u16, HookError> {
        let target = self.rules.check(url).map_err(HookError::Refused)?;
        let client = if target.trusted { &self.trusted } else { &self.strict };
        let mut request = client.post(target.url).header(CONTENT_TYPE, "application/json").body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        match request.send().await {
            Ok(response) => Ok(response.status().as_u16()),
            Err(error) if resolve::was_forbidden(&error) => Err(HookError::Refused(Refusal::PrivateAddress)),
            Err(error) => match http::lost(&error) {
                Lost::NotSent(why) | Lost::InDoubt(why) => Err(HookError::Unavailable(why)),
            },
        }
    }
}
