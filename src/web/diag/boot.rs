//! `GET /__diag/boot`: how this process's start went; of a bot, how its connection stands.

use std::sync::{Arc, OnceLock};

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::{NoReport, Scope, answer, words};
use crate::diagnostics::shown::as_json;
use crate::diagnostics::{Report, runs};
use crate::domain::{ReportKind, UnixMs};
use crate::web::state::WebState;

/// The report of this process's start, once it is made.
pub type BootSlot = Arc<OnceLock<(UnixMs, Report)>>;

/// The handler.
pub(in crate::web) async fn boot(State(state): State<WebState>, scope: Scope) -> Response {
    answer("boot", async {
        let (at, report, tenant) = match &scope {
            Scope::Platform => {
                let made = state.boot.get().cloned();
                let (at, report) =
                    made.ok_or(NoReport { timeout: true, detail: "the start is not complete".to_owned() })?;
                (at, report, None)
            }
            Scope::Tenant(tenant) => {
                let mut tx = state.platform.db.tenant_read(&tenant.id).await?;
                let last = tx.reports_last(ReportKind::Boot, 1).await?.pop();
                let read = last.and_then(|row| Some((row.at, runs::read(&row.report)?)));
                let (at, report) =
                    read.ok_or(NoReport { timeout: false, detail: "the bot is not connected yet".to_owned() })?;
                (at, report, Some(tenant.id.as_str()))
            }
        };
        let mut body = as_json(&report, words(&state));
        body["bot_instance_id"] = json!(tenant);
        body["at"] = json!(at);
        body["version"] = json!(env!("CARGO_PKG_VERSION"));
        Ok(body)
    })
    .await
}
