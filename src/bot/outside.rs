//! What is answered without a person, a session or a turn: groups, where the bot does not work, and inline queries, which
//! it does not serve (bot.md 2.1, row 4, and 2.2).

use super::error::TurnError;
use super::platform::Platform;
use super::receive::{Press, record};
use super::turn::{Reply, Toast, arg};
use super::update::{Chat, From, Update};
use crate::domain::Corr;
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::tenants::Tenant;

/// Says in a group, or on the button pressed there, where the bot works. Nobody becomes a user by it.
pub(super) async fn group(
    platform: &Platform,
    tenant: &Tenant,
    update: &Update,
    chat: &Chat,
    from: &From,
    corr: &Corr,
    press: &Press,
) -> Result<(), TurnError> {
    let words = platform.texts.words(tenant.language_of(None, from.language_code.as_deref()));
    let link = tenant.username.as_ref().map_or_else(String::new, |name| format!("https://t.me/{name}"));
    if press.is_pressed() {
        press.answer(platform, Some(Toast { text: words.plain("private-only", arg("link", link)), alert: false }));
        return Ok(());
    }
    let now = platform.clock.now();
    let mut tx = platform.db.tenant_chat(&tenant.id, chat.id).await?;
    if !tx.update_record(update.id, corr, now).await? {
        return Ok(tx.rollback().await?);
    }
    let html = words.fmt("private-only", arg("link", link));
    let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
    let said = vec![Reply { outgoing, class: MessageClass::MayVanish }];
    record(&mut tx, tenant, chat.id, said, &format!("upd:{}", update.id), corr, now).await?;
    tx.commit().await?;
    platform.signals.chat(&tenant.id, chat.id);
    Ok(())
}
