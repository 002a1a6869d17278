//! Says to an open page that its bot has moved, so that the page fetches itself anew (platform.md 6, live parts).
//!
//! A stream lives for a minute and is then asked for again by the browser: so a session that has ended ends its streams, too.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use crate::domain::BotInstanceId;
use crate::store::{Counter, StoreError};
use crate::web::extract::At;
use crate::web::failure::Failure;
use crate::web::state::WebState;

/// How long a stream lives.
const LIFE: Duration = Duration::from_mins(1);
/// How often the bot's pulse is felt.
const EVERY: Duration = Duration::from_secs(2);

/// What moves when something happens in a bot.
type Pulse = (i64, i64, i64, String);

/// The stream of one page.
struct Stream {
    state: WebState,
    tenant: BotInstanceId,
    known: Option<Pulse>,
    until: tokio::time::Instant,
    stop: CancellationToken,
    /// One tenant's open pages fill their own lane and nobody else's.
    _place: OwnedSemaphorePermit,
}

/// `text/event-stream` with `changed` whenever there is something new.
pub(in crate::web) async fn stream(at: At) -> Result<Response, Failure> {
    let state = at.state.clone();
    let again = state.platform.settings.server.retry_after;
    let place = state.live.enter(&at.tenant.id).ok_or(Failure::Away(again))?;
    let stream = Stream {
        stop: state.tasks.soft(),
        tenant: at.tenant.id.clone(),
        known: pulse(&state, &at.tenant.id).await.ok(),
        until: tokio::time::Instant::now() + LIFE,
        _place: place,
        state,
    };
    let news = Sse::new(futures::stream::unfold(stream, Stream::next)).keep_alive(KeepAlive::default());
    let mut response = news.into_response();
    // What is said to one session is kept nowhere.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

impl Stream {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            let rest = tokio::time::sleep(EVERY);
            self.stop.run_until_cancelled(rest).await?;
            if tokio::time::Instant::now() >= self.until {
                return None;
            }
            // With the database away the page stays as it is; its own next look says so.
            let Ok(now) = pulse(&self.state, &self.tenant).await else { continue };
            if self.known.as_ref() != Some(&now) {
                self.known = Some(now);
                return Some((Ok(Event::default().event("changed").data("1")), self));
            }
        }
    }
}

/// Today's counters, the last error, and the tenant's own row as this process knows it: a handful of rows.
async fn pulse(state: &WebState, id: &BotInstanceId) -> Result<Pulse, StoreError> {
    let platform = &state.platform;
    let Some(tenant) = platform.tenants.get(id) else { return Ok(Pulse::default()) };
    let mut tx = platform.db.tenant_read(id).await?;
    let today = tx.counters_of_day(&tenant.today(platform.clock.now())).await?;
    let counted = [
        Counter::NewUsers,
        Counter::ActiveUsers,
        Counter::Generations,
        Counter::Delivered,
        Counter::Failed,
        Counter::Revenue,
        Counter::Payments,
    ];
    let sum = counted.iter().map(|counter| today.get(*counter)).fold(0, i64::wrapping_add);
    let last = tx.errors_last(1).await?.pop().map_or_else(String::new, |row| row.id.as_str().to_owned());
    let state_of = tenant.state as i64;
    Ok((sum, tenant.version, state_of, last))
}
