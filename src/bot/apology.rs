//! The exception boundary's second half: one log line, one row in the tenant's error log, one apology to the user, all under
//! one correlation id; the update counts as handled, so that a poisoned one does not come back for ever (bot.md 15.1).

use super::callback::masked;
use super::error::TurnError;
use super::platform::Platform;
use super::screens::menu;
use super::turn::{Toast, arg};
use super::update::{Chat, From, Kind, Update};
use crate::domain::Corr;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Outgoing, Track};
use crate::store::ErrorEntry;
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};

/// What the pressed button shows.
pub(super) fn alert(platform: &Platform, tenant: &Tenant, from: &From) -> Toast {
    let words = platform.texts.words(tenant.language_of(None, from.language_code.as_deref()));
    Toast { text: words.get("tech-alert"), alert: true }
}

/// Records the failure and the apology; fails only when the database is away too.
pub(super) async fn record(
    platform: &Platform,
    tenant: &Tenant,
    update: &Update,
    chat: &Chat,
    from: &From,
    corr: &Corr,
    error: &TurnError,
) -> Result<(), TurnError> {
    let now = platform.clock.now();
    let (handler, button) = named(update);
    let message: String = error.to_string().chars().take(200).collect();
    tracing::error!(
        partner_id = %tenant.partner_id, update_id = update.id.0, update_type = update.kind_name(), handler = %handler,
        callback = %button, stage = error.stage(), error_class = error.class(), error = %message, "ROUTER_FAIL"
    );
    let mut tx = platform.db.tenant_chat(&tenant.id, chat.id).await?;
    if !tx.update_record(update.id, corr, now).await? {
        return Ok(());
    }
    let entry = ErrorEntry {
        corr,
        stage: error.stage(),
        handler: &handler,
        class: error.class(),
        message: &message,
        update_id: Some(update.id),
    };
    tx.error_put(&entry, now).await?;
    let words = platform.texts.words(tenant.language_of(None, from.language_code.as_deref()));
    let (_, keyboard) = menu::minimal(words);
    let html = words.fmt("temp-error", arg("corr", corr.as_str()));
    let apology = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
    let key = format!("upd:{}:sorry", update.id);
    say(&mut tx, tenant, Say { chat: chat.id, class: MessageClass::MayVanish, key, corr, now }, &apology).await?;
    tx.commit().await?;
    platform.signals.chat(&tenant.id, chat.id);
    Ok(())
}

/// The command or the button's head: nothing a user wrote.
fn named(update: &Update) -> (String, String) {
    match &update.kind {
        Kind::Callback(query) => {
            let head = masked(query.data.as_deref().unwrap_or_default());
            (head.split(':').next().unwrap_or_default().to_owned(), head)
        }
        Kind::Message(message) => {
            let command = message.text.as_deref().and_then(super::command::Command::parse);
            let handler = match command {
                Some(Ok(known)) => format!("/{}", known.name()),
                Some(Err(_)) => "/unknown".to_owned(),
                None => "input".to_owned(),
            };
            (handler, String::new())
        }
        _ => (update.kind_name().to_owned(), String::new()),
    }
}
