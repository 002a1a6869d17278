//! What a person is in the middle of: the unfinished request and where its buttons are (bot.md 6). Stored sealed, written
//! with a version check, forgotten after 30 minutes without an action.

use serde::{Deserialize, Serialize};

use crate::catalog::{GenType, Model, Selection, Value};
use crate::domain::{MessageId, QuoteId};

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
    /// Files of the present step that are still being fetched.
    #[serde(default)]
    pub fetching: u32,
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
        }
    }
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
    /// Where the draft's buttons are.
    pub anchor: Option<Anchor>,
    /// The list shown last.
    pub list: Option<ListPlace>,
    /// Set when a draft expired, so that a return to it is told once (bot.md 6.1).
    pub expired: bool,
    /// The album that the last file belonged to: its other parts are not answered one by one.
    #[serde(default)]
    pub album: Option<String>,
}

impl Session {
    /// Draft, awaited input and generation type are forgotten (bot.md 6.2, first row).
    pub fn reset(&mut self) {
        *self = Self { list: self.list.take(), ..Self::default() };
    }

    /// The same but for the generation type, which becomes `gen_type` (second row).
    pub fn clear_for(&mut self, gen_type: Option<GenType>) {
        self.reset();
        self.gen_type = gen_type;
    }

    /// After 30 idle minutes: everything is forgotten but that there was something.
    pub fn expire(&mut self) {
        let expired = self.draft.is_some() || self.expired;
        *self = Self { expired, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_knows_its_message_before_it_is_sent() {
        assert!(Anchor::At(MessageId(5)).holds(MessageId(5)));
        assert!(!Anchor::At(MessageId(5)).holds(MessageId(6)));
        assert!(Anchor::After(MessageId(5)).holds(MessageId(6)));
        assert!(!Anchor::After(MessageId(5)).holds(MessageId(5)));
        assert!(!Anchor::After(MessageId(5)).holds(MessageId(2)));
    }
}
