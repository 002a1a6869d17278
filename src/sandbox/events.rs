//! What happens in chats, as a live stream for the chat page. Nobody listening costs nothing.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

/// Something that a chat page must show.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChatEvent {
    /// Username of the bot.
    pub bot: String,
    /// The person; 0 for what concerns the whole bot.
    pub user: i64,
    /// `message`, `edit`, `delete`, `typing`, `toast`, `commands`, `chat`, `bots`.
    pub kind: &'static str,
    /// The message, the ids, the toast …
    pub data: Value,
}

/// Where events go.
pub(crate) struct Events(broadcast::Sender<Arc<ChatEvent>>);

impl Events {
    /// A stream that remembers `cap` events for slow readers.
    pub(crate) fn new(cap: usize) -> Self {
        Self(broadcast::channel(cap).0)
    }

    /// Tells the listeners, if any; `data` is only built for them.
    pub(crate) fn tell(&self, bot: &str, user: i64, kind: &'static str, data: impl FnOnce() -> Value) {
        if self.0.receiver_count() > 0 {
            // An error means that the last listener has just left.
            let _ = self.0.send(Arc::new(ChatEvent { bot: bot.to_owned(), user, kind, data: data() }));
        }
    }

    /// Listens from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Arc<ChatEvent>> {
        self.0.subscribe()
    }
}
