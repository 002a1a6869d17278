//! Plain types and pure rules. No I/O, no SQL, no HTTP: everything here can be tested with values alone.

pub mod api;
pub mod audit;
pub mod broadcast;
pub mod clock;
pub mod credit;
pub mod factor;
pub mod generation;
pub mod ids;
pub mod job;
pub mod language;
pub mod markup;
pub mod media;
pub mod money;
mod nearest;
pub mod onboarding;
pub mod outbox;
pub mod outgoing;
pub mod panel;
pub mod payment;
pub mod promo;
pub mod receipt;
pub mod referral;
pub mod report;
pub mod secret;
pub mod settings;
pub mod tenant;
pub mod transfer;
mod words;

pub use api::{ApiRight, HookEvent, HookState};
pub use audit::{AuditAction, AuditDoor, REASON};
pub use broadcast::{BroadcastKind, BroadcastState, PauseReason};
pub use clock::{Clock, UnixMs};
pub use credit::CreditAsk;
pub use factor::Factor;
pub use generation::{GenerationState, Payer, QuoteState};
pub use ids::{
    ApiKeyId, BotInstanceId, BroadcastId, ChatId, Corr, ErrorId, GenerationId, HookDeliveryId, HookId, InvoiceId,
    JobId, ManualCreditId, MediaId, MessageId, OutboxId, PaymentId, PromoId, QuoteId, ReportId, TransferId, UpdateId,
    UserId, UserRef,
};
pub use job::Lane;
pub use language::Language;
pub use media::MediaPurpose;
pub use money::Money;
pub use nearest::nearest;
pub use onboarding::{BanKind, LinkSource};
pub use outbox::{MessageClass, OutboxState};
pub use panel::PanelScope;
pub use payment::{InvoiceState, PayMethod, PaymentState};
pub use promo::{PromoCode, PromoFault, PromoKind, PromoTerms, PromoWorth};
pub use referral::ReferralCode;
pub use report::{ReportAsker, ReportKind};
pub use secret::{BotToken, Secret};
pub use settings::{TenantLimits, TenantSettings};
pub use tenant::{AdminRole, Origin, TenantState};
