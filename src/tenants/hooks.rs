//! A partner's own webhooks, as Standard Webhooks has them: an address, a secret that signs, and what is told there
//! (platform.md 6). Sending is a job (`worker/jobs/hooks.rs`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::RngExt as _;
use sha2::Sha256;

use super::Tenant;
use super::tenant::TenantError;
use crate::domain::{HookEvent, HookId, Secret, UnixMs};
use crate::store::{HookRow, NewHook, TenantTx};
use crate::vault::Column;

/// What the text of a secret begins with.
const PREFIX: &str = "whsec_";
/// Addresses of one tenant.
pub const MOST: i64 = 10;

/// A new endpoint. Its secret is shown once.
pub struct Added {
    /// Its name.
    pub id: HookId,
    /// What its events are signed with.
    pub secret: Secret,
}

/// Adds an endpoint; `None`: there are as many as there may be.
pub async fn add(
    tx: &mut TenantTx,
    tenant: &Tenant,
    url: &str,
    events: &[HookEvent],
    now: UnixMs,
) -> Result<Option<Added>, TenantError> {
    if tx.hooks_count().await? >= MOST {
        return Ok(None);
    }
    let (id, secret) = (HookId::random(), new_secret());
    let sealed = tenant.seal(Column::PartnerWebhook, secret.as_bytes())?;
    let words: Vec<&str> =
        HookEvent::ALL.iter().filter(|event| events.contains(event)).map(|event| event.as_str()).collect();
    let new = NewHook { id: &id, url, secret_sealed: &sealed, events: &words.join(",") };
    tx.hook_insert(&new, now).await?;
    Ok(Some(Added { id, secret: Secret::new(secret) }))
}

/// Gives an endpoint another secret. `None`: there is no such endpoint.
pub async fn rotate(tx: &mut TenantTx, tenant: &Tenant, id: &HookId) -> Result<Option<Secret>, TenantError> {
    let secret = new_secret();
    let sealed = tenant.seal(Column::PartnerWebhook, secret.as_bytes())?;
    Ok(tx.hook_set_secret(id, &sealed).await?.then(|| Secret::new(secret)))
}

fn new_secret() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

/// What signs an endpoint's events.
pub fn secret(tenant: &Tenant, hook: &HookRow) -> Result<Secret, TenantError> {
    let plain = tenant.open(Column::PartnerWebhook, &hook.secret_sealed)?;
    String::from_utf8(plain.to_vec()).map(Secret::new).map_err(|_| TenantError::Data("webhook's secret"))
}

/// The value of `webhook-signature` for a message: `v1,` and the HMAC-SHA256 of its id, its second and its body.
pub fn signature(secret: &Secret, id: &str, at: UnixMs, body: &str) -> String {
    let text = secret.expose();
    let key = STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).unwrap_or_default();
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(format!("{id}.{}.{body}", at.0 / 1000).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_standard_says() {
        // The example of the Standard Webhooks specification.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = r#"{"test": 2432232314}"#;
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", UnixMs(1_614_265_330_000), body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
