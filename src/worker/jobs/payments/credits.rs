//! Credits by hand for which nobody was a second person in time: ended, and told to who asked.

use crate::accounts::audit::Actor;
use crate::bot::acts::{Hands, second};
use crate::domain::{AuditDoor, Corr};
use crate::store::{OverdueCreditRow, StoreError};
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
