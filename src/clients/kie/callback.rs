//! The provider's callbacks. A callback is a hint that a task has ended, never the truth about it: its signature covers
//! the task's id and the time, not the body (facts/kie-api.md 3). After one, fetch the record.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::HeaderMap;
use serde_json::Value;
use sha2::Sha256;

use super::TaskId;
use crate::domain::{Secret, UnixMs};

/// What may be taken from a callback's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackHint {
    /// The task that has something new to tell.
    pub task_id: TaskId,
}

/// Why a signed callback is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// A header or the task's id is missing or unreadable.
    #[error("the callback is not signed")]
    Missing,
    /// Older or newer than tolerated.
    #[error("the callback's time is too far from ours")]
    Stale,
    /// Made with another key, or for another task.
    #[error("the callback's signature is wrong")]
    Wrong,
}

/// Finds the task in any of the shapes that the families use. `None`: not a callback of theirs.
pub fn parse_callback(body: &[u8]) -> Option<CallbackHint> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let data = body.get("data");
    [
        data.and_then(|data| data.get("taskId")),
        data.and_then(|data| data.get("task_id")),
        body.get("taskId"),
        body.get("task_id"),
    ]
    .into_iter()
    .flatten()
    .find_map(|id| TaskId::parse(id.as_str()?))
    .map(|task_id| CallbackHint { task_id })
}

/// Checks `X-Webhook-Signature` = Base64(HMAC-SHA256(key, taskId "." timestamp)) in constant time. The
/// time may be `tolerance` away from ours (five minutes by the settings).
pub fn verify_signature(
    key: &Secret,
    headers: &HeaderMap,
    body: &[u8],
    now: UnixMs,
    tolerance: Duration,
) -> Result<CallbackHint, SignatureFault> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let timestamp = header("x-webhook-timestamp").ok_or(SignatureFault::Missing)?;
    let signature = header("x-webhook-signature").ok_or(SignatureFault::Missing)?;
    let signature = STANDARD.decode(signature).map_err(|_| SignatureFault::Missing)?;
    let seconds: i64 = timestamp.parse().map_err(|_| SignatureFault::Missing)?;
    let hint = parse_callback(body).ok_or(SignatureFault::Missing)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).map_err(|_| SignatureFault::Wrong)?;
    mac.update(hint.task_id.as_str().as_bytes());
    mac.update(b".");
    mac.update(timestamp.as_bytes());
    mac.verify_slice(&signature).map_err(|_| SignatureFault::Wrong)?;
    let signed_at = UnixMs(seconds.saturating_mul(1_000));
    if now.since(signed_at).max(signed_at.since(now)) > tolerance {
        return Err(SignatureFault::Stale);
    }
    Ok(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE_MINUTES: Duration = Duration::from_mins(5);
    const NOW: UnixMs = UnixMs(1_795_000_000_000);

    fn signed(key: &str, task: &str, seconds: i64) -> HeaderMap {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(format!("{task}.{seconds}").as_bytes());
        let mut headers = HeaderMap::new();
        headers.insert("X-Webhook-Timestamp", seconds.to_string().parse().unwrap());
        headers.insert("X-Webhook-Signature", STANDARD.encode(mac.finalize().into_bytes()).parse().unwrap());
        headers
    }

    #[test]
    fn the_signature_is_the_documented_one() {
        // HMAC-SHA256("key", "task-1.1795000000") computed with Python's hmac module.
        let mut headers = HeaderMap::new();
        headers.insert("x-webhook-timestamp", "1795000000".parse().unwrap());
        headers.insert("x-webhook-signature", "Qlqoj6G/J1/bfdiUb4ZAVRRpSPLZQV7O+1N0Bl94zf4=".parse().unwrap());
        let hint =
            verify_signature(&Secret::new("key"), &headers, br#"{"data":{"taskId":"task-1"}}"#, NOW, FIVE_MINUTES)
                .unwrap();
        assert_eq!(hint.task_id.as_str(), "task-1");
    }

    #[test]
    fn a_wrong_key_task_or_time_is_refused() {
        let body = br#"{"code":200,"data":{"task_id":"t1","state":"success"}}"#;
        let check = |headers: &HeaderMap, body: &[u8]| {
            verify_signature(&Secret::new("key"), headers, body, NOW, FIVE_MINUTES).map(|hint| hint.task_id.0)
        };
        let at = NOW.0 / 1_000;
        assert_eq!(check(&signed("key", "t1", at), body), Ok("t1".to_owned()));
        assert_eq!(check(&signed("key", "t1", at - 300), body), Ok("t1".to_owned()));
        assert_eq!(check(&signed("key", "t1", at - 301), body), Err(SignatureFault::Stale));
        assert_eq!(check(&signed("key", "t1", at + 301), body), Err(SignatureFault::Stale));
        assert_eq!(check(&signed("key", "t1", i64::MAX), body), Err(SignatureFault::Stale));
        assert_eq!(check(&signed("yek", "t1", at), body), Err(SignatureFault::Wrong));
        assert_eq!(check(&signed("key", "t2", at), body), Err(SignatureFault::Wrong));
        assert_eq!(check(&HeaderMap::new(), body), Err(SignatureFault::Missing));
        assert_eq!(check(&signed("key", "t1", at), b"not json"), Err(SignatureFault::Missing));
        let mut short = signed("key", "t1", at);
        short.insert("x-webhook-signature", "AAAA".parse().unwrap());
        assert_eq!(check(&short, body), Err(SignatureFault::Wrong));
    }

    #[test]
    fn the_task_is_found_in_every_familys_shape() {
        for body in [
            r#"{"code":200,"data":{"taskId":"t1","state":"success"}}"#,
            r#"{"code":200,"data":{"task_id":"t1","callbackType":"complete"}}"#,
            r#"{"taskId":"t1","code":200}"#,
            r#"{"task_id":"t1"}"#,
            r#"{"taskId":"t1","data":null}"#,
        ] {
            assert_eq!(parse_callback(body.as_bytes()).unwrap().task_id.as_str(), "t1", "{body}");
        }
        let deep = "[".repeat(10_000);
        for body in ["", "{}", "[]", r#"{"taskId":5}"#, r#"{"taskId":""}"#, r#"{"taskId":"a b"}"#, deep.as_str()] {
            assert_eq!(parse_callback(body.as_bytes()), None, "{}", body.len());
        }
    }
}
