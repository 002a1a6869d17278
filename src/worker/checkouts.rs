//! Answers to payments' last checks: a lane of its own, before everything else (bot.md 11.4). Telegram waits ten seconds; an
//! answer that did not arrive is repeated, because answering twice is harmless.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::Workers;
use crate::signals::CheckoutAnswer;

/// How many answers may be under way at once.
const AT_ONCE: usize = 512;
/// Tries: all of them fit into Telegram's ten seconds.
const TRIES: u32 = 3;

/// Sends answers until the soft stop; then what is waiting is still answered.
pub async fn run(workers: Arc<Workers>, answers: Arc<Mutex<mpsc::Receiver<CheckoutAnswer>>>) {
    let stop = workers.tasks.soft();
    let mut answers = answers.lock().await;
    loop {
        let answer = tokio::select! {
            biased;
            answer = answers.recv() => answer,
            () = stop.cancelled() => answers.try_recv().ok(),
        };
        let Some(answer) = answer else { return };
        let each = workers.clone();
        let sent = workers.tasks.spawn_bounded("checkout_answer", AT_ONCE, async move { one(&each, answer).await });
        if let Err(full) = sent {
            tracing::error!(error = %full, "a payment was not answered: Telegram gives it up");
        }
    }
}

async fn one(workers: &Workers, answer: CheckoutAnswer) {
    let Some(tenant) = workers.platform.tenants.get(&answer.tenant) else { return };
    for attempt in 1..=TRIES {
        let refusal = answer.refusal.as_deref();
        let bot = tenant.bot(&workers.telegram);
        let Err(error) = bot.answer_checkout(&answer.query_id, refusal).await else { return };
        tracing::warn!(tenant = %answer.tenant, error = %error, attempt, "a payment's last check was not answered");
        tokio::time::sleep(workers.platform.settings.telegram.send_backoff).await;
    }
}
