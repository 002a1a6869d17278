//! Creating tasks: checks, credits, and the clockwork that ends them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::envelope::{KieError, serve, success};
use super::task::{End, Family, Kind, Task, admit, milli};
use super::{callback, families, results};
use crate::domain::TransferId;
use crate::sandbox::wire::{KieFault, Outcome, TaskFault};
use crate::sandbox::world::World;

type Ctx = (State<Arc<World>>, OriginalUri, HeaderMap, Bytes);

macro_rules! creates {
    ($($(#[$doc:meta])* $name:ident => $family:expr;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            world: State<Arc<World>>,
            uri: OriginalUri,
            headers: HeaderMap,
            body: Bytes,
        ) -> Response {
            create((world, uri, headers, body), $family).await
        }
    )*};
}

creates! {
    /// `POST /api/v1/jobs/createTask`.
    jobs => Family::Jobs;
    /// `POST /api/v1/veo/generate`.
    veo => Family::Veo;
    /// `POST /api/v1/generate`.
    suno => Family::Suno;
    /// `POST /api/v1/gpt4o-image/generate`.
    gpt4o => Family::Gpt4oImage;
    /// `POST /api/v1/flux/kontext/generate`.
    flux => Family::FluxKontext;
    /// `POST /api/v1/runway/generate`.
    runway => Family::Runway;
}

async fn create((State(world), uri, headers, body): Ctx, family: Family) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let model = families::model(family, &request);
    serve(&world, &headers, uri.0.path(), Some(&model), true, async |key: &str, fault: Option<KieFault>| {
        families::check(family, &request)?;
        check_links(&world, &request)?;
        let task = admit_task(&world, key, family, &model, request.clone(), fault.and_then(|f| f.task))?;
        let id = task.id.clone();
        run(&world, &task);
        Ok(success(&json!({"taskId": id, "recordId": id})))
    })
    .await
}

/// Takes the credits and remembers the task.
fn admit_task(
    world: &World,
    key: &str,
    family: Family,
    model: &str,
    request: Value,
    fault: Option<TaskFault>,
) -> Result<Task, KieError> {
    let now = world.clock.now().0;
    let kind = families::kind(family, model);
    let mut inner = world.kie.inner();
    let fault = fault.unwrap_or_default();
    let delay = fault.delay_ms.map_or(inner.delay, Duration::from_millis);
    let given = u32::try_from(fault.files.len()).ok().filter(|given| *given > 0);
    let outputs = given.or(fault.outputs).unwrap_or_else(|| results::count(kind, &request));
    let price = inner.prices.get(model).copied().unwrap_or(kind.usual_price());
    let credits_milli = milli(price) * i64::from(outputs);
    let account = inner.accounts.entry(key.to_owned()).or_default();
    if account.milli < credits_milli {
        return Err(KieError::new(402, "The current credits are insufficient. Please top up to continue"));
    }
    if let Some((most, window)) = world.settings.kie.create_limit
        && !admit(&mut account.creates, now, most, i64::try_from(window.as_millis()).unwrap_or(i64::MAX))
    {
        return Err(KieError::new(429, "Your call frequency is too high. Please try again later."));
    }
    account.milli -= credits_milli;
    let text = |name: &str| request.get(name).and_then(Value::as_str).map(str::to_owned);
    let task = Task {
        id: TransferId::random().short().to_owned(),
        family,
        kind,
        model: model.to_owned(),
        key: key.to_owned(),
        callback: text("callBackUrl").filter(|url| !url.is_empty()),
        created: now,
        due: now + i64::try_from(delay.as_millis()).unwrap_or(0),
        completed: None,
        end: None,
        fault,
        outputs,
        credits_milli,
        polls: 0,
        callbacks: 0,
        request,
    };
    inner.add(task.clone());
    drop(inner);
    world.touch();
    Ok(task)
}

/// A link to one of our own files must lead somewhere; links elsewhere cannot be checked from here.
fn check_links(world: &World, request: &Value) -> Result<(), KieError> {
    let mut links = Vec::new();
    collect_links(request.get("input").unwrap_or(request), &mut links);
    let ours = format!("{}/files/uploads/", world.base_url);
    for link in links {
        if let Some(path) = link.strip_prefix(&ours)
            && world.kie.inner().uploads.get(path).is_none()
        {
            return Err(KieError::new(451, "Failed to fetch the image. Kindly verify any access limits"));
        }
    }
    Ok(())
}

fn collect_links<'a>(value: &'a Value, links: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if text.starts_with("http://") || text.starts_with("https://") => links.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_links(item, links)),
        Value::Object(fields) => fields.values().for_each(|item| collect_links(item, links)),
        _ => (),
    }
}

/// Lets a task end when it is due.
fn run(world: &Arc<World>, task: &Task) {
    if task.fault.outcome == Outcome::Never {
        return;
    }
    let (shared, id, callbacks) = (Arc::clone(world), task.id.clone(), task.family == Family::Suno);
    let wait = Duration::from_millis(u64::try_from(task.due - world.clock.now().0).unwrap_or(0));
    let work = async move {
        if callbacks {
            // Music comes in stages: the words, the first song, then all (facts/kie-api.md 5).
            tokio::time::sleep(wait / 2).await;
            callback::stage(&shared, &id, "text").await;
            tokio::time::sleep(wait / 4).await;
            callback::stage(&shared, &id, "first").await;
            tokio::time::sleep(wait / 4).await;
        } else {
            tokio::time::sleep(wait).await;
        }
        finish(&shared, &id);
        callback::finished(&shared, &id).await;
    };
    world.tasks.spawn(work);
}

/// Ends a task by its outcome and gives the credits of a failure back.
fn finish(world: &World, id: &str) {
    let now = world.clock.now().0;
    let mut guard = world.kie.inner();
    let inner = &mut *guard;
    let Some(task) = inner.tasks.get_mut(id).filter(|task| task.end.is_none()) else {
        return;
    };
    task.completed = Some(now);
    task.end = Some(match &task.fault.outcome {
        Outcome::Fail { code, msg } => End::Fail(code.clone(), msg.clone()),
        _ => End::Success,
    });
    if matches!(task.end, Some(End::Fail(..))) {
        let back = std::mem::take(&mut task.credits_milli);
        inner.accounts.entry(task.key.clone()).or_default().milli += back;
    }
    drop(guard);
    world.touch();
}

/// Picks up the tasks of an earlier run.
pub(crate) fn resume(world: &Arc<World>) {
    let waiting: Vec<Task> = world.kie.inner().tasks.values().filter(|task| task.end.is_none()).cloned().collect();
    for task in waiting {
        run(world, &task);
    }
}

impl Kind {
    /// Extension of a result file.
    pub(super) fn extension(self, request: &Value) -> &'static str {
        let format =
            |v: &Value| v.get("output_format").or(v.get("outputFormat")).and_then(Value::as_str).map(str::to_owned);
        let wanted = request.get("input").and_then(format).or_else(|| format(request));
        match (self, wanted.as_deref()) {
            (Self::Image, Some("jpg" | "jpeg")) => "jpg",
            (Self::Image, _) => "png",
            (Self::Video, _) => "mp4",
            (Self::Audio, _) => "wav",
            (Self::Text, _) => "txt",
        }
    }
}
