//! THE place where money moves: holds, captures, releases, credits, gifts and promo codes, and the free generations of a day
//! and of the bank; and the proof that none was lost or made (`chain.rs`, `verify.rs`).
//!
//! What must never be here: a float, a balance read and then written, a write without an idempotency key, a network call.
//! Each function is told a business fact and may be told it again; the ledger moves money once (reliability.md 3.1).

mod alone;
pub mod books;
mod chain;
mod gift;
mod invoices;
mod ledger;
mod promo;
mod quota;
mod receipts;
mod referral;
pub mod settlement;
mod stars;
mod topup;
mod verify;

pub use crate::domain::transfer::Moved;
pub use alone::{Alone, WhyTwo, approve_alone, by_itself};
pub use chain::{Sealed, Walked, seal, walk};
pub use gift::gift;
pub use invoices::{Payer, SbpTerms, open_sbp, open_stars, stars_price, stars_worth};
pub use ledger::{Balance, Captured, Held, balance, capture, credit, forfeit, hold, release};
pub use promo::{PromoRules, Redeemed, promo_bonus, promo_closed, promo_redeem};
pub use quota::{FreeQuota, bank_add, free_quota, free_reserve, free_resolve};
pub use receipts::{
    Approval, BY_ITSELF, Claim, Claimed, Credited, Rejection, Reversal, approve, claim, reject, reverse,
};
pub use referral::{Invited, invite, referral_token};
pub use stars::{Charge, Charged, FLAG_UNKNOWN, WentBack, charge_stars, close_request, stars_went_back};
pub use topup::{Paid, TakenBack, TopUp, bonus_of, refund_stars, refund_undone, reverse_sbp, top_up};
pub use verify::{Checked, Fault, Verified, check, verify};
