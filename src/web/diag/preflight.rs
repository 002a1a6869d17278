//! `GET /__diag/billing_preflight`.

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::{NoReport, Scope, answer, words};
use crate::diagnostics::runs::{preflight_all_run, preflight_run};
use crate::diagnostics::shown::as_json;
use crate::diagnostics::{Report, Trouble};
use crate::domain::ReportAsker;
use crate::web::state::WebState;

/// The handler.
pub(in crate::web) async fn billing_preflight(State(state): State<WebState>, scope: Scope) -> Response {
    answer("billing_preflight", async {
        let platform = &*state.platform;
        let (report, tenant) = match &scope {
            Scope::Tenant(tenant) => {
                (preflight_run(&platform.subject(tenant), ReportAsker::Http).await, Some(tenant.id.as_str()))
            }
            Scope::Platform => {
                (preflight_all_run(&platform.installation(&state.instance), ReportAsker::Http).await, None)
            }
        };
        refuse(&report)?;
        let mut body = as_json(&report, words(&state));
        body["bot_instance_id"] = json!(tenant);
        body["at"] = json!(platform.clock.now().0);
        Ok(body)
    })
    .await
}

/// A report that could not be made as a whole says nothing about money.
fn refuse(report: &Report) -> Result<(), NoReport> {
    match report.trouble() {
        None => Ok(()),
        Some(Trouble::Timeout) => Err(NoReport { timeout: true, detail: "no answer in time".to_owned() }),
        Some(Trouble::Storage(class)) => {
            Err(NoReport { timeout: matches!(class.as_ref(), "db_slow" | "db_busy"), detail: class.to_string() })
        }
    }
}
