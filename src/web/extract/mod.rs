//! Proofs: what a handler receives is what its request may touch (style.md 13). Whoever may not gets the failure instead,
//! and for somebody else's things the same one as for things that are not there.

mod form;
mod session;
mod tenant;

pub(super) use form::{OurForm, TOKEN, fields, is_foreign};
pub(super) use session::{PlatformOwner, SignedIn};
pub(super) use tenant::{ForTenant, Own};
