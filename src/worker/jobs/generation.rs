//! The jobs of a generation: submit, watch, deliver, tell. What they decide is decided in `generation/`; here its outcome becomes
//! messages in the person's chat.

use super::{failed, results, tell};
use crate::bot::screens::progress::Progress;
use crate::bot::screens::result::AfterResult;
use crate::bot::screens::{Screen as _, failure, names};
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{GenerationId, MessageClass, Payer, UnixMs};
use crate::generation::settle::{self, Confirmed, Delivery};
use crate::generation::{self, Ctx, GenerationError, Job, Stage, Submitted, Watched};
use crate::store::{GenerationRow, JobRow, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::texts::Words;
use crate::worker::Workers;
use crate::worker::runner::Outcome;
use crate::worker::transmit::Item;

/// Runs one job of a generation.
pub async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, work: Job) -> Outcome {
    let ctx = context(workers);
    match work {
        Job::Submit { generation } => match generation::submit(&ctx, tenant, &generation).await {
            Ok(Submitted::Later(after)) => {
                show_place(workers, tenant, &ctx, &generation).await;
                Outcome::Again(after)
            }
            Ok(done) => {
                if matches!(done, Submitted::Accepted | Submitted::Orphan) {
                    show_stage(workers, tenant, &generation, Stage::Queued).await;
                }
                workers.platform.signals.job();
                Outcome::Done
            }
            Err(error) => failed(&error),
        },
        Job::Watch { generation } => match generation::watch(&ctx, tenant, &generation).await {
            Ok(watched) => {
                match watched {
                    Watched::Again { stage, .. } => show_stage(workers, tenant, &generation, stage).await,
                    Watched::Results { .. } => show_stage(workers, tenant, &generation, Stage::Delivering).await,
                    Watched::Failed { .. } | Watched::Late(_) | Watched::Nothing => {}
                }
                workers.platform.signals.job();
                watched.again().map_or(Outcome::Done, Outcome::Again)
            }
            Err(error) => failed(&error),
        },
        Job::Deliver { generation } => match results::record(workers, tenant, job, &generation).await {
            Ok(()) => Outcome::Done,
            Err(error) => failed(&error),
        },
        Job::Tell { generation, news } => match tell::tell(workers, tenant, &generation, news).await {
            Ok(()) => Outcome::Done,
            Err(error) => failed(&error),
        },
    }
}

/// The generation service's view of the parts.
pub(in crate::worker) fn context(workers: &Workers) -> Ctx<'_> {
    let platform = &workers.platform;
    Ctx {
        db: &platform.db,
        catalog: platform.catalog,
        settings: &platform.settings,
        clock: &platform.clock,
        locks: &platform.locks,
        kie: &workers.kie,
        downloader: &workers.downloader,
        downloads: &workers.downloads,
        media: &workers.media,
        public_url: &workers.public_url,
    }
}

/// What a person reads.
pub(super) async fn words_of<'a>(
    workers: &'a Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    row: &GenerationRow,
) -> Result<Words<'a>, StoreError> {
    let user = tx.user_get(row.user_id).await?;
    let (chosen, telegram) = user.map_or((None, None), |u| (u.language, u.language_code));
    Ok(workers.platform.texts.words(tenant.language_of(chosen, telegram.as_deref())))
}

/// Edits the progress message when its stage has changed (bot.md 5.2, S-16). Losing one is no loss: the next stage follows.
async fn show_stage(workers: &Workers, tenant: &Tenant, id: &GenerationId, stage: Stage) {
    if let Err(error) = edit_progress(workers, tenant, id, Shown { stage, place: None }).await {
        tracing::debug!(tenant = %tenant.id, generation = %id, error = %error, "progress was not shown");
    }
}

/// Edits the progress message when its place in the queue has changed: «📥 Задача в очереди, место: 3» (platform.md 4).
async fn show_place(workers: &Workers, tenant: &Tenant, ctx: &Ctx<'_>, id: &GenerationId) {
    let shown = async {
        let place = generation::fair::place(ctx, tenant, id).await?;
        edit_progress(workers, tenant, id, Shown { stage: Stage::Queued, place }).await
    };
    if let Err(error) = shown.await {
        tracing::debug!(tenant = %tenant.id, generation = %id, error = %error, "the place in the queue was not shown");
    }
}

/// The progress message ends: what comes is a message of its own, and below the old one nothing is left to wait for or to cancel.
pub(super) async fn progress_ends(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    row: &GenerationRow,
    now: UnixMs,
) -> Result<(), GenerationError> {
    say_progress(workers, tenant, tx, row, Shown { stage: Stage::Ended, place: None }, now).await?;
    Ok(())
}

/// What the progress message says.
#[derive(Clone, Copy)]
struct Shown {
    stage: Stage,
    /// In the queue, where it waits in one.
    place: Option<i64>,
}

async fn edit_progress(
    workers: &Workers,
    tenant: &Tenant,
    id: &GenerationId,
    what: Shown,
) -> Result<(), GenerationError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let mut tx = platform.db.tenant_read(&tenant.id).await?;
    // A place that was shown before is recognised by the key of its message.
    let shown = tx.generation_get(id).await?.is_some_and(|row| row.progress_stage == what.stage.word());
    drop(tx);
    if shown && what.place.is_none() {
        return Ok(());
    }
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(row) = tx.generation_get(id).await? else { return Ok(()) };
    let says = say_progress(workers, tenant, &mut tx, &row, what, now).await?;
    tx.commit().await?;
    if says {
        platform.signals.chat(&tenant.id, row.chat_id);
    }
    Ok(())
}

/// Records the edit of the progress message. `false`: there is none yet.
async fn say_progress(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    row: &GenerationRow,
    Shown { stage, place }: Shown,
    now: UnixMs,
) -> Result<bool, GenerationError> {
    let Some(message) = row.progress_message_id else { return Ok(false) };
    tx.generation_set_stage(&row.id, stage.word()).await?;
    let words = words_of(workers, tenant, tx, row).await?;
    let progress = Progress {
        model: names::Named::of(workers.platform.catalog, &row.model_id),
        id: row.id.clone(),
        stage,
        elapsed: generation::age(row, now),
        place,
        payer: row.payer,
        price: row.price,
    };
    let outgoing = Outgoing::Screen {
        html: progress.text(words),
        keyboard: progress.keyboard(words),
        edit: Some(message),
        track: Track::Progress(row.id.clone()),
    };
    let key = match place {
        Some(place) => format!("gen:{}:place:{place}:{}", row.id.short(), row.updated_at.0),
        None => format!("gen:{}:stage:{}:{}", row.id.short(), stage.word(), row.updated_at.0),
    };
    let about = Say { chat: row.chat_id, class: MessageClass::Idempotent, key, corr: &row.corr, now };
    Ok(say(tx, tenant, about, &outgoing).await?)
}

/// Telegram has items of a result: the first one settles the money, the last one is followed by S-18 — all in the
/// transaction that marks the message sent.
pub(in crate::worker) async fn confirmed(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    id: &GenerationId,
    items: &[Item],
    now: UnixMs,
) -> Result<(), GenerationError> {
    let mut late = false;
    let mut news = false;
    for item in items {
        let confirmed = Confirmed { item: item.number, message: item.message, file_id: item.file_id.as_deref() };
        match settle::delivered(tx, tenant, id, confirmed, now).await? {
            Delivery::Nothing => {}
            Delivery::Late => (late, news) = (true, true),
            Delivery::FirstConfirmed(_) | Delivery::Further => news = true,
        }
    }
    if !news || tx.items_of(id).await?.iter().any(|item| item.message_id.is_none()) {
        return Ok(());
    }
    let Some(row) = tx.generation_get(id).await? else { return Ok(()) };
    say_progress(workers, tenant, tx, &row, Shown { stage: Stage::Done, place: None }, now).await?;
    let words = words_of(workers, tenant, tx, &row).await?;
    let platform = &workers.platform;
    let balance = crate::billing::balance(tx, &row.user_ref).await?;
    let deal = generation::deal_of(tenant, &row)?;
    let price = (row.payer == Payer::Free).then_some(deal.sold.price).filter(|price| price.is_positive());
    let after = AfterResult {
        model: names::Named::of(platform.catalog, &row.model_id),
        id: row.id.clone(),
        payer: row.payer,
        charged: row.charged,
        available: balance.available,
        shortfall: deal.shortfall(row.items),
        unlimited_from: price,
        late: late || row.state == crate::domain::GenerationState::DeliveredLate,
    };
    let outgoing = Outgoing::Screen {
        html: after.text(words),
        keyboard: after.keyboard(words),
        edit: None,
        track: Track::Nothing,
    };
    let key = format!("gen:{}:after", row.id.short());
    let about = Say { chat: row.chat_id, class: MessageClass::MustArrive, key, corr: &row.corr, now };
    say(tx, tenant, about, &outgoing).await?;
    Ok(())
}

/// A result will not arrive: the hold stays for a day, and the person may ask for it again (bot.md 9.2).
pub(in crate::worker) async fn undeliverable(
    workers: &Workers,
    tenant: &Tenant,
    id: &GenerationId,
) -> Result<(), GenerationError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(row) = settle::undelivered(&mut tx, id, now).await? else { return Ok(()) };
    let words = words_of(workers, tenant, &mut tx, &row).await?;
    let price = generation::price_anew(&mut tx, &row).await?;
    let screen = failure::Failure {
        model: names::Named::of(platform.catalog, &row.model_id),
        id: row.id.clone(),
        corr: row.corr.clone(),
        ending: failure::Ending::Undelivered { price },
    };
    let outgoing = Outgoing::Screen {
        html: screen.text(words),
        keyboard: screen.keyboard(words),
        edit: None,
        track: Track::Nothing,
    };
    let key = format!("gen:{}:undelivered:{}", row.id.short(), row.updated_at.0);
    let about = Say { chat: row.chat_id, class: MessageClass::MayVanish, key, corr: &row.corr, now };
    say(&mut tx, tenant, about, &outgoing).await?;
    tx.commit().await?;
    platform.signals.chat(&tenant.id, row.chat_id);
    Ok(())
}
