//! Downloads of files that others name: https to public addresses only, re-checked at every redirect, capped in size and
//! time, and named by what the bytes are (reliability.md T26, T27; bot.md 10).
//!
//! The address that is checked is the address that is connected to: the check stands inside the client's own name
//! resolution, so a name that changes its mind between two look-ups gains nothing.

pub mod address;
mod duration;
pub mod kind;
mod look;
pub mod picture;
pub(super) mod resolve;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, LOCATION};
use url::Url;

use super::http::{self, HttpBuildError, HttpSettings, Lost, Timeouts, Why};
use crate::config::{self, HostPort};

pub use address::Refusal;
pub use duration::{Length, length};
pub use kind::Kind;
pub use look::{Look, look};
pub use picture::{PictureError, dimensions};
pub use resolve::{Resolver, SystemResolver};

/// What a download may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// `host:port` that may be reached by http and whatever their address is.
    pub allow: Vec<HostPort>,
    /// The largest file, bytes.
    pub max_bytes: usize,
    /// The whole download, redirects included.
    pub timeout: Duration,
    /// The longest silence within it.
    pub silence: Duration,
    /// Redirects that are followed.
    pub redirects: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            max_bytes: 300 << 20,
            timeout: Duration::from_mins(2),
            silence: Duration::from_secs(20),
            redirects: 3,
        }
    }
}

impl From<&config::Media> for Limits {
    fn from(settings: &config::Media) -> Self {
        Self {
            allow: settings.allow.clone(),
            max_bytes: usize::try_from(settings.download_max).unwrap_or(usize::MAX),
            timeout: settings.download_timeout,
            redirects: settings.redirects_max,
            ..Self::default()
        }
    }
}

/// A file as it came, named by its bytes. Nothing of the server's own naming is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// The content, never empty.
    pub bytes: Bytes,
    /// What it is.
    pub kind: Kind,
    /// Its content type.
    pub mime: &'static str,
    /// Its extension, without the dot.
    pub extension: &'static str,
}

impl fmt::Debug for Downloaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Downloaded({} bytes of {})", self.bytes.len(), self.mime)
    }
}

/// Why there is no file. Never quotes the link: it may carry a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DownloadError {
    /// The link, or where a redirect leads, is not allowed. It never will be.
    #[error("the link is refused: {0}")]
    Refused(Refusal),
    /// The link is dead (a 4xx): a fresh one may work.
    #[error("the link is dead ({0})")]
    Gone(u16),
    /// Network or server trouble: try again.
    #[error("the file could not be fetched: {0}")]
    Unavailable(Why),
    /// More redirects than are followed.
    #[error("too many redirects")]
    TooManyRedirects,
    /// Larger than allowed.
    #[error("the file is too large")]
    TooLarge,
    /// Not complete in the allowed time.
    #[error("the download took too long")]
    TooSlow,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// HTML, SVG or XML, whatever it calls itself: an error page, never a result.
    #[error("the file is a page, not media")]
    Markup,
}

/// The safe downloader. Cheap to clone.
#[derive(Clone)]
pub struct Downloader {
    /// Reaches public addresses only.
    strict: reqwest::Client,
    /// Reaches what the allow list names.
    trusted: reqwest::Client,
    rules: Arc<address::Rules>,
    limits: Limits,
}

impl Downloader {
    /// With the system's name resolution.
    pub fn new(limits: Limits) -> Result<Self, HttpBuildError> {
        let system: Arc<dyn Resolver> = Arc::new(SystemResolver);
        Self::with_resolver(limits, &system)
    }

    /// With another name resolution; its answers are checked like the system's.
    pub fn with_resolver(limits: Limits, resolver: &Arc<dyn Resolver>) -> Result<Self, HttpBuildError> {
        let rules = address::Rules::new(limits.allow.clone());
        Self::build(limits, resolver, rules)
    }

    fn build(limits: Limits, resolver: &Arc<dyn Resolver>, rules: address::Rules) -> Result<Self, HttpBuildError> {
        let timeouts = Timeouts { call: limits.timeout, upload: limits.timeout };
        let settings = HttpSettings { timeouts, idle_per_host: 4, ..HttpSettings::default() };
        let client = |public: Option<fn(std::net::IpAddr) -> bool>| {
            http::builder(&settings)
                .read_timeout(limits.silence)
                .dns_resolver(Arc::new(resolve::Checked { resolver: resolver.clone(), public }))
                .build()
                .map_err(|_| HttpBuildError)
        };
        Ok(Self { strict: client(Some(rules.public))?, trusted: client(None)?, rules: Arc::new(rules), limits })
    }

    /// Fetches one file.
    pub async fn fetch(&self, link: &str) -> Result<Downloaded, DownloadError> {
        tokio::time::timeout(self.limits.timeout, self.follow(link)).await.map_err(|_| DownloadError::TooSlow)?
    }

    async fn follow(&self, link: &str) -> Result<Downloaded, DownloadError> {
        let mut target = self.rules.check(link).map_err(DownloadError::Refused)?;
        for _ in 0..=self.limits.redirects {
            let client = if target.trusted { &self.trusted } else { &self.strict };
            let request = client.get(target.url.clone()).header(ACCEPT_ENCODING, "identity");
            let response = request.send().await.map_err(|error| unsent(&error))?;
            match response.status().as_u16() {
                301 | 302 | 303 | 307 | 308 => target = self.redirected(&target.url, &response)?,
                200 => return self.finish(&target.url, response).await,
                code @ (408 | 425 | 429 | 500..) => return Err(DownloadError::Unavailable(Why::Server(code))),
                code => return Err(DownloadError::Gone(code)),
            }
        }
        Err(DownloadError::TooManyRedirects)
    }

    fn redirected(&self, from: &Url, response: &reqwest::Response) -> Result<address::Target, DownloadError> {
        let broken = DownloadError::Unavailable(Why::Garbled);
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or(broken)?;
        let next = from.join(location).map_err(|_| DownloadError::Refused(Refusal::BadUrl))?;
        self.rules.check(next.as_str()).map_err(DownloadError::Refused)
    }

    async fn finish(&self, url: &Url, response: reqwest::Response) -> Result<Downloaded, DownloadError> {
        let declared =
            response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let bytes = http::read(response, self.limits.max_bytes).await.map_err(|why| match why {
            Why::TooLarge => DownloadError::TooLarge,
            Why::Timeout => DownloadError::TooSlow,
            why => DownloadError::Unavailable(why),
        })?;
        if bytes.is_empty() {
            return Err(DownloadError::Empty);
        }
        let found = kind::recognise(&bytes, &declared, url.path()).map_err(|kind::Markup| DownloadError::Markup)?;
        Ok(Downloaded { bytes, kind: found.kind, mime: found.mime, extension: found.extension })
    }
}

impl fmt::Debug for Downloader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloader").field("limits", &self.limits).finish_non_exhaustive()
    }
}

fn unsent(error: &reqwest::Error) -> DownloadError {
    if resolve::was_forbidden(error) {
        return DownloadError::Refused(Refusal::PrivateAddress);
    }
    match http::lost(error) {
        Lost::NotSent(why) | Lost::InDoubt(why) => DownloadError::Unavailable(why),
    }
}

#[cfg(test)]
mod tests;
