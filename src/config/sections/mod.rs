//! A struct per section of defaults.toml. A field has the name it has there; what it is for and why it has its default
//! stands there too, once.
//!
//! A new setting is a line with a comment in `defaults.toml` and a field here that says how it is read:
//!
//! ```ignore
//! section! {
//!     /// What users see and how fast.
//!     Bot = "bot" {
//!         /// Handling of one update stops at this.
//!         handler_limit: Duration = span,
//!     }
//! }
//! ```

mod outside;
mod product;
mod running;

pub use outside::{Kie, Media, S3, Telegram, Webhook};
pub use product::{Bonuses, Bot, Broadcast, Delivery, Generation, Payments, Session};
pub use running::{
    Admin, Api, Database, Files, Jobs, Leases, Ledger, LogFormat, Logging, Onboarding, Outbox, Owner, Panel, Redis,
    Retention, Server,
};

/// Makes a section's struct and the function that reads it.
macro_rules! section {
    ($(#[$doc:meta])* $name:ident = $table:literal {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $read:expr),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)+
        }

        impl $name {
            pub(in crate::config) fn read(r: &mut $crate::config::read::Reader) -> Self {
                Self { $($field: $read(r, concat!($table, ".", stringify!($field))),)+ }
            }
        }
    };
}

use section;
