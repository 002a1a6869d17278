//! In-process signals that work is waiting. They only wake: what is true stands in the database, and a sweep finds what a
//! lost signal left, so a full channel drops silently.

use std::sync::Arc;

use tokio::sync::{Notify, mpsc};

use crate::domain::{BotInstanceId, ChatId};

/// How many chats may wait to be noticed before signals are dropped for the sweep to find.
const CHATS: usize = 16_384;
/// How many answers to button presses may wait; beyond that a press keeps Telegram's own spinner.
const ANSWERS: usize = 4_096;

/// An answer to a button press: exactly one per query, never in the outbox (decisions.md 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAnswer {
    /// Whose bot.
    pub tenant: BotInstanceId,
    /// Telegram's id of the press.
    pub query_id: String,
    /// At most 200 characters; `None` only stops the spinner.
    pub text: Option<String>,
    /// As a window that must be closed, instead of a toast.
    pub alert: bool,
}

/// The sending side: cheap to clone, never waits.
#[derive(Clone)]
pub struct Signals {
    chats: mpsc::Sender<(BotInstanceId, ChatId)>,
    answers: mpsc::Sender<CallbackAnswer>,
    jobs: Arc<Notify>,
}

/// The receiving side: the workers'.
pub struct Wakes {
    /// Chats with something to send.
    pub chats: mpsc::Receiver<(BotInstanceId, ChatId)>,
    /// Button presses to answer.
    pub answers: mpsc::Receiver<CallbackAnswer>,
    /// A job was put.
    pub jobs: Arc<Notify>,
}

impl Signals {
    /// Both sides.
    pub fn new() -> (Self, Wakes) {
        let (chats, chats_out) = mpsc::channel(CHATS);
        let (answers, answers_out) = mpsc::channel(ANSWERS);
        let jobs = Arc::new(Notify::new());
        (Self { chats, answers, jobs: jobs.clone() }, Wakes { chats: chats_out, answers: answers_out, jobs })
    }

    /// Something was put into the outbox of this chat, and committed.
    pub fn chat(&self, tenant: &BotInstanceId, chat: ChatId) {
        let _ = self.chats.try_send((tenant.clone(), chat));
    }

    /// A button press is to be answered. `false` when too many are waiting.
    pub fn answer(&self, answer: CallbackAnswer) -> bool {
        self.answers.try_send(answer).is_ok()
    }

    /// A job was put, and committed.
    pub fn job(&self) {
        self.jobs.notify_one();
    }
}
