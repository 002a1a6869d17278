//! The jobs: which payload is run by which function, and when a failure is worth another try.

pub mod fetch_upload;
pub mod generation;
mod panel_link;
mod results;
mod tell;

use std::time::Duration;

use super::Workers;
use super::runner::Outcome;
use crate::bot::error::TurnError;
use crate::bot::jobs::{FetchUpload, PanelLink};
use crate::generation::{GenerationError, Job};
use crate::store::JobRow;

/// Runs one claimed job.
pub async fn run(workers: &Workers, job: &JobRow) -> Outcome {
    let Some(tenant) = workers.platform.tenants.get(&job.tenant) else {
        // Another replica may know a tenant that this one has not read yet.
        return Outcome::Again(Duration::from_secs(5));
    };
    if job.kind == FetchUpload::KIND {
        return match serde_json::from_str::<FetchUpload>(&job.payload) {
            Ok(fetch) => fetch_upload::run(workers, &tenant, job, &fetch).await,
            Err(_) => Outcome::Hopeless("the payload is unreadable".to_owned()),
        };
    }
    if job.kind == PanelLink::KIND {
        return match serde_json::from_str::<PanelLink>(&job.payload) {
            Ok(asked) => panel_link::run(workers, &tenant, job, &asked).await,
            Err(_) => Outcome::Hopeless("the payload is unreadable".to_owned()),
        };
    }
    match Job::parse(&job.payload) {
        Ok(work) => generation::run(workers, &tenant, job, work).await,
        Err(_) => Outcome::Hopeless(format!("no such job: {}", job.kind)),
    }
}

/// A generation's error as an outcome: what is temporary is tried again, the rest as often as the job allows.
fn failed(error: &GenerationError) -> Outcome {
    Outcome::Failed(format!("{}: {error}", error.class()))
}

/// A turn's error as an outcome.
fn turn_failed(error: &TurnError) -> Outcome {
    Outcome::Failed(format!("{}: {error}", error.class()))
}
