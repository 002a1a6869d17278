//! What is said from memory while the database is away or slow (decisions.md 4): sent once, never recorded, never repeated.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::{Workers, transmit};
use crate::signals::Unrecorded;

/// How many may be under way at once.
const AT_ONCE: usize = 64;

/// Sends until the soft stop.
pub async fn run(workers: Arc<Workers>, words: Arc<Mutex<mpsc::Receiver<Unrecorded>>>) {
    let stop = workers.tasks.soft();
    let mut words = words.lock().await;
    loop {
        let word = tokio::select! {
            word = words.recv() => word,
            () = stop.cancelled() => return,
        };
        let Some(word) = word else { return };
        let each = workers.clone();
        let sent = workers.tasks.spawn_bounded("unrecorded", AT_ONCE, async move {
            let Some(tenant) = each.platform.tenants.get(&word.tenant) else { return };
            if word.stand_in.as_ref().is_some_and(|stand_in| stand_in.get().is_some()) {
                return;
            }
            match (transmit::send(&each, &tenant, word.chat, &word.outgoing).await, word.stand_in) {
                // Whoever was faster is shown below it.
                (Ok(sent), Some(stand_in)) => {
                    let _ = stand_in.set(sent.message);
                }
                (Ok(_), None) => {}
                (Err(error), _) => {
                    tracing::warn!(tenant = %word.tenant, error = %error, "nothing could be said from memory");
                }
            }
        });
        if let Err(full) = sent {
            tracing::warn!(error = %full, "too much to say from memory");
        }
    }
}
