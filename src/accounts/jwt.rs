//! The signed cookie of a session: a JWT of exactly one shape, HS256.
//!
//! Signed and checked here in a few lines rather than by a general library: there is one algorithm and one issuer, so the
//! header is compared byte for byte and no header field of an attacker's is ever read; claims have one type each (a library
//! takes `aud` as a list and `exp` as a fraction). What it says is still only a hint: the session's row decides.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::domain::UnixMs;
use crate::vault::{Purpose, Vault};

const HEADER: &str = r#"{"alg":"HS256","kid":"panel-1","typ":"JWT"}"#;
const ISSUER: &str = "botyard";
const AUDIENCE: &str = "botyard-panel";
/// How far the clocks of two replicas may be apart.
const LEEWAY: i64 = 5;
/// `tid` of the platform's own pages: no `bot_instance_id` has a `*`.
pub(super) const PLATFORM: &str = "*";

/// What the cookie says (decisions.md 13). Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    iat: i64,
    nbf: i64,
    pub(super) sub: String,
    pub(super) sid: String,
    pub(super) tid: String,
    pub(super) role: String,
    pub(super) ver: i64,
}

/// What differs from session to session.
pub(super) struct Subject<'a> {
    pub(super) sub: &'a str,
    pub(super) sid: &'a str,
    pub(super) tid: &'a str,
    pub(super) role: &'a str,
    pub(super) ver: i64,
}

/// Signs a cookie that is good from `now` for `life`.
pub(super) fn sign(vault: &Vault, who: &Subject<'_>, now: UnixMs, life: Duration) -> String {
    let iat = now.0.div_euclid(1000);
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        exp: iat.saturating_add(i64::try_from(life.as_secs()).unwrap_or(i64::MAX)),
        iat,
        nbf: iat,
        sub: who.sub.to_owned(),
        sid: who.sid.to_owned(),
        tid: who.tid.to_owned(),
        role: who.role.to_owned(),
        ver: who.ver,
    };
    // A struct of texts and numbers always serializes; an empty payload would only be refused later.
    let payload = serde_json::to_vec(&claims).unwrap_or_default();
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(payload));
    let signature = URL_SAFE_NO_PAD.encode(vault.keyed_hash(Purpose::PanelSession, message.as_bytes()));
    format!("{message}.{signature}")
}

/// What a cookie says, if it is ours, whole and of now.
pub(super) fn verify(vault: &Vault, token: &str, now: UnixMs) -> Option<Claims> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, payload) = message.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let expected = vault.keyed_hash(Purpose::PanelSession, message.as_bytes());
    if header != URL_SAFE_NO_PAD.encode(HEADER) || !bool::from(expected.ct_eq(&signature)) {
        return None;
    }
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    let now = now.0.div_euclid(1000);
    let ours = claims.iss == ISSUER && claims.aud == AUDIENCE;
    let of_now = claims.exp > now - LEEWAY && claims.nbf <= now + LEEWAY && claims.iat <= now + LEEWAY;
    (ours && of_now).then_some(claims)
}

#[cfg(test)]
mod tests;
