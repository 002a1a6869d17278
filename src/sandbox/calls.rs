//! The recorded Bot API calls: a ring of the newest, for tests and the chat page. Tokens are never in it.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde_json::Value;

use super::wire::{CallFilter, CallRecord};
use super::world::lock;

/// The newest calls over all bots.
pub(crate) struct Calls {
    cap: usize,
    ring: Mutex<Ring>,
}

#[derive(Default)]
struct Ring {
    last: u64,
    calls: VecDeque<CallRecord>,
}

impl Calls {
    /// Keeps at most `cap` calls; 0 records none (load runs).
    pub(crate) fn new(cap: usize) -> Self {
        Self { cap, ring: Mutex::default() }
    }

    /// Whether calls are kept at all: saves building the record.
    pub(crate) fn wanted(&self) -> bool {
        self.cap > 0
    }

    /// Adds one; its `seq` is set here.
    pub(crate) fn push(&self, mut call: CallRecord) {
        let mut ring = lock(&self.ring);
        ring.last += 1;
        call.seq = ring.last;
        if ring.calls.len() == self.cap {
            ring.calls.pop_front();
        }
        ring.calls.push_back(call);
    }

    /// Those that match, oldest first.
    pub(crate) fn list(&self, filter: &CallFilter) -> Vec<CallRecord> {
        lock(&self.ring).calls.iter().filter(|call| matches(call, filter)).cloned().collect()
    }

    /// Forgets all; the numbering goes on.
    pub(crate) fn clear(&self) {
        lock(&self.ring).calls.clear();
    }
}

fn matches(call: &CallRecord, filter: &CallFilter) -> bool {
    call.seq > filter.since
        && filter.bot.as_ref().is_none_or(|bot| call.bot.eq_ignore_ascii_case(bot))
        && filter.method.as_ref().is_none_or(|method| call.method.eq_ignore_ascii_case(method))
        && filter.chat_id.is_none_or(|chat| as_i64(call.params.get("chat_id")) == Some(chat))
}

fn as_i64(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(n) => n.as_i64(),
        Value::String(s) => s.parse().ok(),
        _ => None,
    }
}
