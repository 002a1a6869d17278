//! In-process signals that work is waiting. They only wake: what is true stands in the database, and a sweep finds what a
//! lost signal left, so a full channel drops silently.

use std::sync::{Arc, OnceLock};

use tokio::sync::{Notify, mpsc};

use crate::domain::outgoing::Outgoing;
use crate::domain::{BotInstanceId, ChatId, MessageId};

/// How many chats may wait to be noticed before signals are dropped for the sweep to find.
const CHATS: usize = 16_384;
/// How many answers to button presses may wait; beyond that a press keeps Telegram's own spinner.
const ANSWERS: usize = 4_096;

/// An answer to a query: exactly one per query, never in the outbox (decisions.md 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAnswer {
    /// Whose bot.
    pub tenant: BotInstanceId,
    /// Telegram's id of the query.
    pub query_id: String,
    /// What is answered.
    pub what: Answer,
}

/// What a query is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To a button press.
    Press {
        /// At most 200 characters; `None` only stops the spinner.
        text: Option<String>,
        /// As a window that must be closed, instead of a toast.
        alert: bool,
    },
    /// To an inline query: nothing, which Telegram may keep for this long.
    Inline {
        /// How long.
        cache: std::time::Duration,
    },
}

/// An answer to a payment's last check (bot.md 11.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutAnswer {
    /// Whose bot.
    pub tenant: BotInstanceId,
    /// Telegram's id of the question.
    pub query_id: String,
    /// Why not; `None`: the payment may be taken.
    pub refusal: Option<String>,
}

/// The message that stands in for a screen that takes long: set once, to its id when it was sent, or to `None` when the screen
/// was ready before it.
pub type StandIn = Arc<OnceLock<Option<MessageId>>>;

/// Something said from memory while the database is away or slow (decisions.md 4): never recorded, never repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    /// Whose bot.
    pub tenant: BotInstanceId,
    /// Where.
    pub chat: ChatId,
    /// What.
    pub outgoing: Outgoing,
    /// What else waits for it.
    pub stand_in: Option<StandIn>,
}

/// The sending side: cheap to clone, never waits.
#[derive(Clone)]
pub struct Signals {
    chats: mpsc::Sender<(BotInstanceId, ChatId)>,
    answers: mpsc::Sender<QueryAnswer>,
    checkouts: mpsc::Sender<CheckoutAnswer>,
    unrecorded: mpsc::Sender<Unrecorded>,
    jobs: Arc<Notify>,
}

/// The receiving side: the workers'.
pub struct Wakes {
    /// Chats with something to send.
    pub chats: mpsc::Receiver<(BotInstanceId, ChatId)>,
    /// Queries to answer.
    pub answers: mpsc::Receiver<QueryAnswer>,
    /// Payments that wait for a word: a lane of their own.
    pub checkouts: mpsc::Receiver<CheckoutAnswer>,
    /// What is said although the database is away.
    pub unrecorded: mpsc::Receiver<Unrecorded>,
}

impl Signals {
    /// Both sides.
    pub fn new() -> (Self, Wakes) {
        let (chats, chats_out) = mpsc::channel(CHATS);
        let (answers, answers_out) = mpsc::channel(ANSWERS);
        let (checkouts, checkouts_out) = mpsc::channel(ANSWERS);
        let (unrecorded, unrecorded_out) = mpsc::channel(ANSWERS);
        let jobs = Arc::new(Notify::new());
        let wakes =
            Wakes { chats: chats_out, answers: answers_out, checkouts: checkouts_out, unrecorded: unrecorded_out };
        (Self { chats, answers, checkouts, unrecorded, jobs }, wakes)
    }

    /// Something was put into the outbox of this chat, and committed.
    pub fn chat(&self, tenant: &BotInstanceId, chat: ChatId) {
        let _ = self.chats.try_send((tenant.clone(), chat));
    }

    /// A query is to be answered. `false` when too many are waiting.
    pub fn answer(&self, answer: QueryAnswer) -> bool {
        self.answers.try_send(answer).is_ok()
    }

    /// A payment's last check is to be answered. `false` when too many are waiting.
    pub fn checkout(&self, answer: CheckoutAnswer) -> bool {
        self.checkouts.try_send(answer).is_ok()
    }

    /// Says something while the database is away.
    pub fn say(&self, tenant: &BotInstanceId, chat: ChatId, outgoing: Outgoing) {
        let _ = self.unrecorded.try_send(Unrecorded { tenant: tenant.clone(), chat, outgoing, stand_in: None });
    }

    /// Says something in place of what takes long; nothing when that is ready first.
    pub fn stand_in(&self, tenant: &BotInstanceId, chat: ChatId, outgoing: Outgoing, stand_in: StandIn) {
        let stand_in = Some(stand_in);
        let _ = self.unrecorded.try_send(Unrecorded { tenant: tenant.clone(), chat, outgoing, stand_in });
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
