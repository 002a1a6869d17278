//! Log lines kept in memory, for tests: what would have been written, and whether the net had to catch something.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value;
use tracing::Dispatch;
use tracing::dispatcher::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::redact::Net;
use super::{json_lines, parsed};

/// When more is written the older half goes: a capture left running must not eat the machine.
const MOST: usize = 64 * 1024 * 1024;

/// JSON lines written since it began. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct LogCapture {
    written: Arc<Mutex<Vec<u8>>>,
    caught: Arc<AtomicU64>,
}

impl LogCapture {
    /// Of this thread until the guard is dropped: for tests on a single-threaded runtime. A filter that does not parse is
    /// `trace`.
    pub fn on_this_thread(filter: &str) -> (Self, DefaultGuard) {
        let capture = Self::default();
        let guard = tracing::dispatcher::set_default(&capture.dispatch(filter));
        (capture, guard)
    }

    /// Of the whole process, from the first call on: for tests that start an application.
    pub fn of_process(filter: &str) -> Self {
        static PROCESS: OnceLock<LogCapture> = OnceLock::new();
        PROCESS
            .get_or_init(|| {
                let capture = Self::default();
                // Another logger may have been first; then the capture stays empty, which a test notices.
                let _ = tracing::dispatcher::set_global_default(capture.dispatch(filter));
                capture
            })
            .clone()
    }

    /// Everything, as it would have been written.
    pub fn text(&self) -> String {
        let bytes = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Every line, parsed.
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// How many lines had a token blanked: each is a leak that only the last net stopped.
    pub fn caught(&self) -> u64 {
        self.caught.load(Ordering::Relaxed)
    }

    fn dispatch(&self, filter: &str) -> Dispatch {
        let lines = json_lines(Net::counting(self.clone(), self.caught.clone()));
        let filter = parsed(filter).unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("trace"));
        Dispatch::new(tracing_subscriber::registry().with(lines).with(filter))
    }
}

impl<'a> MakeWriter<'a> for LogCapture {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl io::Write for LogCapture {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut bytes = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes.len() + line.len() > MOST {
            let half = bytes.len() / 2;
            let cut = bytes[half..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| half + n + 1);
            bytes.drain(..cut);
        }
        bytes.extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
