//! Proofs: what a handler receives is what its request may touch (style.md 13). `guard.rs` proves it before the handler runs;
//! a handler on a route without a guard receives nothing.

mod at;
mod bearer;
mod form;
mod session;

pub(super) use at::{At, Desk, Own};
pub(super) use bearer::Scope;
pub(super) use form::{OurForm, OurUpload, TOKEN, fields, is_foreign};
pub(super) use session::SignedIn;
