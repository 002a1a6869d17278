//! A bucket of an S3-compatible store: put, get, list, delete. Signing is `rusty_s3`'s (SigV4 in the query, the body unsigned:
//! what is kept here is sealed, and a changed byte is found when it is opened); the exchange is this layer's own.
//!
//! Addresses have the bucket in their path, which every such store understands.

use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Body, RequestBuilder};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

use super::http::{self, Answer, Http, HttpBuildError, Lost, Why};
use crate::config;
use crate::domain::Clock;

/// A signed address is good this long: longer than any upload may take.
const SIGNED_FOR: Duration = Duration::from_mins(15);
/// The largest page of a listing: a thousand names and what is said about each.
const PAGE_CAP: usize = 4 << 20;
/// What an answer without a content may take.
const ANSWER_CAP: usize = 64 << 10;

/// Why the store did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum S3Error {
    /// There is no object of this name.
    #[error("there is no such object")]
    Absent,
    /// There is no such bucket.
    #[error("there is no such bucket")]
    NoBucket,
    /// The store does not let these keys do this.
    #[error("the store refused: {0}")]
    Refused(S3Refusal),
    /// The bucket is in another region, or the endpoint is not the store's API.
    #[error("the store points elsewhere: another region or endpoint")]
    Elsewhere,
    /// The store has no room left.
    #[error("the store is full")]
    Full,
    /// It asks to come again later.
    #[error("the store is busy ({0})")]
    Busy(u16),
    /// It was not reached, or broke off.
    #[error("the store: {0}")]
    Away(Why),
    /// It answered with something else.
    #[error("the store answered {0}, which was not understood")]
    Garbled(u16),
}

/// Why the store refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum S3Refusal {
    /// It does not know the access key.
    #[error("the access key is unknown")]
    UnknownKey,
    /// The secret key is wrong.
    #[error("the signature does not match: the secret key or the region is wrong")]
    WrongSignature,
    /// Its clock and ours differ too much.
    #[error("the clocks differ too much")]
    Clock,
    /// The keys may not do this.
    #[error("the keys may not do this")]
    Denied,
}

impl S3Error {
    /// Whether a later try may succeed with nothing changed.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Busy(_) | Self::Away(_))
    }
}

/// A bucket and the keys to it. Cheap to clone.
#[derive(Clone)]
pub struct S3 {
    http: Http,
    clock: Clock,
    bucket: Bucket,
    keys: Credentials,
}

/// An object that is being read.
pub struct S3Object {
    response: reqwest::Response,
}

/// A part of a listing.
#[derive(Debug)]
pub struct S3Page {
    /// Names that begin with the prefix.
    pub keys: Vec<String>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<String>,
}

impl S3 {
    /// The bucket that the settings name.
    pub fn from_settings(http: Http, clock: Clock, settings: &config::S3) -> Result<Self, HttpBuildError> {
        let endpoint = http::base(&settings.endpoint)?;
        let bucket = Bucket::new(endpoint, UrlStyle::Path, settings.bucket.clone(), settings.region.clone())
            .map_err(|_| HttpBuildError)?;
        let keys = Credentials::new(settings.key.expose(), settings.secret.expose());
        Ok(Self { http, clock, bucket, keys })
    }

    /// Writes an object whole, in place of one of the same name. Its parts are sent one after the other, uncopied.
    pub async fn put(&self, key: &str, parts: Vec<Bytes>) -> Result<(), S3Error> {
        let length: usize = parts.iter().map(Bytes::len).sum();
        let url = self.signed(&self.bucket.put_object(Some(&self.keys), key));
        // A body of unknown length would go out in chunks, which these stores refuse.
        let body = Body::wrap_stream(stream::iter(parts.into_iter().map(Ok::<_, std::convert::Infallible>)));
        let request = self
            .http
            .put(url)
            .header(CONTENT_LENGTH, length)
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(body)
            .timeout(self.http.timeouts().upload);
        done(&exchange(request, ANSWER_CAP).await?)
    }

    /// Begins to read an object.
    pub async fn get(&self, key: &str) -> Result<S3Object, S3Error> {
        let url = self.signed(&self.bucket.get_object(Some(&self.keys), key));
        let request = self.http.get(url).timeout(self.http.timeouts().upload);
        let response = request.send().await.map_err(|error| away(http::lost(&error)))?;
        let status = response.status().as_u16();
        if status == 200 {
            return Ok(S3Object { response });
        }
        let body = http::read(response, ANSWER_CAP).await.unwrap_or_default();
        Err(meaning(status, &body))
    }

    /// Removes an object; one that is gone is fine.
    pub async fn delete(&self, key: &str) -> Result<(), S3Error> {
        let url = self.signed(&self.bucket.delete_object(Some(&self.keys), key));
        match done(&exchange(self.http.delete(url), ANSWER_CAP).await?) {
            Err(S3Error::Absent) => Ok(()),
            other => other,
        }
    }

    /// Names that begin with `prefix`, from `after` on: `next` of the page before. At most `most` of them.
    pub async fn list(&self, prefix: &str, after: Option<&str>, most: usize) -> Result<S3Page, S3Error> {
        let mut action = self.bucket.list_objects_v2(Some(&self.keys));
        action.with_prefix(prefix);
        action.with_max_keys(most);
        if let Some(after) = after {
            action.with_continuation_token(after);
        }
        let answer = exchange(self.http.get(self.signed(&action)), PAGE_CAP).await?;
        done(&answer)?;
        let garbled = S3Error::Garbled(answer.status);
        let text = std::str::from_utf8(&answer.body).map_err(|_| garbled)?;
        let page = ListObjectsV2::parse_response(text).map_err(|_| garbled)?;
        let keys: Vec<String> = page.contents.into_iter().map(|object| object.key).collect();
        // What is listed here is going to be deleted: a store that does not know the prefix must not empty the bucket.
        if !keys.iter().all(|key| key.starts_with(prefix)) {
            return Err(garbled);
        }
        Ok(S3Page { keys, next: page.next_continuation_token })
    }

    fn signed<'a>(&self, action: &impl S3Action<'a>) -> url::Url {
        action.sign_with_time(SIGNED_FOR, &self.clock.now().timestamp())
    }
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the keys, and not the address that carries a signature.
        f.debug_struct("S3").field("bucket", &self.bucket.name()).finish_non_exhaustive()
    }
}

impl S3Object {
    /// Its size in bytes, where the store said it.
    pub fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next piece; `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, S3Error> {
        self.response.chunk().await.map_err(|error| away(http::lost(&error)))
    }
}

async fn exchange(request: RequestBuilder, cap: usize) -> Result<Answer, S3Error> {
    http::exchange(request, cap).await.map_err(away)
}

fn away(lost: Lost) -> S3Error {
    match lost {
        Lost::NotSent(why) | Lost::InDoubt(why) => S3Error::Away(why),
    }
}

fn done(answer: &Answer) -> Result<(), S3Error> {
    if (200..300).contains(&answer.status) { Ok(()) } else { Err(meaning(answer.status, &answer.body)) }
}

/// What an answer other than a good one says.
fn meaning(status: u16, body: &[u8]) -> S3Error {
    match (status, code(body)) {
        (_, "NoSuchBucket") => S3Error::NoBucket,
        (_, "InvalidAccessKeyId") => S3Error::Refused(S3Refusal::UnknownKey),
        (_, "SignatureDoesNotMatch") => S3Error::Refused(S3Refusal::WrongSignature),
        (_, "RequestTimeTooSkewed") => S3Error::Refused(S3Refusal::Clock),
        (_, "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError" | "PermanentRedirect")
        | (300..=399, _) => S3Error::Elsewhere,
        (_, "QuotaExceeded" | "XMinioStorageFull" | "InsufficientStorage") | (507, _) => S3Error::Full,
        (401 | 403, _) => S3Error::Refused(S3Refusal::Denied),
        (404, _) => S3Error::Absent,
        (408 | 429 | 500..=599, _) => S3Error::Busy(status),
        _ => S3Error::Garbled(status),
    }
}

/// The code in an error's XML; compared with known ones and never shown, for it comes from outside.
fn code(body: &[u8]) -> &str {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let inner = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    inner.map_or("", |(code, _)| code.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_answer_has_one_meaning() {
        let of = |status, code: &str| meaning(status, format!("<?xml?><Error><Code>{code}</Code></Error>").as_bytes());
        assert_eq!(of(404, "NoSuchKey"), S3Error::Absent);
        assert_eq!(of(404, "NoSuchBucket"), S3Error::NoBucket, "a wrong bucket must not look like a lost file");
        assert_eq!(of(403, "InvalidAccessKeyId"), S3Error::Refused(S3Refusal::UnknownKey));
        assert_eq!(of(403, "SignatureDoesNotMatch"), S3Error::Refused(S3Refusal::WrongSignature));
        assert_eq!(of(403, "RequestTimeTooSkewed"), S3Error::Refused(S3Refusal::Clock));
        assert_eq!(of(403, "AccessDenied"), S3Error::Refused(S3Refusal::Denied));
        assert_eq!(of(301, "PermanentRedirect"), S3Error::Elsewhere);
        assert_eq!(of(400, "AuthorizationHeaderMalformed"), S3Error::Elsewhere);
        assert_eq!(of(503, "SlowDown"), S3Error::Busy(503));
        assert_eq!(of(507, "XMinioStorageFull"), S3Error::Full);
        assert_eq!(meaning(200, b"<html>hello"), S3Error::Garbled(200));
        assert_eq!(meaning(404, b""), S3Error::Absent);
        assert!(S3Error::Busy(503).is_passing() && !S3Error::NoBucket.is_passing());
    }

    #[test]
    fn what_is_printed_of_a_bucket_holds_no_key() {
        let settings = config::S3 {
            endpoint: config::BaseUrl::parse("https://s3.example.com").unwrap(),
            bucket: "media".to_owned(),
            key: crate::domain::Secret::new("access-of-the-store".to_owned()),
            secret: crate::domain::Secret::new("secret-of-the-store".to_owned()),
            region: "us-east-1".to_owned(),
        };
        let http = crate::clients::testing::quick_http();
        let s3 = S3::from_settings(http, Clock::system(), &settings).unwrap();
        assert!(!format!("{s3:?}").contains("of-the-store"), "{s3:?}");
    }
}
