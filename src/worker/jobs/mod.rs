//! The jobs: which payload is run by which function, and when a failure is worth another try.

mod admin;
mod diagnose;
mod erase_person;
pub(in crate::worker) mod fallback;
pub mod fetch_upload;
mod gather;
pub mod generation;
mod gift;
mod hooks;
mod onboarding_link;
mod panel_link;
pub(in crate::worker) mod payments;
mod reshow;
mod results;
mod tell;

use std::time::Duration;

use super::Workers;
use super::runner::Outcome;
use crate::bot::error::TurnError;
use crate::bot::jobs::{
    CommandMenus, Diagnose, Erasure, FetchUpload, Gather, GiftSpin, LookNow, OnboardingLink, PanelLink,
    ProviderCredits, Reshow, SignOut,
};
use crate::generation::{GenerationError, Job};
use crate::store::{HOOK_JOB, JobRow};

/// Runs one claimed job.
pub async fn run(workers: &Workers, job: &JobRow) -> Outcome {
    let Some(tenant) = workers.platform.tenants.get(&job.tenant) else {
        // Another replica may know a tenant that this one has not read yet.
        return Outcome::Again(Duration::from_secs(5));
    };
    if job.kind == FetchUpload::KIND {
        let Ok(fetch) = serde_json::from_str::<FetchUpload>(&job.payload) else { return unreadable() };
        return fetch_upload::run(workers, &tenant, job, &fetch).await;
    }
    if job.kind == Gather::KIND {
        let Ok(gather) = serde_json::from_str::<Gather>(&job.payload) else { return unreadable() };
        return gather::run(workers, &tenant, job, &gather).await;
    }
    if job.kind == Reshow::KIND {
        let Ok(asked) = serde_json::from_str::<Reshow>(&job.payload) else { return unreadable() };
        return reshow::run(workers, &tenant, job, &asked).await;
    }
    if job.kind == PanelLink::KIND {
        let Ok(asked) = serde_json::from_str::<PanelLink>(&job.payload) else { return unreadable() };
        return panel_link::run(workers, &tenant, job, &asked).await;
    }
    if job.kind == SignOut::KIND {
        let Ok(asked) = serde_json::from_str::<SignOut>(&job.payload) else { return unreadable() };
        return panel_link::sign_out(workers, &tenant, job, &asked).await;
    }
    if job.kind == OnboardingLink::KIND {
        let Ok(asked) = serde_json::from_str::<OnboardingLink>(&job.payload) else { return unreadable() };
        return onboarding_link::run(workers, &tenant, job, &asked).await;
    }
    if job.kind == Erasure::KIND {
        return erase_person::run(workers, &tenant, job).await;
    }
    if job.kind == GiftSpin::KIND {
        let Ok(spin) = serde_json::from_str::<GiftSpin>(&job.payload) else { return unreadable() };
        return gift::run(workers, &tenant, job, &spin).await;
    }
    if let Some(outcome) = payments::run(workers, &tenant, job).await {
        return outcome;
    }
    if job.kind == HOOK_JOB {
        return hooks::run(workers, &tenant, job).await;
    }
    if job.kind == CommandMenus::KIND {
        return admin::command_menus(workers, &tenant).await;
    }
    if job.kind == LookNow::KIND {
        return admin::look_now(workers, &tenant).await;
    }
    if job.kind == ProviderCredits::KIND {
        return admin::provider_credits(workers, &tenant).await;
    }
    if job.kind == Diagnose::KIND {
        let Ok(asked) = serde_json::from_str::<Diagnose>(&job.payload) else { return unreadable() };
        return diagnose::run(workers, &tenant, job, &asked).await;
    }
    match Job::parse(&job.payload) {
        Ok(work) => generation::run(workers, &tenant, job, work).await,
        Err(_) => Outcome::Hopeless(format!("no such job: {}", job.kind)),
    }
}

/// What no try will make better.
fn unreadable() -> Outcome {
    Outcome::Hopeless("the payload is unreadable".to_owned())
}

/// A generation's error as an outcome: what is temporary is tried again, the rest as often as the job allows.
fn failed(error: &GenerationError) -> Outcome {
    Outcome::Failed(format!("{}: {error}", error.class()))
}

/// A turn's error as an outcome.
fn turn_failed(error: &TurnError) -> Outcome {
    Outcome::Failed(format!("{}: {error}", error.class()))
}
