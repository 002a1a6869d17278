//! Whose page it is.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::SignedIn;
use crate::accounts::Session;
use crate::domain::{BotInstanceId, PanelScope};
use crate::tenants::Tenant;
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// The tenant that the path names, for its own people and the platform's owner.
pub(in crate::web) struct ForTenant {
    pub(in crate::web) tenant: Arc<Tenant>,
    pub(in crate::web) session: Session,
}

impl FromRequestParts<WebState> for ForTenant {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, state).await?;
        let Ok(Path(name)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(Failure::NotFound);
        };
        let id = BotInstanceId::parse(&name).map_err(|_| Failure::NotFound)?;
        let may = match &session.who.scope {
            PanelScope::Tenant(own) => *own == id,
            PanelScope::Platform => true,
        };
        let tenant = if may { state.platform.tenants.get(&id) } else { None };
        Ok(Self { tenant: tenant.ok_or(Failure::NotFound)?, session })
    }
}

/// Whoever asks for their own page: a tenant's people have one, the platform's owner has all.
pub(in crate::web) enum Own {
    Tenant(ForTenant),
    Platform,
}

impl FromRequestParts<WebState> for Own {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, state).await?;
        let PanelScope::Tenant(id) = &session.who.scope else { return Ok(Self::Platform) };
        let tenant = state.platform.tenants.get(id).ok_or(Failure::NotFound)?;
        Ok(Self::Tenant(ForTenant { tenant, session }))
    }
}
