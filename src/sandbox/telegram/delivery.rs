//! Webhook delivery: one request in flight per queue, `max_connections` per bot, patient retries, `Retry-After` heard.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::bot::Bot;
use super::params::Params;
use super::updates::Queue;
use crate::sandbox::world::World;

/// `Retry-After` counts up to an hour (facts/telegram.md 1).
const LONGEST_RETRY_AFTER: u64 = 3_600;
/// Methods that a webhook's answer cannot call.
const NOT_IN_ANSWERS: [&str; 4] = ["setWebhook", "deleteWebhook", "close", "logOut"];

struct Parcel {
    update_id: i64,
    body: Value,
    url: String,
    secret: Option<String>,
    slots: Arc<Semaphore>,
}

struct Failure {
    why: String,
    retry_after: Option<Duration>,
}

/// Sees to it that a queue with something in it is being delivered.
pub(crate) fn wake(world: &Arc<World>, bot: &Arc<Bot>, queue: Queue) {
    let mut state = bot.state();
    if state.webhook.is_some() && state.updates.claim(queue) {
        let epoch = state.webhook_epoch;
        drop(state);
        world.tasks.spawn(work(Arc::clone(world), Arc::clone(bot), queue, epoch));
    }
}

/// Starts the delivery of everything that waits, after `setWebhook` or a restart.
pub(crate) fn wake_all(world: &Arc<World>, bot: &Arc<Bot>) {
    let mut state = bot.state();
    if state.webhook.is_none() {
        return;
    }
    let epoch = state.webhook_epoch;
    let queues = state.updates.claim_all();
    drop(state);
    for queue in queues {
        world.tasks.spawn(work(Arc::clone(world), Arc::clone(bot), queue, epoch));
    }
}

/// After a restart of the sandbox.
pub(crate) fn resume(world: &Arc<World>) {
    for bot in world.all_bots() {
        wake_all(world, &bot);
    }
}

async fn work(world: Arc<World>, bot: Arc<Bot>, queue: Queue, epoch: u64) {
    let settings = &world.settings.telegram;
    let mut wait = settings.retry_first;
    while let Some(parcel) = next(&world, &bot, queue, epoch) {
        let sent = {
            let Ok(_slot) = parcel.slots.acquire().await else { return };
            send(&world, &parcel).await
        };
        match sent {
            Ok(answer) => {
                wait = settings.retry_first;
                finish(&world, &bot, epoch, parcel.update_id);
                if let Some(params) = answer {
                    execute(&world, &bot, params).await;
                }
            }
            Err(failure) => {
                note(&world, &bot, failure.why);
                tokio::time::sleep(failure.retry_after.unwrap_or(wait)).await;
                wait = (wait * 2).min(settings.retry_max);
            }
        }
    }
}

/// The next parcel of a queue; `None` ends its task, and gives the queue back unless a newer webhook has it.
fn next(world: &World, bot: &Bot, queue: Queue, epoch: u64) -> Option<Parcel> {
    let mut state = bot.state();
    if state.webhook_epoch != epoch {
        return None;
    }
    let head = state.updates.head(queue, world.clock.now().0);
    let parcel = head.zip(state.webhook.as_ref()).map(|((update_id, body), webhook)| Parcel {
        update_id,
        body,
        url: webhook.url.clone(),
        secret: webhook.secret.clone(),
        slots: Arc::clone(&webhook.slots),
    });
    if parcel.is_none() {
        state.updates.release(queue);
    }
    parcel
}

fn finish(world: &World, bot: &Bot, epoch: u64, update_id: i64) {
    let mut state = bot.state();
    if state.webhook_epoch == epoch {
        state.updates.remove(update_id);
        drop(state);
        bot.bump(world);
    }
}

fn note(world: &World, bot: &Bot, why: String) {
    let seconds = world.seconds();
    if let Some(webhook) = &mut bot.state().webhook {
        webhook.last_error = Some((seconds, why));
    }
}

async fn send(world: &World, parcel: &Parcel) -> Result<Option<Params>, Failure> {
    let mut request = world.http.post(&parcel.url).timeout(world.settings.telegram.webhook_timeout).json(&parcel.body);
    if let Some(secret) = &parcel.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let response = request.send().await.map_err(|error| Failure { why: in_words(&error), retry_after: None })?;
    let status = response.status();
    if !status.is_success() {
        let seconds = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse::<u64>().ok());
        return Err(Failure {
            why: format!("Wrong response from the webhook: {status}"),
            retry_after: seconds.map(|s| Duration::from_secs(s.min(LONGEST_RETRY_AFTER))),
        });
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let body = response.bytes().await.unwrap_or_default();
    let mut params = Params::default();
    // A body that is no call is ignored: most webhooks answer "ok" or nothing.
    let understood = params.read_plain(&kind, &body).is_ok() && params.text("method").is_some();
    Ok(understood.then_some(params))
}

async fn execute(world: &Arc<World>, bot: &Arc<Bot>, params: Params) {
    let Some(name) = params.text("method").as_deref().and_then(super::methods::canonical) else {
        return;
    };
    if !name.starts_with("get") && !NOT_IN_ANSWERS.contains(&name) {
        // Neither result nor error of such a call is ever seen by the bot.
        let _ = super::run(world, bot, name, params).await;
    }
}

fn in_words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "Read timeout expired".to_owned()
    } else if error.is_connect() {
        "Connection refused".to_owned()
    } else {
        "Connection closed by the webhook".to_owned()
    }
}
