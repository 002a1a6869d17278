//! `POST /webhook/{bot_instance_id}`: Telegram brings an update (architecture.md 3, decisions.md 16).
//!
//! The path names the tenant, the secret header proves it: an unknown tenant and a wrong secret cost the same and look the
//! same. 200 means that the update is committed; 503 that Telegram should bring it again. Never 410: Telegram would drop what
//! waits.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use crate::bot::{Ack, is_checkout, receive};
use crate::domain::BotInstanceId;
use crate::web::failure::Failure;
use crate::web::state::WebState;

const SECRET: &str = "x-telegram-bot-api-secret-token";

/// Proves the sender, takes a place in the tenant's lane, reads the body, hands it over.
pub(in crate::web) async fn update(
    State(state): State<WebState>,
    Path(tenant): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let began = Instant::now();
    let platform = &state.platform;
    let tenant = BotInstanceId::parse(&tenant).ok().and_then(|id| platform.tenants.get(&id));
    let expected = tenant.as_ref().map_or("", |tenant| tenant.webhook_secret.expose());
    let proven = is_secret(expected, request.headers());
    let (Some(tenant), true) = (tenant, proven) else { return Err(Failure::SignedOut) };
    let retry_after = platform.settings.server.retry_after;
    let place = state.inflight.enter(&tenant.id);
    if !says_json(request.headers()) {
        return Err(Failure::BadRequest);
    }
    let body = Bytes::from_request(request, &())
        .await
        .map_err(|refused| Failure::of_status(refused.into_response().status()).unwrap_or(Failure::BadRequest))?;
    if serde_json::from_slice::<IgnoredAny>(&body).is_err() {
        return Err(Failure::BadRequest);
    }
    // A payment's last check waits for nothing, not even for a place in a full lane (bot.md 11.4).
    if place.is_none() && !is_checkout(&body) {
        metrics::counter!("botyard_webhook_full_total").increment(1);
        return Err(Failure::Away(retry_after));
    }
    let ack = receive(platform, &tenant, &body).await;
    metrics::histogram!("botyard_webhook_ack_seconds").record(began.elapsed().as_secs_f64());
    match ack {
        Ack::Done => Ok(axum::Json(serde_json::json!({ "ok": true })).into_response()),
        Ack::Later(wait) => Err(Failure::Away(wait)),
    }
}

/// Compared by hashes: equal in length whatever was sent, so time says nothing of the secret, nor whether there is one. An
/// unknown tenant's is empty, and an empty one matches nothing.
fn is_secret(expected: &str, headers: &HeaderMap) -> bool {
    let given = headers.get(SECRET).map(HeaderValue::as_bytes).unwrap_or_default();
    let same = Sha256::digest(expected).ct_eq(&Sha256::digest(given));
    bool::from(same) && !expected.is_empty()
}

fn says_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(expected: &str, given: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(given) = given {
            headers.insert(SECRET, given.parse().unwrap());
        }
        is_secret(expected, &headers)
    }

    #[test]
    fn only_the_whole_secret_is_the_secret() {
        assert!(accepted("s3cret-s3cret", Some("s3cret-s3cret")));
        for wrong in
            [None, Some(""), Some("s3cret"), Some("s3cret-s3creT"), Some("s3cret-s3cret "), Some("s3cret-s3crets")]
        {
            assert!(!accepted("s3cret-s3cret", wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_tenant_that_is_not_there_has_no_secret() {
        assert!(!accepted("", None));
        assert!(!accepted("", Some("")));
    }

    #[test]
    fn telegram_says_json() {
        let says = |kind: &str| says_json(&[(CONTENT_TYPE, kind.parse().unwrap())].into_iter().collect());
        assert!(says("application/json") && says("application/json; charset=utf-8"));
        assert!(!says("text/plain") && !says("application/x-www-form-urlencoded"));
        assert!(!says_json(&HeaderMap::new()));
    }
}
