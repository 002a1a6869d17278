//! Panics that a test plants in supervised tasks (reliability.md F31). Nothing else puts any.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// The tasks that shall panic.
#[derive(Debug, Default)]
pub(super) struct Poison {
    names: Mutex<BTreeSet<String>>,
    put: Notify,
}

impl Poison {
    /// Plants one.
    pub(super) fn put(&self, name: &str) {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        self.put.notify_waiters();
    }

    /// Returns when one was planted for this task, and uses it up.
    pub(super) async fn taken(&self, name: &str) {
        loop {
            let next = self.put.notified();
            if self.names.lock().unwrap_or_else(PoisonError::into_inner).remove(name) {
                return;
            }
            next.await;
        }
    }
}
