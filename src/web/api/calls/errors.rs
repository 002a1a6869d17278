//! What went wrong, and the story behind one correlation id.

use serde_json::Value;

use super::generations::{self, GenerationOut};
use super::users::page;
use crate::diagnostics::trace::{Step, trace};
use crate::domain::{Corr, Language, Money, UnixMs};
use crate::store::ErrorRow;
use crate::texts::Words;
use crate::web::api::cursor;
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, Kopecks, Page, dto};

dto! {
    /// A line of the error log.
    out ErrorOut {
        /// Its name.
        id: String,
        /// The story it belongs to.
        corr: String,
        /// Where in the way of an update or a job.
        stage: String,
        /// Which screen, command or job.
        handler: String,
        /// What kind.
        class: String,
        /// In words, nothing that a person wrote.
        message: String,
        /// When.
        at: At,
    }
}

dto! {
    /// Money that moved.
    out TransferOut {
        /// Its name.
        id: String,
        /// single, pending, post or void.
        kind: String,
        /// What for.
        purpose: String,
        /// How much, in kopecks.
        amount_kopecks: Kopecks,
        /// When.
        at: At,
    }
}

dto! {
    /// A step of a story.
    out StepOut {
        /// When.
        at: At,
        /// update, decision, ledger, job, provider, payment, message or error.
        kind: String,
        /// What happened, in English; nothing that a person wrote.
        what: String,
        /// Names and states, by the kind.
        detail: Value,
    }
}

dto! {
    /// What happened under one correlation id.
    out StoryOut {
        /// The correlation id.
        corr: String,
        /// Everything that happened, in its order: the update, decisions, jobs, the provider, money, messages, errors.
        steps: Vec<StepOut>,
        /// Generations, the oldest first.
        generations: Vec<GenerationOut>,
        /// Money that moved, the oldest first.
        transfers: Vec<TransferOut>,
        /// What went wrong, the oldest first.
        errors: Vec<ErrorOut>,
    }
}

fn told(step: &Step, words: Words<'_>) -> StepOut {
    StepOut {
        at: At(step.at),
        kind: step.kind.as_str().to_owned(),
        what: words.plain(&step.said.key, step.said.values.clone()),
        detail: step.detail.clone(),
    }
}

fn shown(row: &ErrorRow) -> ErrorOut {
    ErrorOut {
        id: row.id.to_string(),
        corr: row.corr.to_string(),
        stage: row.stage.clone(),
        handler: row.handler.clone(),
        class: row.class.clone(),
        message: row.message.clone(),
        at: At(row.created_at),
    }
}

/// The newest first.
pub(in crate::web::api) async fn list(ask: &Ask) -> Result<Reply, Problem> {
    let (after, limit) = (cursor::by_text(ask.query("cursor"))?, ask.limit()?);
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    let (rows, more) = page(tx.errors_listed(&after, limit + 1).await?, limit);
    let next = rows.last().filter(|_| more).map(|row| cursor::after(row.created_at, row.id.as_str()));
    Reply::ok(&Page { items: rows.iter().map(shown).collect(), next })
}

/// One story. An id that this bot has nothing under is not there.
pub(in crate::web::api) async fn story(ask: &Ask) -> Result<Reply, Problem> {
    let corr = ask.part("corr", Corr::parse)?;
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    let rows = tx.generations_of_corr(&corr).await?;
    let transfers = tx.transfers_of_corr(&corr).await?;
    let errors = tx.errors_of_corr(&corr).await?;
    let story = trace(&mut tx, &corr).await?;
    if story.steps.is_empty() {
        return Err(Problem::not_found());
    }
    let words = ask.state.platform.texts.words(Language::En);
    let transfers = transfers.into_iter().map(|row| TransferOut {
        id: row.id,
        kind: row.kind,
        purpose: row.code,
        amount_kopecks: Kopecks(Money::kopecks(row.amount)),
        at: At(UnixMs(row.created_at)),
    });
    Reply::ok(&StoryOut {
        corr: corr.to_string(),
        steps: story.steps.iter().map(|step| told(step, words)).collect(),
        generations: rows.iter().map(generations::shown).collect(),
        transfers: transfers.collect(),
        errors: errors.iter().map(shown).collect(),
    })
}
