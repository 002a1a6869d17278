//! Sessions of the panel: a row that decides, and a signed cookie that names it (decisions.md 13, reliability.md T34, T38).
//!
//! Checked on each request: the signature, the row (revoked, over, idle, version), and that the person still has the right
//! the session was opened with. There is no refresh token; after 12 hours, or 30 minutes without a request, one asks the bot
//! for a new link.

use super::audit::{self, Act, Actor};
use super::identity::{Identity, Role};
use super::{jwt, token};
use crate::config::{Panel, Settings};
use crate::domain::{AdminRole, AuditAction, AuditDoor, BotInstanceId, Corr, PanelScope, UnixMs, UserId};
use crate::store::{Db, NewPanelSession, PanelSessionRow, PlatformTx, StoreError};
use crate::vault::Vault;

/// A row's version when it begins; whoever changes what a session may do raises it, and the cookie that says the old one is
/// refused (reliability.md T38).
const FIRST_VERSION: i64 = 1;

/// What entering gave.
pub struct Entered {
    /// Who came in.
    pub who: Identity,
    /// The cookie's value.
    pub cookie: String,
}

/// A session that passed the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names its row; forms are bound to it.
    pub id: String,
    /// Who.
    pub who: Identity,
    /// When it was opened by a link: a confirmation by the bot is as fresh as this.
    pub began: UnixMs,
}

impl Session {
    /// Whether a confirmation by the bot is fresh enough for a dangerous act (reliability.md 3.8, step-up).
    pub fn is_fresh(&self, settings: &Panel, now: UnixMs) -> bool {
        now.since(self.began) <= settings.step_up_life
    }
}

/// Why a request has no session.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// There is none, or none of ours.
    #[error("not signed in")]
    SignedOut,
    /// There was one, and it is over.
    #[error("the session is over")]
    Over,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who has which right now; the caller knows the live tenants.
pub trait Rights {
    /// What this person is in this tenant; `None` when the tenant is gone or they are no admin of it.
    fn role_in(&self, tenant: &BotInstanceId, user: UserId) -> Option<AdminRole>;
    /// Whether the tenant is there.
    fn exists(&self, tenant: &BotInstanceId) -> bool;
    /// Whether this person owns the platform.
    fn owns_platform(&self, user: UserId) -> bool;
}

/// How a request is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// A person did something: the session is not idle.
    Active,
    /// The page refreshed itself: an abandoned screen must not stay signed in.
    Unattended,
}

/// Opens a session under a new id, whatever the browser brought.
pub(super) async fn open(
    tx: &mut PlatformTx,
    vault: &Vault,
    settings: &Panel,
    who: &Identity,
    now: UnixMs,
) -> Result<Entered, StoreError> {
    let sid = token::random();
    let subject = who.subject.to_string();
    let row = NewPanelSession {
        sid: &sid,
        scope: &who.scope,
        role: who.role.as_str(),
        subject: &subject,
        version: FIRST_VERSION,
        expires_at: now.plus(settings.session_life),
    };
    tx.panel_session_insert(&row, now).await?;
    let tid = tid(&who.scope);
    let claims = jwt::Subject { sub: &subject, sid: &sid, tid, role: who.role.as_str(), ver: FIRST_VERSION };
    Ok(Entered { who: who.clone(), cookie: jwt::sign(vault, &claims, now, settings.session_life) })
}

/// Checks a request's cookie.
pub async fn check(
    db: &Db,
    vault: &Vault,
    settings: &Settings,
    rights: &impl Rights,
    cookie: &str,
    presence: Presence,
    now: UnixMs,
) -> Result<Session, Denied> {
    let claims = jwt::verify(vault, cookie, now).ok_or(Denied::SignedOut)?;
    let row = db.platform_read().await?.panel_session_get(&claims.sid).await?.ok_or(Denied::Over)?;
    let panel = &settings.panel;
    let over = row.revoked_at.is_some() || row.expires_at <= now || now.since(row.seen_at) >= panel.session_idle;
    let same = row.version == claims.ver
        && row.role == claims.role
        && row.subject == claims.sub
        && tid(&row.scope) == claims.tid;
    if over || !same {
        return Err(Denied::Over);
    }
    let (seen_at, began) = (row.seen_at, row.created_at);
    let who = identity(row)?;
    if !still_may(rights, &who) && !still_looks(db, &who).await? {
        if revoke(db, &claims.sid, now).await?
            && let Err(error) = note_lost(db, rights, &who, now).await
        {
            tracing::warn!(%error, "a session that ended with its right was not written down");
        }
        tracing::info!(scope = who.scope.as_str(), role = who.role.as_str(), "a session ended with its right");
        return Err(Denied::Over);
    }
    if presence == Presence::Active && now.since(seen_at) >= panel.session_touch_every {
        let mut tx = db.platform().await?;
        tx.panel_session_touch(&claims.sid, now).await?;
        tx.commit().await?;
    }
    Ok(Session { id: claims.sid, who, began })
}

/// Ends a session: its cookie opens nothing from the next request on. `false`: it was ended before.
pub async fn revoke(db: &Db, sid: &str, now: UnixMs) -> Result<bool, StoreError> {
    let mut tx = db.platform().await?;
    let ended = tx.panel_session_revoke(sid, now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Writes into a bot's audit log that a session ended because its person has the right no more; the log of a bot that is gone
/// went with it.
async fn note_lost(db: &Db, rights: &impl Rights, who: &Identity, now: UnixMs) -> Result<(), StoreError> {
    let Some(tenant) = who.scope.tenant().filter(|tenant| rights.exists(tenant)) else { return Ok(()) };
    let (corr, object) = (Corr::random(), who.subject.user().map_or_else(|| who.subject.to_string(), audit::person));
    let act = Act::new(AuditAction::SessionLost, &object).changed(Some(who.role.as_str()), None);
    let mut tx = db.tenant(tenant).await?;
    audit::record(&mut tx, Actor { user: None, door: AuditDoor::System, corr: &corr }, act, now).await?;
    tx.commit().await
}

/// A role that was lost or lowered since ends the session; whoever was made from a shell keeps what they were given.
fn still_may(rights: &impl Rights, who: &Identity) -> bool {
    match (&who.scope, who.subject.user()) {
        (PanelScope::Platform, None) => true,
        (PanelScope::Platform, Some(user)) => rights.owns_platform(user),
        (PanelScope::Tenant(tenant), None) => rights.exists(tenant),
        (PanelScope::Tenant(tenant), Some(user)) => match rights.role_in(tenant, user) {
            Some(AdminRole::Owner) => true,
            Some(AdminRole::Admin) => who.role != Role::Owner,
            None => false,
        },
    }
}

/// Who only looks is in no admins' list; the row decides, so that taking it away counts at once.
async fn still_looks(db: &Db, who: &Identity) -> Result<bool, StoreError> {
    let (Role::Viewer, PanelScope::Tenant(tenant), Some(user)) = (who.role, &who.scope, who.subject.user()) else {
        return Ok(false);
    };
    db.tenant_read(tenant).await?.viewer_is(user).await
}

fn tid(scope: &PanelScope) -> &str {
    scope.tenant().map_or(jwt::PLATFORM, BotInstanceId::as_str)
}

fn identity(row: PanelSessionRow) -> Result<Identity, Denied> {
    let broken = StoreError::corrupt("panel_sessions", "role", &row.created_at.0);
    Ok(Identity::from_stored(row.scope, &row.role, &row.subject).ok_or(broken)?)
}
