//! The way of an update (architecture.md 3): one line per chat, one transaction, 200 after the commit, an exception boundary
//! around it all. Webhook and long polling feed the same function.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt as _;
use tracing::Instrument as _;

use super::callback::Callback;
use super::error::TurnError;
use super::gate::{self, Verdict};
use super::platform::Platform;
use super::screens::{menu, tokens};
use super::session::Session;
use super::turn::{Incoming, Reply, Toast, Turn};
use super::update::{Chat, From, Kind, Update};
use super::{apology, checkout, full, outage, outside, returned, route, slow};
use crate::domain::{ChatId, Corr, UnixMs};
use crate::generation;
use crate::lifecycle::crash::crash_point;
use crate::signals::{Answer, QueryAnswer, StandIn};
use crate::store::{Counter, Seen, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::vault::Column;

/// How often a turn is repeated because another replica or transaction was faster.
const TRIES: u32 = 3;

/// What to tell whoever brought the update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ack {
    /// Handled, or a duplicate, or nothing to handle: never bring it again.
    Done,
    /// Nothing was recorded: bring it again after this long.
    Later(Duration),
}

/// Handles one update of one tenant from its raw body to the commit.
pub async fn receive(platform: &Platform, tenant: &Tenant, body: &[u8]) -> Ack {
    let corr = Corr::random();
    let Ok(update) = Update::parse(body) else {
        tracing::warn!(tenant = %tenant.id, corr = %corr, bytes = body.len(), "a body that is no update was dropped");
        return Ack::Done;
    };
    let head = match &update.kind {
        Kind::Callback(query) => Some(super::callback::masked(query.data.as_deref().unwrap_or_default())),
        _ => None,
    };
    let span = tracing::info_span!("update", tenant = %tenant.id, corr = %corr, update_id = update.id.0, kind = update.kind_name(),
        callback = head.as_deref());
    let began = tokio::time::Instant::now();
    let ack = accept(platform, tenant, &update, &corr).instrument(span).await;
    let result = if ack == Ack::Done { "done" } else { "later" };
    metrics::counter!("botyard_updates_total", "result" => result).increment(1);
    metrics::histogram!("botyard_update_seconds").record(began.elapsed().as_secs_f64());
    ack
}

async fn accept(platform: &Platform, tenant: &Tenant, update: &Update, corr: &Corr) -> Ack {
    let later = Ack::Later(platform.settings.server.retry_after);
    if let Kind::PreCheckout(query) = &update.kind {
        checkout::answer(platform, tenant, query).await;
        return Ack::Done;
    }
    if let Kind::Inline(query) = &update.kind {
        let (tenant, query_id) = (tenant.id.clone(), query.id.clone());
        let what = Answer::Inline { cache: platform.settings.bot.inline_cache };
        platform.signals.answer(QueryAnswer { tenant, query_id, what });
        return Ack::Done;
    }
    let (Some(chat), Some(from)) = (update.chat(), update.from()) else {
        tracing::debug!("nothing in this update concerns a chat");
        return Ack::Done;
    };
    if !gate::keeps_pace(platform, tenant, update).await {
        // Telegram keeps what this bot may not take yet, and brings it again: nothing is lost.
        return later;
    }
    let press = Press::of(tenant, update);
    let verdict = gate::check(platform, tenant, &chat, from, update).await;
    if let Verdict::Drop = verdict {
        press.answer(platform, None);
        return Ack::Done;
    }
    let Ok(_line) = platform.chats.enter(&tenant.id, chat.id).await else { return later };
    let done = if let Verdict::Outside = verdict {
        outside::group(platform, tenant, update, &chat, from, corr, &press).await
    } else {
        let about = (update, verdict);
        let work = handled(platform, tenant, update, &chat, from, corr, &press, verdict);
        // Boxed: the whole turn would stand in each of the futures around it.
        let work = Box::pin(with_watchdog(platform, tenant, &press, from, work));
        slow::patiently(platform, tenant, about, &chat, from, &press, work).await
    };
    match done {
        Ok(()) => Ack::Done,
        Err(TurnError::Store(e)) if e.is_temporary() => {
            tracing::warn!(error = %e, "the database is away, Telegram keeps the update");
            if outage::answer(platform, tenant, update, &chat, from, &press).await { Ack::Done } else { later }
        }
        // Money that was paid is credited by a later try; nobody is told to be sorry for it.
        Err(e) if update.is_payment() => {
            tracing::error!(stage = e.stage(), error_class = e.class(), error = %e, "a payment was not recorded, Telegram keeps it");
            later
        }
        Err(e) => {
            press.answer(platform, Some(apology::alert(platform, tenant, from)));
            match apology::record(platform, tenant, update, &chat, from, corr, &e).await {
                Ok(()) => Ack::Done,
                Err(e) => {
                    tracing::warn!(error = %e, "not even the apology could be recorded");
                    later
                }
            }
        }
    }
}

/// Runs the turn, repeating it on fresh data where another was faster; a panic and a timeout become errors.
#[expect(clippy::too_many_arguments, reason = "one call from one place; a struct would only rename them")]
async fn handled(
    platform: &Platform,
    tenant: &Tenant,
    update: &Update,
    chat: &Chat,
    from: &From,
    corr: &Corr,
    press: &Press,
    mut verdict: Verdict,
) -> Result<(), TurnError> {
    for attempt in 1.. {
        let turn = AssertUnwindSafe(turn(platform, tenant, update, chat, from, corr, press, &verdict)).catch_unwind();
        let done = match tokio::time::timeout(platform.settings.bot.handler_limit, turn).await {
            Err(_) => Err(TurnError::TooLong),
            Ok(Err(panic)) => Err(TurnError::Panic(panic_text(&*panic))),
            Ok(Ok(done)) => done,
        };
        match done {
            Err(TurnError::SessionMoved | TurnError::Store(StoreError::Busy)) if attempt < TRIES => {}
            Err(TurnError::Blocked) => verdict = gate::blocked(platform, tenant, chat, press.is_pressed()).await,
            done => return done,
        }
    }
    Err(TurnError::SessionMoved)
}

#[expect(clippy::too_many_arguments, reason = "one call from one place; a struct would only rename them")]
async fn turn(
    platform: &Platform,
    tenant: &Tenant,
    update: &Update,
    chat: &Chat,
    from: &From,
    corr: &Corr,
    press: &Press,
    verdict: &Verdict,
) -> Result<(), TurnError> {
    let now = platform.clock.now();
    at_payment(update, "payment.arrived");
    let mut tx = platform.db.tenant_chat(&tenant.id, chat.id).await?;
    if !tx.update_record(update.id, corr, now).await? {
        tracing::info!("a duplicate");
        press.answer(platform, None);
        return Ok(tx.rollback().await?);
    }
    let seen = Seen {
        user_id: from.id,
        username: from.username.as_deref(),
        first_name: &from.first_name,
        last_name: from.last_name.as_deref(),
        language_code: from.language_code.as_deref(),
    };
    if let Kind::Member(change) = &update.kind {
        member_changed(&mut tx, platform, tenant, &seen, change.new_chat_member.status == "kicked", now).await?;
        return Ok(tx.commit().await?);
    }
    let user = tx.user_seen(&seen, now).await?;
    at_payment(update, "payment.begun");
    if user.is_new() && full::is_full(&mut tx, tenant, from).await? {
        tx.rollback().await?;
        return full::tell(platform, tenant, update, chat, from, corr, press).await;
    }
    if user.is_new() {
        returned::recognise(&mut tx, platform, tenant, &user).await?;
    }
    count_visit(&mut tx, tenant, user.is_new(), user.previous_seen_at, now).await?;
    let (session, version) = load_session(&mut tx, tenant, from.id, now, &platform.settings.session).await?;
    let incoming = incoming(update, chat);
    let waiting = matches!(update.kind, Kind::Message(_))
        && generation::redeliver_waiting(&mut tx, from.id, now).await.map_err(TurnError::from)? > 0;
    let mut turn = Turn::new(platform, tenant, &mut tx, user, session, corr.clone(), incoming);
    if waiting {
        turn.wake_workers();
    }
    dispatch(&mut turn, update, verdict).await?;
    turn.close().await?;
    let mut said = turn.finish();
    said.takes_the_place_of(slow::taken(&press.stand_in).filter(|_| gate::is_start(update)));
    save_session(&mut tx, tenant, from.id, version, &said.session, now).await?;
    let key = format!("upd:{}", update.id);
    let says = record(&mut tx, tenant, chat.id, said.replies, &key, corr, now).await?;
    let told = record_told(&mut tx, tenant, said.told, &key, corr, now).await?;
    let ordered = said.jobs;
    at_payment(update, "payment.credited");
    if ordered {
        crash_point("confirm.decided");
    }
    tx.commit().await?;
    at_payment(update, "payment.committed");
    if ordered {
        crash_point("confirm.committed");
    }
    for chat in told {
        platform.signals.chat(&tenant.id, chat);
    }
    press.answer(platform, said.toast);
    if says {
        platform.signals.chat(&tenant.id, chat.id);
    }
    if ordered {
        platform.signals.job();
    }
    Ok(())
}

/// The person blocked the bot or came back to it: nothing is said, and whoever comes back is recognised.
async fn member_changed(
    tx: &mut TenantTx,
    platform: &Platform,
    tenant: &Tenant,
    seen: &Seen<'_>,
    gone: bool,
    now: UnixMs,
) -> Result<(), TurnError> {
    if gone {
        tx.user_unreachable(seen.user_id, now).await?;
        return Ok(());
    }
    let user = tx.user_seen(seen, now).await?;
    if user.is_new() {
        returned::recognise(tx, platform, tenant, &user).await?;
    }
    Ok(())
}

/// A place where a test's power cut may happen, if this update tells of money that was paid.
fn at_payment(update: &Update, point: &'static str) {
    if update.is_payment() {
        crash_point(point);
    }
}

fn incoming(update: &Update, chat: &Chat) -> Incoming {
    let message = match &update.kind {
        Kind::Message(m) | Kind::Edited(m) => Some(m.message_id),
        Kind::Callback(q) => q.message.as_ref().map(|m| m.message_id),
        _ => None,
    };
    Incoming { update: update.id, chat: chat.id, message, pressed: matches!(update.kind, Kind::Callback(_)) }
}

/// Records what a turn says, each under `key` and its number. Whether there was anything.
pub(super) async fn record(
    tx: &mut TenantTx,
    tenant: &Tenant,
    chat: ChatId,
    replies: Vec<Reply>,
    key: &str,
    corr: &Corr,
    now: UnixMs,
) -> Result<bool, TurnError> {
    let says = !replies.is_empty();
    for (n, reply) in replies.into_iter().enumerate() {
        let key = format!("{key}:{n}");
        say(tx, tenant, Say { chat, class: reply.class, key, corr, now }, &reply.outgoing).await?;
    }
    Ok(says)
}

/// Records what a turn says in other chats. Gives those chats, to be woken after the commit.
pub(super) async fn record_told(
    tx: &mut TenantTx,
    tenant: &Tenant,
    told: Vec<(ChatId, Reply)>,
    key: &str,
    corr: &Corr,
    now: UnixMs,
) -> Result<Vec<ChatId>, TurnError> {
    let mut chats = Vec::new();
    for (n, (chat, reply)) in told.into_iter().enumerate() {
        let key = format!("{key}:to:{n}");
        say(tx, tenant, Say { chat, class: reply.class, key, corr, now }, &reply.outgoing).await?;
        chats.push(chat);
    }
    Ok(chats)
}

/// Chooses who answers, after the gate's verdict.
async fn dispatch(turn: &mut Turn<'_>, update: &Update, verdict: &Verdict) -> Result<(), TurnError> {
    match verdict {
        Verdict::Say(said) => {
            gate::say(turn, *said);
            return Ok(());
        }
        Verdict::Quiet => return Ok(()),
        Verdict::Handle | Verdict::Outside | Verdict::Drop => {}
    }
    if turn.user.blocked_at.is_some() && !gate::about_rights(update) && !update.is_payment() {
        return Err(TurnError::Blocked);
    }
    let starts = gate::is_start(update);
    if starts && turn.has_just_started() {
        return Ok(());
    }
    match &update.kind {
        Kind::Message(message) => route::message(turn, message).await?,
        Kind::Callback(query) => match query.data.as_deref().and_then(Callback::parse) {
            Some(Callback::Noop) => return Ok(()),
            Some(callback) => route::callback(turn, callback).await?,
            None => route::stale(turn).await?,
        },
        Kind::Edited(message) if tokens::is_in(message) => tokens::refuse(turn)?,
        Kind::Edited(_) => turn.notice(turn.words().get("edited-message")),
        Kind::PreCheckout(_) | Kind::Member(_) | Kind::Inline(_) | Kind::Other => return Ok(()),
    }
    turn.session.started_at = starts.then_some(turn.now);
    if !turn.has_reaction() && matches!(update.kind, Kind::Message(_) | Kind::Callback(_)) {
        tracing::warn!("SILENT_HANDLER");
        menu::never_silent(turn).await?;
    }
    Ok(())
}

async fn count_visit(
    tx: &mut TenantTx,
    tenant: &Tenant,
    is_new: bool,
    previous: Option<UnixMs>,
    now: UnixMs,
) -> Result<(), StoreError> {
    let today = tenant.today(now);
    if is_new {
        tx.counter_add(&today, Counter::NewUsers, 1).await?;
    }
    if previous.is_none_or(|at| tenant.today(at) != today) {
        tx.counter_add(&today, Counter::ActiveUsers, 1).await?;
        tx.counter_add(&today, Counter::LastSeen, 1).await?;
        if let Some(before) = previous {
            tx.counter_add(&tenant.today(before), Counter::LastSeen, -1).await?;
        }
    }
    Ok(())
}

pub(super) async fn load_session(
    tx: &mut TenantTx,
    tenant: &Tenant,
    user: crate::domain::UserId,
    now: UnixMs,
    rules: &crate::config::Session,
) -> Result<(Session, i64), TurnError> {
    let Some(row) = tx.session_load(user).await? else { return Ok((Session::default(), 0)) };
    // A shape of an older version is forgotten, not an error: the person starts anew (reliability.md, F32).
    let mut session: Session = serde_json::from_slice(&tenant.open(Column::Session, &row.sealed)?).unwrap_or_default();
    let over = row.touched_at.plus(rules.life);
    if now > over {
        session.expire(over);
    }
    session.forget_expired(now.minus(rules.marker_life));
    Ok((session, row.version))
}

pub(super) async fn save_session(
    tx: &mut TenantTx,
    tenant: &Tenant,
    user: crate::domain::UserId,
    version: i64,
    session: &Session,
    now: UnixMs,
) -> Result<(), TurnError> {
    let sealed = tenant.seal(Column::Session, &serde_json::to_vec(session)?)?;
    if tx.session_save(user, version, &sealed, now).await? { Ok(()) } else { Err(TurnError::SessionMoved) }
}

/// A pressed button and whether it was answered: exactly once, by the handler's decision or by the watchdog.
pub(super) struct Press {
    tenant: crate::domain::BotInstanceId,
    query: Option<String>,
    answered: AtomicBool,
    /// The menu shown meanwhile, when /start takes long.
    pub(super) stand_in: StandIn,
}

impl Press {
    fn of(tenant: &Tenant, update: &Update) -> Self {
        let query = match &update.kind {
            Kind::Callback(q) => Some(q.id.clone()),
            _ => None,
        };
        Self { tenant: tenant.id.clone(), query, answered: AtomicBool::new(false), stand_in: slow::none() }
    }

    /// Whether a button was pressed at all.
    pub(super) fn is_pressed(&self) -> bool {
        self.query.is_some()
    }

    /// Answers, unless it was answered before or nothing was pressed. `true` when this call answered.
    pub(super) fn answer(&self, platform: &Platform, toast: Option<Toast>) -> bool {
        let Some(query) = &self.query else { return false };
        if self.answered.swap(true, Ordering::SeqCst) {
            return false;
        }
        let (text, alert) = toast.map_or((None, false), |t| (Some(t.text), t.alert));
        platform.signals.answer(QueryAnswer {
            tenant: self.tenant.clone(),
            query_id: query.clone(),
            what: Answer::Press { text, alert },
        })
    }
}

/// Lets the work go on, but answers the button at 700 ms whatever it does (decisions.md 5).
async fn with_watchdog<T>(
    platform: &Platform,
    tenant: &Tenant,
    press: &Press,
    from: &From,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => return done,
        () = tokio::time::sleep(platform.settings.bot.callback_watchdog) => {}
    }
    let language = tenant.language_of(None, from.language_code.as_deref());
    press.answer(platform, Some(Toast { text: platform.texts.words(language).get("wait"), alert: false }));
    work.await
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no text".to_owned()).chars().take(200).collect()
}
