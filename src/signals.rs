//! In-process signals that work is waiting. They only wake: what is true stands in the database, and a sweep finds what a
//! lost signal left, so a full channel drops silently.

use std::sync::Arc;

use tokio::sync::{Notify, mpsc};

use crate::domain::outgoing::Outgoing;
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

/// Something said from memory while the database is away (decisions.md 4): never recorded, never repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    /// Whose bot.
    pub tenant: BotInstanceId,
    /// Where.
    pub chat: ChatId,
    /// What.
    pub outgoing: Outgoing,
}

/// The sending side: cheap to clone, never waits.
#[derive(Clone)]
pub struct Signals {
    chats: mpsc::Sender<(BotInstanceId, ChatId)>,
    answers: mpsc::Sender<CallbackAnswer>,
    unrecorded: mpsc::Sender<Unrecorded>,
    jobs: Arc<Notify>,
}

/// The receiving side: the workers'.
pub struct Wakes {
    /// Chats with something to send.
    pub chats: mpsc::Receiver<(BotInstanceId, ChatId)>,
    /// Button presses to answer.
    pub answers: mpsc::Receiver<CallbackAnswer>,
    /// What is said although the database is away.
    pub unrecorded: mpsc::Receiver<Unrecorded>,
}

impl Signals {
    /// Both sides.
    pub fn new() -> (Self, Wakes) {
        let (chats, chats_out) = mpsc::channel(CHATS);
        let (answers, answers_out) = mpsc::channel(ANSWERS);
        let (unrecorded, unrecorded_out) = mpsc::channel(ANSWERS);
        let jobs = Arc::new(Notify::new());
        let wakes = Wakes { chats: chats_out, answers: answers_out, unrecorded: unrecorded_out };
        (Self { chats, answers, unrecorded, jobs }, wakes)
    }

    /// Something was put into the outbox of this chat, and committed.
    pub fn chat(&self, tenant: &BotInstanceId, chat: ChatId) {
        let _ = self.chats.try_send((tenant.clone(), chat));
    }

    /// A button press is to be answered. `false` when too many are waiting.
    pub fn answer(&self, answer: CallbackAnswer) -> bool {
        self.answers.try_send(answer).is_ok()
    }

    /// Says something while the database is away.
    pub fn say(&self, tenant: &BotInstanceId, chat: ChatId, outgoing: Outgoing) {
        let _ = self.unrecorded.try_send(Unrecorded { tenant: tenant.clone(), chat, outgoing });
    }

    /// A job was put, and committed: every lane looks.
    pub fn job(&self) {
        self.jobs.notify_waiters();
    }

    /// What the job runners wait for.
    pub fn jobs(&self) -> Arc<Notify> {
        self.jobs.clone()
    }
}
