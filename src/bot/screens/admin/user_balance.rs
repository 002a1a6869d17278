//! `/user_balance`: a person's money in one message.

use super::{say, user};
use crate::billing;
use crate::bot::error::TurnError;
use crate::bot::screens::lines;
use crate::bot::turn::{Turn, arg};
use crate::domain::Money;
use crate::texts::Arg;

/// Says what a person has.
pub(super) async fn show(turn: &mut Turn<'_>, argument: Option<&str>) -> Result<(), TurnError> {
    let Some((row, _)) = user::named(turn, argument).await? else { return Ok(()) };
    let balance = billing::balance(turn.tx, &row.user_ref).await?;
    let (count, sum) = turn.tx.payments_credited_to(row.user_id).await?;
    let (day, limit) = (turn.tenant.today(turn.now), turn.tenant.settings.free_per_day.into());
    let free = billing::free_quota(turn.tx, &row.user_ref, &day, limit).await?;
    let words = turn.words();
    let whole = Money::kopecks(balance.available.as_kopecks() + balance.held.as_kopecks());
    let text = lines([
        Some(words.fmt("user-card-title", arg("id", Arg::shown(row.user_id)))),
        Some(words.fmt("user-card-whole", arg("balance", whole))),
        Some(words.fmt("user-card-balance", arg("available", balance.available).with("held", balance.held))),
        Some(words.fmt("user-card-paid", arg("sum", sum).with("n", count))),
        Some(words.fmt("user-card-quota", arg("left", free.left).with("total", free.total))),
        Some(words.fmt("user-card-bank", arg("n", free.bank))),
        Some(match row.blocked_at {
            Some(at) => words.fmt("user-card-blocked", arg("at", at.shown(turn.tenant.zone()))),
            None => words.get("user-card-not-blocked"),
        }),
    ]);
    say(turn, text);
    Ok(())
}
