//! Generations, from the price offer to the delivered result (bot.md 8–10): plain functions over a tenant's transaction where
//! something is decided, and over the clients, outside any transaction, where the world is asked.
//!
//! ```text
//! quote::make ─► confirm::accept ─► [job] submit::submit ─► [job] watch::watch ─► [job] the worker sends the results
//!                     │  hold             │ intent, one call      │ callback::handle wakes it    │
//!                     ▼                   ▼                       ▼                              ▼
//!                cancel::cancel      settle::fail            settle::fail            settle::delivered / undelivered
//! ```
//!
//! Nothing here writes texts or sends messages: outcomes are values for screens (`bot/`) and jobs (`worker/`). What must never
//! be here: a second creation of a task after one intent, a network call inside a transaction, money outside `billing`.

pub mod callback;
mod cancel;
pub mod cause;
mod confirm;
mod ctx;
mod deal;
mod downloads;
mod error;
pub mod fair;
mod fetch;
pub mod history;
mod items;
mod jobs;
pub mod media;
mod moves;
mod order;
mod prepare;
mod queue;
pub mod quota;
pub mod quote;
mod redeliver;
mod refetch;
pub mod settle;
mod shop;
mod stage;
mod submit;
pub mod sweep;
mod watch;

pub use callback::Called;
pub use cancel::{Canceled, cancel};
pub use cause::{Failure, FailureKind};
pub use confirm::{Accepted, Press, WhichQuote, accept};
pub use ctx::Ctx;
pub use deal::{Deal, deal_of, file_stem};
pub use downloads::DownloadLanes;
pub use error::GenerationError;
pub use items::{ItemKind, extension_of};
pub use jobs::{BadJob, Job, News};
pub use media::{MediaError, MediaStore, Stored};
pub use order::{Order, Summary};
pub use quote::{Place, Quote};
pub use redeliver::{Redelivery, price_anew, redeliver, redeliver_waiting};
pub use refetch::{Refetched, refetch};
pub use settle::{Charged, Confirmed, Delivery};
pub use shop::{Buyer, Off, Shop, Unsold};
pub use stage::{Stage, age, soft_limit};
pub use submit::{Submitted, submit};
pub use watch::{Watched, watch};
