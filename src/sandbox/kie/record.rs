//! Status requests.

use std::sync::Arc;

use axum::extract::{OriginalUri, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::envelope::{KieError, serve, success};
use super::families;
use super::task::{Family, admit};
use crate::sandbox::world::World;

/// The query of a status request.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "taskId")]
    task_id: Option<String>,
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident => $family:expr;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            world: State<Arc<World>>,
            uri: OriginalUri,
            headers: HeaderMap,
            asked: Query<Asked>,
        ) -> Response {
            record(world.0, uri.0.path(), headers, asked.0, $family).await
        }
    )*};
}

records! {
    /// `GET /api/v1/jobs/recordInfo`.
    jobs => Family::Jobs;
    /// `GET /api/v1/veo/record-info`.
    veo => Family::Veo;
    /// `GET /api/v1/generate/record-info`.
    suno => Family::Suno;
    /// `GET /api/v1/gpt4o-image/record-info`.
    gpt4o => Family::Gpt4oImage;
    /// `GET /api/v1/flux/kontext/record-info`.
    flux => Family::FluxKontext;
    /// `GET /api/v1/runway/record-detail`.
    runway => Family::Runway;
}

async fn record(world: Arc<World>, path: &str, headers: HeaderMap, asked: Asked, family: Family) -> Response {
    let id = asked.task_id.unwrap_or_default();
    let model = world.kie.inner().tasks.get(&id).map(|task| task.model.clone());
    serve(&world, &headers, path, model.as_deref(), false, async |key: &str, _| {
        if id.is_empty() {
            return Err(KieError::new(400, "taskId cannot be blank"));
        }
        let now = world.clock.now().0;
        let mut inner = world.kie.inner();
        if let Some(most) = world.settings.kie.poll_limit
            && let Some(account) = inner.accounts.get_mut(key)
            && !admit(&mut account.polls, now, most, 1_000)
        {
            return Err(KieError::new(429, "Your call frequency is too high. Please try again later."));
        }
        // Another key's task does not exist for this one.
        let known = inner.tasks.get_mut(&id).filter(|task| task.key == key && task.family == family);
        let task = known.ok_or_else(|| KieError::new(422, "recordInfo is null"))?;
        task.polls += 1;
        Ok(success(&families::record(&world.base_url, task, now)))
    })
    .await
}
