//! `GET /__diag/last_errors`.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Scope, answer, words};
use crate::diagnostics::hints;
use crate::web::state::WebState;

/// Errors that are listed.
const LISTED: i64 = 10;

/// The handler.
pub(in crate::web) async fn last_errors(State(state): State<WebState>, scope: Scope) -> Response {
    answer("last_errors", async {
        let db = &state.platform.db;
        let hint = |class: &str| words(&state).get(hints::of_class(class));
        let errors: Vec<Value> = match &scope {
            Scope::Tenant(tenant) => {
                let rows = db.tenant_read(&tenant.id).await?.errors_last(LISTED).await?;
                let line = |row: &crate::store::ErrorRow| {
                    json!({ "bot_instance_id": tenant.id.as_str(), "corr": row.corr, "stage": row.stage,
                            "handler": row.handler, "class": row.class, "error": row.message, "at": row.created_at,
                            "how_to_fix": hint(&row.class) })
                };
                rows.iter().map(line).collect()
            }
            Scope::Platform => {
                let rows = db.platform_read().await?.errors_last_of_all(LISTED).await?;
                let line = |row: &crate::store::PlatformErrorRow| {
                    json!({ "bot_instance_id": row.tenant.as_str(), "corr": row.corr, "stage": row.stage,
                            "handler": row.handler, "class": row.class, "error": row.message, "at": row.created_at,
                            "how_to_fix": hint(&row.class) })
                };
                rows.iter().map(line).collect()
            }
        };
        Ok(json!({ "ok": true, "errors": errors }))
    })
    .await
}
