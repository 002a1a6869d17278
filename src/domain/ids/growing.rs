//! Identifiers that sort in the order of creation.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::RngExt as _;
use serde::{Deserialize, Serialize};

use super::BadId;
use crate::domain::UnixMs;

/// The previous value that [`growing`] gave in this process.
static LAST: AtomicU64 = AtomicU64::new(0);

/// 16 hexadecimal digits that grow with each call in this process, even when the clock stands still or goes back:
/// milliseconds times 65,536, or one more than the last.
fn growing(now: UnixMs) -> u64 {
    let wanted = u64::try_from(now.0).unwrap_or(0) << 16;
    let before =
        LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(wanted.max(last + 1))).unwrap_or(0);
    wanted.max(before + 1)
}

macro_rules! growing_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every value begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new value, greater than every earlier one of this process; 8 random digits keep processes apart.
            pub fn next(now: UnixMs) -> Self {
                Self(format!("{}{:016x}{:08x}", $prefix, growing(now), rand::rng().random::<u32>()))
            }

            /// Not greater than any value made at `moment` or later by a clock that only went forward: for purges.
            pub fn floor(moment: UnixMs) -> Self {
                Self(format!("{}{:016x}{:08x}", $prefix, u64::try_from(moment.0).unwrap_or(0) << 16, 0))
            }

            /// Accepts the whole text, prefix included.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
                match text.strip_prefix($prefix) {
                    Some(rest) if rest.len() == 24 && rest.bytes().all(digit) => Ok(Self(text.to_owned())),
                    _ => Err(BadId {
                        what: stringify!($name),
                        rule: concat!("be '", $prefix, "' and 24 of 0-9, a-f"),
                        example: concat!($prefix, "…"),
                    }),
                }
            }

            /// The whole text, as stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        text_impls!($name);
    };
}

growing_id!(
    /// One recorded message. Sorts in the order of creation, which is the order a chat hears it in.
    OutboxId, "out_"
);
growing_id!(
    /// One line of a tenant's error log. Sorts in the order of creation.
    ErrorId, "err_"
);
growing_id!(
    /// One report that was made. Sorts in the order of creation.
    ReportId, "rep_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_ids_sort_in_the_order_of_creation_even_when_the_clock_goes_back() {
        let times = [5_000, 5_000, 5_000, 4_000, 6_000, 0];
        let made: Vec<OutboxId> = times.into_iter().map(|ms| OutboxId::next(UnixMs(ms))).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]), "{made:?}");
        assert_eq!(OutboxId::parse(made[0].as_str()), Ok(made[0].clone()));
        assert!(OutboxId::parse("out_XYZ").is_err());
        assert!(OutboxId::floor(UnixMs(i64::from(u32::MAX))) < OutboxId::next(UnixMs(i64::from(u32::MAX))));
    }
}
