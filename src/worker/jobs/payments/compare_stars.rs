//! Compares a tenant's charges with Telegram's own list of its Stars (bot.md 11.4, reconciliation; decisions.md 12). The list is
//! the truth: a charge that it shows and no update brought is credited, a refund that it shows is carried out, and what it does
//! not show after a while is a difference that the owner hears of. Where the list is read is `course.rs`'s to say; page by page
//! what is known already costs one read and nothing is written.

use std::collections::HashMap;
use std::time::Duration;

use super::course::{Course, Mark, PAGE};
use super::turn_failed;
use crate::billing::Charge;
use crate::bot::error::TurnError;
use crate::bot::screens::payments;
use crate::bot::update::StarsPayment;
use crate::bot::{Background, in_background};
use crate::clients::telegram::{StarsTransaction, TelegramError};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, MessageClass, PaymentState, UnixMs, UserId};
use crate::store::{ChargeRow, JobRow, StarsCheckRow, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Pages that one run reads at most: a longer list takes several runs.
const PAGES: i64 = 50;
/// The next run of a comparison that is not over comes after this.
const GO_ON: Duration = Duration::from_millis(200);
/// Differences that are named.
const NAMED: i64 = 50;

/// One run.
struct Comparison<'a> {
    workers: &'a Workers,
    tenant: &'a Tenant,
    job: &'a JobRow,
    now: UnixMs,
    /// What is younger may still be told.
    young: UnixMs,
    course: Course,
    /// Pages that may still be read.
    pages: i64,
    /// Charges that are too young to be settled.
    others: i64,
}

/// Why a run ended before its time.
enum Stopped {
    Telegram(TelegramError),
    Turn(TurnError),
}

impl From<TurnError> for Stopped {
    fn from(error: TurnError) -> Self {
        Self::Turn(error)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Turn(error.into())
    }
}

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow) -> Outcome {
    match compare(workers, tenant, job).await {
        Ok(true) => Outcome::Done,
        Ok(false) => Outcome::Again(GO_ON),
        Err(Stopped::Telegram(TelegramError::RetryAfter(wait))) => Outcome::Again(wait),
        Err(Stopped::Telegram(error)) => Outcome::Failed(error.to_string()),
        Err(Stopped::Turn(error)) => turn_failed(&error),
    }
}

/// `false`: there is more to read.
async fn compare(workers: &Workers, tenant: &Tenant, job: &JobRow) -> Result<bool, Stopped> {
    let platform = &workers.platform;
    let (settings, now) = (&platform.settings.payments, platform.clock.now());
    let kept = platform.db.tenant_read(&tenant.id).await?.stars_course_get().await?;
    let course = Course::set_out(kept, now, settings.stars_check_all_every);
    let young = now.minus(settings.stars_grace);
    let mut run = Comparison { workers, tenant, job, now, young, course, pages: PAGES, others: 0 };
    let read = run.read().await;
    // Whatever stopped the reading: what was read stays read.
    let done = matches!(read, Ok(true));
    run.record(done).await?;
    read?;
    Ok(done)
}

impl Comparison<'_> {
    /// Reads what is new, then as much of the rest as is left. `true`: to the end, and no reading of the whole list goes on.
    async fn read(&mut self) -> Result<bool, Stopped> {
        let (from, end) = self.read_end().await?;
        while self.pages > 0
            && end
            && let Some(at) = self.course.rest(from)
        {
            let lines = self.page(at).await?;
            self.course.went_on(at + len(&lines), from);
        }
        Ok(end && !self.course.is_going_on())
    }

    /// Gives from which line the end was read, and whether it was reached.
    async fn read_end(&mut self) -> Result<(i64, bool), Stopped> {
        let mut from = self.course.end_from();
        let (mut at, mut end) = (from, false);
        while self.pages > 0 && !end {
            let lines = self.page(at).await?;
            end = len(&lines) < PAGE;
            if end && self.course.is_cut_at(at + len(&lines)) {
                self.course = Course::anew(self.now);
                (from, at, end, self.others) = (0, 0, false, 0);
                continue;
            }
            let marks: Vec<Mark> = lines.iter().map(mark).collect();
            self.others += self.course.settle(at, &marks, self.young);
            at += len(&lines);
            self.course.read(from, at, end);
        }
        Ok((from, end))
    }

    /// Reads a page and deals with what it shows.
    async fn page(&mut self, at: i64) -> Result<Vec<StarsTransaction>, Stopped> {
        self.pages -= 1;
        let bot = self.tenant.bot(&self.workers.telegram);
        let lines = bot.star_transactions(at).await.map_err(Stopped::Telegram)?;
        let known = self.known(&lines).await?;
        let mut shown = Vec::new();
        for line in &lines {
            if let Some((user, payload)) = incoming(line) {
                let known = known.get(&line.id);
                let is_here = self.charge(line, (user, payload), known).await?;
                if is_here && known.is_none_or(|known| known.confirmed_at.is_none()) {
                    shown.push(line.id.as_str());
                }
            }
        }
        self.confirm(&shown).await?;
        for line in &lines {
            let to = line.receiver.as_ref().and_then(|receiver| receiver.user).map(|user| user.id);
            let is_back = known.get(&line.id).is_some_and(|known| known.state == PaymentState::Refunded);
            if let Some(user) = to.filter(|_| !is_back) {
                self.take_back(user, line).await?;
            }
        }
        Ok(lines)
    }

    /// What is here of the charges of a page.
    async fn known(&self, lines: &[StarsTransaction]) -> Result<HashMap<String, ChargeRow>, Stopped> {
        let ours = lines.iter().filter(|line| incoming(line).is_some() || line.receiver.is_some());
        let charges: Vec<&str> = ours.map(|line| line.id.as_str()).collect();
        if charges.is_empty() {
            return Ok(HashMap::new());
        }
        let mut tx = self.workers.platform.db.tenant_read(&self.tenant.id).await?;
        let rows = tx.payments_by_charges(&charges).await?;
        Ok(rows.into_iter().map(|row| (row.charge_id.clone(), row)).collect())
    }

    /// A charge of the list: credited when no update has brought it in time. Gives whether it is here.
    async fn charge(
        &mut self,
        line: &StarsTransaction,
        (user, payload): (UserId, &str),
        known: Option<&ChargeRow>,
    ) -> Result<bool, Stopped> {
        self.course.strangers.remove(&line.id);
        let waits = known.is_none_or(|known| known.state == PaymentState::Waiting);
        // Telegram tells of a payment at once; only what it has told in vain is taken from the list.
        if !waits || mark(line).at > self.young {
            return Ok(known.is_some());
        }
        let charge = Charge { id: &line.id, payload, stars: line.amount, listed: true };
        let credited = self.is_known(user).await? && self.credit(user, &charge).await?;
        if credited {
            self.course.credited += 1;
        } else {
            self.course.strangers.insert(line.id.clone());
        }
        Ok(credited || known.is_some())
    }

    /// Whether a person is known here: asked before anything is opened for writing.
    async fn is_known(&self, user: UserId) -> Result<bool, Stopped> {
        let mut tx = self.workers.platform.db.tenant_read(&self.tenant.id).await?;
        Ok(tx.user_get(user).await?.is_some())
    }

    /// Credits a charge in its person's name. `false`: the person is not known here.
    async fn credit(&self, user: UserId, charge: &Charge<'_>) -> Result<bool, Stopped> {
        let key = format!("stars:{}:listed", charge.id);
        let for_whom = Background { user, corr: &self.job.corr, key };
        let platform = &self.workers.platform;
        let told = in_background(platform, self.tenant, for_whom, async |turn| payments::receipt(turn, charge).await);
        Ok(told.await?.is_some())
    }

    /// Notes that the list shows these charges, all at once.
    async fn confirm(&self, shown: &[&str]) -> Result<(), Stopped> {
        if shown.is_empty() {
            return Ok(());
        }
        let mut tx = self.workers.platform.db.tenant(&self.tenant.id).await?;
        for charge in shown {
            tx.payment_confirmed(charge, self.now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn take_back(&self, user: UserId, line: &StarsTransaction) -> Result<(), Stopped> {
        let platform = &self.workers.platform;
        let known = platform.db.tenant_read(&self.tenant.id).await?.payment_by_charge(&line.id).await?;
        if known.is_none_or(|known| known.state == PaymentState::Refunded) {
            return Ok(());
        }
        let back = StarsPayment {
            currency: "XTR".to_owned(),
            total_amount: line.amount,
            invoice_payload: String::new(),
            telegram_payment_charge_id: line.id.clone(),
            is_recurring: false,
        };
        let for_whom = Background { user, corr: &self.job.corr, key: format!("stars:{}:back", line.id) };
        in_background(platform, self.tenant, for_whom, async |turn| payments::went_back(turn, &back).await).await?;
        Ok(())
    }

    /// Keeps how far the list was read, and once all of it was, what was found; the owner hears of differences when they change.
    async fn record(&mut self, done: bool) -> Result<(), Stopped> {
        let platform = &self.workers.platform;
        let mut tx = platform.db.tenant(&self.tenant.id).await?;
        if !done {
            tx.stars_course_put(&self.course.row()).await?;
            tx.commit().await?;
            return Ok(());
        }
        // Only a reading of the whole list that began behind a charge says that it is not there.
        let seen = self.young.min(self.course.covers().minus(platform.settings.payments.stars_grace));
        let missing = tx.payments_unconfirmed(seen, NAMED).await?;
        let strangers = self.course.strangers.iter().map(|id| format!("{id} not credited: unknown person"));
        let drift: Vec<String> =
            strangers.chain(missing.into_iter().map(|id| format!("{id} not in the list"))).collect();
        let check = StarsCheckRow {
            checked_at: self.now,
            listed: self.course.charges() + self.others,
            credited: std::mem::take(&mut self.course.credited),
            drift: drift.join("\n"),
        };
        tx.stars_course_put(&self.course.row()).await?;
        let before = tx.stars_check_get().await?.map(|before| before.drift).unwrap_or_default();
        tx.stars_check_put(&check).await?;
        let news = !check.drift.is_empty() && check.drift != before;
        let told = if news { self.tell(&mut tx, drift.len()).await? } else { None };
        tx.commit().await?;
        if news {
            tracing::error!(tenant = %self.tenant.id, differences = drift.len(), "Stars differ from Telegram's list");
        }
        if let Some(chat) = told {
            platform.signals.chat(&self.tenant.id, chat);
        }
        Ok(())
    }

    /// Says to the owner how many differences there are; gives the chat.
    async fn tell(&self, tx: &mut TenantTx, differences: usize) -> Result<Option<ChatId>, Stopped> {
        let tenant = self.tenant;
        let Some(owner) = tenant.owner() else { return Ok(None) };
        let Some(user) = tx.user_get(owner).await? else { return Ok(None) };
        let words = self.workers.platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let html = words.fmt("admin-stars-drift", crate::args![n = differences]);
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let (chat, key) = (ChatId::from(owner), format!("stars_drift:{}", self.job.id.short()));
        let about = Say { chat, class: MessageClass::MustArrive, key, corr: &self.job.corr, now: self.now };
        say(tx, tenant, about, &outgoing).await.map_err(TurnError::from)?;
        Ok(Some(chat))
    }
}

fn len(lines: &[StarsTransaction]) -> i64 {
    i64::try_from(lines.len()).unwrap_or(PAGE)
}

fn mark(line: &StarsTransaction) -> Mark {
    Mark { at: UnixMs(line.date.saturating_mul(1_000)), charge: incoming(line).is_some() }
}

/// A person's payment for an invoice.
fn incoming(line: &StarsTransaction) -> Option<(UserId, &str)> {
    let source = line.source.as_ref().filter(|source| source.kind == "user")?;
    let paid = source.transaction_type.as_deref().is_none_or(|kind| kind == "invoice_payment");
    let user = source.user.filter(|_| paid)?;
    Some((user.id, source.invoice_payload.as_deref().unwrap_or_default()))
}
