//! A bot that has all the people it is allowed (platform.md 3): newcomers are told so, and no row is made of them. Who is
//! known goes on as before.

use super::error::TurnError;
use super::platform::Platform;
use super::receive::Press;
use super::turn::{Toast, arg};
use super::update::{Chat, From, Update};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{Corr, MessageClass};
use crate::generation::quota;
use crate::store::{StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::texts::Arg;

/// Whether one more person is one too many. Admins always find a place.
pub(super) async fn is_full(tx: &mut TenantTx, tenant: &Tenant, from: &From) -> Result<bool, StoreError> {
    Ok(!tenant.is_admin(from.id) && quota::users(tx, tenant).await?.is_spent())
}

/// Says so, in a transaction of its own: of the newcomer's turn nothing stays.
pub(super) async fn tell(
    platform: &Platform,
    tenant: &Tenant,
    update: &Update,
    chat: &Chat,
    from: &From,
    corr: &Corr,
    press: &Press,
) -> Result<(), TurnError> {
    let now = platform.clock.now();
    let words = platform.texts.words(tenant.language_of(None, from.language_code.as_deref()));
    let contact = tenant.settings.support_contact.trim();
    let support = if contact.is_empty() { words.get("support-none") } else { contact.to_owned() };
    let html = words.fmt("bot-full", arg("support", Arg::text(support)));
    let mut tx = platform.db.tenant_chat(&tenant.id, chat.id).await?;
    if tx.update_record(update.id, corr, now).await? {
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let key = format!("upd:{}:full", update.id);
        say(&mut tx, tenant, Say { chat: chat.id, class: MessageClass::MayVanish, key, corr, now }, &outgoing).await?;
        tx.commit().await?;
        platform.signals.chat(&tenant.id, chat.id);
    }
    press.answer(platform, None::<Toast>);
    Ok(())
}
