//! What was made in a bot: the list with its filters, and the page of one generation. Where the bot hides prompts, only what is
//! no one's own shows; each opening is audited (bot.md 14.5).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::log::{self, When, Work};
use super::paging::{Chip, Cursor, Pager, ROWS, address, chips};
use crate::accounts::audit::{self, Act as Deed};
use crate::accounts::{Act, downloads};
use crate::billing::settlement::provider_cost;
use crate::domain::{AuditAction, Corr, GenerationId, GenerationState, Money, UserId};
use crate::generation::{GenerationError, Redelivery, history, redeliver};
use crate::store::{GenerationRow, WorkKind};
use crate::tenants::change;
use crate::tenants::tenant::TenantError;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// The list.
#[derive(Template)]
#[template(path = "pages/panel/generations.html")]
struct Generations<'a> {
    shell: Shell<'a>,
    kinds: Vec<Chip>,
    /// Only this person's.
    of: Option<UserId>,
    works: Vec<Work>,
    pager: Pager,
    file: Option<String>,
    base: String,
}

/// `?kind=failed`, `?user=42`.
pub(in crate::web) async fn list(at: At) -> Result<Response, Failure> {
    let kind = kind(&at);
    let of = if let WorkKind::Of(user) = kind { Some(user) } else { None };
    let cursor = Cursor::of(&at);
    let mut rows = at.reads().await?.works_page(kind, (cursor.at, &cursor.id), ROWS + 1).await?;
    let pager = Pager::cut(&at, &mut rows, |row| Cursor::text(row.created_at, row.id.as_str()));
    let choices = [
        ("all", "panel-works-all"),
        ("busy", "panel-works-busy"),
        ("waiting", "panel-works-waiting"),
        ("failed", "panel-works-failed"),
    ];
    let page = Generations {
        shell: Shell::at(&at, nav::GENERATIONS, at.words().get("panel-generations")),
        kinds: chips(&at, "kind", &choices),
        of,
        works: rows.into_iter().map(|row| log::work(&at, row)).collect(),
        pager,
        file: at
            .may(Act::Operate)
            .then(|| format!("{}{}", at.url("generations.csv"), address(&at, &[("before", None)]))),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Which generations the address asks for.
pub(super) fn kind(at: &At) -> WorkKind {
    let of = at.asked("user").and_then(|user| user.parse().ok()).map(UserId);
    match (of, at.asked("kind")) {
        (Some(user), _) => WorkKind::Of(user),
        (None, Some("busy")) => WorkKind::Busy,
        (None, Some("waiting")) => WorkKind::Waiting,
        (None, Some("failed")) => WorkKind::Failed,
        _ => WorkKind::All,
    }
}

/// What the request was, as the reader may see it.
enum Request {
    Hidden,
    /// Its seal does not open: the rest of the page is true all the same.
    Unreadable,
    Shown {
        prompt: Option<String>,
        params: Vec<(String, String)>,
    },
}

/// A result that is kept.
struct Kept {
    href: String,
    kind: String,
}

/// The page of one.
#[derive(Template)]
#[template(path = "pages/panel/generation.html")]
struct Card<'a> {
    shell: Shell<'a>,
    id: String,
    state: String,
    class: &'static str,
    user: UserId,
    model: String,
    price: String,
    charged: Option<Money>,
    cost: Option<Money>,
    created: When,
    finished: Option<When>,
    cause: Option<String>,
    task: Option<String>,
    corr: Corr,
    request: Request,
    kept: Vec<Kept>,
    /// Its result waits and can be sent once more.
    sends: bool,
    base: String,
}

/// One generation.
pub(in crate::web) async fn card(at: At, Path((_, id)): Path<(String, String)>) -> Result<Response, Failure> {
    let id = GenerationId::from_short(&id).map_err(|_| Failure::NotFound)?;
    let mut tx = at.writes().await?;
    let row = tx.generation_get(&id).await?.ok_or(Failure::NotFound)?;
    let hidden = change::current(&mut tx).await.map_err(unreadable)?.hide_prompts;
    let kept = if hidden { Vec::new() } else { kept(&at, &mut tx, &id).await? };
    let object = format!("generation:{}", id.short());
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::GenerationViewed, &object), at.now).await?;
    tx.commit().await?;
    let (words, rate) = (at.words(), at.tenant.settings.currency_rate);
    let when = |moment| When::new(words, at.tenant.zone(), moment, at.now);
    let page = Card {
        shell: Shell::at(&at, nav::GENERATIONS, log::model(&at, &row.model_id)),
        id: id.short().to_owned(),
        state: log::state(words, row.state),
        class: log::class(row.state),
        user: row.user_id,
        model: log::model(&at, &row.model_id),
        price: log::price(words, row.payer, row.price),
        charged: row.charged.is_positive().then_some(row.charged),
        cost: row.provider_credits.and_then(|credits| provider_cost(credits, rate)),
        created: when(row.created_at),
        finished: row.finished_at.map(when),
        cause: row.cause.clone(),
        task: row.provider_task_id.clone(),
        corr: row.corr.clone(),
        request: if hidden { Request::Hidden } else { request(&at, &row) },
        kept,
        sends: row.state == GenerationState::Undelivered && at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Links to the results that are kept, good for a while.
async fn kept(at: &At, tx: &mut crate::store::TenantTx, id: &GenerationId) -> Result<Vec<Kept>, Failure> {
    let mut all = Vec::new();
    for item in tx.items_of(id).await? {
        let Some(media) = item.media_id else { continue };
        let Some(row) = tx.media_get(&media).await?.filter(|row| row.expires_at > at.now) else { continue };
        let until = at.now.plus(at.platform().settings.media.link_life).min(row.expires_at);
        let href = downloads::path(&at.platform().vault, &at.tenant.id, &media, until);
        all.push(Kept { href, kind: row.mime });
    }
    Ok(all)
}

fn request(at: &At, row: &GenerationRow) -> Request {
    let order = match history::order_of(&at.tenant, row) {
        Ok(order) => order,
        Err(error) => {
            tracing::warn!(class = error.class(), "a generation's request cannot be read");
            return Request::Unreadable;
        }
    };
    let Some(model) = at.platform().catalog.model(&row.model_id) else {
        return Request::Shown { prompt: None, params: Vec::new() };
    };
    let summary = order.summary(model);
    let words = at.words();
    let params = summary.params.into_iter().map(|(name, value)| (words.param(&name), words.value(&name, &value)));
    Request::Shown { prompt: summary.prompt, params: params.collect() }
}

/// Sends a result that was not delivered once more; never a new task at the provider.
pub(in crate::web) async fn send(
    at: At,
    Path((_, id)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let id = GenerationId::from_short(&id).map_err(|_| Failure::NotFound)?;
    let page = format!("generations/{}", id.short());
    let mut tx = at.writes().await?;
    let row = tx.generation_get(&id).await?.ok_or(Failure::NotFound)?;
    let what = match redeliver(&mut tx, row.user_id, &id, at.now).await.map_err(unmade)? {
        Redelivery::Started(_) => "sent-again",
        Redelivery::Delivered(_) | Redelivery::Sending(_) => "sent-before",
        Redelivery::Insufficient { .. } => return Ok(at.problem(&page, "send-money")),
        Redelivery::NoResult | Redelivery::NotFound => return Ok(at.problem(&page, "send-nothing")),
    };
    let object = format!("generation:{}", id.short());
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::GenerationResent, &object), at.now).await?;
    tx.commit().await?;
    at.platform().signals.job();
    Ok(at.done(&page, what))
}

/// Settings that do not read.
pub(in crate::web::pages) fn unreadable(error: TenantError) -> Failure {
    match error {
        TenantError::Store(error) => error.into(),
        other => {
            tracing::error!(error = %other, "a tenant's data cannot be read");
            Failure::Broken
        }
    }
}

fn unmade(error: GenerationError) -> Failure {
    match error {
        GenerationError::Store(error) => error.into(),
        other => {
            tracing::error!(error = %other, "a generation cannot be read");
            Failure::Broken
        }
    }
}
