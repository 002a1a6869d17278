//! Identifiers. Each is a type of its own; the random ones carry a prefix that says what they name (`gen_…`).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rand::RngExt as _;
use serde::{Deserialize, Serialize};

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must {rule}, for example {example}")]
pub struct BadId {
    /// The field's name as the reader of a settings file knows it.
    pub what: &'static str,
    /// The rule in words.
    pub rule: &'static str,
    /// A valid value.
    pub example: &'static str,
}

/// Names one hosted bot: `^[a-z0-9][a-z0-9._-]{2,31}$` (platform.md 2). Every tenant row and key begins with it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BotInstanceId(Arc<str>);

impl BotInstanceId {
    /// Checks the shape.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let bytes = text.as_bytes();
        let ok = (3..=32).contains(&bytes.len())
            && plain(bytes[0])
            && bytes.iter().all(|c| plain(*c) || matches!(c, b'.' | b'_' | b'-'));
        if ok {
            Ok(Self(text.into()))
        } else {
            Err(BadId {
                what: "bot_instance_id",
                rule: "be 3 to 32 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit",
                example: "partner-01",
            })
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BotInstanceId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        Self::parse(&text)
    }
}

impl From<BotInstanceId> for String {
    fn from(id: BotInstanceId) -> Self {
        id.0.to_string()
    }
}

impl FromStr for BotInstanceId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        Self::parse(text)
    }
}

impl fmt::Display for BotInstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BotInstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A person's Telegram id.
    UserId
);
number_id!(
    /// A Telegram chat; in a private chat it equals the person's [`UserId`].
    ChatId
);
number_id!(
    /// A Telegram update's id, unique per bot for some days only (facts/telegram.md 1).
    UpdateId
);
number_id!(
    /// A message's id inside one chat; grows with time there.
    MessageId
);

impl UserId {
    /// What stands in rows of money instead of a person who had themselves erased.
    pub const fn is_erased(self) -> bool {
        self.0 == 0
    }
}

impl From<UserId> for ChatId {
    /// The private chat of a person.
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

const LOWER32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn random_text(alphabet: &[u8; 32], len: usize) -> String {
    let mut rng = rand::rng();
    (0..len).map(|_| char::from(alphabet[rng.random_range(0..32usize)])).collect()
}

/// How an identifier that wraps a text is read, stored and shown.
macro_rules! text_impls {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every value begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new random value.
            pub fn random() -> Self {
                Self(format!("{}{}", $prefix, random_text(LOWER32, $len)))
            }

            /// Accepts the whole text, prefix included.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                text.strip_prefix($prefix).map_or_else(|| Err(Self::bad()), Self::from_short)
            }

            /// Accepts the part after the prefix, as callbacks and messages carry it.
            pub fn from_short(short: &str) -> Result<Self, BadId> {
                if short.len() == $len && short.bytes().all(|c| LOWER32.contains(&c)) {
                    Ok(Self(format!("{}{short}", $prefix)))
                } else {
                    Err(Self::bad())
                }
            }

            /// The whole text, as stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The part after the prefix.
            pub fn short(&self) -> &str {
                &self.0[$prefix.len()..]
            }

            fn bad() -> BadId {
                BadId {
                    what: stringify!($name),
                    rule: concat!("be '", $prefix, "' and ", stringify!($len), " of a-z, 2-7"),
                    example: concat!($prefix, "…"),
                }
            }
        }

        text_impls!($name);
    };
}

random_id!(
    /// One generation; its short form is the `{gid}` of callbacks and messages.
    GenerationId, "gen_", 12
);
random_id!(
    /// One broadcast; its number, which people read, is given when it is confirmed.
    BroadcastId, "bc_", 12
);
random_id!(
    /// One row of the ledger.
    TransferId, "trf_", 20
);
random_id!(
    /// One unit of background work.
    JobId, "job_", 20
);
random_id!(
    /// An immutable price offer.
    QuoteId, "quo_", 16
);
random_id!(
    /// A request to top up; its short form is the number that people see.
    InvoiceId, "inv_", 10
);
random_id!(
    /// A payment, settled or under review.
    PaymentId, "pay_", 12
);
random_id!(
    /// A credit that an admin makes by hand: the operation that is credited once (bot.md 14.4).
    ManualCreditId, "adm_", 16
);
random_id!(
    /// A stored file of a tenant.
    MediaId, "med_", 20
);
random_id!(
    /// A promo code of a tenant; its short form is in the buttons of admins.
    PromoId, "prm_", 12
);
random_id!(
    /// A key of the API, as lists name it; its text is something else and kept by nobody.
    ApiKeyId, "key_", 12
);
random_id!(
    /// An address that a partner wants to be told at.
    HookId, "whk_", 12
);
random_id!(
    /// One event for one such address.
    HookDeliveryId, "whd_", 16
);
random_id!(
    /// A person inside one tenant's ledger: random, so erasing the mapping to a Telegram id anonymises the ledger
    /// (decisions.md 10).
    UserRef, "usr_", 16
);

mod growing;
pub use growing::{ErrorId, OutboxId, ReportId};

/// Correlation id: 12 characters of Crockford base32, random, nothing personal in it (bot.md 1.1).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Corr(String);

impl Corr {
    /// A new random value.
    pub fn random() -> Self {
        Self(random_text(CROCKFORD, 12))
    }

    /// Accepts what a person typed, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.trim().to_ascii_uppercase();
        (upper.len() == 12 && upper.bytes().all(|c| CROCKFORD.contains(&c))).then_some(Self(upper))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Corr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Corr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_instance_id_follows_its_rule() {
        for good in ["abc", "partner-01", "0.a_b-c", &"a".repeat(32)] {
            assert!(BotInstanceId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "ab", "-abc", "Abc", "a b c", "a/b", "имя", &"a".repeat(33)] {
            assert!(BotInstanceId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn random_ids_keep_their_prefix_and_parse_back() {
        let id = GenerationId::random();
        assert_eq!(GenerationId::parse(id.as_str()), Ok(id.clone()));
        assert_eq!(GenerationId::from_short(id.short()), Ok(id.clone()));
        assert_eq!(id.short().len(), 12);
        assert!(GenerationId::parse(id.short()).is_err());
        assert!(GenerationId::from_short("AAAAAAAAAAAA").is_err());
    }

    #[test]
    fn a_correlation_id_is_read_in_any_case() {
        let corr = Corr::random();
        assert_eq!(Corr::parse(&corr.as_str().to_ascii_lowercase()), Some(corr));
        assert_eq!(Corr::parse("short"), None);
        assert_eq!(Corr::parse("IIIIIIIIIIII"), None);
    }
}
