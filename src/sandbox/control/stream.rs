//! Chat events as server-sent events, for the chat page.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::Stream;
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::sandbox::events::ChatEvent;
use crate::sandbox::world::World;

/// Which chat to follow; absent = all.
#[derive(Deserialize)]
pub(super) struct Wanted {
    bot: Option<String>,
    user: Option<i64>,
}

impl Wanted {
    fn covers(&self, event: &ChatEvent) -> bool {
        self.bot.as_ref().is_none_or(|bot| event.bot.is_empty() || bot.eq_ignore_ascii_case(&event.bot))
            && self.user.is_none_or(|user| event.user == 0 || event.user == user)
    }
}

/// `GET /sandbox/events`. A reader that was too slow gets `reload` and must read the chats anew.
pub(super) async fn events(
    State(world): State<Arc<World>>,
    Query(wanted): Query<Wanted>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = futures::stream::unfold((world.events.listen(), wanted), next);
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

type Listener = (broadcast::Receiver<Arc<ChatEvent>>, Wanted);

async fn next((mut events, wanted): Listener) -> Option<(Result<Event, Infallible>, Listener)> {
    loop {
        let event = match events.recv().await {
            Ok(event) if wanted.covers(&event) => {
                let text = serde_json::to_string(&*event).unwrap_or_default();
                Event::default().event("chat").data(text)
            }
            Ok(_) => continue,
            Err(RecvError::Lagged(_)) => Event::default().event("reload").data("{}"),
            Err(RecvError::Closed) => return None,
        };
        return Some((Ok(event), (events, wanted)));
    }
}
