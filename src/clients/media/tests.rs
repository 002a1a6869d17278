//! Downloads from real sockets: what is refused never reaches one.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;
use crate::clients::testing::{Peer, Server, raw_peer};

/// A listener that counts who knocks.
struct Canary {
    port: u16,
    hits: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Canary {
    async fn at(ip: &str, port: u16) -> Self {
        let listener = TcpListener::bind((ip, port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let hits = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        let counted = hits.clone();
        tasks.spawn(async move {
            loop {
                let _connection = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, hits, _tasks: tasks }
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

/// Answers each look-up with the next of its answers, the last one for ever.
struct Scripted(Mutex<VecDeque<Vec<IpAddr>>>);

impl Scripted {
    fn answering(answers: &[&[&str]]) -> Arc<dyn Resolver> {
        let ips = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(ips).collect())))
    }
}

#[async_trait]
impl Resolver for Scripted {
    async fn resolve(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        let mut answers = self.0.lock().unwrap();
        let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        next.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

fn limits() -> Limits {
    let (timeout, silence) = (Duration::from_secs(2), Duration::from_millis(500));
    Limits { max_bytes: 10_000, timeout, silence, ..Limits::default() }
}

fn allowing(url: &Url) -> Limits {
    let allowed = HostPort { host: url.host_str().unwrap().to_owned(), port: url.port().unwrap() };
    Limits { allow: vec![allowed], ..limits() }
}

/// A strict downloader that takes `port` for 443, so that a canary can listen where an unsafe one would knock.
fn strict(port: u16, resolver: &Arc<dyn Resolver>) -> Downloader {
    let rules = address::Rules { https_port: port, ..address::Rules::new(Vec::new()) };
    Downloader::build(limits(), resolver, rules).unwrap()
}

/// Hosts that must never be reached, in every way of writing them that parsers accept.
const HOSTS: &str = "\
// the loopback in every spelling that parsers accept
127.0.0.1 127.1 127.0.1 127.000.000.001 0177.0.0.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001
127.255.255.254 %31%32%37.0.0.1 127%2E0%2E0%2E1 ①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1 127.0.0.1. 0 0.0.0.0 0x0
localhost LOCALHOST localhost. app.localhost [::1] [::] [0:0:0:0:0:0:0:1] [0000::0001] [::127.0.0.1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:0:127.0.0.1] [0:0:0:0:0:ffff:127.0.0.1]
// inside networks
10.0.0.1 10.255.255.255 012.0.0.1 0xa000001 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 3232235521
100.64.0.1 100.127.255.255 [fc00::1] [fd12:3456::1] [fe80::1] [fec0::1]
// metadata of clouds
169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 [::ffff:169.254.169.254] [::ffff:a9fe:a9fe]
[fd00:ec2::254] metadata.google.internal metadata 168.63.129.16
// special blocks
0.1.2.3 192.0.0.8 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.175.48.1 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
// IPv4 addresses carried inside IPv6 ones, tunnels, documentation, SRv6
[64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [64:ff9b:1::1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2001::1]
[2001:2::1] [2001:10::1] [2001:20::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1] [ff02::1] [2620:4f:8000::1]
[4000::1]
// names of inner zones
printer.local router.lan db.corp nas.home wiki.intranet 1.0.0.127.in-addr.arpa";

#[tokio::test]
async fn ssrf_table() {
    let canary = Canary::at("0.0.0.0", 0).await;
    let system: Arc<dyn Resolver> = Arc::new(SystemResolver);
    let downloader = strict(canary.port, &system);
    let hosts: Vec<&str> =
        HOSTS.lines().filter(|line| !line.starts_with("//")).flat_map(str::split_whitespace).collect();
    assert!(hosts.len() >= 60);
    for host in hosts {
        let link = format!("https://{host}:{}/latest/meta-data", canary.port);
        let outcome = downloader.fetch(&link).await;
        assert!(matches!(outcome, Err(DownloadError::Refused(_))), "{link}: {outcome:?}");
    }
    assert_eq!(canary.hits(), 0);
    // Without the check of addresses the same links do knock: the canary can sing.
    let careless = address::Rules { https_port: canary.port, public: |_| true, ..address::Rules::new(Vec::new()) };
    let careless = Downloader::build(limits(), &system, careless).unwrap();
    for host in ["127.1", "0x7f000001", "①②⑦.⓪.⓪.①"] {
        let _ = careless.fetch(&format!("https://{host}:{}/", canary.port)).await;
    }
    assert_eq!(canary.hits(), 3);
}

#[tokio::test]
async fn a_link_of_another_shape_is_refused_before_anything_else() {
    let canary = Canary::at("127.0.0.1", 0).await;
    let downloader = Downloader::new(limits()).unwrap();
    let long = format!("https://example.org/{}", "a".repeat(9_000));
    let here = canary.port;
    for (link, refusal) in [
        (format!("http://127.0.0.1:{here}/"), Refusal::NotHttps),
        ("http://example.org/".into(), Refusal::NotHttps),
        (format!("https://example.org:{here}/"), Refusal::Port),
        ("https://example.org:80/".into(), Refusal::Port),
        ("https://user@example.org/".into(), Refusal::Credentials),
        ("https://example.org:x@127.0.0.1/".into(), Refusal::Credentials),
        ("file:///etc/passwd".into(), Refusal::NotHttps),
        ("gopher://127.0.0.1:25/_x".into(), Refusal::NotHttps),
        ("data:text/plain,x".into(), Refusal::NotHttps),
        ("//127.0.0.1/".into(), Refusal::BadUrl),
        ("https://".into(), Refusal::BadUrl),
        (String::new(), Refusal::BadUrl),
        ("https:\\\\127.0.0.1\\".into(), Refusal::BadUrl),
        ("https://exa mple.org/".into(), Refusal::BadUrl),
        ("https://127.0.0.1\r\nHost: x/".into(), Refusal::BadUrl),
        ("https://exam\tple.org/".into(), Refusal::BadUrl),
        (" https://example.org/".into(), Refusal::BadUrl),
        ("https://256.256.256.256/".into(), Refusal::BadUrl),
        ("https://[::1%25eth0]/".into(), Refusal::BadUrl),
        (long, Refusal::BadUrl),
    ] {
        assert_eq!(downloader.fetch(&link).await, Err(DownloadError::Refused(refusal)), "{link}");
    }
    assert_eq!(canary.hits(), 0);
}

#[test]
fn public_addresses_are_public() {
    for ip in [
        "1.1.1.1",
        "8.8.8.8",
        "172.15.0.1",
        "172.32.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "149.154.167.220",
        "223.255.255.1",
    ] {
        assert!(address::is_public(ip.parse().unwrap()), "{ip}");
    }
    for ip in ["2606:4700::1111", "2a00:1450::200e", "2001:4860:4860::8888", "2001:200::1"] {
        assert!(address::is_public(ip.parse().unwrap()), "{ip}");
    }
}

/// Whether a name resolves to private addresses only, or to some as well: none of them is ever connected to.
#[tokio::test]
async fn a_name_with_a_private_address_is_refused_at_the_connection() {
    let canary = Canary::at("0.0.0.0", 0).await;
    let link = format!("https://evil.example.org:{}/x", canary.port);
    for answer in [&["127.0.0.1"][..], &["169.254.169.254", "10.0.0.1"], &["::1"], &["::ffff:127.0.0.1"]] {
        let outcome = strict(canary.port, &Scripted::answering(&[answer])).fetch(&link).await;
        assert_eq!(outcome, Err(DownloadError::Refused(Refusal::PrivateAddress)), "{answer:?}");
    }
    assert_eq!(canary.hits(), 0);
    // The same link through a downloader that trusts the name does knock: the canary can sing.
    let allow = vec![HostPort { host: "evil.example.org".into(), port: canary.port }];
    let trusting =
        Downloader::with_resolver(Limits { allow, ..limits() }, &Scripted::answering(&[&["127.0.0.1"]])).unwrap();
    assert!(matches!(trusting.fetch(&link).await, Err(DownloadError::Unavailable(_))));
    assert_eq!(canary.hits(), 1);
}

/// The name answers "public" first and "loopback" ever after; 127.0.0.2 plays the public address.
#[tokio::test]
async fn a_rebinding_name_is_connected_at_the_address_that_was_checked() {
    let canary = Canary::at("127.0.0.1", 0).await;
    let public = Canary::at("127.0.0.2", canary.port).await;
    let rules = address::Rules {
        https_port: canary.port,
        public: |ip| ip == IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)),
        ..address::Rules::new(Vec::new())
    };
    let resolver = Scripted::answering(&[&["127.0.0.2", "127.0.0.1"], &["127.0.0.1"]]);
    let downloader = Downloader::build(limits(), &resolver, rules).unwrap();
    let link = format!("https://rebind.example.org:{}/x", canary.port);
    let first = downloader.fetch(&link).await;
    assert!(matches!(first, Err(DownloadError::Unavailable(_))), "nothing speaks TLS there: {first:?}");
    assert_eq!((public.hits(), canary.hits()), (1, 0));
    assert_eq!(downloader.fetch(&link).await, Err(DownloadError::Refused(Refusal::PrivateAddress)));
    assert_eq!((public.hits(), canary.hits()), (1, 0));
}

fn redirect(to: &str) -> Response {
    (StatusCode::FOUND, [("location", to.to_owned())]).into_response()
}

#[tokio::test]
async fn every_redirect_is_checked_again() {
    let canary = Canary::at("127.0.0.1", 0).await;
    let port = canary.port;
    for (to, refusal) in [
        ("http://169.254.169.254/latest/meta-data/".to_owned(), Refusal::NotHttps),
        ("https://169.254.169.254/latest/meta-data/".to_owned(), Refusal::PrivateAddress),
        ("//169.254.169.254/".to_owned(), Refusal::NotHttps),
        (format!("http://127.0.0.1:{port}/"), Refusal::NotHttps),
        (format!("https://127.0.0.1:{port}/"), Refusal::Port),
        ("https://localhost/".to_owned(), Refusal::LocalName),
        ("file:///etc/passwd".to_owned(), Refusal::NotHttps),
        ("https://u:p@example.org/".to_owned(), Refusal::Credentials),
    ] {
        let location = to.clone();
        let server = Server::start(move |_| redirect(&location)).await;
        let downloader = Downloader::new(allowing(&server.url)).unwrap();
        let outcome = downloader.fetch(server.url.as_str()).await;
        assert_eq!(outcome, Err(DownloadError::Refused(refusal)), "{to}");
        assert_eq!(server.seen().len(), 1);
    }
    assert_eq!(canary.hits(), 0);
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let server = Server::start(|seen| {
        let left: u32 = seen.path.trim_start_matches('/').parse().unwrap();
        if left == 0 { "готово".into_response() } else { redirect(&format!("/{}", left - 1)) }
    })
    .await;
    let downloader = Downloader::new(allowing(&server.url)).unwrap();
    let fetched = downloader.fetch(server.url.join("3").unwrap().as_str()).await.unwrap();
    assert_eq!((fetched.kind, fetched.extension, &fetched.bytes[..]), (Kind::Text, "txt", "готово".as_bytes()));
    assert_eq!(downloader.fetch(server.url.join("4").unwrap().as_str()).await, Err(DownloadError::TooManyRedirects));
}

/// F23: what a result's link may turn out to be.
#[tokio::test]
async fn a_result_link_of_every_kind_has_its_meaning() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/png" => ([("content-type", "text/html")], png.to_vec()).into_response(),
        "/page" => ([("content-type", "video/mp4")], "<html>502</html>").into_response(),
        "/empty" => "".into_response(),
        "/big" => vec![1u8; 10_001].into_response(),
        "/endless" => {
            let parts = futures::stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from_static(&[0; 512])));
            Body::from_stream(parts).into_response()
        }
        "/slow" => {
            let parts = futures::stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                Some((Ok::<_, io::Error>(Bytes::from_static(b"x")), ()))
            });
            Body::from_stream(parts).into_response()
        }
        "/silent" => Body::from_stream(futures::stream::pending::<Result<Bytes, io::Error>>()).into_response(),
        path => StatusCode::from_u16(path[1..].parse().unwrap()).unwrap().into_response(),
    })
    .await;
    let downloader = Downloader::new(allowing(&server.url)).unwrap();
    let fetch = async |path: &str| downloader.fetch(server.url.join(path).unwrap().as_str()).await;
    let got = fetch("png").await.unwrap();
    assert_eq!((got.kind, got.mime, got.extension, got.bytes.len()), (Kind::Png, "image/png", "png", png.len()));
    assert!(server.last().headers.get("referer").is_none());
    for (path, error) in [
        ("page", DownloadError::Markup),
        ("empty", DownloadError::Empty),
        ("big", DownloadError::TooLarge),
        ("endless", DownloadError::TooLarge),
        ("slow", DownloadError::TooSlow),
        ("silent", DownloadError::TooSlow),
        ("404", DownloadError::Gone(404)),
        ("403", DownloadError::Gone(403)),
        ("204", DownloadError::Gone(204)),
        ("304", DownloadError::Gone(304)),
        ("429", DownloadError::Unavailable(Why::Server(429))),
        ("503", DownloadError::Unavailable(Why::Server(503))),
        ("302", DownloadError::Unavailable(Why::Garbled)),
    ] {
        assert_eq!(fetch(path).await, Err(error), "{path}");
    }
    let half = raw_peer(Peer::Say("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf")).await;
    let outcome = Downloader::new(allowing(&half.url)).unwrap().fetch(half.url.as_str()).await;
    assert!(matches!(outcome, Err(DownloadError::Unavailable(Why::Broken(_)))), "{outcome:?}");
}

#[tokio::test]
async fn the_allow_list_opens_one_port_only() {
    let (server, canary) = (Server::fixed(200, "ok").await, Canary::at("127.0.0.1", 0).await);
    let downloader = Downloader::new(allowing(&server.url)).unwrap();
    assert!(downloader.fetch(server.url.as_str()).await.is_ok());
    let other = format!("http://127.0.0.1:{}/", canary.port);
    assert_eq!(downloader.fetch(&other).await, Err(DownloadError::Refused(Refusal::NotHttps)));
    assert_eq!(canary.hits(), 0);
}
