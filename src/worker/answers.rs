//! Answers to button presses: fast, once, never recorded (decisions.md 5). A late-answer error is nobody's problem.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Workers;
use crate::clients::telegram::TelegramError;
use crate::signals::{Answer, QueryAnswer};

/// How many answers may be under way at once.
const AT_ONCE: usize = 256;

/// Sends answers until the soft stop; then what is waiting is still answered.
pub async fn run(workers: Arc<Workers>, answers: Arc<tokio::sync::Mutex<mpsc::Receiver<QueryAnswer>>>) {
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
        let sent = workers.tasks.spawn_bounded("callback_answer", AT_ONCE, async move { one(&each, answer).await });
        if let Err(full) = sent {
            tracing::warn!(error = %full, "a button keeps its spinner");
        }
    }
}

async fn one(workers: &Workers, answer: QueryAnswer) {
    let Some(tenant) = workers.platform.tenants.get(&answer.tenant) else { return };
    let bot = tenant.bot(&workers.telegram);
    for attempt in 0..2 {
        let said = match &answer.what {
            Answer::Press { text, alert } => bot.answer_callback_query(&answer.query_id, text.as_deref(), *alert).await,
            Answer::Inline { cache } => bot.answer_inline_query(&answer.query_id, cache.as_secs()).await,
        };
        match said {
            Err(error) if error.certainly_not_sent() && attempt == 0 => {
                tokio::time::sleep(workers.platform.settings.telegram.send_backoff).await;
            }
            Ok(()) | Err(TelegramError::QueryTooOld) => return,
            Err(error) => {
                tracing::debug!(tenant = %answer.tenant, error = %error, "a query was not answered");
                return;
            }
        }
    }
}
