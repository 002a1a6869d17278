//! The door of every panel page: who asks, whose page it is, whether the role may. Routes say what they need, the table in
//! `accounts/permissions.rs` says who has it, and handlers receive what was proven here (style.md 13; reliability.md T12).
//!
//! In this order: a form of another site is refused, nobody signs in first, somebody else's page and a page that is not there
//! are the same 404, and only one's own page may say that the role is too small for it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts as _, RawPathParams, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use super::client;
use super::extract::{SignedIn, is_foreign};
use super::failure::Failure;
use super::state::WebState;
use crate::accounts::audit::{self, Act as Deed, Actor};
use crate::accounts::{Act, Role, Session};
use crate::domain::{AuditAction, AuditDoor, BotInstanceId, Corr, PanelScope};
use crate::locks::{Budget, LockKey, Purpose, Take};
use crate::tenants::Tenant;

/// What an address needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: health, files, hooks and signing in prove their callers otherwise, or need no proof.
    Open,
    /// Somebody who is signed in.
    Session,
    /// Somebody who may do this in the tenant that the path names.
    Tenant(Act),
    /// The same, where looking needs the first and sending the form the second.
    TenantForm([Act; 2]),
    /// The platform's owner.
    Platform,
}

impl Need {
    /// What a method of the address needs in its tenant; `None` where it is no tenant's.
    pub fn act(self, method: &Method) -> Option<Act> {
        match self {
            Self::Tenant(act) => Some(act),
            Self::TenantForm([look, change]) => Some(if method.is_safe() { look } else { change }),
            Self::Open | Self::Session | Self::Platform => None,
        }
    }
}

/// Whose page it is and as what it is looked at: proven by [`guard`].
#[derive(Clone)]
pub(super) struct Pass {
    pub(super) session: Session,
    /// What the person is on this page.
    pub(super) role: Role,
    /// The tenant that the path names.
    pub(super) tenant: Option<Arc<Tenant>>,
}

/// What a guarded route is guarded with.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) state: WebState,
    pub(super) need: Need,
}

/// The middleware of one route.
pub(super) async fn guard(State(door): State<Door>, request: Request, next: Next) -> Result<Response, Failure> {
    let state = &door.state;
    if !request.method().is_safe() && is_foreign(request.headers(), state) {
        return Err(Failure::ForeignForm);
    }
    let (mut parts, body) = request.into_parts();
    let SignedIn(session) = SignedIn::from_request_parts(&mut parts, state).await?;
    let pass = match door.need {
        Need::Open | Need::Session => Pass { role: session.who.role, session, tenant: None },
        Need::Platform => {
            let owns = session.who.scope == PanelScope::Platform && session.who.role.may(Act::Platform);
            if !owns {
                return Err(Failure::NotFound);
            }
            Pass { role: session.who.role, session, tenant: None }
        }
        need @ (Need::Tenant(_) | Need::TenantForm(_)) => {
            let params = RawPathParams::from_request_parts(&mut parts, state).await.map_err(|_| Failure::NotFound)?;
            let named = params.iter().find(|(name, _)| *name == "tenant").map(|(_, value)| value.to_owned());
            let tenant = tenant(state, &session, named.as_deref().unwrap_or_default()).ok_or(Failure::NotFound)?;
            within_limit(state, &tenant).await?;
            let role = role_here(state, &session, &tenant).await?;
            let act = need.act(&parts.method).filter(|act| role.may(*act)).ok_or(Failure::Forbidden)?;
            if role == Role::Support && act == Act::Look {
                looked(&parts, state, &session, &tenant).await?;
            }
            Pass { session, role, tenant: Some(tenant) }
        }
    };
    parts.extensions.insert(pass);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// One bot's people cannot keep the database from the others' (platform.md 3): so many pages a minute.
async fn within_limit(state: &WebState, tenant: &Tenant) -> Result<(), Failure> {
    let most = tenant.limits.panel_requests_per_minute;
    let budget = Budget::new(most, Duration::from_mins(1), most);
    match state.platform.locks.take(&LockKey::new(&tenant.id, Purpose::PanelRequests), budget, 1).await {
        Take::Taken => Ok(()),
        Take::Wait(wait) => Err(Failure::TooOften(wait)),
    }
}

/// What the person is in this tenant: the platform's owner is its support for the hour that its owner granted.
async fn role_here(state: &WebState, session: &Session, tenant: &Tenant) -> Result<Role, Failure> {
    let platform = &state.platform;
    if session.who.role != Role::PlatformOwner {
        return Ok(session.who.role);
    }
    let granted = platform.db.tenant_read(&tenant.id).await?.support_get(platform.clock.now()).await?;
    Ok(if granted.is_some() { Role::Support } else { Role::PlatformOwner })
}

/// Each page that the support opens is written into the bot's own audit log.
async fn looked(parts: &Parts, state: &WebState, session: &Session, tenant: &Tenant) -> Result<(), Failure> {
    let corr = parts.extensions.get::<Corr>().cloned().unwrap_or_else(Corr::random);
    let actor = Actor { user: session.who.subject.user(), door: AuditDoor::Panel, corr: &corr };
    let page: String = parts.uri.path().chars().take(120).collect();
    let platform = &state.platform;
    let origin = client::network(parts, &platform.settings.server.trusted_proxies);
    let mut tx = platform.db.tenant(&tenant.id).await?.coming_from(origin.as_deref());
    audit::record(&mut tx, actor, Deed::new(AuditAction::SupportLooked, &page), platform.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// The tenant of this name, if it is there and this session's; nobody can tell which of the two it is not.
fn tenant(state: &WebState, session: &Session, name: &str) -> Option<Arc<Tenant>> {
    let id = BotInstanceId::parse(name).ok()?;
    let own = match &session.who.scope {
        PanelScope::Tenant(own) => *own == id,
        PanelScope::Platform => true,
    };
    state.platform.tenants.get(&id).filter(|_| own)
}
