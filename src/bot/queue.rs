//! One line per chat in this process, before a database connection is taken (decisions.md 3): a person who sends much waits
//! here and holds no connection. Bounded; the advisory lock serves other replicas.

use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::domain::{BotInstanceId, ChatId};

type Key = (BotInstanceId, ChatId);

/// The lines. Cheap to clone.
#[derive(Clone)]
pub struct ChatQueues {
    lines: Arc<DashMap<Key, Arc<Mutex<()>>>>,
    longest: usize,
}

/// One's turn in a chat; dropping it lets the next one in.
pub struct Turn {
    guard: Option<OwnedMutexGuard<()>>,
    lines: Arc<DashMap<Key, Arc<Mutex<()>>>>,
    key: Key,
}

/// Too many updates of one chat are waiting: Telegram keeps this one and repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many updates of one chat are waiting")]
pub struct LineFull;

impl ChatQueues {
    /// Lines of at most `longest` waiting updates.
    pub fn new(longest: usize) -> Self {
        Self { lines: Arc::default(), longest }
    }

    /// Waits for one's turn, in order of arrival.
    pub async fn enter(&self, tenant: &BotInstanceId, chat: ChatId) -> Result<Turn, LineFull> {
        let key = (tenant.clone(), chat);
        let line = {
            let line = self.lines.entry(key.clone()).or_default();
            // Every waiter and the holder own one reference besides the map's.
            if Arc::strong_count(line.value()) > self.longest + 1 {
                return Err(LineFull);
            }
            line.value().clone()
        };
        let guard = line.lock_owned().await;
        Ok(Turn { guard: Some(guard), lines: self.lines.clone(), key })
    }

    /// How many chats have a line just now.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nobody waits anywhere.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard.take();
        self.lines.remove_if(&self.key, |_, line| Arc::strong_count(line) == 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_chat_is_served_one_at_a_time_and_leaves_nothing_behind() {
        let lines = ChatQueues::new(2);
        let tenant = BotInstanceId::parse("tenant-a").unwrap();
        let first = lines.enter(&tenant, ChatId(1)).await.unwrap();
        let other = lines.enter(&tenant, ChatId(2)).await.unwrap();
        let waiting = tokio::time::timeout(std::time::Duration::from_millis(20), lines.enter(&tenant, ChatId(1))).await;
        assert!(waiting.is_err(), "the second update of a chat must wait");
        drop(first);
        drop(lines.enter(&tenant, ChatId(1)).await.unwrap());
        drop(other);
        assert!(lines.is_empty());
    }

    #[tokio::test]
    async fn a_line_is_bounded() {
        let lines = ChatQueues::new(1);
        let tenant = BotInstanceId::parse("tenant-a").unwrap();
        let held = lines.enter(&tenant, ChatId(1)).await.unwrap();
        let mut waiting = Box::pin(lines.enter(&tenant, ChatId(1)));
        assert!(futures::poll!(&mut waiting).is_pending());
        assert_eq!(lines.enter(&tenant, ChatId(1)).await.err(), Some(LineFull));
        drop(held);
        assert!(waiting.await.is_ok());
    }
}
