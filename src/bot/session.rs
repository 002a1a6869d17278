//! What a person is in the middle of: the unfinished request and where its buttons are (bot.md 6). Stored sealed, written
//! with a version check, forgotten after 30 minutes without an action.

use serde::{Deserialize, Serialize};

use super::awaits::Awaits;
use super::jobs::SentFile;
use crate::catalog::{GenType, Model, Selection, Value};
use crate::domain::{MessageId, QuoteId, UnixMs, UpdateId};

/// Which message's buttons are valid for the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// This message: it was edited, so its id is known.
    At(MessageId),
    /// Any message after this one: the step answers it, and ids grow within a chat, so the new message's id need not be
    /// known before it is sent.
    After(MessageId),
}

impl Anchor {
    /// Whether a press on `message` belongs to the current step.
    pub fn holds(self, message: MessageId) -> bool {
        match self {
            Self::At(id) => message == id,
            Self::After(id) => message > id,
        }
    }

    /// The message that it names, or after which it stands.
    pub fn message(self) -> MessageId {
        match self {
            Self::At(id) | Self::After(id) => id,
        }
    }
}

/// Which screen of the wizard the draft stands at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "at")]
pub enum Stage {
    /// S-11 for this parameter.
    Step {
        /// The parameter asked.
        param: String,
    },
    /// S-12: a value that changes the price waits for agreement.
    OptionPrice {
        /// The parameter.
        param: String,
        /// Its new value; `None` leaves it out.
        value: Option<Value>,
    },
    /// S-13.
    Params,
    /// S-14 or S-15.
    #[default]
    Confirm,
}

/// The wizard's unfinished request (bot.md 1.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The model's id.
    pub model: String,
    /// The generation type it was opened under.
    pub gen_type: GenType,
    /// Values chosen so far.
    pub selection: Selection,
    /// Opened from the free list.
    pub free_source: bool,
    /// Parameters asked so far, oldest first: where "back" leads.
    pub trail: Vec<String>,
    /// Where it stands.
    pub stage: Stage,
    /// Opened from S-13 or S-14: after the value is given, return there.
    pub editing: bool,
    /// The offer on the confirmation shown last.
    pub quote: Option<QuoteId>,
    /// Fetches of the present step that are on their way.
    #[serde(default)]
    pub fetching: u32,
    /// A text that is not whole yet: Telegram cuts long ones (decisions.md 19).
    #[serde(default)]
    pub begun: Option<BegunText>,
}

impl Draft {
    /// A draft of which nothing was asked yet; what `selection` holds is not asked.
    pub fn new(model: &Model, gen_type: GenType, selection: Selection, free_source: bool) -> Self {
        Self {
            model: model.id.clone(),
            gen_type,
            selection,
            free_source,
            trail: Vec::new(),
            stage: Stage::default(),
            editing: false,
            quote: None,
            fetching: 0,
            begun: None,
        }
    }
}

/// The first parts of a text that goes on in the next message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BegunText {
    /// What has come.
    pub text: String,
    /// The update that brought the last part.
    pub update: UpdateId,
}

/// An album whose parts come one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Album {
    /// Telegram's id of it.
    pub id: String,
    /// The parts that fit the step they were sent for and are not being fetched yet.
    #[serde(default)]
    pub files: Vec<SentFile>,
    /// What was wrong with the others; each once.
    #[serde(default)]
    pub wrong: Vec<Unfit>,
}

/// Why a file is not even fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    /// Another kind than the step waits for.
    Kind,
    /// A picture in a format that only Apple's devices make.
    ApplePhoto,
    /// Larger than the model or Telegram takes.
    TooBig,
    /// More than the model takes.
    TooMany,
}

/// Where «back to models» leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListPlace {
    /// S-05.
    GenType(GenType),
    /// S-05 of a category: its slug.
    Category(String),
    /// S-06, with the header code and page.
    All(Option<String>, usize),
    /// S-07.
    Special,
    /// S-27.
    Free,
}

/// One person's session in one tenant.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Session {
    /// The generation type chosen last.
    pub gen_type: Option<GenType>,
    /// The unfinished request.
    pub draft: Option<Draft>,
    /// What is asked outside the wizard; answered before the draft is looked at.
    #[serde(default)]
    pub awaits: Option<Awaits>,
    /// Where the draft's buttons are.
    pub anchor: Option<Anchor>,
    /// The list shown last.
    pub list: Option<ListPlace>,
    /// The model of the card shown last: its id.
    #[serde(default)]
    pub card: Option<String>,
    /// What was looked for last in the knowledge base, so that its pages can be turned.
    #[serde(default)]
    pub search: Option<String>,
    /// When the last thing that the person did was /start: several at once bring one menu.
    #[serde(default)]
    pub started_at: Option<UnixMs>,
    /// When a draft or what was asked expired, so that a return to it is told once (bot.md 6.1).
    #[serde(default)]
    pub expired_at: Option<UnixMs>,
    /// The album that the last file belonged to: its parts are answered once.
    #[serde(default)]
    pub album: Option<Album>,
    /// A picture that nothing awaited, while it is asked whether it proves a transfer (S-25).
    #[serde(default)]
    pub stray: Option<SentFile>,
}

impl Session {
    /// Draft, awaited input and generation type are forgotten (bot.md 6.2, first row).
    pub fn reset(&mut self) {
        *self = Self { list: self.list.take(), card: self.card.take(), ..Self::default() };
    }

    /// The same but for the generation type, which becomes `gen_type` (second row).
    pub fn clear_for(&mut self, gen_type: Option<GenType>) {
        self.reset();
        self.gen_type = gen_type;
    }

    /// After 30 idle minutes, which were over `at` that moment: everything is forgotten but that there was something.
    pub fn expire(&mut self, at: UnixMs) {
        let something = self.draft.is_some() || self.awaits.is_some();
        let expired_at = something.then_some(at).or(self.expired_at);
        *self = Self { expired_at, ..Self::default() };
    }

    /// What expired before `oldest` is remembered no longer: who returns to it then begins anew without a word.
    pub fn forget_expired(&mut self, oldest: UnixMs) {
        self.expired_at = self.expired_at.filter(|at| *at >= oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_a_draft_expired_is_remembered_from_its_end_whatever_is_done_meanwhile() {
        let mut session = Session { awaits: Some(Awaits::TopUpAmount), ..Session::default() };
        session.expire(UnixMs(100));
        assert_eq!((session.awaits.clone(), session.expired_at), (None, Some(UnixMs(100))));
        session.expire(UnixMs(900));
        session.forget_expired(UnixMs(100));
        assert_eq!(session.expired_at, Some(UnixMs(100)), "nothing new has expired");
        session.forget_expired(UnixMs(101));
        assert_eq!(session, Session::default());
    }

    #[test]
    fn an_anchor_knows_its_message_before_it_is_sent() {
        assert!(Anchor::At(MessageId(5)).holds(MessageId(5)));
        assert!(!Anchor::At(MessageId(5)).holds(MessageId(6)));
        assert!(Anchor::After(MessageId(5)).holds(MessageId(6)));
        assert!(!Anchor::After(MessageId(5)).holds(MessageId(5)));
        assert!(!Anchor::After(MessageId(5)).holds(MessageId(2)));
    }
}
