//! Credits by hand that wait for a second person: those for which nobody was one in time are ended, and told to who asked; an
//! admin's card that has arrived is noted, so that it says how it ended.

use crate::accounts::audit::Actor;
use crate::bot::acts::{Hands, second};
use crate::domain::{AuditDoor, ChatId, Corr, ManualCreditId, MessageId};
use crate::store::{OverdueCreditRow, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::worker::Workers;

/// Ends one, unless somebody decided meanwhile.
pub(in crate::worker) async fn expire_credit(workers: &Workers, due: &OverdueCreditRow) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let Some(tenant) = platform.tenants.get(&due.tenant) else { return Ok(()) };
    let corr = Corr::random();
    let actor = Actor { user: None, door: AuditDoor::System, corr: &corr };
    let hands = Hands { platform, tenant: &tenant, actor, now: platform.clock.now() };
    let mut tx = platform.db.tenant(&due.tenant).await?;
    let Some(news) = second::expire(&mut tx, &hands, &due.id).await? else { return Ok(()) };
    for (n, one) in news.iter().enumerate() {
        let key = format!("second:{}:expired:{n}", due.id.short());
        one.record(&mut tx, &hands, key).await.map_err(|error| StoreError::Failed(error.to_string()))?;
    }
    tx.commit().await?;
    for one in news {
        platform.signals.chat(&due.tenant, one.chat);
    }
    Ok(())
}

/// An admin's card is there. Where the decision was faster than the card, it says so now.
pub(in crate::worker) async fn credit_shown(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    (id, corr): (&ManualCreditId, &Corr),
    (chat, message): (ChatId, MessageId),
) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let actor = Actor { user: None, door: AuditDoor::System, corr };
    let hands = Hands { platform, tenant, actor, now: platform.clock.now() };
    let Some(news) = second::card_arrived(tx, &hands, id, (chat, message)).await? else { return Ok(()) };
    let key = format!("second:{}:late:{}:{message}", id.short(), chat.0);
    news.record(tx, &hands, key).await.map_err(|error| StoreError::Failed(error.to_string()))?;
    platform.signals.chat(&tenant.id, chat);
    Ok(())
}
