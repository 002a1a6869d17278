//! Real sockets for the tests of this layer: peers that misbehave in one chosen way, and a small recording server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use url::Url;

use super::http::{Http, HttpSettings, Timeouts};

/// A client that gives up soon.
pub(super) fn quick_http() -> Http {
    let timeouts = Timeouts { call: Duration::from_millis(400), ..Timeouts::default() };
    Http::new(&HttpSettings { connect_timeout: Duration::from_millis(360), timeouts, ..HttpSettings::default() })
        .unwrap()
}

/// How a raw peer treats each connection.
#[derive(Debug, Clone, Copy)]
pub(super) enum Peer {
    /// Nobody listens.
    Refuse,
    /// Accepts, waits, ends its side unread, then counts what the other side had sent all the same.
    CloseAfter(Duration),
    /// Reads the request, then closes without a word.
    ReadThenClose,
    /// Reads and never answers.
    Hang,
    /// Reads, writes this text, closes.
    Say(&'static str),
    /// Answers one request as if it kept the connection, then closes it.
    AnswerOnceThenClose,
}

/// A running raw peer; it stops when dropped.
pub(super) struct RawPeer {
    pub url: Url,
    requests: Arc<AtomicUsize>,
    closed: Arc<Notify>,
    _tasks: JoinSet<()>,
}

impl RawPeer {
    /// How many connections sent at least one byte (for `CloseAfter`: how many bytes came).
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Waits for a connection to be over, then gives the count.
    pub(super) async fn finished(&self) -> usize {
        self.closed.notified().await;
        self.requests()
    }
}

/// Starts a peer on a free port.
pub(super) async fn raw_peer(kind: Peer) -> RawPeer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let closed = Arc::new(Notify::new());
    let mut tasks = JoinSet::new();
    if !matches!(kind, Peer::Refuse) {
        let (seen, over) = (requests.clone(), closed.clone());
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (seen, over) = (seen.clone(), over.clone());
                connections.spawn(async move {
                    treat(kind, stream, seen).await;
                    over.notify_one();
                });
            }
        });
    }
    RawPeer { url, requests, closed, _tasks: tasks }
}

async fn treat(kind: Peer, mut stream: TcpStream, seen: Arc<AtomicUsize>) {
    let mut buffer = vec![0u8; 16_384];
    if let Peer::CloseAfter(wait) = kind {
        tokio::time::sleep(wait).await;
        let _ = stream.shutdown().await;
        while let Ok(n @ 1..) = stream.read(&mut buffer).await {
            seen.fetch_add(n, Ordering::SeqCst);
        }
        return;
    }
    if stream.read(&mut buffer).await.unwrap_or(0) > 0 {
        seen.fetch_add(1, Ordering::SeqCst);
    }
    match kind {
        Peer::Say(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Peer::AnswerOnceThenClose => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
        }
        Peer::Hang => std::future::pending().await,
        Peer::Refuse | Peer::CloseAfter(_) | Peer::ReadThenClose => {}
    }
}

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    /// The body as JSON.
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

type Reply = Arc<dyn Fn(&Seen) -> Response + Send + Sync>;

/// An HTTP server that remembers what it was asked; it stops when dropped.
pub(super) struct Server {
    pub url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Starts one that answers everything by `reply`.
    pub(super) async fn start(reply: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let state: (Arc<Mutex<Vec<Seen>>>, Reply) = (seen.clone(), Arc::new(reply));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let app = axum::Router::new().fallback(answer).with_state(state);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, seen, _tasks: tasks }
    }

    /// One that always answers `status` and `body`.
    pub(super) async fn fixed(status: u16, body: impl Into<String>) -> Self {
        let body = body.into();
        Self::start(move |_| (StatusCode::from_u16(status).unwrap(), body.clone()).into_response()).await
    }

    /// Everything asked so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The last request.
    pub(super) fn last(&self) -> Seen {
        self.seen().pop().unwrap()
    }
}

async fn answer(State((log, reply)): State<(Arc<Mutex<Vec<Seen>>>, Reply)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let seen = Seen {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: parts.headers,
        body: axum::body::to_bytes(body, 64 << 20).await.unwrap_or_default(),
    };
    log.lock().unwrap().push(seen.clone());
    reply(&seen)
}
