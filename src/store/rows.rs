//! From a database's row to a row type of ours, whichever database it is.
//!
//! [`row!`] declares the type; its fields are the columns and have domain types. A NULL where none may be, or a text that this
//! program cannot have written, is [`StoreError::Corrupt`] with table, column and row.

use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use super::StoreError;
use crate::domain::{
    AdminRole, ApiKeyId, BanKind, BotInstanceId, BroadcastId, BroadcastKind, BroadcastState, ChatId, Corr, CreditAsk,
    ErrorId, GenerationId, GenerationState, HookDeliveryId, HookEvent, HookId, HookState, InvoiceId, InvoiceState,
    JobId, Lane, Language, LinkSource, ManualCreditId, MediaId, MediaPurpose, MessageClass, MessageId, Money, Origin,
    OutboxId, OutboxState, PauseReason, PayMethod, Payer, PaymentId, PaymentState, PromoCode, PromoId, PromoKind,
    QuoteId, QuoteState, ReportAsker, ReportId, ReportKind, TenantState, TransferId, UnixMs, UpdateId, UserId, UserRef,
};

/// The cells of one row, by column; `None` is NULL.
pub(super) trait Cells {
    fn int(&self, column: &str) -> Result<Option<i64>, sqlx::Error>;
    fn flag(&self, column: &str) -> Result<Option<bool>, sqlx::Error>;
    fn text(&self, column: &str) -> Result<Option<String>, sqlx::Error>;
    fn bytes(&self, column: &str) -> Result<Option<Vec<u8>>, sqlx::Error>;
}

macro_rules! cells {
    ($row:ty) => {
        impl Cells for $row {
            fn int(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
                self.try_get(column)
            }
            fn flag(&self, column: &str) -> Result<Option<bool>, sqlx::Error> {
                self.try_get(column)
            }
            fn text(&self, column: &str) -> Result<Option<String>, sqlx::Error> {
                self.try_get(column)
            }
            fn bytes(&self, column: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
                self.try_get(column)
            }
        }
    };
}
cells!(SqliteRow);
cells!(PgRow);

/// Where a cell is: for [`StoreError::Corrupt`].
pub(super) struct At {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
    /// The column that names the row.
    pub(super) key: &'static str,
}

impl At {
    pub(super) fn corrupt(&self, row: &impl Cells) -> StoreError {
        let number = || row.int(self.key).ok().flatten().map(|n| n.to_string());
        let name = row.text(self.key).ok().flatten().or_else(number);
        StoreError::corrupt(self.table, self.column, &name.unwrap_or_default())
    }
}

/// A type that one cell is read as.
pub(super) trait Field: Sized {
    fn field(row: &impl Cells, at: &At) -> Result<Self, StoreError>;
}

macro_rules! fields {
    ($($kind:ty: $read:ident $make:expr;)+) => { $(
        impl Field for Option<$kind> {
            fn field(row: &impl Cells, at: &At) -> Result<Self, StoreError> {
                let Some(cell) = row.$read(at.column)? else { return Ok(None) };
                let made: Option<$kind> = ($make)(cell);
                made.map(Some).ok_or_else(|| at.corrupt(row))
            }
        }

        impl Field for $kind {
            fn field(row: &impl Cells, at: &At) -> Result<Self, StoreError> {
                Option::<$kind>::field(row, at)?.ok_or_else(|| at.corrupt(row))
            }
        }
    )+ };
}

fields! {
    i64: int Some;
    UnixMs: int |n| Some(UnixMs(n));
    UserId: int |n| Some(UserId(n));
    ChatId: int |n| Some(ChatId(n));
    MessageId: int |n| Some(MessageId(n));
    UpdateId: int |n| Some(UpdateId(n));
    Money: int |n| Some(Money::kopecks(n));
    bool: flag Some;
    Vec<u8>: bytes Some;
    String: text Some;
    BotInstanceId: text |t: String| BotInstanceId::parse(&t).ok();
    UserRef: text |t: String| UserRef::parse(&t).ok();
    OutboxId: text |t: String| OutboxId::parse(&t).ok();
    ErrorId: text |t: String| ErrorId::parse(&t).ok();
    JobId: text |t: String| JobId::parse(&t).ok();
    QuoteId: text |t: String| QuoteId::parse(&t).ok();
    GenerationId: text |t: String| GenerationId::parse(&t).ok();
    ManualCreditId: text |t: String| ManualCreditId::parse(&t).ok();
    MediaId: text |t: String| MediaId::parse(&t).ok();
    BroadcastId: text |t: String| BroadcastId::parse(&t).ok();
    BroadcastKind: text |t: String| BroadcastKind::parse(&t);
    BroadcastState: text |t: String| BroadcastState::parse(&t);
    PauseReason: text |t: String| PauseReason::parse(&t);
    TransferId: text |t: String| TransferId::parse(&t).ok();
    InvoiceId: text |t: String| InvoiceId::parse(&t).ok();
    PaymentId: text |t: String| PaymentId::parse(&t).ok();
    InvoiceState: text |t: String| InvoiceState::parse(&t);
    PaymentState: text |t: String| PaymentState::parse(&t);
    PayMethod: text |t: String| PayMethod::parse(&t);
    Corr: text |t: String| Corr::parse(&t);
    CreditAsk: text |t: String| CreditAsk::parse(&t);
    Language: text |t: String| t.parse().ok();
    MessageClass: text |t: String| MessageClass::parse(&t);
    OutboxState: text |t: String| OutboxState::parse(&t);
    Lane: text |t: String| Lane::parse(&t);
    QuoteState: text |t: String| QuoteState::parse(&t);
    GenerationState: text |t: String| GenerationState::parse(&t);
    PromoId: text |t: String| PromoId::parse(&t).ok();
    PromoCode: text |t: String| PromoCode::parse(&t);
    PromoKind: text |t: String| PromoKind::parse(&t);
    MediaPurpose: text |t: String| MediaPurpose::parse(&t);
    Payer: text |t: String| Payer::parse(&t);
    TenantState: text |t: String| TenantState::parse(&t);
    Origin: text |t: String| Origin::parse(&t);
    ReportId: text |t: String| ReportId::parse(&t).ok();
    ReportKind: text |t: String| ReportKind::parse(&t);
    ReportAsker: text |t: String| ReportAsker::parse(&t);
    AdminRole: text |t: String| AdminRole::parse(&t);
    ApiKeyId: text |t: String| ApiKeyId::parse(&t).ok();
    HookId: text |t: String| HookId::parse(&t).ok();
    HookDeliveryId: text |t: String| HookDeliveryId::parse(&t).ok();
    HookEvent: text |t: String| HookEvent::parse(&t);
    BanKind: text |t: String| BanKind::parse(&t);
    LinkSource: text |t: String| LinkSource::parse(&t);
    HookState: text |t: String| HookState::parse(&t);
}

/// A type that one row is read as.
pub(super) trait Stored: Sized {
    fn read(row: &impl Cells) -> Result<Self, StoreError>;
}

/// Declares a row type: `row! { pub struct UserRow of "users" by "user_id" { pub user_id: UserId, … } }`. A column that is
/// called otherwise gets its field's name in the statement (`bot_instance_id AS tenant`).
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident of $table:literal by $key:literal {
        $($(#[$field_meta:meta])* pub $field:ident: $kind:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $kind,)+ }

        impl $crate::store::rows::Stored for $name {
            fn read(row: &impl $crate::store::rows::Cells) -> Result<Self, $crate::store::StoreError> {
                Ok(Self { $($field: $crate::store::rows::Field::field(
                    row,
                    &$crate::store::rows::At { table: $table, column: stringify!($field), key: $key },
                )?,)+ })
            }
        }
    };
}
pub(super) use row;

/// Reads what `fetch_one` gave.
pub(super) fn one<T: Stored>(fetched: Result<impl Cells, sqlx::Error>) -> Result<T, StoreError> {
    T::read(&fetched?)
}

/// Reads what `fetch_optional` gave.
pub(super) fn maybe<T: Stored>(fetched: Result<Option<impl Cells>, sqlx::Error>) -> Result<Option<T>, StoreError> {
    fetched?.as_ref().map(T::read).transpose()
}

/// Reads what `fetch_all` gave.
pub(super) fn all<T: Stored>(fetched: Result<Vec<impl Cells>, sqlx::Error>) -> Result<Vec<T>, StoreError> {
    fetched?.iter().map(T::read).collect()
}
