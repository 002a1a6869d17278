//! Finds what stands still and what is old, over all tenants: jobs that got lost are put again, undelivered results give
//! their money back after a day, files past their time are removed. Safe to run everywhere at once.

use std::time::Duration;

use super::GenerationError;
use super::jobs::Job;
use super::media::MediaStore;
use super::queue;
use super::settle;
use crate::config::Settings;
use crate::domain::{GenerationState as State, UnixMs};
use crate::store::{Db, GenerationRow, StoreError};

/// Rows looked at in one pass.
const ROWS: i64 = 200;
/// A generation whose state has not changed for this long should have an open job; putting one that is open does nothing.
const STILL: Duration = Duration::from_mins(1);

/// Puts the jobs of generations that stand still, and gives back the money of results that waited their day undelivered.
/// Gives how many it has moved; the workers are woken when that is any.
pub async fn restart(db: &Db, settings: &Settings, now: UnixMs) -> Result<usize, StoreError> {
    let mut tx = db.platform_read().await?;
    let still = tx.generations_open_older_than(now.minus(STILL), ROWS).await?;
    let waited = now.minus(settings.delivery.undelivered_life);
    let undelivered = tx.generations_undelivered_older_than(waited, ROWS).await?;
    drop(tx);
    let mut moved = 0;
    for row in &still {
        moved += usize::from(take_up(db, row, now).await?);
    }
    for row in &undelivered {
        let mut tx = db.tenant(&row.tenant).await?;
        moved += usize::from(settle::release_undelivered(&mut tx, &row.id, now).await.map_err(store)?);
        tx.commit().await?;
    }
    Ok(moved)
}

/// Puts the job that a generation's state needs. `false`: there is one.
async fn take_up(db: &Db, row: &GenerationRow, now: UnixMs) -> Result<bool, StoreError> {
    let generation = row.id.clone();
    let job = match row.state {
        State::Created | State::Submitting => Job::Submit { generation },
        State::Orphan | State::Queued | State::Running => Job::Watch { generation },
        State::Delivering => Job::Deliver { generation },
        _ => return Ok(false),
    };
    let mut tx = db.tenant(&row.tenant).await?;
    let put = queue::put_if_none(&mut tx, &job, &row.corr, now).await?;
    tx.commit().await?;
    Ok(put)
}

/// Ends what bots that are out of service had at work: every hold goes back in full, jobs and messages wait for nobody
/// (decisions.md 15). Gives how many generations.
pub async fn of_deleted(db: &Db, now: UnixMs) -> Result<usize, StoreError> {
    let mut ended = 0;
    loop {
        let rows = db.platform_read().await?.generations_of_deleted(ROWS).await?;
        for row in &rows {
            let mut tx = db.tenant(&row.tenant).await?;
            settle::of_deleted(&mut tx, row, now).await.map_err(store)?;
            tx.commit().await?;
        }
        ended += rows.len();
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) < ROWS {
            break;
        }
    }
    let mut tx = db.platform().await?;
    tx.work_of_deleted_end(now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Removes files whose time is over, bytes first. Gives how many.
pub async fn media(db: &Db, store: &MediaStore, now: UnixMs) -> Result<usize, GenerationError> {
    let mut tx = db.platform_read().await?;
    let expired = tx.media_expired(now, ROWS).await?;
    drop(tx);
    for file in &expired {
        store.delete(&file.tenant, &file.id).await?;
        let mut tx = db.tenant(&file.tenant).await?;
        tx.media_delete(&file.id).await?;
        tx.commit().await?;
    }
    Ok(expired.len())
}

fn store(error: GenerationError) -> StoreError {
    match error {
        GenerationError::Store(error) => error,
        other => StoreError::Failed(other.to_string()),
    }
}
