//! `getUpdates`: long polling, offsets, and the 409 rules of facts/telegram.md 1.

use std::time::Duration;

use serde_json::Value;

use super::Outcome;
use crate::sandbox::telegram::bot::Bot;
use crate::sandbox::telegram::error::ApiError;
use crate::sandbox::telegram::params::Params;
use crate::sandbox::world::World;

/// `getUpdates`.
pub(super) async fn get(world: &World, bot: &Bot, params: &Params) -> Outcome {
    let limit = usize::try_from(params.int("limit").unwrap_or(100).clamp(1, 100)).unwrap_or(100);
    let timeout = Duration::from_secs(u64::try_from(params.int("timeout").unwrap_or(0).clamp(0, 50)).unwrap_or(0));
    if bot.state().webhook.is_some() {
        return Err(ApiError::conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    bot.polls.send_modify(|count| *count += 1);
    let mut polls = bot.polls.subscribe();
    let mine = *polls.borrow_and_update();
    let mut changes = bot.changed.subscribe();
    let allowed: Option<Vec<String>> = params.nested("allowed_updates")?;
    {
        let mut state = bot.state();
        if let Some(kinds) = allowed {
            state.updates.allowed = Some(kinds).filter(|kinds| !kinds.is_empty());
        }
        if let Some(offset) = params.int("offset").filter(|offset| *offset != 0) {
            state.updates.confirm(offset);
        }
    }
    let deadline = tokio::time::Instant::now() + timeout;
    loop {
        changes.borrow_and_update();
        if bot.state().webhook.is_some() {
            return Err(ApiError::conflict("terminated by setWebhook request"));
        }
        if *polls.borrow_and_update() != mine {
            // The latest poller wins; the loser learns it late, which slows fighting pollers down.
            tokio::time::sleep(world.settings.telegram.conflict_delay).await;
            return Err(ApiError::conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running",
            ));
        }
        let found = bot.state().updates.first(limit, world.clock.now().0);
        if !found.is_empty() || tokio::time::Instant::now() >= deadline {
            return Ok(Value::Array(found).into());
        }
        tokio::select! {
            _ = changes.changed() => (),
            _ = polls.changed() => (),
            () = tokio::time::sleep_until(deadline) => (),
        }
    }
}
