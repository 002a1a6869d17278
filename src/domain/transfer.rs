//! What the ledger knows: accounts, units, transfers and what came of one. Rules: reliability.md 3.1, bot.md 11.

use std::fmt;

use super::{GenerationId, TransferId, UserRef};

/// What an account counts. A transfer never mixes units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Kopecks.
    Rub,
}

impl Unit {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rub => "RUB",
        }
    }
}

/// An account of one tenant's ledger. Only a person's account refuses to go below zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Account {
    /// What a person can spend; `posted - held` is «Доступно».
    User(UserRef),
    /// The tenant's sales.
    Sales,
    /// Credits made by hand.
    Adjust,
    /// Gifts and promo codes.
    Gifts,
    /// Money that came by bank transfer.
    ExtSbp,
    /// Money that came as Telegram Stars.
    ExtStars,
}

impl Account {
    /// As stored.
    pub fn id(&self) -> String {
        match self {
            Self::User(user) => format!("user:{user}"),
            Self::Sales => "tenant:sales".to_owned(),
            Self::Adjust => "tenant:adjust".to_owned(),
            Self::Gifts => "tenant:gifts".to_owned(),
            Self::ExtSbp => "ext:sbp".to_owned(),
            Self::ExtStars => "ext:stars".to_owned(),
        }
    }

    /// Whether the database must keep `posted - held` at or above zero.
    pub fn no_overdraft(&self) -> bool {
        matches!(self, Self::User(_))
    }

    /// What it counts.
    pub fn unit(&self) -> Unit {
        Unit::Rub
    }
}

/// Why money moved: the kinds of bot.md 11.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Reserved on confirm.
    Hold,
    /// Taken after confirmed delivery.
    Capture,
    /// Given back.
    Release,
    /// Credited by an admin, or by whoever runs the installation.
    AdminCredit,
}

impl EntryKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Capture => "capture",
            Self::Release => "release",
            Self::AdminCredit => "admin_credit",
        }
    }
}

/// Names a business fact, so that telling the ledger twice moves money once. Kept for ever.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// `hold:<gid>:<k>`: the k-th hold of a generation (a second one only after a 24 h release, bot.md 9.5).
    pub fn hold(generation: &GenerationId, k: u32) -> Self {
        Self(format!("hold:{}:{k}", generation.short()))
    }

    /// Whether a stored key names a hold of this generation.
    pub fn is_hold_of(stored: &str, generation: &GenerationId) -> bool {
        let rest = stored.strip_prefix("hold:").and_then(|rest| rest.strip_prefix(generation.short()));
        rest.is_some_and(|rest| rest.starts_with(':'))
    }

    /// `capture:<gid>`: at most one per generation.
    pub fn capture(generation: &GenerationId) -> Self {
        Self(format!("capture:{}", generation.short()))
    }

    /// `release:<gid>:<k>`.
    pub fn release(generation: &GenerationId, k: u32) -> Self {
        Self(format!("release:{}:{k}", generation.short()))
    }

    /// `admin:<operation>`: one manual credit.
    pub fn admin_credit(operation: &str) -> Self {
        Self(format!("admin:{operation}"))
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What came of telling the ledger something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// Done now.
    Done(TransferId),
    /// The same fact was told before; nothing moved.
    Exists(TransferId),
    /// The paying account has less than that to spend; nothing moved.
    Insufficient,
    /// The hold was already posted or voided by another fact; nothing moved.
    AlreadyResolved,
    /// The hold named does not exist or is not this generation's, or less is held than was to be posted.
    NoSuchHold,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_belongs_to_the_generation_in_its_key() {
        let (ours, other) = (GenerationId::random(), GenerationId::random());
        let hold = IdempotencyKey::hold(&ours, 2);
        assert!(IdempotencyKey::is_hold_of(hold.as_str(), &ours));
        assert!(!IdempotencyKey::is_hold_of(hold.as_str(), &other));
        assert!(!IdempotencyKey::is_hold_of(IdempotencyKey::capture(&ours).as_str(), &ours));
    }
}
