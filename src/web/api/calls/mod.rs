//! The calls, one file per noun.

pub(super) mod credits;
pub(super) mod errors;
pub(super) mod figures;
pub(super) mod generations;
pub(super) mod hooks;
pub(super) mod owner;
pub(super) mod payments;
pub(super) mod requirements;
pub(super) mod tenant;
pub(super) mod users;

use super::door::Ask;
use super::problem::Problem;
use crate::accounts::audit::{self, Act};
use crate::domain::{AuditDoor, REASON, UserId};
use crate::store::TenantTx;

/// The body of a call that needs none.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NothingIn {}

/// Writes down who did what; in the transaction of the act itself.
async fn note(ask: &Ask, tx: &mut TenantTx, act: Act<'_>) -> Result<(), Problem> {
    let caller = ask.caller.name();
    audit::record_as(tx, &caller, AuditDoor::Api, &ask.corr, act, ask.now).await?;
    Ok(())
}

/// A reason, trimmed, or what is wrong with it.
fn reason(given: &str) -> Result<&str, Problem> {
    let given = given.trim();
    let good = REASON.contains(&given.chars().count()) && !given.chars().any(char::is_control);
    good.then_some(given).ok_or_else(|| Problem::wrong_body("reason: 3 to 200 characters on one line"))
}

/// A person's Telegram id.
fn user_id(text: &str) -> Option<UserId> {
    text.parse().ok().map(UserId)
}
