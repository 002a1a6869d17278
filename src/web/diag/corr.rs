//! `GET /__diag/corr/{id}?tenant=`: the whole story of a correlation id in one tenant.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::{Scope, answer, words};
use crate::diagnostics::trace::trace;
use crate::domain::Corr;
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// The handler. A story that is not there is 404; the owner has to say whose it is.
pub(in crate::web) async fn corr(State(state): State<WebState>, scope: Scope, Path(id): Path<String>) -> Response {
    let Scope::Tenant(tenant) = scope else { return Failure::BadRequest.into_response() };
    let Some(corr) = Corr::parse(&id) else { return Failure::NotFound.into_response() };
    let mut missing = false;
    let told = answer("corr", async {
        let mut tx = state.platform.db.tenant_read(&tenant.id).await?;
        let story = trace(&mut tx, &corr).await?;
        missing = story.steps.is_empty();
        let mut body = story.as_json(words(&state));
        body["ok"] = json!(true);
        body["bot_instance_id"] = json!(tenant.id.as_str());
        Ok(body)
    })
    .await;
    if missing { Failure::NotFound.into_response() } else { told }
}
