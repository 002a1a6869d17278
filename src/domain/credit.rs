//! Where a credit by hand stands that needed a second person (decisions.md 11).

use super::words::words;

words! {
    /// Where it stands.
    pub enum CreditAsk {
        /// Somebody else must look.
        Waiting = "awaiting_approval",
        /// Approved and credited.
        Approved = "approved",
        /// Somebody said no.
        Declined = "declined",
        /// Nobody looked in time.
        Expired = "expired",
    }
}
