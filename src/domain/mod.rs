//! Plain types and pure rules. No I/O, no SQL, no HTTP: everything here can be tested with values alone.

pub mod clock;
pub mod factor;
pub mod ids;
pub mod language;
pub mod money;
mod nearest;
pub mod outgoing;
pub mod secret;
pub mod settings;
pub mod transfer;

pub use clock::{Clock, UnixMs};
pub use factor::Factor;
pub use ids::{
    BotInstanceId, ChatId, Corr, GenerationId, JobId, MediaId, MessageId, QuoteId, TransferId, UpdateId, UserId,
    UserRef,
};
pub use language::Language;
pub use money::Money;
pub use nearest::nearest;
pub use secret::{BotToken, Secret};
pub use settings::{TenantLimits, TenantSettings};
