//! Plain types and pure rules. No I/O, no SQL, no HTTP: everything here can be tested with values alone.

pub mod clock;
pub mod factor;
pub mod generation;
pub mod ids;
pub mod job;
pub mod language;
pub mod media;
pub mod money;
mod nearest;
pub mod outbox;
pub mod outgoing;
pub mod panel;
pub mod secret;
pub mod settings;
pub mod tenant;
pub mod transfer;
mod words;

pub use clock::{Clock, UnixMs};
pub use factor::Factor;
pub use generation::{GenerationState, Payer, QuoteState};
pub use ids::{
    BotInstanceId, ChatId, Corr, ErrorId, GenerationId, JobId, MediaId, MessageId, OutboxId, QuoteId, TransferId,
    UpdateId, UserId, UserRef,
};
pub use job::Lane;
pub use language::Language;
pub use media::MediaPurpose;
pub use money::Money;
pub use nearest::nearest;
pub use outbox::{MessageClass, OutboxState};
pub use panel::PanelScope;
pub use secret::{BotToken, Secret};
pub use settings::{TenantLimits, TenantSettings};
pub use tenant::{AdminRole, Origin, TenantState};
