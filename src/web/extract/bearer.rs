//! Programs: whose key a request carries (decisions.md 16). The one place where a bearer token becomes a right.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Query};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::accounts::keys;
use crate::domain::{ApiRight, BotInstanceId, PanelScope};
use crate::locks::{Budget, LockKey, PlatformPurpose, Take};
use crate::tenants::Tenant;
use crate::web::client;
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) enum Bearer {
    /// The platform owner's token, or a key of the whole platform.
    Owner,
    /// A tenant's key.
    Tenant(BotInstanceId),
}

/// Keys that are none, from one address: more are not even looked up.
const MISSES: Budget = Budget::new(30, Duration::from_mins(1), 30);
/// A key that could not be looked up may be brought again after this.
const AGAIN: Duration = Duration::from_secs(5);

/// Reads `Authorization: Bearer …`. The owner's token needs no database: whoever has it is told also when that is what is broken.
async fn bearer(parts: &Parts, state: &WebState) -> Result<Bearer, Failure> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Failure::SignedOut);
    }
    if let Some(known) = &state.platform.settings.admin.token {
        // Hashes have one length, so the time says nothing of how much was right.
        let (given, known) = (Sha256::digest(token.as_bytes()), Sha256::digest(known.expose().as_bytes()));
        if bool::from(given.as_slice().ct_eq(known.as_slice())) {
            return Ok(Bearer::Owner);
        }
    }
    if token.starts_with(keys::PREFIX) { key(parts, state, token).await } else { Err(Failure::SignedOut) }
}

/// A key of the API that may read.
async fn key(parts: &Parts, state: &WebState, token: &str) -> Result<Bearer, Failure> {
    let platform = &*state.platform;
    let caller = keys::authenticate(&platform.db, None, platform, token, platform.clock.now()).await;
    let caller = caller.map_err(|error| {
        tracing::warn!(%error, "a key was not looked up");
        Failure::Away(AGAIN)
    })?;
    if let Some(caller) = caller {
        return match caller.scope {
            _ if !caller.may(ApiRight::Read) => Err(Failure::Forbidden),
            PanelScope::Platform => Ok(Bearer::Owner),
            PanelScope::Tenant(tenant) => Ok(Bearer::Tenant(tenant)),
        };
    }
    let Some(address) = client::address(parts, &platform.settings.server.trusted_proxies) else {
        return Err(Failure::SignedOut);
    };
    let misses = LockKey::platform(&PlatformPurpose::ApiMisses(address));
    match platform.locks.take(&misses, MISSES, 1).await {
        Take::Taken => Err(Failure::SignedOut),
        Take::Wait(wait) => Err(Failure::TooOften(wait)),
    }
}

impl FromRequestParts<WebState> for Bearer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        bearer(parts, state).await
    }
}

/// What a program asks about: one tenant, or, without `?tenant=`, whatever its key is for.
pub(in crate::web) enum Scope {
    /// One tenant: the one that was named, or the key's own.
    Tenant(Arc<Tenant>),
    /// All of them, for the platform's owner.
    Platform,
}

#[derive(Deserialize)]
struct Named {
    tenant: Option<String>,
}

impl FromRequestParts<WebState> for Scope {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let bearer = Bearer::from_request_parts(parts, state).await?;
        let Query(Named { tenant }) = Query::from_request_parts(parts, state).await.map_err(|_| Failure::BadRequest)?;
        let named = match &tenant {
            Some(name) => Some(BotInstanceId::parse(name).map_err(|_| Failure::NotFound)?),
            None => None,
        };
        let id = match (bearer, named) {
            (Bearer::Owner, None) => return Ok(Self::Platform),
            (Bearer::Owner, Some(id)) => id,
            (Bearer::Tenant(own), named) if named.as_ref().is_none_or(|id| *id == own) => own,
            (Bearer::Tenant(_), _) => return Err(Failure::NotFound),
        };
        state.platform.tenants.get(&id).map(Self::Tenant).ok_or(Failure::NotFound)
    }
}
