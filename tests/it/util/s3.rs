//! A small S3-compatible store over HTTP, with a bucket in the path. It checks each signature by its own reading of SigV4, so
//! that signing is tested and not trusted, and fails when it is told to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use botyard::domain::Clock;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// The bucket that is there.
pub(crate) const BUCKET: &str = "test-media";
/// The access key that it knows.
pub(crate) const KEY: &str = "test-access-key";
/// The secret key of it.
pub(crate) const SECRET: &str = "test-secret-key-of-the-store";
/// Its region.
pub(crate) const REGION: &str = "test-region-1";

/// A running store; it stops when dropped.
pub(crate) struct TestS3 {
    /// Its endpoint.
    pub(crate) url: String,
    shelf: Arc<Mutex<Shelf>>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shelf {
    objects: BTreeMap<String, Bytes>,
    /// Statuses and codes of the next answers, whatever is asked.
    faults: Vec<(u16, &'static str)>,
    /// The prefix is left out of account, as by a store that does not know it.
    prefix_blind: bool,
    /// Answers break off in the middle of an object.
    cut_short: bool,
    /// Names in a page at most.
    page: usize,
    calls: Vec<String>,
}

impl TestS3 {
    pub(crate) async fn start() -> Self {
        let shelf = Arc::new(Mutex::new(Shelf { page: 1_000, ..Shelf::default() }));
        let router =
            Router::new().fallback(answer).layer(DefaultBodyLimit::max(64 << 20)).with_state(Arc::clone(&shelf));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        #[expect(clippy::disallowed_methods, reason = "the store is the test's own, and ends with it")]
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shelf, task }
    }

    /// What an installation is told about it: settings and values.
    pub(crate) fn settings(&self) -> [(&'static str, &str); 5] {
        [
            ("media.s3_endpoint", &self.url),
            ("media.s3_bucket", BUCKET),
            ("media.s3_key", KEY),
            ("media.s3_secret", SECRET),
            ("media.s3_region", REGION),
        ]
    }

    /// Every name in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        self.shelf.lock().unwrap().objects.keys().cloned().collect()
    }

    pub(crate) fn object(&self, name: &str) -> Bytes {
        self.shelf.lock().unwrap().objects[name].clone()
    }

    pub(crate) fn put(&self, name: &str, content: &[u8]) {
        self.shelf.lock().unwrap().objects.insert(name.to_owned(), Bytes::copy_from_slice(content));
    }

    /// Lets the next call fail.
    pub(crate) fn fail_next(&self, status: u16, code: &'static str) {
        self.shelf.lock().unwrap().faults.insert(0, (status, code));
    }

    pub(crate) fn ignore_prefixes(&self) {
        self.shelf.lock().unwrap().prefix_blind = true;
    }

    pub(crate) fn break_off(&self, is: bool) {
        self.shelf.lock().unwrap().cut_short = is;
    }

    pub(crate) fn pages_of(&self, names: usize) {
        self.shelf.lock().unwrap().page = names;
    }

    /// How many calls began with this, such as `PUT` or `GET /test-media?`.
    pub(crate) fn calls(&self, beginning: &str) -> usize {
        self.shelf.lock().unwrap().calls.iter().filter(|call| call.starts_with(beginning)).count()
    }
}

impl Drop for TestS3 {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(shelf): State<Arc<Mutex<Shelf>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut shelf = shelf.lock().unwrap();
    let query = uri.query().unwrap_or_default();
    shelf.calls.push(format!("{method} {}?{}", uri.path(), query.split("&X-Amz-").next().unwrap_or_default()));
    if let Some((status, code)) = shelf.faults.pop() {
        return failure(status, code);
    }
    if let Err((status, code)) = signed(&method, &uri, &headers) {
        return failure(status, code);
    }
    let path = decoded(uri.path().trim_start_matches('/'));
    let (bucket, name) = path.split_once('/').unwrap_or((&path, ""));
    if bucket != BUCKET {
        return failure(404, "NoSuchBucket");
    }
    match (method.as_str(), name) {
        ("GET", "") => listing(&shelf, &parameters(query)),
        ("PUT", name) if !name.is_empty() => {
            if headers.get("content-length").and_then(|v| v.to_str().ok()) != Some(&*body.len().to_string()) {
                return failure(411, "MissingContentLength");
            }
            shelf.objects.insert(name.to_owned(), body);
            StatusCode::OK.into_response()
        }
        ("GET", name) => match shelf.objects.get(name) {
            Some(object) if shelf.cut_short => broken(object),
            Some(object) => object.clone().into_response(),
            None => failure(404, "NoSuchKey"),
        },
        ("DELETE", name) if !name.is_empty() => {
            // As S3 does: deleting what is not there is done, too.
            shelf.objects.remove(name);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => failure(405, "MethodNotAllowed"),
    }
}

fn failure(status: u16, code: &str) -> Response {
    let body =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>m</Message></Error>");
    (StatusCode::from_u16(status).unwrap(), [("content-type", "application/xml")], body).into_response()
}

/// Says how much will come, and sends half of it.
fn broken(object: &Bytes) -> Response {
    let half = object.slice(..object.len() / 2);
    let parts = [Ok(half), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
    let body = axum::body::Body::from_stream(futures::stream::iter(parts));
    ([("content-length", object.len().to_string())], body).into_response()
}

fn listing(shelf: &Shelf, parameters: &BTreeMap<String, String>) -> Response {
    let text = |name: &str| parameters.get(name).map(String::as_str).unwrap_or_default();
    if text("list-type") != "2" || text("encoding-type") != "url" {
        return failure(400, "InvalidArgument");
    }
    let prefix = if shelf.prefix_blind { "" } else { text("prefix") };
    let most = text("max-keys").parse().unwrap_or(1_000).min(shelf.page);
    let after = text("continuation-token").strip_prefix("after:").unwrap_or_default();
    let all: Vec<&String> =
        shelf.objects.keys().filter(|name| name.starts_with(prefix) && name.as_str() > after).collect();
    let here = &all[..most.min(all.len())];
    let entry = |name: &&String| {
        format!("<Contents><Key>{}</Key><Size>{}</Size></Contents>", encoded(name), shelf.objects[*name].len())
    };
    let contents = here.iter().map(entry).collect::<Vec<_>>().concat();
    let next = match here.last() {
        Some(last) if all.len() > here.len() => {
            format!("<NextContinuationToken>after:{last}</NextContinuationToken>")
        }
        _ => String::new(),
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Name>{BUCKET}</Name><Prefix>{prefix}</Prefix><KeyCount>{}</KeyCount><MaxKeys>{most}</MaxKeys>\
         <EncodingType>url</EncodingType><IsTruncated>{}</IsTruncated>{contents}{next}</ListBucketResult>",
        here.len(),
        all.len() > here.len()
    );
    ([("content-type", "application/xml")], body).into_response()
}

/// SigV4 in the query, as AWS describes it.
fn signed(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), (u16, &'static str)> {
    let given = parameters(uri.query().unwrap_or_default());
    let of = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    if of("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" {
        return Err((403, "AccessDenied"));
    }
    let credential: Vec<&str> = of("X-Amz-Credential").split('/').collect();
    let [key, day, region, "s3", "aws4_request"] = credential[..] else {
        return Err((400, "AuthorizationQueryParametersError"));
    };
    if key != KEY {
        return Err((403, "InvalidAccessKeyId"));
    }
    if region != REGION {
        return Err((400, "AuthorizationHeaderMalformed"));
    }
    let date = of("X-Amz-Date");
    let moment = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date)
        .ok()
        .and_then(|at| at.to_zoned(jiff::tz::TimeZone::UTC).ok())
        .ok_or((400, "AuthorizationQueryParametersError"))?;
    let age = Clock::system().now().0 / 1_000 - moment.timestamp().as_second();
    let life: i64 = of("X-Amz-Expires").parse().map_err(|_| (400, "AuthorizationQueryParametersError"))?;
    if !(1..=604_800).contains(&life) || !date.starts_with(day) {
        return Err((400, "AuthorizationQueryParametersError"));
    }
    if !(-900..=life).contains(&age) {
        return Err((403, "RequestTimeTooSkewed"));
    }
    let query: Vec<String> = given
        .iter()
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let mut canonical = format!("{method}\n{}\n{}\n", uri.path(), query.join("&"));
    for header in of("X-Amz-SignedHeaders").split(';') {
        let value = headers.get(header).and_then(|value| value.to_str().ok()).unwrap_or_default();
        writeln!(canonical, "{header}:{}", value.trim()).unwrap();
    }
    write!(canonical, "\n{}\nUNSIGNED-PAYLOAD", of("X-Amz-SignedHeaders")).unwrap();
    let told = format!(
        "AWS4-HMAC-SHA256\n{date}\n{day}/{region}/s3/aws4_request\n{}",
        hex::encode(Sha256::digest(canonical.as_bytes()))
    );
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in [day, region, "s3", "aws4_request", &told] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(step.as_bytes());
        key = mac.finalize().into_bytes().to_vec();
    }
    if hex::encode(key) == of("X-Amz-Signature") { Ok(()) } else { Err((403, "SignatureDoesNotMatch")) }
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// As AWS encodes: everything but letters, digits and `-._~`.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte => write!(out, "%{byte:02X}").unwrap(),
        }
    }
    out
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(byte) = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap()
}
