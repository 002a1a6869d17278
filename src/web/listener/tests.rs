//! Real sockets against the accept loop, with short times: slow, greedy and honest clients, and a stop in the middle.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::routing::{get, post};
use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{BindError, Limits, Listener, Serving, capped};
use crate::lifecycle::{Stopped, Tasks};

const HEADER: Duration = Duration::from_millis(400);
/// "In time" on a busy machine.
const SOON: Duration = Duration::from_secs(20);

fn quick() -> Limits {
    Limits {
        header: HEADER,
        keep_alive: Duration::from_millis(900),
        body_idle: Duration::from_millis(400),
        write_stall: Duration::from_millis(400),
        ..Limits::default()
    }
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(300)).await;
    "done"
}

/// Reads the body by hand, as a handler does that streams.
async fn by_hand(request: Request) -> String {
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await;
    body.map_or_else(|error| format!("cut: {error}"), |bytes| bytes.len().to_string())
}

fn router() -> Router {
    Router::new()
        .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
        .route("/slow", get(slow))
        .route("/big", get(|| async { Body::from(vec![b'x'; 64 * 1024 * 1024]) }))
        .route("/count", capped(post(|body: Bytes| async move { body.len().to_string() }), 1024 * 1024))
        .route("/by_hand", capped(post(by_hand), 1024 * 1024))
        .route("/unread", post(|| async { "did not look" }))
}

async fn start(limits: Limits) -> (Tasks, Serving) {
    let tasks = Tasks::new();
    let listener = Listener::bind("BOTYARD_LISTEN", "127.0.0.1:0".parse().unwrap(), limits).await.unwrap();
    let serving = listener.serve("http", router(), &tasks);
    (tasks, serving)
}

async fn connect(serving: &Serving) -> TcpStream {
    TcpStream::connect(serving.local_addr()).await.unwrap()
}

/// Everything until the server closes; what came before a reset counts.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut chunk = vec![0; 16 * 1024];
    let reading = async {
        while let Ok(n @ 1..) = stream.read(&mut chunk).await {
            all.extend_from_slice(&chunk[..n]);
        }
    };
    tokio::time::timeout(SOON, reading).await.expect("the server never closed the connection");
    String::from_utf8_lossy(&all).into_owned()
}

/// One answer with a `content-length`, leaving the connection open.
async fn one(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with("\r\n\r\n") {
        assert_eq!(
            tokio::time::timeout(SOON, stream.read(&mut byte)).await.unwrap().unwrap(),
            1,
            "closed after {text}"
        );
        text.push(char::from(byte[0]));
    }
    let length = text.split("content-length: ").nth(1).and_then(|t| t.split("\r\n").next()?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    text + &String::from_utf8(body).unwrap()
}

async fn ask(serving: &Serving, request: &str) -> String {
    let mut stream = connect(serving).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

const HELLO: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_headers_are_cut_while_an_honest_client_is_served() {
    let (_tasks, serving) = start(quick()).await;
    let mut dribblers = tokio::task::JoinSet::new();
    for number in 0..100 {
        let began = Instant::now();
        let mut stream = connect(&serving).await;
        dribblers.spawn(async move {
            // A third each: silence, a byte now and then, a good request first and then a byte now and then.
            if number % 3 == 2 {
                stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
                one(&mut stream).await;
            }
            while number % 3 != 0 && stream.write_all(b"G").await.is_ok() && began.elapsed() < SOON {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            rest(&mut stream).await;
            began.elapsed()
        });
    }
    for _ in 0..20 {
        assert!(ask(&serving, HELLO).await.ends_with("127.0.0.1"));
    }
    while let Some(lasted) = dribblers.join_next().await {
        let lasted = lasted.unwrap();
        assert!(lasted >= HEADER && lasted < SOON, "cut after {lasted:?}");
    }
    until_empty(&serving).await;
}

async fn until_empty(serving: &Serving) {
    let began = Instant::now();
    while serving.connections() > 0 {
        assert!(began.elapsed() < SOON, "{} connections stay open", serving.connections());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_idle_connection_outlives_the_header_time_and_goes_after_its_own() {
    let (_tasks, serving) = start(quick()).await;
    let mut stream = connect(&serving).await;
    let request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    for _ in 0..2 {
        stream.write_all(request).await.unwrap();
        assert!(one(&mut stream).await.starts_with("HTTP/1.1 200"));
        tokio::time::sleep(HEADER + Duration::from_millis(100)).await;
    }
    assert_eq!(serving.connections(), 1, "longer idle than a header may take, and still open");
    assert_eq!(rest(&mut stream).await, "");
    until_empty(&serving).await;
}

#[tokio::test]
async fn a_stream_of_100_mib_is_answered_413_after_the_cap_and_not_read_on() {
    let (_tasks, serving) = start(quick()).await;
    for path in ["/count", "/by_hand"] {
        let before = serving.bytes_read();
        let mut stream = connect(&serving).await;
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let mut sending = tokio::task::JoinSet::new();
        sending.spawn(async move {
            let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 65_536], b"\r\n"].concat();
            for sent in 0..1600 {
                if writing.write_all(&chunk).await.is_err() {
                    return sent;
                }
            }
            1600
        });
        let mut answer = vec![0; 1024];
        let n = tokio::time::timeout(SOON, reading.read(&mut answer)).await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&answer[..n]).into_owned();
        if path == "/count" {
            assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        } else {
            assert!(answer.contains("cut: length limit exceeded"), "{answer}");
        }
        assert!(sending.join_next().await.unwrap().unwrap() < 1600, "the whole stream was taken");
        until_empty(&serving).await;
        let read = serving.bytes_read() - before;
        // The cap, one buffer of 64 KiB, and what is thrown away while the client reads its answer.
        assert!((1_048_576..=1_048_576 + 3 * 65_536 + 262_144).contains(&read), "{path}: {read} bytes read");
    }
}

#[tokio::test]
async fn a_declared_length_above_the_cap_is_refused_without_reading_the_body() {
    let (_tasks, serving) = start(quick()).await;
    let answer = ask(&serving, "POST /count HTTP/1.1\r\nhost: x\r\ncontent-length: 1048577\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("connection: close"), "{answer}");
    assert!(serving.bytes_read() < 1000);
}

#[tokio::test]
async fn bodies_up_to_the_cap_arrive_whole_with_a_length_and_in_chunks() {
    let (_tasks, serving) = start(quick()).await;
    let body = "x".repeat(1024 * 1024);
    let head = "POST /count HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
    let answer = ask(&serving, &format!("{head}content-length: 1048576\r\n\r\n{body}")).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("1048576"), "{answer}");
    let chunks = format!("{head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n");
    let answer = ask(&serving, &chunks).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with('8'), "{answer}");
}

#[tokio::test]
async fn a_body_that_stops_or_only_dribbles_is_answered_408_and_the_connection_closed() {
    let (_tasks, serving) = start(quick()).await;
    let head = "POST /count HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc";
    assert!(ask(&serving, head).await.starts_with("HTTP/1.1 408"), "it stopped");
    let mut stream = connect(&serving).await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let mut dribble = tokio::task::JoinSet::new();
    dribble.spawn(async move {
        // Each byte comes well within the idle time; together they are far below the rate.
        while writing.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = vec![0; 1024];
    let n = tokio::time::timeout(SOON, reading.read(&mut answer)).await.unwrap().unwrap();
    assert!(answer[..n].starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer[..n]));
    until_empty(&serving).await;
    dribble.join_next().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_dropped() {
    let (_tasks, serving) = start(quick()).await;
    let mut stream = connect(&serving).await;
    stream.write_all(b"GET /big HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let began = Instant::now();
    while serving.connections() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(began.elapsed() < SOON);
    }
    until_empty(&serving).await;
}

#[tokio::test]
async fn a_stop_refuses_new_clients_and_lets_the_request_in_hand_finish() {
    let (tasks, serving) = start(Limits::default()).await;
    let mut idle = connect(&serving).await;
    idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    one(&mut idle).await;
    let silent = connect(&serving).await;
    let mut busy = connect(&serving).await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    let (stopped, answer, refused) = tokio::join!(tasks.shutdown(SOON), rest(&mut busy), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        TcpStream::connect(serving.local_addr()).await.is_err()
    });
    assert_eq!(stopped, Stopped::Clean);
    assert!(began.elapsed() < Duration::from_secs(5), "idle connections held it up: {:?}", began.elapsed());
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    assert!(refused, "the port is closed while the request finishes");
    drop(silent);
}

#[tokio::test]
async fn too_many_connections_are_told_so() {
    let (_tasks, serving) = start(Limits { connections: 2, ..quick() }).await;
    let held = [connect(&serving).await, connect(&serving).await];
    assert!(rest(&mut connect(&serving).await).await.starts_with("HTTP/1.1 503"));
    drop(held);
    until_empty(&serving).await;
    assert!(ask(&serving, HELLO).await.starts_with("HTTP/1.1 200"));
    let (_tasks, strict) = start(Limits { per_ip: 1, loopback_exempt: false, ..quick() }).await;
    let _held = connect(&strict).await;
    assert!(rest(&mut connect(&strict).await).await.starts_with("HTTP/1.1 429"));
}

#[tokio::test]
async fn a_port_in_use_is_named_with_the_setting_to_change() {
    let (_tasks, serving) = start(quick()).await;
    let error = Listener::bind("BOTYARD_LISTEN", serving.local_addr(), quick()).await.unwrap_err();
    assert!(matches!(error, BindError::InUse { .. }));
    let text = error.to_string().replace(&serving.local_addr().to_string(), "<addr>");
    insta::assert_snapshot!(text, @"BOTYARD_LISTEN: <addr> is in use by another program; stop it, or set BOTYARD_LISTEN to a free port");
    let error = Listener::bind("BOTYARD_LISTEN", "192.0.2.1:80".parse().unwrap(), quick()).await.unwrap_err();
    assert!(matches!(error, BindError::NoSuchAddress { .. }), "{error}");
}

#[tokio::test]
async fn an_unread_body_does_not_become_the_next_request() {
    let (_tasks, serving) = start(quick()).await;
    let inner = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    let answer = ask(
        &serving,
        &format!("POST /unread HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9000000\r\n\r\n{inner}"),
    )
    .await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert!(answer.ends_with("did not look"), "{answer}");
}
