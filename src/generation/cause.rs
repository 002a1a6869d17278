//! Why a generation ended without a result (bot.md 9.6), and how that is stored: a plain word, and where the provider said
//! what is wrong with the parameters, its words sealed (they may echo a prompt).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use super::GenerationError;
use crate::clients::kie::{AccountFault, Cause};
use crate::tenants::Tenant;
use crate::vault::Column;

/// Why there is no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum FailureKind {
    /// `bad_params`.
    BadParams,
    /// `unsafe`.
    Unsafe,
    /// «Не удалось прочитать файл, загрузите другой.»
    UnreadableInput,
    /// `busy`.
    Busy,
    /// `gen_off`: the account is empty; admins are told.
    NoCredits,
    /// `gen_off`: the key is refused; admins are told.
    KeyRefused,
    /// `gen_off`: the model is switched off there; admins are told.
    ModelOff,
    /// `gen_off`: the day's spending is used up, as others were faster; admins are told.
    Spent,
    /// `gen_failed`.
    Failed,
    /// `empty_result`.
    EmptyResult,
    /// `orphan`: nobody knows whether the provider took it.
    Orphan,
    /// `timed_out`.
    TimedOut,
    /// `temp_error`: our own error.
    Internal,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::BadParams,
        Self::Unsafe,
        Self::UnreadableInput,
        Self::Busy,
        Self::NoCredits,
        Self::KeyRefused,
        Self::ModelOff,
        Self::Spent,
        Self::Failed,
        Self::EmptyResult,
        Self::Orphan,
        Self::TimedOut,
        Self::Internal,
    ];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BadParams => "bad_params",
            Self::Unsafe => "unsafe",
            Self::UnreadableInput => "unreadable_input",
            Self::Busy => "busy",
            Self::NoCredits => "no_credits",
            Self::KeyRefused => "key_refused",
            Self::ModelOff => "model_off",
            Self::Spent => "spent",
            Self::Failed => "failed",
            Self::EmptyResult => "empty_result",
            Self::Orphan => "orphan",
            Self::TimedOut => "timed_out",
            Self::Internal => "internal",
        }
    }

    /// Whether admins are alerted at once (bot.md 9.6).
    pub const fn alerts_admins(self) -> bool {
        matches!(self, Self::NoCredits | Self::KeyRefused | Self::ModelOff | Self::Spent)
    }

    /// Whether «🔁 Повторить» makes sense.
    pub const fn can_retry(self) -> bool {
        !self.alerts_admins()
    }
}

/// Why there is no result, with what the provider said of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// Of refused parameters: the provider's words, cleaned, at most 140 characters.
    pub hint: Option<String>,
    /// Of refused parameters: the wire name of the missing one.
    pub missing: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Detail {
    hint: Option<String>,
    missing: Option<String>,
}

impl From<FailureKind> for Failure {
    fn from(kind: FailureKind) -> Self {
        Self { kind, hint: None, missing: None }
    }
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::BadParams { hint, missing } => {
                Self { kind: FailureKind::BadParams, hint: hint.map(|words| words.as_str().to_owned()), missing }
            }
            Cause::Unsafe => FailureKind::Unsafe.into(),
            Cause::UnreadableInput => FailureKind::UnreadableInput.into(),
            Cause::Busy => FailureKind::Busy.into(),
            Cause::Account(fault) => fault.into(),
            Cause::Failed => FailureKind::Failed.into(),
        }
    }
}

impl From<AccountFault> for Failure {
    fn from(fault: AccountFault) -> Self {
        match fault {
            AccountFault::NoCredits => FailureKind::NoCredits.into(),
            AccountFault::KeyRefused | AccountFault::ClientBlocked => FailureKind::KeyRefused.into(),
            AccountFault::ModelOff => FailureKind::ModelOff.into(),
        }
    }
}

impl Failure {
    /// The stored form: the word, and behind a colon the sealed details.
    pub(super) fn stored(&self, tenant: &Tenant) -> Result<String, GenerationError> {
        let word = self.kind.word();
        if self.hint.is_none() && self.missing.is_none() {
            return Ok(word.to_owned());
        }
        let detail = Detail { hint: self.hint.clone(), missing: self.missing.clone() };
        let plain = serde_json::to_vec(&detail).map_err(|_| GenerationError::Unreadable)?;
        Ok(format!("{word}:{}", STANDARD_NO_PAD.encode(tenant.seal(Column::Result, &plain)?)))
    }

    /// Reads the stored form; a word that is not known, or details that do not open, count as less said.
    pub fn read(tenant: &Tenant, stored: &str) -> Self {
        let (word, sealed) = stored.split_once(':').map_or((stored, None), |(word, rest)| (word, Some(rest)));
        let known = FailureKind::ALL.into_iter().find(|kind| kind.word() == word);
        let detail = sealed
            .and_then(|text| STANDARD_NO_PAD.decode(text).ok())
            .and_then(|sealed| tenant.open(Column::Result, &sealed).ok())
            .and_then(|plain| serde_json::from_slice::<Detail>(&plain).ok());
        let (hint, missing) = detail.map_or((None, None), |detail| (detail.hint, detail.missing));
        Self { kind: known.unwrap_or(FailureKind::Internal), hint, missing }
    }
}
