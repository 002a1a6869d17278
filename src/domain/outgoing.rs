//! What will be said in a chat, as data: recorded in the outbox by the transaction that made it true, sent later.

use serde::{Deserialize, Serialize};

use super::{BroadcastId, ChatId, GenerationId, InvoiceId, ManualCreditId, MediaId, MessageId, PaymentId, QuoteId};

/// What pressing a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Press {
    /// Comes back to us: 1 to 64 bytes.
    Callback(String),
    /// Opens a link.
    Url(String),
}

/// One button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What it says.
    pub text: String,
    /// What it does.
    pub press: Press,
}

impl Button {
    /// A button that opens a link.
    pub fn url(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self { text: text.into(), press: Press::Url(url.into()) }
    }

    /// Roughly the label's width in letters; pictures take two.
    pub fn width(&self) -> usize {
        let width = |sign: char| match u32::from(sign) {
            0x200d | 0xfe0f => 0,
            0x2190..0x2c00 | 0x1_0000.. => 2,
            _ => 1,
        };
        self.text.chars().map(width).sum()
    }

    /// Whether the label fits half the width of a phone (360 px).
    fn is_narrow(&self) -> bool {
        self.width() <= Self::HALF
    }

    /// How wide a label may be beside another one.
    pub const HALF: usize = 20;
}

/// Rows of buttons under a message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keyboard(pub Vec<Vec<Button>>);

impl Keyboard {
    /// Without buttons.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row; an empty one is left out.
    pub fn row(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        self.push(buttons);
        self
    }

    /// Adds a row in place; an empty one is left out.
    pub fn push(&mut self, buttons: impl IntoIterator<Item = Button>) {
        let row: Vec<Button> = buttons.into_iter().collect();
        if !row.is_empty() {
            self.0.push(row);
        }
    }

    /// Adds buttons two to a row: lists of models and values (bot.md 2.3). A label too wide for half a phone gets a row of its
    /// own, because Telegram would cut it.
    pub fn pairs(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let mut buttons = buttons.into_iter().peekable();
        while let Some(first) = buttons.next() {
            let second = if first.is_narrow() { buttons.next_if(Button::is_narrow) } else { None };
            self.push([Some(first), second].into_iter().flatten());
        }
        self
    }

    /// Every button, row by row.
    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.0.iter().flatten()
    }

    /// Whether there is no button.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Which record wants to know the id of the message once it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// Nobody.
    #[default]
    Nothing,
    /// The quote whose confirmation this is.
    Quote(QuoteId),
    /// The generation whose progress this shows.
    Progress(GenerationId),
    /// The broadcast whose progress this shows.
    Broadcast(BroadcastId),
    /// The draft that this message is: everybody gets a copy of it.
    Draft(BroadcastId),
    /// The payment under review that this shows.
    Review(PaymentId),
    /// The credit waiting for a second admin that this shows.
    Credit(ManualCreditId),
}

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// JPEG, PNG, WebP.
    Photo,
    /// MP4 and its kin, streamable.
    Video,
    /// MP3 and its kin.
    Audio,
    /// OGG with Opus.
    Voice,
    /// GIF, silent short MP4.
    Animation,
    /// Anything else.
    Document,
}

/// A file of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutFile {
    /// Which item of the generation, from 0.
    pub item: i64,
    /// Where our own copy is, while it is kept.
    pub media: Option<MediaId>,
    /// Telegram's own copy, of an earlier time: sent again without being uploaded.
    #[serde(default)]
    pub file_id: Option<String>,
    /// How it is shown.
    pub kind: FileKind,
    /// Its MIME type.
    pub mime: String,
    /// `{model}_{gid}.{ext}` (bot.md 10).
    pub file_name: String,
}

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Outgoing {
    /// A screen: edited into `edit` where given (a new message when that fails for any reason but "not modified"), else
    /// sent (bot.md 2.3).
    Screen {
        /// Telegram HTML, at most 4096 characters once rendered.
        html: String,
        /// Buttons.
        keyboard: Keyboard,
        /// The message to edit.
        edit: Option<MessageId>,
        /// Who wants the message's id.
        track: Track,
    },
    /// Files of a generation's result: one alone, or 2 to 10 photos and videos as an album; the caption is on the first.
    Files {
        /// Whose result.
        generation: GenerationId,
        /// The files, in order.
        files: Vec<OutFile>,
        /// Telegram HTML, at most 1024 characters once rendered.
        caption: String,
        /// Asked for once more: sent although Telegram has had them before.
        #[serde(default)]
        again: bool,
    },
    /// A text result.
    ResultText {
        /// Whose result.
        generation: GenerationId,
        /// Which item.
        item: i64,
        /// Telegram HTML.
        html: String,
    },
    /// The exact copy of a message: the preview of a broadcast, from whose id it is copied on.
    Copy {
        /// Where the message is.
        from: ChatId,
        /// Which.
        message: MessageId,
        /// The draft that is copied from this copy from now on.
        preview_of: Option<BroadcastId>,
    },
    /// An invoice in Telegram Stars.
    Invoice {
        /// Which request: what comes back with the payment.
        invoice: InvoiceId,
        /// At most 32 characters.
        title: String,
        /// At most 255 characters.
        description: String,
        /// The price in Stars.
        stars: i64,
    },
    /// A picture of the tenant's store with words and buttons below it: the proof of a transfer, for an admin.
    Picture {
        /// Where it is.
        media: MediaId,
        /// Its MIME type.
        mime: String,
        /// Telegram HTML, at most 1024 characters once rendered.
        caption: String,
        /// Buttons.
        keyboard: Keyboard,
        /// The payment under review that this shows: it wants the message's id.
        review: Option<PaymentId>,
        /// The draft that this message is: everybody gets a copy of it.
        #[serde(default)]
        draft: Option<BroadcastId>,
    },
    /// Changes the words and buttons below a picture; of a message without a picture, its text.
    Caption {
        /// Which message.
        message: MessageId,
        /// Telegram HTML, at most 1024 characters once rendered.
        html: String,
        /// Buttons.
        keyboard: Keyboard,
    },
    /// Removes a message.
    Delete {
        /// Which.
        message: MessageId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_being_stored() {
        let message = Outgoing::Screen {
            html: "<b>1 &lt; 2</b>".to_owned(),
            keyboard: Keyboard::new().row([Button::url("a", "https://example.com")]).row([]),
            edit: Some(MessageId(7)),
            track: Track::Quote(QuoteId::random()),
        };
        let text = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Outgoing>(&text).unwrap(), message);
    }

    #[test]
    fn a_wide_label_stands_alone() {
        let labels = [
            "one",
            "two",
            "a label that is far too wide for a half",
            "three",
            "a label that is far too wide too",
            "🎬 four",
        ];
        let keyboard = Keyboard::new().pairs(labels.map(|label| Button::url(label, "https://example.com")));
        assert_eq!(keyboard.0.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1, 1, 1]);
        assert_eq!(Button::url("🎬 «ab» ✂️", "https://example.com").width(), 10);
    }

    #[test]
    fn pairs_fill_rows_of_two() {
        let keyboard = Keyboard::new().pairs((0..5).map(|n| Button::url(n.to_string(), "https://example.com")));
        assert_eq!(keyboard.0.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    }
}
