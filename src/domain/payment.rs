//! Words of topping up: how, and where a request and a payment stand (bot.md 11.3, 11.4; decisions.md 11).

use super::words::words;

words! {
    /// A way of paying.
    pub enum PayMethod {
        /// Telegram Stars.
        Stars = "stars",
        /// A bank transfer, proved by a picture of it.
        Sbp = "sbp",
    }
}

words! {
    /// Where a request to top up stands.
    pub enum InvoiceState {
        /// Waits for the money or its proof.
        Open = "open",
        /// A picture waits for a person's decision.
        Review = "review",
        /// Credited.
        Approved = "approved",
        /// Refused, and no attempts are left.
        Rejected = "rejected",
        /// Given up.
        Closed = "closed",
        /// Its time is over.
        Expired = "expired",
    }
}

words! {
    /// Where a payment stands.
    pub enum PaymentState {
        /// A charge of Stars that no request explains: credited once Telegram's own list shows it (decisions.md 12).
        Waiting = "waiting",
        /// A person decides.
        Review = "review",
        /// Credited.
        Approved = "approved",
        /// Refused by a person.
        Rejected = "rejected",
        /// The picture was used before.
        Duplicate = "duplicate",
        /// Another picture of the same request was approved.
        Superseded = "superseded",
        /// The money is taken back here, Telegram is being told.
        Refunding = "refunding",
        /// Given back.
        Refunded = "refunded",
    }
}

/// The tails that an open transfer may have, in kopecks, in random order: whoever knows one cannot tell the next.
pub fn shuffled_tails() -> Vec<i64> {
    use rand::seq::SliceRandom as _;
    let mut tails: Vec<i64> = (1..=99).collect();
    tails.shuffle(&mut rand::rng());
    tails
}
