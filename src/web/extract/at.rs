//! Where a handler stands: the page's tenant or the platform, the reader's language, who acts, the present moment.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::accounts::audit::Actor;
use crate::accounts::{Act, Role, Session};
use crate::bot::Platform;
use crate::domain::{AuditDoor, BotInstanceId, Corr, PanelScope, UnixMs, UserId};
use crate::store::{PlatformTx, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::texts::Words;
use crate::web::client;
use crate::web::failure::Failure;
use crate::web::guard::Pass;
use crate::web::language::Spoken;
use crate::web::state::WebState;

/// What every handler of the panel needs, on a tenant's page and on the platform's.
pub(in crate::web) struct Desk {
    pub(in crate::web) state: WebState,
    pub(in crate::web) spoken: Spoken,
    pub(in crate::web) session: Session,
    /// What the person is here.
    pub(in crate::web) role: Role,
    pub(in crate::web) now: UnixMs,
    /// The request's story.
    pub(in crate::web) corr: Corr,
    /// The network it came from.
    pub(in crate::web) origin: Option<String>,
    /// The query, as it came.
    pub(in crate::web) query: Vec<(String, String)>,
    tenant: Option<Arc<Tenant>>,
}

impl Desk {
    /// What all tenants share.
    pub(in crate::web) fn platform(&self) -> &Platform {
        &self.state.platform
    }

    /// Texts in the reader's language.
    pub(in crate::web) fn words(&self) -> Words<'_> {
        self.state.platform.texts.words(self.spoken.language)
    }

    /// Who acts, for the audit log.
    pub(in crate::web) fn actor(&self) -> Actor<'_> {
        Actor { user: self.user(), door: AuditDoor::Panel, corr: &self.corr }
    }

    /// The Telegram id of who acts; `None`: whoever has a shell on the machine.
    pub(in crate::web) fn user(&self) -> Option<UserId> {
        self.session.who.subject.user()
    }

    /// Rows of the platform, to change in its owner's name.
    pub(in crate::web) async fn over(&self) -> Result<PlatformTx, StoreError> {
        Ok(self.platform().db.platform().await?.coming_from(self.origin.as_deref()))
    }

    /// Rows of one tenant, to change in the name of the platform's owner.
    pub(in crate::web) async fn over_one(&self, tenant: &BotInstanceId) -> Result<TenantTx, StoreError> {
        Ok(self.platform().db.tenant(tenant).await?.coming_from(self.origin.as_deref()))
    }

    /// A value of the query; an empty one is none.
    pub(in crate::web) fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Refuses a dangerous act whose confirmation by the bot is too old (reliability.md 3.8).
    pub(in crate::web) fn confirmed_by_bot(&self) -> Result<(), Failure> {
        if self.session.is_fresh(&self.platform().settings.panel, self.now) { Ok(()) } else { Err(Failure::StepUp) }
    }
}

impl FromRequestParts<WebState> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let missing = || {
            tracing::error!(path = parts.uri.path(), "a page of the panel has no guard");
            Failure::Broken
        };
        let Pass { session, role, tenant } = parts.extensions.get::<Pass>().cloned().ok_or_else(missing)?;
        let spoken = *parts.extensions.get::<Spoken>().ok_or_else(missing)?;
        let corr = parts.extensions.get::<Corr>().cloned().ok_or_else(missing)?;
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned();
        Ok(Self {
            spoken,
            session,
            role,
            now: state.platform.clock.now(),
            corr,
            origin: client::network(parts, &state.platform.settings.server.trusted_proxies),
            query: query.collect(),
            tenant,
            state: state.clone(),
        })
    }
}

/// A page of the tenant that the path names.
pub(in crate::web) struct At {
    pub(in crate::web) desk: Desk,
    pub(in crate::web) tenant: Arc<Tenant>,
}

impl std::ops::Deref for At {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl At {
    /// The address of one of this tenant's pages: `users/42`; empty: its first page.
    pub(in crate::web) fn url(&self, rest: &str) -> String {
        url_of(&self.tenant, rest)
    }

    /// Whether the reader may do that here.
    pub(in crate::web) fn may(&self, act: Act) -> bool {
        self.role.may(act)
    }

    /// Rows of this tenant, to read.
    pub(in crate::web) async fn reads(&self) -> Result<TenantTx, StoreError> {
        self.platform().db.tenant_read(&self.tenant.id).await
    }

    /// Rows of this tenant, to change.
    pub(in crate::web) async fn writes(&self) -> Result<TenantTx, StoreError> {
        Ok(self.platform().db.tenant(&self.tenant.id).await?.coming_from(self.origin.as_deref()))
    }

    /// After a form: to a page that says what was done (`panel-done-…`).
    pub(in crate::web) fn done(&self, rest: &str, what: &str) -> Response {
        self.after(rest, "done", what)
    }

    /// After a form that changed nothing: to a page that says why (`panel-problem-…`).
    pub(in crate::web) fn problem(&self, rest: &str, what: &str) -> Response {
        self.after(rest, "problem", what)
    }

    fn after(&self, rest: &str, name: &str, what: &str) -> Response {
        let mark = if rest.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{}{mark}{name}={what}", self.url(rest))).into_response()
    }
}

/// The address of a tenant's page.
pub(in crate::web) fn url_of(tenant: &Tenant, rest: &str) -> String {
    let slash = if rest.is_empty() || rest.starts_with('?') { "" } else { "/" };
    format!("/panel/t/{}{slash}{rest}", tenant.id)
}

impl FromRequestParts<WebState> for At {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let desk = Desk::from_request_parts(parts, state).await?;
        let tenant = desk.tenant.clone().ok_or(Failure::Broken)?;
        Ok(Self { desk, tenant })
    }
}

/// Whoever asks for their own first page: a tenant's people have one, the platform's owner has all.
pub(in crate::web) enum Own {
    Tenant(Box<At>),
    Platform,
}

impl FromRequestParts<WebState> for Own {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let desk = Desk::from_request_parts(parts, state).await?;
        let PanelScope::Tenant(id) = &desk.session.who.scope else { return Ok(Self::Platform) };
        let tenant = state.platform.tenants.get(id).ok_or(Failure::NotFound)?;
        Ok(Self::Tenant(Box::new(At { desk, tenant })))
    }
}
