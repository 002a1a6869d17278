//! `POST /kie/{bot_instance_id}/{token}`: the provider says that a task has ended (decisions.md 16). Only a hint: it wakes the
//! watch, which asks the provider itself. Answered at once; an unknown tenant, token and path look the same.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::response::{IntoResponse as _, Response};

use crate::domain::BotInstanceId;
use crate::generation::GenerationError;
use crate::generation::callback::{self, Called, Check};
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// Looks the token up, notes the hint, wakes the workers.
pub(in crate::web) async fn callback(
    State(state): State<WebState>,
    Path((tenant, token)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Failure> {
    let platform = &state.platform;
    let id = BotInstanceId::parse(&tenant).map_err(|_| Failure::NotFound)?;
    let tenant = platform.tenants.get(&id).ok_or(Failure::NotFound)?;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, &())
        .await
        .map_err(|refused| Failure::of_status(refused.into_response().status()).unwrap_or(Failure::BadRequest))?;
    let check = Check { hmac: None, settings: &platform.settings };
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let called =
        callback::handle(&mut tx, check, &token, &headers, &body, platform.clock.now()).await.map_err(broken)?;
    tx.commit().await?;
    match called {
        Called::Unknown => return Err(Failure::NotFound),
        Called::Unsigned => return Err(Failure::SignedOut),
        Called::Adopted | Called::Woken => platform.signals.job(),
        Called::Nothing => {}
    }
    Ok(axum::Json(serde_json::json!({ "ok": true })).into_response())
}

fn broken(error: GenerationError) -> Failure {
    match error {
        GenerationError::Store(error) => error.into(),
        error => {
            tracing::error!(%error, class = error.class(), "a callback could not be handled");
            Failure::Broken
        }
    }
}
