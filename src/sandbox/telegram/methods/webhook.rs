//! `setWebhook`, `deleteWebhook`, `getWebhookInfo` with the rules of facts/telegram.md 1.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::Outcome;
use crate::sandbox::telegram::bot::{Bot, Webhook};
use crate::sandbox::telegram::delivery;
use crate::sandbox::telegram::error::{ApiError, Reply};
use crate::sandbox::telegram::params::Params;
use crate::sandbox::world::World;

const PORTS: [u16; 4] = [443, 80, 88, 8443];

/// `setWebhook`.
pub(super) fn set(world: &Arc<World>, bot: &Arc<Bot>, params: &Params) -> Outcome {
    let url = params.text("url").unwrap_or_default();
    if url.is_empty() {
        return Ok(delete(world, bot, params));
    }
    check_url(&url)?;
    let secret = params.text("secret_token").filter(|secret| !secret.is_empty());
    check_secret(secret.as_deref())?;
    let max_connections = params.int("max_connections").map_or(Ok(40), |n| match n {
        1..=100 => usize::try_from(n).map_err(|_| ApiError::bad("invalid max_connections")),
        _ => Err(ApiError::bad("invalid max_connections: must be between 1 and 100")),
    })?;
    let allowed: Option<Vec<String>> = params.nested("allowed_updates")?;
    let now = world.clock.now().0;
    let every = i64::try_from(world.settings.telegram.set_webhook_every.as_millis()).unwrap_or(0);
    let mut state = bot.state();
    // Omitted keeps the previous choice; an empty list means the default set.
    let wanted = match allowed {
        None => state.updates.allowed.clone(),
        Some(kinds) => Some(kinds).filter(|kinds| !kinds.is_empty()),
    };
    let same = state
        .webhook
        .as_ref()
        .is_some_and(|old| old.url == url && old.secret == secret && old.max_connections == max_connections);
    if same && wanted == state.updates.allowed && !params.flag("drop_pending_updates") {
        return Ok(Reply { result: Value::Bool(true), description: Some("Webhook is already set") });
    }
    if state.webhook_set_at > 0 && now - state.webhook_set_at < every {
        return Err(ApiError::too_many(1));
    }
    state.webhook_set_at = now;
    state.updates.allowed = wanted;
    if params.flag("drop_pending_updates") {
        state.updates.clear();
    }
    state.webhook_epoch += 1;
    state.updates.release_all();
    let slots = Arc::new(Semaphore::new(max_connections));
    state.webhook = Some(Webhook { url, secret, max_connections, last_error: None, slots });
    drop(state);
    bot.bump(world);
    delivery::wake_all(world, bot);
    Ok(Reply { result: Value::Bool(true), description: Some("Webhook was set") })
}

fn check_url(text: &str) -> Result<(), ApiError> {
    let url = url::Url::parse(text).map_err(|_| ApiError::bad("bad webhook: invalid webhook URL specified"))?;
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    // As a local Bot API server does, the sandbox calls this machine over plain HTTP on any port.
    if loopback && matches!(url.scheme(), "http" | "https") {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(ApiError::bad("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    if !PORTS.contains(&url.port().unwrap_or(443)) {
        return Err(ApiError::bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"));
    }
    Ok(())
}

fn check_secret(secret: Option<&str>) -> Result<(), ApiError> {
    let Some(secret) = secret else { return Ok(()) };
    if secret.len() > 256 {
        return Err(ApiError::bad("secret token is too long"));
    }
    if !secret.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-')) {
        return Err(ApiError::bad("secret token contains unallowed characters"));
    }
    Ok(())
}

/// `deleteWebhook`.
pub(super) fn delete(world: &World, bot: &Bot, params: &Params) -> Reply {
    let mut state = bot.state();
    let was_set = state.webhook.take().is_some();
    state.webhook_epoch += 1;
    state.updates.release_all();
    if params.flag("drop_pending_updates") {
        state.updates.clear();
    }
    drop(state);
    bot.bump(world);
    let note = if was_set { "Webhook was deleted" } else { "Webhook is already deleted" };
    Reply { result: Value::Bool(true), description: Some(note) }
}

/// `getWebhookInfo`: never the secret.
pub(super) fn info(bot: &Bot) -> Reply {
    let state = bot.state();
    let mut info = json!({
        "url": state.webhook.as_ref().map_or("", |webhook| webhook.url.as_str()),
        "has_custom_certificate": false,
        "pending_update_count": state.updates.len(),
    });
    if let Some(webhook) = &state.webhook {
        info["max_connections"] = webhook.max_connections.into();
        info["ip_address"] = "127.0.0.1".into();
        if let Some((date, message)) = &webhook.last_error {
            info["last_error_date"] = (*date).into();
            info["last_error_message"] = message.as_str().into();
        }
    }
    if let Some(kinds) = &state.updates.allowed {
        info["allowed_updates"] = json!(kinds);
    }
    info.into()
}
