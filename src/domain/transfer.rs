//! What the ledger knows: accounts, units, transfers and what came of one. Rules: reliability.md 3.1, bot.md 11.

use std::fmt;

use super::words::words;
use super::{GenerationId, InvoiceId, PromoId, TransferId, UserRef};

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
    /// What a person owes after a refund of money already spent: zero or below (decisions.md 9).
    Debt(UserRef),
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
            Self::Debt(user) => format!("debt:{user}"),
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

words! {
    /// How a transfer moves money (reliability.md 3.1).
    pub enum TransferKind {
        /// At once.
        Single = "single",
        /// Reserves it: a hold.
        Pending = "pending",
        /// Takes of a hold, and frees the rest.
        Post = "post",
        /// Gives a hold back.
        Void = "void",
    }
}

words! {
    /// Why money moved: the kinds of bot.md 11.2.
    pub enum EntryKind {
        /// Reserved on confirm.
        Hold = "hold",
        /// Taken after confirmed delivery.
        Capture = "capture",
        /// Given back.
        Release = "release",
        /// Won at the gift wheel.
        Gift = "gift",
        /// An amount code redeemed.
        Promo = "promo",
        /// A percent code, with the top-up that it was waiting for.
        PromoBonus = "promo_bonus",
        /// The top-up went back, and what the code added to it with it.
        PromoBonusBack = "promo_bonus_back",
        /// Credited by an admin, or by whoever runs the installation.
        AdminCredit = "admin_credit",
        /// Left behind by a person who asked to be erased.
        Forfeit = "forfeit",
        /// A bank transfer was approved.
        TopupSbp = "topup_sbp",
        /// Stars were paid.
        TopupStars = "topup_stars",
        /// Stars went back.
        StarsRefund = "stars_refund",
        /// Stars could not go back after all.
        StarsRefundUndone = "stars_refund_undone",
        /// A bank transfer was approved by mistake.
        SbpReversal = "sbp_reversal",
        /// A top-up repays what is owed.
        DebtRepaid = "debt_repaid",
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

    /// `gift:<user>`: one gift for a person.
    pub fn gift(user: &UserRef) -> Self {
        Self(format!("gift:{user}"))
    }

    /// `promo:<code id>:<user>:<n>`: a person's n-th use of an amount code.
    pub fn promo(promo: &PromoId, user: &UserRef, n: i64) -> Self {
        Self(format!("promo:{}:{user}:{n}", promo.short()))
    }

    /// `promo_bonus:<topup key>`: at most one bonus for a top-up.
    pub fn promo_bonus(topup: &Self) -> Self {
        Self(format!("promo_bonus:{}", topup.0))
    }

    /// `ref:<invited>:inviter`, `ref:<invited>:invited`: the units of an invitation for each side.
    pub fn referral(invited: &UserRef, inviter_side: bool) -> Self {
        Self(format!("ref:{invited}:{}", if inviter_side { "inviter" } else { "invited" }))
    }

    /// `admin:<operation>`: one manual credit.
    pub fn admin_credit(operation: &str) -> Self {
        Self(format!("admin:{operation}"))
    }

    /// `forfeit:<user>`: the rest of an erased person's balance, once.
    pub fn forfeit(user: &UserRef) -> Self {
        Self(format!("forfeit:{user}"))
    }

    /// `sbp:<invoice>`: one approved transfer.
    pub fn topup_sbp(invoice: &InvoiceId) -> Self {
        Self(format!("sbp:{}", invoice.short()))
    }

    /// `stars:<charge>`: one charge of Stars.
    pub fn topup_stars(charge: &str) -> Self {
        Self(format!("stars:{charge}"))
    }

    /// `stars_refund:<charge>`: the `n`-th refund of a charge, from 1; a second one only after the first was undone.
    pub fn stars_refund(charge: &str, n: i64) -> Self {
        Self(if n <= 1 { format!("stars_refund:{charge}") } else { format!("stars_refund:{charge}:{n}") })
    }

    /// `sbp_rev:<invoice>`: an approval undone.
    pub fn sbp_reversal(invoice: &InvoiceId) -> Self {
        Self(format!("sbp_rev:{}", invoice.short()))
    }

    /// The part of a fact that another account bears: `<key>:<part>`.
    pub fn part(&self, part: &str) -> Self {
        Self(format!("{}:{part}", self.0))
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
