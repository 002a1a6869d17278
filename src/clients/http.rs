//! The one HTTP client and the one exchange: a request goes out once, and a failure says whether it may have arrived.
//!
//! There are no retries and no redirects here, and errors carry no text from outside, so no URL (Telegram puts the
//! token into it) can leak through them.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

/// What every request of ours says it is.
pub const USER_AGENT: &str = concat!("Botyard/", env!("CARGO_PKG_VERSION"));

/// How long a call may take, from the first byte out to the last byte in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// A call.
    pub call: Duration,
    /// A call that carries a file, in or out.
    pub upload: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { call: Duration::from_secs(30), upload: Duration::from_mins(3) }
    }
}

/// Limits of the shared client.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// DNS, TCP and TLS together. Shorter than a call: a connect that is too slow is then known to have sent nothing.
    pub connect_timeout: Duration,
    /// Where a client has none of its own.
    pub timeouts: Timeouts,
    /// Idle connections kept per host.
    pub idle_per_host: usize,
    /// How long an idle connection is kept. Shorter than servers keep it, so that few calls meet a closed one.
    pub idle_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeouts: Timeouts::default(),
            idle_per_host: 64,
            idle_timeout: Duration::from_secs(25),
        }
    }
}

/// The HTTP client could not be made: the TLS library did not start, or a base URL is none.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be built")]
pub struct HttpBuildError;

/// The shared client: one pool of connections for the process. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    timeouts: Timeouts,
}

impl Http {
    /// Builds the client.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpBuildError> {
        let client = builder(settings).build().map_err(|_| HttpBuildError)?;
        Ok(Self { client, timeouts: settings.timeouts })
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    pub(super) fn post(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.client.post(url)
    }

    pub(super) fn get(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.client.get(url)
    }

    pub(super) fn put(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.client.put(url)
    }

    pub(super) fn delete(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.client.delete(url)
    }
}

/// What every client of ours starts from: no redirects, no proxy from the environment (only `config/` reads that).
#[expect(clippy::disallowed_methods, reason = "this is the one place that makes HTTP clients")]
pub(super) fn builder(settings: &HttpSettings) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.timeouts.call)
        .pool_max_idle_per_host(settings.idle_per_host)
        .pool_idle_timeout(settings.idle_timeout)
        .tcp_keepalive(Duration::from_secs(30))
}

/// A base URL from the settings, as URLs are built from it.
pub(super) fn base(url: &crate::config::BaseUrl) -> Result<url::Url, HttpBuildError> {
    url.as_str().parse().map_err(|_| HttpBuildError)
}

/// Why a call brought no answer. Plain words, nothing quoted from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The request could not be put together (an unusable URL, a body that does not serialize).
    #[error("the request could not be built")]
    Unbuilt,
    /// The host's name was not found.
    #[error("the host name did not resolve")]
    Dns,
    /// The TLS handshake failed (a wrong certificate, a middlebox).
    #[error("the TLS handshake failed")]
    Tls,
    /// The connection was refused or could not be opened.
    #[error("could not connect ({0})")]
    Connect(io::ErrorKind),
    /// Time ran out.
    #[error("timed out")]
    Timeout,
    /// The connection broke before the answer was complete.
    #[error("the connection broke ({0})")]
    Broken(io::ErrorKind),
    /// The server said that it failed: an HTTP 5xx.
    #[error("the server answered {0}")]
    Server(u16),
    /// Answered, but not with what this call is answered with.
    #[error("the answer was not understood")]
    Garbled,
    /// The answer was larger than expected from this call.
    #[error("the answer is too large")]
    TooLarge,
}

/// A call that brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// The request certainly never reached the server.
    NotSent(Why),
    /// The request may have been acted upon.
    InDoubt(Why),
}

/// A complete answer of any status.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    /// `Retry-After` in seconds, where the server gave one.
    pub retry_after: Option<Duration>,
    pub body: Bytes,
}

/// What an error answer may take, whatever the cap of a good one.
const ERROR_CAP: usize = 64 << 10;

/// Sends once and reads the whole answer, at most `cap` bytes of a good one.
pub(super) async fn exchange(request: reqwest::RequestBuilder, cap: usize) -> Result<Answer, Lost> {
    let response = request.send().await.map_err(|error| lost(&error))?;
    let status = response.status().as_u16();
    let retry_after = response
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let cap = if response.status().is_success() { cap } else { cap.max(ERROR_CAP) };
    let body = read(response, cap).await.map_err(Lost::InDoubt)?;
    Ok(Answer { status, retry_after, body })
}

/// Reads a body that may not be larger than `cap` bytes; stops reading there.
pub(super) async fn read(mut response: reqwest::Response, cap: usize) -> Result<Bytes, Why> {
    if response.content_length().is_some_and(|announced| announced > cap as u64) {
        return Err(Why::TooLarge);
    }
    let mut whole = BytesMut::new();
    while let Some(part) = response.chunk().await.map_err(|error| why_broken(&error))? {
        if whole.len() + part.len() > cap {
            return Err(Why::TooLarge);
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.freeze())
}

/// Tells a request that never left from one that may have arrived. When unsure it says "may have arrived".
pub(super) fn lost(error: &reqwest::Error) -> Lost {
    if error.is_builder() {
        return Lost::NotSent(Why::Unbuilt);
    }
    if error.is_connect() {
        return Lost::NotSent(why_unconnected(error));
    }
    // hyper calls a request "canceled" only when it hands it back unwritten (the kept connection had just closed).
    if causes(error).any(|cause| cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)) {
        return Lost::NotSent(Why::Connect(io::ErrorKind::ConnectionAborted));
    }
    Lost::InDoubt(why_broken(error))
}

fn why_unconnected(error: &reqwest::Error) -> Why {
    if causes(error).any(|cause| cause.to_string() == "dns error") {
        Why::Dns
    } else if error.is_timeout() {
        Why::Timeout
    } else {
        match io_kind(error) {
            Some(io::ErrorKind::InvalidData) => Why::Tls,
            kind => Why::Connect(kind.unwrap_or(io::ErrorKind::Other)),
        }
    }
}

fn why_broken(error: &reqwest::Error) -> Why {
    if error.is_timeout() { Why::Timeout } else { Why::Broken(io_kind(error).unwrap_or(io::ErrorKind::UnexpectedEof)) }
}

/// The kind of the innermost I/O error. An I/O error may wrap another one without naming it as its source.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut inner = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last()?;
    while let Some(next) = inner.get_ref().and_then(|wrapped| wrapped.downcast_ref::<io::Error>()) {
        inner = next;
    }
    Some(inner.kind())
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next: Option<&'a (dyn StdError + 'static)> = StdError::source(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::testing::{Peer, raw_peer};

    fn quick() -> Http {
        crate::clients::testing::quick_http()
    }

    async fn outcome(peer: Peer) -> Lost {
        let peer = raw_peer(peer).await;
        exchange(quick().post(peer.url.clone()).body("x".repeat(100)), 1_000).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_refused_port_is_certainly_not_sent() {
        assert_eq!(outcome(Peer::Refuse).await, Lost::NotSent(Why::Connect(io::ErrorKind::ConnectionRefused)));
    }

    #[tokio::test]
    async fn an_unknown_host_is_certainly_not_sent() {
        let url = "http://no-such-host.invalid/".parse().unwrap();
        let lost = exchange(quick().post(url), 1_000).await.unwrap_err();
        assert!(matches!(lost, Lost::NotSent(Why::Dns | Why::Timeout)), "{lost:?}");
    }

    #[tokio::test]
    async fn a_failed_tls_handshake_is_certainly_not_sent() {
        let peer = raw_peer(Peer::Say("not tls at all, sorry\r\n\r\n")).await;
        let url: url::Url = peer.url.as_str().replace("http://", "https://").parse().unwrap();
        assert_eq!(exchange(quick().post(url), 1_000).await.unwrap_err(), Lost::NotSent(Why::Tls));
    }

    #[tokio::test]
    async fn a_connection_closed_after_the_request_was_read_is_in_doubt() {
        for peer in [Peer::ReadThenClose, Peer::Say("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf")] {
            let lost = outcome(peer).await;
            assert!(matches!(lost, Lost::InDoubt(Why::Broken(_))), "{peer:?}: {lost:?}");
        }
    }

    /// Whether the request was written when the peer closes is a race: whatever is claimed, "not sent" must be true.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn not_sent_is_claimed_only_when_no_byte_arrived() {
        let http = quick();
        let mut claims = [0, 0];
        for round in 0..200u64 {
            let peer = raw_peer(Peer::CloseAfter(Duration::from_micros(round % 20 * 15))).await;
            let lost = exchange(http.post(peer.url.clone()).body("x".repeat(100)), 1_000).await.unwrap_err();
            let arrived = peer.finished().await;
            match lost {
                Lost::NotSent(why) => {
                    assert_eq!(arrived, 0, "round {round}: {why}");
                    claims[0] += 1;
                }
                Lost::InDoubt(_) => claims[1] += 1,
            }
        }
        assert!(claims[1] > 0, "the race never went the other way: {claims:?}");
    }

    #[tokio::test]
    async fn a_server_that_hangs_is_in_doubt() {
        assert_eq!(outcome(Peer::Hang).await, Lost::InDoubt(Why::Timeout));
    }

    #[tokio::test]
    async fn an_answer_over_the_cap_is_not_read_to_its_end() {
        for head in ["HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
            let text: &'static str = Box::leak(format!("{head}{}", "y".repeat(5_000)).into_boxed_str());
            assert_eq!(outcome(Peer::Say(text)).await, Lost::InDoubt(Why::TooLarge));
        }
    }

    #[tokio::test]
    async fn a_kept_connection_that_the_server_closed_is_replaced_without_a_second_sending() {
        let peer = raw_peer(Peer::AnswerOnceThenClose).await;
        let http = quick();
        for _ in 0..5 {
            exchange(http.post(peer.url.clone()).body("x"), 1_000).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(peer.requests(), 5);
    }

    #[tokio::test]
    async fn redirects_are_answers_not_journeys() {
        let peer =
            raw_peer(Peer::Say("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"))
                .await;
        assert_eq!(exchange(quick().get(peer.url.clone()), 1_000).await.unwrap().status, 302);
    }
}
