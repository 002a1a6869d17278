//! Injected failures of both services: each matches some requests and is used up by counting.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::wire::{FaultAnswer, KieFault, TelegramFault};
use super::world::lock;

/// Marks a response that must never be sent: the accept loop closes the connection instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HangUp;

/// An empty response carrying [`HangUp`].
pub(crate) fn hang_up() -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(HangUp);
    response
}

/// Waiting failures of one service. The count makes the ordinary case free of locks.
pub(crate) struct Queue<F> {
    waiting: AtomicUsize,
    list: Mutex<Vec<(u32, F)>>,
}

impl<F> Default for Queue<F> {
    fn default() -> Self {
        Self { waiting: AtomicUsize::new(0), list: Mutex::new(Vec::new()) }
    }
}

impl<F: Clone> Queue<F> {
    fn add(&self, times: u32, fault: F) {
        let mut list = lock(&self.list);
        list.push((times.max(1), fault));
        self.waiting.store(list.len(), Ordering::Release);
    }

    fn take(&self, matches: impl Fn(&F) -> bool) -> Option<F> {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut list = lock(&self.list);
        let at = list.iter().position(|(_, fault)| matches(fault))?;
        let fault = list[at].1.clone();
        list[at].0 -= 1;
        if list[at].0 == 0 {
            list.remove(at);
        }
        self.waiting.store(list.len(), Ordering::Release);
        Some(fault)
    }

    fn clear(&self) {
        lock(&self.list).clear();
        self.waiting.store(0, Ordering::Release);
    }

    fn count(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }
}

/// Failures of both services.
#[derive(Default)]
pub(crate) struct Faults {
    telegram: Queue<TelegramFault>,
    kie: Queue<KieFault>,
}

impl Faults {
    /// Adds a failure of the Bot API.
    pub(crate) fn add_telegram(&self, fault: TelegramFault) {
        self.telegram.add(fault.times, fault);
    }

    /// Adds a failure of KIE.
    pub(crate) fn add_kie(&self, fault: KieFault) {
        self.kie.add(fault.times, fault);
    }

    /// The failure this call must suffer, used up by one.
    pub(crate) fn telegram(&self, bot: &str, method: &str, chat_id: Option<i64>) -> Option<FaultAnswer> {
        self.telegram
            .take(|fault| {
                fault.bot.as_ref().is_none_or(|b| b.eq_ignore_ascii_case(bot))
                    && fault.method.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(method))
                    && fault.chat_id.is_none_or(|c| chat_id == Some(c))
            })
            .map(|fault| fault.answer)
    }

    /// The failure this request must suffer, used up by one. `creates`: the request creates a task.
    pub(crate) fn kie(&self, path: &str, model: Option<&str>, creates: bool) -> Option<KieFault> {
        self.kie.take(|fault| {
            fault.path.as_ref().map_or(creates, |part| path.to_ascii_lowercase().contains(&part.to_ascii_lowercase()))
                && fault.model.as_ref().is_none_or(|m| model == Some(m.as_str()))
        })
    }

    /// Removes all.
    pub(crate) fn clear(&self) {
        self.telegram.clear();
        self.kie.clear();
    }

    /// How many wait, Telegram's and KIE's.
    pub(crate) fn waiting(&self) -> (usize, usize) {
        (self.telegram.count(), self.kie.count())
    }
}

impl FaultAnswer {
    /// Waits the fault's delay.
    pub(crate) async fn pause(&self) {
        if self.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
        }
    }

    /// The answer that stands in place of the work; none if the work is done all the same. `json` makes the
    /// service's own error body from status and text.
    pub(crate) fn instead(&self, json: impl Fn(u16, &str) -> String) -> Option<Response> {
        if self.drop == Some(super::wire::Drop::Before) {
            return Some(hang_up());
        }
        if self.status.is_none() && self.body.is_none() {
            return None;
        }
        let status = self.status.unwrap_or(200);
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = self.description.clone().unwrap_or_else(|| code.canonical_reason().unwrap_or("Error").to_owned());
        let (kind, body) = match &self.body {
            Some(body) => ("text/html; charset=utf-8", body.clone()),
            None => ("application/json", json(status, &text)),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = code;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Some(response)
    }

    /// Whether the connection dies after the work.
    pub(crate) fn drops_after(&self) -> bool {
        self.drop == Some(super::wire::Drop::After)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_used_up_by_counting_and_only_by_calls_that_match() {
        let faults = Faults::default();
        faults.add_telegram(TelegramFault {
            method: Some("sendmessage".to_owned()),
            times: 2,
            answer: FaultAnswer { status: Some(429), ..FaultAnswer::default() },
            ..TelegramFault::default()
        });
        assert!(faults.telegram("a_bot", "getMe", None).is_none());
        assert!(faults.telegram("a_bot", "sendMessage", Some(1)).is_some());
        assert!(faults.telegram("b_bot", "sendMessage", Some(2)).is_some());
        assert!(faults.telegram("a_bot", "sendMessage", Some(1)).is_none());
        assert_eq!(faults.waiting(), (0, 0));
    }

    #[test]
    fn a_kie_fault_without_a_path_waits_for_a_create_call() {
        let faults = Faults::default();
        faults.add_kie(KieFault::default());
        assert!(faults.kie("/api/v1/jobs/recordInfo", None, false).is_none());
        assert!(faults.kie("/api/v1/jobs/createTask", Some("z-image"), true).is_some());
    }
}
