//! The clock on a connection: what it is busy with, and until when that may last.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::Limits;
use super::gate::Permit;

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// Between two requests.
    Waiting { since: Instant },
    /// A header is coming.
    Header { since: Instant },
    /// A handler works, or its answer is being written.
    Serving,
}

/// What the socket, the service and the two bodies of one connection tell each other.
#[derive(Debug)]
pub(super) struct Watch {
    phase: Mutex<Phase>,
    header: Duration,
    keep_alive: Duration,
    pub(super) write_stall: Duration,
    slow_body: AtomicBool,
    unread_body: AtomicBool,
}

impl Watch {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            // A new connection owes its first header: it does not get the long wait of a proven one.
            phase: Mutex::new(Phase::Header { since: Instant::now() }),
            header: limits.header,
            keep_alive: limits.keep_alive,
            write_stall: limits.write_stall,
            slow_body: AtomicBool::new(false),
            unread_body: AtomicBool::new(false),
        }
    }

    pub(super) fn request_came(&self) {
        self.set(Phase::Serving);
    }

    pub(super) fn response_left(&self) {
        self.set(Phase::Waiting { since: Instant::now() });
    }

    /// The body was cut for being slow: whatever the handler made of it, the answer is 408.
    pub(super) fn body_was_slow(&self) {
        self.slow_body.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_body_slow(&self) -> bool {
        self.slow_body.load(Ordering::Relaxed)
    }

    /// A body was dropped before its end: the client may still be sending.
    pub(super) fn body_was_left(&self) {
        self.unread_body.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_body_left(&self) -> bool {
        self.unread_body.load(Ordering::Relaxed)
    }

    fn bytes_came(&self) {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if let Phase::Waiting { .. } = *phase {
            *phase = Phase::Header { since: Instant::now() };
        }
    }

    fn read_until(&self) -> Option<(Instant, &'static str)> {
        match *self.phase.lock().unwrap_or_else(PoisonError::into_inner) {
            Phase::Waiting { since } => Some((since + self.keep_alive, "idle")),
            Phase::Header { since } => Some((since + self.header, "header")),
            Phase::Serving => None,
        }
    }

    fn set(&self, phase: Phase) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }
}

/// One timer that is moved instead of made anew.
#[derive(Debug, Default)]
pub(super) struct Deadline(Option<Pin<Box<Sleep>>>);

impl Deadline {
    /// Whether `at` has come; wakes the task when it does.
    pub(super) fn passed(&mut self, at: Instant, cx: &mut Context<'_>) -> bool {
        let sleep = self.0.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(at)));
        if sleep.deadline() != at {
            sleep.as_mut().reset(at);
        }
        sleep.as_mut().poll(cx).is_ready()
    }
}

/// The socket with its clock.
pub(super) struct Watched {
    stream: TcpStream,
    watch: Arc<Watch>,
    permit: Permit,
    reading: Deadline,
    writing: Deadline,
    stalled_since: Option<Instant>,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, watch: Arc<Watch>, permit: Permit) -> Self {
        let (reading, writing) = (Deadline::default(), Deadline::default());
        Self { stream, watch, permit, reading, writing, stalled_since: None }
    }

    /// Turns "the socket takes nothing" into an error when it lasts too long.
    fn not_stalled<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.stalled_since = None;
            return result;
        }
        let since = *self.stalled_since.get_or_insert_with(Instant::now);
        if self.writing.passed(since + self.watch.write_stall, cx) { Poll::Ready(cut("write")) } else { Poll::Pending }
    }
}

fn cut<T>(reason: &'static str) -> io::Result<T> {
    metrics::counter!("botyard_http_cut_total", "reason" => reason).increment(1);
    Err(io::Error::new(io::ErrorKind::TimedOut, reason))
}

impl AsyncRead for Watched {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        if let Poll::Ready(result) = Pin::new(&mut this.stream).poll_read(cx, buf) {
            let came = buf.filled().len() - before;
            if came > 0 {
                this.permit.add_bytes_read(came);
                this.watch.bytes_came();
            }
            // A dribbler makes the socket ready again and again: its deadline counts then as well.
            if let Some((at, reason)) = this.watch.read_until()
                && Instant::now() >= at
            {
                return Poll::Ready(cut(reason));
            }
            return Poll::Ready(result);
        }
        match this.watch.read_until() {
            Some((at, reason)) if this.reading.passed(at, cx) => Poll::Ready(cut(reason)),
            _ => Poll::Pending,
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write(cx, buf);
        this.not_stalled(cx, result)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.not_stalled(cx, result)
    }
}
