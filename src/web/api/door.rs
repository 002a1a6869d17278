//! The way of a call: key, pace, right, tenant, parameters, repetition; then its function. In this order for every call, so
//! no call can forget one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest as _, FromRequestParts as _, RawPathParams, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderName as Name, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tracing::Instrument as _;

use super::problem::Problem;
use super::table::{Act, Endpoint, Needs};
use crate::accounts::keys::{self, Caller};
use crate::domain::{BotInstanceId, ChatId, Corr, PanelScope, UnixMs};
use crate::locks::{Budget, LockKey, PlatformPurpose, Take};
use crate::store::{ApiAnswerRow, ApiWrite};
use crate::tenants::Tenant;
use crate::tenants::tenant::TenantError;
use crate::vault::Column;
use crate::web::client;
use crate::web::state::WebState;

/// Names a write, so that it is done once however often it is sent.
pub(super) const IDEMPOTENCY_KEY: HeaderName = Name::from_static("idempotency-key");
/// Says that an answer was kept from before.
const REPLAYED: HeaderName = Name::from_static("idempotency-replayed");
/// The story of the call, as logs have it.
const CORR: HeaderName = Name::from_static("x-correlation-id");
/// How long answers are kept.
pub(in crate::web) const KEPT: Duration = Duration::from_hours(24);
/// A write of the owner that was begun and not ended by then died with its process.
const DEAD_AFTER: Duration = Duration::from_mins(2);
/// Calls without a good key from one address: more are not even looked at.
const MISSES: Budget = Budget::new(30, Duration::from_mins(1), 30);
/// The parameter with which the platform's owner names a tenant.
pub(super) const TENANT: &str = "tenant";

/// A call that came through.
pub(super) struct Ask {
    pub(super) state: WebState,
    pub(super) caller: Caller,
    pub(super) corr: Corr,
    pub(super) now: UnixMs,
    /// The network it came from.
    origin: Option<String>,
    tenant: Option<Arc<Tenant>>,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    body: Bytes,
    /// The caller's name for this write; empty where it is none.
    pub(super) idem_key: String,
}

impl Ask {
    /// Whose rows. Calls that need a tenant have one.
    pub(super) fn tenant(&self) -> Result<&Arc<Tenant>, Problem> {
        self.tenant.as_ref().ok_or_else(Problem::not_found)
    }

    /// A part of the path; what has not its shape is not there.
    pub(super) fn part<T>(&self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        self.path.get(name).and_then(|text| read(text)).ok_or_else(Problem::not_found)
    }

    /// A parameter, as it was given.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A parameter of a kind; `rule` says which.
    pub(super) fn wanted<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.query(name) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| Problem::wrong_parameter(format!("{name}: {rule}")))
    }

    /// How many rows: 1 to 100, 50 where nothing is said.
    pub(super) fn limit(&self) -> Result<i64, Problem> {
        let read = |text: &str| text.parse::<i64>().ok().filter(|n| (1..=100).contains(n));
        Ok(self.wanted("limit", "a whole number from 1 to 100", read)?.unwrap_or(50))
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let bytes: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(bytes).map_err(|error| {
            // What serde says of a value may repeat it: only the place and the kind of the fault go out.
            let kind = if error.is_syntax() || error.is_eof() { "it is no JSON" } else { "it does not fit the schema" };
            Problem::wrong_body(format!("{kind}, line {} column {}", error.line(), error.column()))
        })
    }
}

/// What a call answers, and whom it wakes once its changes are there.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Value,
    /// Chats with something new to say.
    pub(super) chats: Vec<ChatId>,
    /// Whether there is work.
    pub(super) jobs: bool,
    /// Whether the tenants changed.
    pub(super) tenants: bool,
}

impl Reply {
    pub(super) fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(200, body)
    }

    pub(super) fn with(status: u16, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_value(body)
            .map_err(|_| Problem::new(500, "internal_error", "The service failed; what happened is in its log"))?;
        Ok(Self { status, body, chats: Vec::new(), jobs: false, tenants: false })
    }
}

/// The way.
pub(super) async fn pass(endpoint: &'static Endpoint, State(state): State<WebState>, request: Request) -> Response {
    let corr = Corr::random();
    let span = tracing::info_span!("api", call = endpoint.name, corr = %corr, tenant = tracing::field::Empty);
    let answered = answer(endpoint, &state, request, &corr).instrument(span).await;
    let mut response = match answered {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    };
    if let Ok(value) = HeaderValue::from_str(corr.as_str()) {
        response.headers_mut().insert(CORR, value);
    }
    response
}

async fn answer(
    endpoint: &'static Endpoint,
    state: &WebState,
    request: Request,
    corr: &Corr,
) -> Result<Response, Problem> {
    if let Act::Open(make) = endpoint.act {
        return Ok(axum::Json(make()).into_response());
    }
    let (mut parts, body) = request.into_parts();
    let caller = caller(state, &parts).await?;
    pace(state, &caller).await?;
    let (query, path) = (query(endpoint, &parts)?, path(state, &mut parts).await);
    let tenant = allowed(endpoint, state, &caller, &query, &path)?;
    if let Some(tenant) = &tenant {
        tracing::Span::current().record("tenant", tenant.id.as_str());
    }
    let origin = client::network(&parts, &state.platform.settings.server.trusted_proxies);
    let headers = parts.headers.clone();
    let body = read_body(endpoint, state, Request::from_parts(parts, body)).await?;
    let idem_key = if endpoint.is_write() { idempotency_key(&headers)? } else { String::new() };
    let now = state.platform.clock.now();
    let ask =
        Ask { state: state.clone(), caller, corr: corr.clone(), now, origin, tenant, path, query, body, idem_key };
    match endpoint.act {
        Act::Open(make) => Ok(axum::Json(make()).into_response()),
        Act::Read(read) => Ok(respond(read(&ask).await?.body, 200, false)),
        Act::Write(_) => write(endpoint, &ask).await,
        Act::Owner(_) => owner_write(endpoint, &ask).await,
    }
}

async fn caller(state: &WebState, parts: &Parts) -> Result<Caller, Problem> {
    let platform = &*state.platform;
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bearer = header.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer")).map_or("", |(_, b)| b);
    let (owner, now) = (platform.settings.admin.token.as_ref(), platform.clock.now());
    if let Some(caller) = keys::authenticate(&platform.db, owner, platform, bearer.trim(), now).await? {
        return Ok(caller);
    }
    let address = client::address(parts, &platform.settings.server.trusted_proxies);
    let Some(address) = address else { return Err(Problem::unauthorized()) };
    let key = LockKey::platform(&PlatformPurpose::ApiMisses(address));
    match platform.locks.take(&key, MISSES, 1).await {
        Take::Taken => Err(Problem::unauthorized()),
        Take::Wait(wait) => Err(Problem::too_often(wait)),
    }
}

async fn pace(state: &WebState, caller: &Caller) -> Result<(), Problem> {
    let rate = state.platform.settings.api.rate;
    let key = LockKey::platform(&PlatformPurpose::ApiCalls(caller.key.clone()));
    match state.platform.locks.take(&key, Budget::new(rate.count, rate.per, rate.burst), 1).await {
        Take::Taken => Ok(()),
        Take::Wait(wait) => Err(Problem::too_often(wait)),
    }
}

/// The right first, then the tenant: a key learns nothing about rows by asking for what it may not do.
fn allowed(
    endpoint: &Endpoint,
    state: &WebState,
    caller: &Caller,
    query: &HashMap<String, String>,
    path: &HashMap<String, String>,
) -> Result<Option<Arc<Tenant>>, Problem> {
    let right = endpoint.needs.right();
    if !caller.may(right) {
        return Err(Problem::forbidden(right.as_str()));
    }
    let find = |name: &str| BotInstanceId::parse(name).ok().and_then(|id| state.platform.tenants.get(&id));
    match (endpoint.needs, &caller.scope) {
        (Needs::Owner(_), PanelScope::Tenant(_)) => Err(Problem::forbidden("of the platform's owner")),
        (Needs::Owner(_), PanelScope::Platform) => match path.get(TENANT) {
            Some(name) => find(name).map(Some).ok_or_else(Problem::not_found),
            None => Ok(None),
        },
        (Needs::Tenant(_), PanelScope::Tenant(own)) => {
            let named = query.get(TENANT).is_none_or(|name| name == own.as_str());
            let tenant = if named { state.platform.tenants.get(own) } else { None };
            tenant.map(Some).ok_or_else(Problem::not_found)
        }
        (Needs::Tenant(_), PanelScope::Platform) => match query.get(TENANT) {
            Some(name) => find(name).map(Some).ok_or_else(Problem::not_found),
            None => Err(Problem::wrong_parameter("tenant: which bot? The platform's owner names one")),
        },
        (Needs::Nothing, _) => Ok(None),
    }
}

fn query(endpoint: &Endpoint, parts: &Parts) -> Result<HashMap<String, String>, Problem> {
    let mut query = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
        let of_tenant = name == TENANT && matches!(endpoint.needs, Needs::Tenant(_));
        if !of_tenant && !endpoint.params.iter().any(|param| !param.in_path && param.name == name) {
            return Err(Problem::wrong_parameter("a parameter is not one of this call's: see the document"));
        }
        if query.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(Problem::wrong_parameter("a parameter is given twice"));
        }
    }
    Ok(query)
}

async fn path(state: &WebState, parts: &mut Parts) -> HashMap<String, String> {
    let found = RawPathParams::from_request_parts(parts, state).await;
    found.map(|all| all.iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect()).unwrap_or_default()
}

async fn read_body(endpoint: &Endpoint, state: &WebState, request: Request) -> Result<Bytes, Problem> {
    if !endpoint.is_write() {
        return Ok(Bytes::new());
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let body = Bytes::from_request(request, state).await.map_err(|refused| match refused.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(413, "payload_too_large", "The body is larger than it may be"),
        _ => Problem::wrong_body("it could not be read"),
    })?;
    if !body.is_empty() && !is_json {
        return Err(Problem::new(415, "unsupported_media_type", "The body must be application/json"));
    }
    Ok(body)
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let given = headers.get(IDEMPOTENCY_KEY).map(|value| value.to_str().unwrap_or_default());
    let good = given.filter(|key| (1..=128).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_graphic()));
    good.map(str::to_owned).ok_or_else(|| {
        let problem = Problem::new(400, "idempotency_key", "A write needs the header Idempotency-Key");
        problem.detail("1 to 128 visible ASCII characters, new for each write, the same when it is repeated")
    })
}

/// What a request is, for telling a repetition from another request under the same key.
fn fingerprint(endpoint: &Endpoint, ask: &Ask) -> String {
    let mut hash = Sha256::new();
    hash.update(endpoint.name.as_bytes());
    let mut parts: Vec<_> = ask.path.iter().collect();
    parts.sort();
    for (name, value) in parts {
        hash.update([0]);
        hash.update(name.as_bytes());
        hash.update([1]);
        hash.update(value.as_bytes());
    }
    hash.update([2]);
    hash.update(&ask.body);
    hex::encode(hash.finalize())
}

/// A change of one tenant's rows: claimed, made and answered in one transaction.
async fn write(endpoint: &Endpoint, ask: &Ask) -> Result<Response, Problem> {
    let Act::Write(act) = endpoint.act else { return Err(Problem::not_found()) };
    let tenant = ask.tenant()?;
    let (caller, print) = (ask.caller.name(), fingerprint(endpoint, ask));
    let write = ApiWrite { caller: &caller, idem_key: &ask.idem_key, fingerprint: &print };
    let mut tx = ask.state.platform.db.tenant(&tenant.id).await?.coming_from(ask.origin.as_deref());
    if !tx.api_answer_claim(&write, ask.now.minus(KEPT), ask.now).await? {
        let kept = tx.api_answer_get(&caller, &ask.idem_key).await?;
        tx.rollback().await?;
        let open = |sealed: &[u8]| Ok(tenant.open(Column::ApiAnswer, sealed).map_err(TenantError::from)?.to_vec());
        return replay(kept, &print, open);
    }
    let reply = match act(ask, &mut tx).await {
        Ok(reply) => reply,
        Err(problem) => {
            // Nothing was done, so nothing is remembered: the same key may be tried again.
            tx.rollback().await?;
            return Err(problem);
        }
    };
    let sealed = tenant.seal(Column::ApiAnswer, reply.body.to_string().as_bytes()).map_err(TenantError::from)?;
    tx.api_answer_set(&write, reply.status, &sealed).await?;
    tx.commit().await?;
    wake(ask, &tenant.id, &reply).await;
    Ok(respond(reply.body, reply.status, false))
}

/// A change that takes several transactions: claimed before, answered after.
async fn owner_write(endpoint: &Endpoint, ask: &Ask) -> Result<Response, Problem> {
    let Act::Owner(act) = endpoint.act else { return Err(Problem::not_found()) };
    let (caller, print) = (ask.caller.name(), fingerprint(endpoint, ask));
    let write = ApiWrite { caller: &caller, idem_key: &ask.idem_key, fingerprint: &print };
    let db = &ask.state.platform.db;
    let mut tx = db.platform().await?;
    let since = (ask.now.minus(KEPT), ask.now.minus(DEAD_AFTER));
    if !tx.owner_answer_claim(&write, since, ask.now).await? {
        return replay(tx.owner_answer_get(&caller, &ask.idem_key).await?, &print, |plain| Ok(plain.to_vec()));
    }
    tx.commit().await?;
    let acted = act(ask).await;
    let mut tx = db.platform().await?;
    match &acted {
        Ok(reply) => tx.owner_answer_set(&write, reply.status, reply.body.to_string().as_bytes()).await?,
        Err(_) => tx.owner_answer_forget(&write).await?,
    };
    tx.commit().await?;
    let reply = acted?;
    if reply.tenants {
        refresh(ask).await;
    }
    Ok(respond(reply.body, reply.status, false))
}

fn replay(
    kept: Option<ApiAnswerRow>,
    print: &str,
    open: impl FnOnce(&[u8]) -> Result<Vec<u8>, Problem>,
) -> Result<Response, Problem> {
    let busy = || Problem::conflict("in_progress", "The same write is being worked on, ask again");
    let kept = kept.ok_or_else(busy)?;
    if kept.fingerprint != print {
        let title = "This Idempotency-Key was given to another request";
        return Err(Problem::new(422, "idempotency_key_reused", title));
    }
    if kept.status == 0 {
        return Err(busy());
    }
    let body = serde_json::from_slice(&open(&kept.body)?).unwrap_or(Value::Null);
    Ok(respond(body, u16::try_from(kept.status).unwrap_or(200), true))
}

fn respond(body: Value, status: u16, replayed: bool) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = (status, axum::Json(body)).into_response();
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

async fn wake(ask: &Ask, tenant: &BotInstanceId, reply: &Reply) {
    let signals = &ask.state.platform.signals;
    for chat in &reply.chats {
        signals.chat(tenant, *chat);
    }
    if reply.jobs {
        signals.job();
    }
    if reply.tenants {
        refresh(ask).await;
    }
}

/// This process knows at once; others within `bot.settings_refresh`.
async fn refresh(ask: &Ask) {
    let platform = &ask.state.platform;
    if let Err(error) = platform.tenants.refresh(&platform.db, &platform.vault).await {
        tracing::warn!(%error, "the tenants were not read anew after a change");
    }
}
