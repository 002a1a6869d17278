//! A process says that it lives, from its start to its stop (decisions.md 16): the owner's page lists who serves. Who may serve at
//! all is no matter of this row but of a lease (`cli/instance.rs`).

use std::sync::Arc;
use std::time::Duration;

use super::Workers;
use crate::domain::UnixMs;
use crate::store::StoreError;

/// A stop does not wait longer than this to take the row away; a silent one is forgotten after a day.
const FAREWELL: Duration = Duration::from_secs(2);

/// Says so until the soft stop. What is still in hand then belongs to a process that lives: [`end`] comes after it.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let started_at = workers.platform.clock.now();
    loop {
        if let Err(error) = beat(&workers, started_at).await {
            tracing::info!(error = %error, "a sign of life was not written");
        }
        let pause = tokio::time::sleep(workers.platform.settings.leases.instance_heartbeat);
        if stop.run_until_cancelled(pause).await.is_none() {
            return;
        }
    }
}

async fn beat(workers: &Workers, started_at: UnixMs) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let mut tx = platform.db.platform().await?;
    tx.heartbeat(&workers.instance, started_at, platform.clock.now()).await?;
    tx.commit().await
}

/// Takes the row of a process away whose tasks have ended.
pub async fn end(workers: &Workers) {
    let gone = async {
        let mut tx = workers.platform.db.platform().await?;
        tx.heartbeat_end(&workers.instance).await?;
        tx.commit().await
    };
    match tokio::time::timeout(FAREWELL, gone).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::info!(error = %error, "the sign of life of a stopped process was not taken away"),
        Err(_) => tracing::info!("the sign of life of a stopped process was not taken away in time"),
    }
}
