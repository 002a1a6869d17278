//! Generations: listed, one, sent once more. Never what was asked for or what came of it: those are the person's.

use super::users::page;
use super::{note, user_id};
use crate::accounts::audit::Act;
use crate::domain::{AuditAction, GenerationId, GenerationState, Payer};
use crate::generation::{Redelivery, redeliver};
use crate::store::{GenerationRow, TenantTx, Wanted};
use crate::web::api::cursor;
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, Kopecks, Page, dto};

dto! {
    /// One generation.
    out GenerationOut {
        /// Its name.
        id: String,
        /// Telegram id of who ordered it.
        user_id: i64,
        /// The model.
        model: String,
        /// What kind of thing it makes.
        kind: String,
        /// Where it stands.
        state: GenerationState,
        /// Why it ended without a result, as a word.
        cause: Option<String>,
        /// Who pays.
        payer: Payer,
        /// What it costs in full, in kopecks.
        price_kopecks: Kopecks,
        /// What was taken in the end, in kopecks.
        charged_kopecks: Kopecks,
        /// How many results were asked for.
        units: i64,
        /// How many results there are.
        results: i64,
        /// What the provider charged, in hundredths of its credits.
        provider_credits_hundredths: Option<i64>,
        /// Its story, as logs and messages have it.
        corr: String,
        /// When it was confirmed.
        created_at: At,
        /// When it ended.
        finished_at: Option<At>,
    }
}

dto! {
    /// A result that is being sent once more.
    out RedeliveryOut {
        /// The generation.
        id: String,
        /// Where it stands now.
        state: GenerationState,
    }
}

pub(super) fn shown(row: &GenerationRow) -> GenerationOut {
    // Behind the colon stand sealed details.
    let cause = row.cause.as_deref().map(|cause| cause.split(':').next().unwrap_or_default().to_owned());
    GenerationOut {
        id: row.id.to_string(),
        user_id: row.user_id.0,
        model: row.model_id.clone(),
        kind: row.gen_type.clone(),
        state: row.state,
        cause,
        payer: row.payer,
        price_kopecks: Kopecks(row.price),
        charged_kopecks: Kopecks(row.charged),
        units: row.units,
        results: row.items,
        provider_credits_hundredths: row.provider_credits,
        corr: row.corr.to_string(),
        created_at: At(row.created_at),
        finished_at: row.finished_at.map(At),
    }
}

fn id(text: &str) -> Option<GenerationId> {
    GenerationId::parse(text).ok()
}

/// The newest first.
pub(in crate::web::api) async fn list(ask: &Ask) -> Result<Reply, Problem> {
    let (after, limit) = (cursor::by_text(ask.query("cursor"))?, ask.limit()?);
    let wanted = Wanted {
        user: ask.wanted("user", "a Telegram id", user_id)?,
        state: ask.wanted("state", "one of the states", GenerationState::parse)?,
    };
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    let (rows, more) = page(tx.generations_listed(&after, wanted, limit + 1).await?, limit);
    let next = rows.last().filter(|_| more).map(|row| cursor::after(row.created_at, row.id.as_str()));
    Reply::ok(&Page { items: rows.iter().map(shown).collect(), next })
}

/// One.
pub(in crate::web::api) async fn one(ask: &Ask) -> Result<Reply, Problem> {
    let id = ask.part("generation", id)?;
    let mut tx = ask.state.platform.db.tenant_read(&ask.tenant()?.id).await?;
    Reply::ok(&shown(&tx.generation_get(&id).await?.ok_or_else(Problem::not_found)?))
}

/// Sends an undelivered result once more; never makes a new task at the provider.
pub(in crate::web::api) async fn redeliver_one(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    ask.body::<super::NothingIn>()?;
    let id = ask.part("generation", id)?;
    let row = tx.generation_get(&id).await?.ok_or_else(Problem::not_found)?;
    let begun = match redeliver(tx, row.user_id, &id, ask.now).await? {
        Redelivery::Started(row) => row,
        Redelivery::Sending(row) => return out(&row, false),
        Redelivery::Delivered(_) => {
            return Err(Problem::conflict("delivered", "The person has this result already"));
        }
        Redelivery::NoResult => return Err(Problem::conflict("no_result", "There is no result to send")),
        Redelivery::Insufficient { .. } => {
            let title = "The money for it went back, and the person does not have it now";
            return Err(Problem::conflict("insufficient_funds", title));
        }
        Redelivery::NotFound => return Err(Problem::not_found()),
    };
    let object = format!("generation:{}", id.short());
    note(ask, tx, Act::new(AuditAction::GenerationResent, &object)).await?;
    out(&begun, true)
}

fn out(row: &GenerationRow, jobs: bool) -> Result<Reply, Problem> {
    Ok(Reply { jobs, ..Reply::with(202, &RedeliveryOut { id: row.id.to_string(), state: row.state })? })
}
