//! What a bot's admins hear when the platform's owner stops it or lets it go on (decisions.md 15): why, and that it was not they.

use std::collections::BTreeSet;

use crate::accounts::audit::Actor;
use crate::bot::Platform;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, MessageClass, TenantState, UnixMs, UserId};
use crate::store::TenantTx;
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::tenants::tenant::TenantError;
use crate::texts::Arg;

/// Records it for every admin who has pressed /start here, in the transaction of the act. Gives whom to wake after the commit.
pub async fn tell(
    tx: &mut TenantTx,
    (platform, tenant): (&Platform, &Tenant),
    (became, reason): (TenantState, Option<&str>),
    actor: Actor<'_>,
    now: UnixMs,
) -> Result<Vec<ChatId>, TenantError> {
    let admins: BTreeSet<UserId> = tenant.admins.iter().map(|(id, _)| *id).collect();
    let mut told = Vec::new();
    for admin in admins {
        let Some(user) = tx.user_get(admin).await? else { continue };
        let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let html = match became {
            TenantState::Suspended => {
                words.fmt("admin-suspended", crate::args![reason = Arg::text(reason.unwrap_or("—"))])
            }
            _ => words.get("admin-let-go"),
        };
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let chat = ChatId::from(admin);
        let key = format!("suspension:{}:{admin}", actor.corr.as_str());
        let about = Say { chat, class: MessageClass::MustArrive, key, corr: actor.corr, now };
        say(tx, tenant, about, &outgoing).await?;
        told.push(chat);
    }
    Ok(told)
}
