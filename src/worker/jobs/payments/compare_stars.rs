//! Compares a tenant's charges with Telegram's own list of its Stars (bot.md 11.4, reconciliation; decisions.md 12). The list is
//! the truth: a charge that it shows and no update brought is credited, a refund that it shows is carried out, and what it does
//! not show after a while is a difference that the owner hears of.

use std::collections::HashSet;

use super::turn_failed;
use crate::billing::Charge;
use crate::bot::error::TurnError;
use crate::bot::screens::payments;
use crate::bot::update::StarsPayment;
use crate::bot::{Background, in_background};
use crate::clients::telegram::{StarsTransaction, TelegramError};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, MessageClass, UnixMs, UserId};
use crate::store::{JobRow, PaymentRow, StarsCheckRow, StoreError};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Pages of a hundred that one comparison reads at most.
const PAGES: i64 = 200;
/// Differences that are named.
const NAMED: i64 = 50;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow) -> Outcome {
    let listed = match list(workers, tenant).await {
        Ok(listed) => listed,
        Err(TelegramError::RetryAfter(wait)) => return Outcome::Again(wait),
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    match compare(workers, tenant, job, &listed).await {
        Ok(check) => match record(workers, tenant, job, &check).await {
            Ok(()) => Outcome::Done,
            Err(error) => turn_failed(&error),
        },
        Err(error) => turn_failed(&error),
    }
}

async fn list(workers: &Workers, tenant: &Tenant) -> Result<Vec<StarsTransaction>, TelegramError> {
    let bot = tenant.bot(&workers.telegram);
    let mut all = Vec::new();
    for page in 0..PAGES {
        let more = bot.star_transactions(page * 100).await?;
        let last = more.len() < 100;
        all.extend(more);
        if last {
            break;
        }
    }
    Ok(all)
}

async fn compare(
    workers: &Workers,
    tenant: &Tenant,
    job: &JobRow,
    listed: &[StarsTransaction],
) -> Result<StarsCheckRow, TurnError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let young = now.minus(platform.settings.payments.stars_grace);
    let mut check = StarsCheckRow { checked_at: now, listed: 0, credited: 0, drift: String::new() };
    let mut drift = Vec::new();
    for line in listed {
        if let Some((user, payload)) = incoming(line) {
            check.listed += 1;
            let known = confirm(workers, tenant, &line.id, now).await?;
            let waiting = known.as_ref().is_none_or(|known| known.state == crate::domain::PaymentState::Waiting);
            // Telegram tells of a payment at once; only what it has told in vain is taken from the list.
            if waiting && UnixMs(line.date * 1000) <= young {
                let charge = Charge { id: &line.id, payload, stars: line.amount, listed: true };
                if credit(workers, tenant, job, user, &charge).await? {
                    check.credited += 1;
                } else {
                    drift.push(format!("{} not credited: unknown person", line.id));
                }
            }
        }
    }
    for line in listed.iter().filter(|line| line.receiver.is_some()) {
        let user = line.receiver.as_ref().and_then(|receiver| receiver.user).map(|user| user.id);
        if let Some(user) = user {
            take_back(workers, tenant, job, user, line).await?;
        }
    }
    let seen: HashSet<&str> = listed.iter().map(|line| line.id.as_str()).collect();
    let mut tx = platform.db.tenant_read(&tenant.id).await?;
    let missing = tx.payments_unconfirmed(young, NAMED).await?;
    drift
        .extend(missing.into_iter().filter(|id| !seen.contains(id.as_str())).map(|id| format!("{id} not in the list")));
    check.drift = drift.join("\n");
    Ok(check)
}

/// A person's payment for an invoice.
fn incoming(line: &StarsTransaction) -> Option<(UserId, &str)> {
    let source = line.source.as_ref().filter(|source| source.kind == "user")?;
    let paid = source.transaction_type.as_deref().is_none_or(|kind| kind == "invoice_payment");
    let user = source.user.filter(|_| paid)?;
    Some((user.id, source.invoice_payload.as_deref().unwrap_or_default()))
}

/// Notes that the list shows a charge; gives its payment.
async fn confirm(
    workers: &Workers,
    tenant: &Tenant,
    charge: &str,
    now: UnixMs,
) -> Result<Option<PaymentRow>, StoreError> {
    let mut tx = workers.platform.db.tenant(&tenant.id).await?;
    let known = tx.payment_by_charge(charge).await?;
    if known.as_ref().is_some_and(|known| known.confirmed_at.is_none()) {
        tx.payment_confirmed(charge, now).await?;
    }
    tx.commit().await?;
    Ok(known)
}

/// Credits a charge in its person's name. `false`: the person is not known here.
async fn credit(
    workers: &Workers,
    tenant: &Tenant,
    job: &JobRow,
    user: UserId,
    charge: &Charge<'_>,
) -> Result<bool, TurnError> {
    let key = format!("stars:{}:listed", charge.id);
    let for_whom = Background { user, corr: &job.corr, key };
    let told = in_background(&workers.platform, tenant, for_whom, async |turn| payments::receipt(turn, charge).await);
    Ok(told.await?.is_some())
}

async fn take_back(
    workers: &Workers,
    tenant: &Tenant,
    job: &JobRow,
    user: UserId,
    line: &StarsTransaction,
) -> Result<(), TurnError> {
    let known = {
        let mut tx = workers.platform.db.tenant_read(&tenant.id).await?;
        tx.payment_by_charge(&line.id).await?
    };
    if known.is_none_or(|known| known.state == crate::domain::PaymentState::Refunded) {
        return Ok(());
    }
    let back = StarsPayment {
        currency: "XTR".to_owned(),
        total_amount: line.amount,
        invoice_payload: String::new(),
        telegram_payment_charge_id: line.id.clone(),
        is_recurring: false,
    };
    let for_whom = Background { user, corr: &job.corr, key: format!("stars:{}:back", line.id) };
    in_background(&workers.platform, tenant, for_whom, async |turn| payments::went_back(turn, &back).await).await?;
    Ok(())
}

/// Keeps what was found; the owner hears of differences when they change.
async fn record(workers: &Workers, tenant: &Tenant, job: &JobRow, check: &StarsCheckRow) -> Result<(), TurnError> {
    let platform = &workers.platform;
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let before = tx.stars_check_get().await?.map(|before| before.drift).unwrap_or_default();
    tx.stars_check_put(check).await?;
    let news = !check.drift.is_empty() && check.drift != before;
    let owner = tenant.owner().filter(|_| news);
    let mut told = None;
    if let Some(owner) = owner
        && let Some(user) = tx.user_get(owner).await?
    {
        let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let html = words.fmt("admin-stars-drift", crate::args![n = check.drift.lines().count()]);
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let (chat, key) = (ChatId::from(owner), format!("stars_drift:{}", job.id.short()));
        let about = Say { chat, class: MessageClass::MustArrive, key, corr: &job.corr, now: check.checked_at };
        say(&mut tx, tenant, about, &outgoing).await?;
        told = Some(chat);
    }
    tx.commit().await?;
    if news {
        tracing::error!(tenant = %tenant.id, differences = check.drift.lines().count(), "Stars differ from Telegram's list");
    }
    if let Some(chat) = told {
        platform.signals.chat(&tenant.id, chat);
    }
    Ok(())
}
