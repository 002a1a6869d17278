//! The five parts. Each says what is missing for GO, in words that lead to the cause.

use std::time::{Duration, Instant};

use super::actor::{Actor, asks, is_picture};
use super::stage::{ANNA, Bot, OWNER, Stage};
use super::visitor::Visitor;
use super::{Part, Plant};
use crate::accounts::{Identity, links};
use crate::billing::{self, Balance};
use crate::domain::{AdminRole, Corr, Money, UserId};
use crate::locks::{LockKey, Purpose};
use crate::sandbox::wire::{ChatMessage, KieFault, Outcome, TaskFault};
use crate::store::{ErrorEntry, StoreError};

/// A model whose first picture is free, and one that costs money in every case.
const FREE_MODEL: &str = "z-image";
const PAID_MODEL: &str = "seedream/4.5-text-to-image";

/// Plays a part.
pub(super) async fn play(stage: &Stage, part: Part) -> Result<(), String> {
    match part {
        Part::A => cold_start(stage).await,
        Part::B => users_way(stage).await,
        Part::C => money(stage).await,
        Part::D => admin(stage).await,
        Part::E => side_by_side(stage).await,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err(store)` gives it away")]
fn store(error: StoreError) -> String {
    format!("the database: {error}")
}

fn anna<'a>(stage: &'a Stage, bot: &'a Bot) -> Actor<'a> {
    Actor { stage, bot, user: ANNA }
}

async fn cold_start(stage: &Stage) -> Result<(), String> {
    for path in ["/live", "/ready"] {
        let (status, body) = get(stage, path, None).await?;
        if status != 200 {
            return Err(format!("{path} answers {status}: {body}"));
        }
    }
    for bot in [&stage.first, &stage.second] {
        stage.host(bot).await?;
        if stage.live { fetched(stage, bot).await? } else { brought(stage, bot).await? }
    }
    if stage.live {
        return Ok(());
    }
    let menu = anna(stage, &stage.first).say("/start", "the menu", |m| !m.buttons().is_empty()).await?;
    if menu.buttons().len() < 4 { Err("the menu has hardly a button".to_owned()) } else { Ok(()) }
}

/// Telegram brings a new bot's updates here.
async fn brought(stage: &Stage, bot: &Bot) -> Result<(), String> {
    let began = Instant::now();
    loop {
        let bots = stage.world.bots().await.map_err(|error| error.to_string())?;
        if bots.iter().any(|known| known.username == bot.username && known.webhook) {
            return Ok(());
        }
        if began.elapsed() > stage.patience {
            return Err("the webhook of a new bot was not set".to_owned());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Telegram knows a new bot's token, and its updates are fetched.
async fn fetched(stage: &Stage, bot: &Bot) -> Result<(), String> {
    let began = Instant::now();
    loop {
        let mut tx = stage.app.platform.db.tenant_read(&bot.id).await.map_err(store)?;
        let found = tx.connection_get().await.map_err(store)?;
        drop(tx);
        let found = found.filter(|found| found.token_checked_at.is_some());
        match found.as_ref().map(|found| (&found.token_error, &found.webhook_error)) {
            Some((Some(error), _)) => return Err(format!("Telegram refuses the token: {error}")),
            Some((_, Some(error))) => return Err(format!("Telegram keeps the bot's webhook: {error}")),
            Some((None, None)) => return Ok(()),
            None if began.elapsed() > stage.patience => {
                return Err("Telegram did not answer about a new bot".to_owned());
            }
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Orders a picture and waits for the confirmation screen.
async fn order(actor: &Actor<'_>, model: &str) -> Result<(), String> {
    actor.say(&format!("/generate {model}"), "the first step", asks).await?;
    let offered = |data: &'static str| move |m: &ChatMessage| holds(m, data);
    actor.say("A red cat on a roof", "the step after the prompt", offered("16:9")).await?;
    if model == FREE_MODEL {
        actor.press("16:9", "the confirmation", confirmable).await?;
    } else {
        actor.press("16:9", "the quality", offered("quality:basic")).await?;
        actor.press("quality:basic", "the confirmation", confirmable).await?;
    }
    Ok(())
}

fn holds(message: &ChatMessage, data: &str) -> bool {
    message.buttons().iter().any(|(_, own)| own.contains(data))
}

fn confirmable(message: &ChatMessage) -> bool {
    holds(message, "confirm_generate")
}

async fn users_way(stage: &Stage) -> Result<(), String> {
    if stage.plant == Some(Plant::Provider) {
        break_provider(stage).await?;
    }
    let actor = anna(stage, &stage.first);
    actor.say("/models", "the list of models", |m| !m.buttons().is_empty()).await?;
    order(&actor, FREE_MODEL).await?;
    actor.press("confirm_generate", "the picture", is_picture).await.map_err(|why| format!("the generation: {why}"))?;
    actor.settled().await?;
    let db = &stage.app.platform.db;
    let mut tx = db.tenant_read(&stage.first.id).await.map_err(store)?;
    match tx.generations_of_user(ANNA).await.map_err(store)? {
        1 => Ok(()),
        n => Err(format!("the history has {n} generations, not 1")),
    }
}

/// The next task fails at the provider.
async fn break_provider(stage: &Stage) -> Result<(), String> {
    let outcome = Outcome::Fail { code: "500".to_owned(), msg: "planted".to_owned() };
    let task = TaskFault { outcome, ..TaskFault::default() };
    let fault = KieFault { times: 1, task: Some(task), ..KieFault::default() };
    stage.world.inject_kie(&fault).await.map_err(|error| error.to_string())
}

async fn balance(stage: &Stage, bot: &Bot, user: UserId) -> Result<Balance, String> {
    let mut tx = stage.app.platform.db.tenant_read(&bot.id).await.map_err(store)?;
    let row = tx.user_get(user).await.map_err(store)?.ok_or("the person is not known")?;
    billing::balance(&mut tx, &row.user_ref).await.map_err(store)
}

async fn credit(stage: &Stage, bot: &Bot, operation: &str, amount: Money) -> Result<(), String> {
    let platform = &stage.app.platform;
    let mut tx = platform.db.tenant(&bot.id).await.map_err(store)?;
    let row = tx.user_get(ANNA).await.map_err(store)?.ok_or("the person is not known")?;
    let now = platform.clock.now();
    billing::credit(&mut tx, &row.user_ref, operation, amount, &Corr::random(), now).await.map_err(store)?;
    tx.commit().await.map_err(store)
}

async fn expect(stage: &Stage, what: &str, available: Money, held: Money) -> Result<(), String> {
    let found = balance(stage, &stage.first, ANNA).await?;
    if found.available == available && found.held == held {
        return Ok(());
    }
    Err(format!("{what}: available {} and held {}, not {available} and {held}", found.available, found.held))
}

async fn money(stage: &Stage) -> Result<(), String> {
    let sum = Money::kopecks(10_000);
    // Planted: the second telling of one payment comes under another name.
    let again = if stage.plant == Some(Plant::Payment) { "payment-2" } else { "payment-1" };
    for operation in ["payment-1", again] {
        credit(stage, &stage.first, operation, sum).await?;
    }
    expect(stage, "the same payment told twice", sum, Money::ZERO).await?;
    let actor = anna(stage, &stage.first);
    order(&actor, PAID_MODEL).await?;
    actor.press("confirm_generate", "the paid picture", is_picture).await?;
    actor.settled().await?;
    let left = until(stage, "the capture", |found| found.available < sum && found.held == Money::ZERO).await?;
    break_provider(stage).await?;
    order(&actor, PAID_MODEL).await?;
    actor.press("confirm_generate", "the word that it failed", |m| !is_picture(m) && holds(m, "gen")).await?;
    let after = until(stage, "the release", |found| found.held == Money::ZERO).await?;
    if after.available != left.available {
        return Err(format!("a failed generation cost {} of {}", after.available, left.available));
    }
    let mut tx = stage.app.platform.db.tenant_read(&stage.first.id).await.map_err(store)?;
    let faults = tx.ledger_violations().await.map_err(store)?;
    match faults.first() {
        None => Ok(()),
        Some(fault) => Err(format!("the ledger: {} for {}", fault.fault, fault.subject)),
    }
}

/// Waits until the balance is as it should be.
async fn until(stage: &Stage, what: &str, fits: impl Fn(&Balance) -> bool) -> Result<Balance, String> {
    let began = Instant::now();
    loop {
        let found = balance(stage, &stage.first, ANNA).await?;
        if fits(&found) {
            return Ok(found);
        }
        if began.elapsed() > stage.patience {
            return Err(format!("{what}: available {}, held {}", found.available, found.held));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn admin(stage: &Stage) -> Result<(), String> {
    let olga = Actor { stage, bot: &stage.first, user: OWNER };
    olga.say("/start", "the admin's menu", |m| !m.buttons().is_empty()).await?;
    let free = "an admin's generation is not free";
    order(&olga, PAID_MODEL).await.map_err(|why| format!("{free}: {why}"))?;
    olga.press("confirm_generate", "the admin's picture", is_picture).await.map_err(|why| format!("{free}: {why}"))?;
    let found = balance(stage, &stage.first, OWNER).await?;
    if found.available == Money::ZERO && found.held == Money::ZERO {
        Ok(())
    } else {
        Err(format!("{free}: it moved {}", found.available))
    }
}

async fn side_by_side(stage: &Stage) -> Result<(), String> {
    let (first, second) = (&stage.first, &stage.second);
    let other = anna(stage, second);
    other.say("/start", "the second bot's menu", |m| !m.buttons().is_empty()).await?;
    if stage.plant == Some(Plant::Money) {
        credit(stage, second, "leaked", Money::kopecks(1)).await?;
    }
    let platform = &stage.app.platform;
    let corr = Corr::random();
    let entry = ErrorEntry {
        corr: &corr,
        stage: "smoke",
        handler: "smoke",
        class: "smoke",
        message: "planted",
        update_id: None,
    };
    let place = if stage.plant == Some(Plant::Errors) { second } else { first };
    let mut tx = platform.db.tenant(&place.id).await.map_err(store)?;
    tx.error_put(&entry, platform.clock.now()).await.map_err(store)?;
    tx.commit().await.map_err(store)?;
    let mut tx = platform.db.tenant_read(&second.id).await.map_err(store)?;
    if tx.generations_of_user(ANNA).await.map_err(store)? != 0 {
        return Err("data: the second bot has the first one's generations".to_owned());
    }
    if !tx.errors_last(10).await.map_err(store)?.is_empty() {
        return Err("errors: the second bot has the first one's errors".to_owned());
    }
    drop(tx);
    if balance(stage, second, ANNA).await?.available != Money::ZERO {
        return Err("data: money of one bot is there in the other".to_owned());
    }
    let held = platform.locks.try_acquire(&LockKey::new(&first.id, Purpose::Updates), stage.patience).await;
    let place = if stage.plant == Some(Plant::Locks) { first } else { second };
    let theirs = platform.locks.try_acquire(&LockKey::new(&place.id, Purpose::Updates), stage.patience).await;
    let apart = held.is_some() && theirs.is_some();
    for lease in [held, theirs].into_iter().flatten() {
        platform.locks.release(lease).await;
    }
    if !apart {
        return Err("locks: one bot's lock keeps the other waiting".to_owned());
    }
    pages(stage).await
}

/// The second bot's owner signs in, sees their own pages and nothing of the first bot.
async fn pages(stage: &Stage) -> Result<(), String> {
    let platform = &stage.app.platform;
    let theirs = if stage.plant == Some(Plant::Session) { &stage.first } else { &stage.second };
    let who = Identity::admin(&theirs.id, AdminRole::Owner, OWNER);
    let issued = links::issue(&platform.db, &platform.settings.panel, &who, platform.clock.now()).await;
    let link = issued.map_err(|error| format!("pages: {error}"))?;
    let foreign = format!("/panel/t/{}", stage.first.id);
    let mut nobody = Visitor::new(stage)?;
    match nobody.get(&foreign).await?.status {
        401 => {}
        status => return Err(format!("pages: somebody who is not signed in gets {status} for a bot's page")),
    }
    let mut owner = Visitor::new(stage)?;
    owner.enter(&link).await.map_err(|why| format!("pages: {why}"))?;
    let missing = owner.get("/panel/t/no-such-bot").await?;
    for page in ["", "/users", "/payments", "/errors", "/settings/general"] {
        let found = owner.get(&format!("{foreign}{page}")).await?;
        if found.status != 404 || found.body != missing.body {
            let status = found.status;
            return Err(format!("pages: the second bot's owner gets {status} for {foreign}{page} of the first one"));
        }
    }
    let own = owner.get(&format!("/panel/t/{}", stage.second.id)).await?;
    let shows = |bot: &Bot| own.body.contains(bot.id.as_str());
    if own.status != 200 || !shows(&stage.second) || shows(&stage.first) {
        return Err(format!("pages: the second bot's owner gets {} for their own page", own.status));
    }
    let unknown = get(stage, &format!("/webhook/{}", stage.first.id), Some("wrong")).await?;
    match unknown.0 {
        401 => Ok(()),
        status => Err(format!("pages: a webhook with a wrong secret answers {status}")),
    }
}

/// Asks the platform over HTTP; with a secret it plays Telegram.
async fn get(stage: &Stage, path: &str, secret: Option<&str>) -> Result<(u16, String), String> {
    #[expect(clippy::disallowed_methods, reason = "the smoke run plays a visitor of its own installation")]
    let client = reqwest::Client::new();
    let url = format!("http://{}{path}", stage.app.address);
    let request = match secret {
        Some(secret) => client.post(url).header("X-Telegram-Bot-Api-Secret-Token", secret).body("{}"),
        None => client.get(url),
    };
    let answer =
        request.timeout(stage.patience).send().await.map_err(|error| format!("{path}: {}", error.without_url()))?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await.unwrap_or_default()))
}
