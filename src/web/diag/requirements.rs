//! `GET /__diag/requirements`: what a bot needs; for the owner without `?tenant=`, which bots something is due for.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Scope, answer, words};
use crate::bot::requirements::due;
use crate::diagnostics::requirements::nothing_blocks;
use crate::store::StoreError;
use crate::tenants::Tenant;
use crate::web::state::WebState;

/// Tenants that the owner's answer walks through; the others are asked about by name.
const WALKED: usize = 200;

/// The handler.
pub(in crate::web) async fn requirements(State(state): State<WebState>, scope: Scope) -> Response {
    answer("requirements", async {
        match &scope {
            Scope::Tenant(tenant) => {
                let mut body = of(&state, tenant).await?;
                body["ok"] = json!(true);
                Ok(body)
            }
            Scope::Platform => {
                let all = state.platform.tenants.all();
                let mut tenants = Vec::new();
                for tenant in all.iter().take(WALKED) {
                    tenants.push(of(&state, tenant).await?);
                }
                Ok(json!({ "ok": true, "tenants": tenants, "left_out": all.len().saturating_sub(WALKED) }))
            }
        }
    })
    .await
}

async fn of(state: &WebState, tenant: &Tenant) -> Result<Value, StoreError> {
    let platform = &*state.platform;
    let found = due(&platform.db, &platform.settings, platform.catalog, tenant, platform.clock.now()).await?;
    let listed: Vec<Value> = found.iter().map(|requirement| requirement.as_json(words(state))).collect();
    Ok(json!({ "bot_instance_id": tenant.id.as_str(), "can_go_live": nothing_blocks(&found), "requirements": listed }))
}
