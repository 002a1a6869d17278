//! Bodies: a request's must be small enough and keep coming; a response's tells when it has left.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::RequestExt as _;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use super::Limits;
use super::watch::{Deadline, Watch};

/// With an answer that a body was too large: the largest that its address takes, bytes.
#[derive(Debug, Clone, Copy)]
pub struct BodyMax(pub u64);

/// Routes whose bodies may have at most `bytes`: more is 413, said at once when the length is declared, otherwise after
/// reading that much and no more. Every way of reading the body is bound by it, `Request` included.
///
/// `.route("/webhook/{id}", capped(post(hook), 1 << 20))`
pub fn capped<S: Clone + Send + Sync + 'static>(routes: MethodRouter<S>, bytes: usize) -> MethodRouter<S> {
    routes.layer(from_fn_with_state(bytes, cap))
}

async fn cap(State(bytes): State<usize>, mut request: Request, next: Next) -> Response {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    let mut response = if declared.is_some_and(|length| length > bytes as u64) {
        StatusCode::PAYLOAD_TOO_LARGE.into_response()
    } else {
        DefaultBodyLimit::max(bytes).apply(&mut request);
        next.run(request.with_limited_body()).await
    };
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        response.extensions_mut().insert(BodyMax(bytes as u64));
    }
    response
}

/// A request's body with a clock.
pub(super) struct Timed {
    incoming: Incoming,
    watch: Arc<Watch>,
    deadline: Deadline,
    idle: Duration,
    rate: u32,
    started: Option<Instant>,
    last: Instant,
    received: u64,
    ended: bool,
}

impl Timed {
    pub(super) fn new(incoming: Incoming, watch: Arc<Watch>, limits: &Limits) -> Self {
        let ended = HttpBody::is_end_stream(&incoming);
        Self {
            incoming,
            watch,
            deadline: Deadline::default(),
            idle: limits.body_idle,
            rate: limits.body_rate.max(1),
            started: None,
            last: Instant::now(),
            received: 0,
            ended,
        }
    }

    /// The sooner of "nothing came for so long" and "slower on average than allowed".
    fn due(&self, started: Instant) -> Instant {
        let by_rate = Duration::from_millis(self.received.saturating_mul(1000) / u64::from(self.rate));
        (self.last + self.idle).min(started + self.idle + by_rate)
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        let now = Instant::now();
        let started = *this.started.get_or_insert(now);
        if this.received == 0 && started == now {
            this.last = now;
        }
        if let Poll::Ready(frame) = Pin::new(&mut this.incoming).poll_frame(cx) {
            this.last = now;
            return Poll::Ready(match frame {
                Some(Ok(frame)) => {
                    this.received += frame.data_ref().map_or(0, |data| data.len() as u64);
                    this.ended = this.incoming.is_end_stream();
                    Some(Ok(frame))
                }
                Some(Err(error)) => Some(Err(io::Error::other(error))),
                None => {
                    this.ended = true;
                    None
                }
            });
        }
        if this.deadline.passed(this.due(started), cx) {
            metrics::counter!("botyard_http_cut_total", "reason" => "body").increment(1);
            this.watch.body_was_slow();
            return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly"))));
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        if !self.ended {
            self.watch.body_was_left();
        }
    }
}

/// A response's body; dropped when it has been handed to the socket, or will never be.
pub(super) struct Leaving {
    body: Body,
    watch: Arc<Watch>,
}

impl Leaving {
    pub(super) fn new(body: Body, watch: Arc<Watch>) -> Self {
        Self { body, watch }
    }
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(&self.body)
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.watch.response_left();
    }
}
