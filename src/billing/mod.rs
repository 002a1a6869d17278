//! THE place where money moves: holds, captures, releases, credits, and the free generations of a day.
//!
//! What must never be here: a float, a balance read and then written, a write without an idempotency key, a network call.
//! Each function is told a business fact and may be told it again; the ledger moves money once (reliability.md 3.1).

mod ledger;
mod quota;

pub use crate::domain::transfer::Moved;
pub use ledger::{Balance, Captured, Held, balance, capture, credit, hold, release};
pub use quota::{FreeQuota, free_quota, free_reserve, free_resolve};
