//! Keeps a second process away from an installation that only one may serve (decisions.md 16): SQLite has one writer, locks
//! and budgets in memory are this process's own, and a media folder is this machine's.
//!
//! Beside SQLite the claim is a lock on a file, which the system gives back even when the process is killed. On Postgres it
//! is a lease, on the database's clock: after a kill the next process waits until it is over. Processes that serve together
//! hold a lease each, so that one that would serve alone sees them, and they see it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::RngExt as _;

use super::failure::Failure;
use crate::app;
use crate::config::{DatabaseUrl, Settings};
use crate::lifecycle::Tasks;
use crate::store::{Db, StoreError};

const ALONE: &str = "only_instance";
const TOGETHER: &str = "instance:";
const GLANCE: Duration = Duration::from_secs(1);

/// The right to serve, as long as it lives.
pub(crate) struct Alone(Claim);

enum Claim {
    /// Held until the file is closed.
    File {
        _lock: File,
    },
    Lease(Lease),
}

#[derive(Clone)]
struct Lease {
    db: Db,
    name: String,
    /// What must not be held beside it: the beginning of names.
    against: &'static str,
    holder: String,
    life: Duration,
    renew_every: Duration,
}

impl Alone {
    /// Takes the right, or says who stands in the way.
    pub(crate) async fn claim(settings: &Settings) -> Result<Self, Failure> {
        match settings.database_url() {
            DatabaseUrl::Sqlite(path) => Self::lock(&lock_path(path)),
            DatabaseUrl::Postgres(_) => Self::lease(settings).await,
        }
    }

    /// Locks a file, which is made if need be.
    pub(crate) fn lock(path: &Path) -> Result<Self, Failure> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| Failure::Work(format!("{}: {e}", folder.display())))?;
        }
        let told = |e: std::io::Error| Failure::Work(format!("{}: {e}", path.display()));
        let file = File::options().create(true).append(true).open(path).map_err(told)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Claim::File { _lock: file })),
            Err(TryLockError::WouldBlock) => Err(Failure::Work(format!(
                "another botyard already serves this database (it holds {}): stop it first",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(told(error)),
        }
    }

    async fn lease(settings: &Settings) -> Result<Self, Failure> {
        let db = app::open(settings).await?;
        app::migrate(settings, &db).await?;
        let holder: String = (0..16).map(|_| char::from(b'a' + rand::rng().random_range(0..26u8))).collect();
        let (life, renew_every) = (settings.leases.life, settings.leases.renew_every);
        let together = settings.redis.url.is_some() && settings.media.s3().is_some();
        let (name, against) =
            if together { (format!("{TOGETHER}{holder}"), ALONE) } else { (ALONE.to_owned(), TOGETHER) };
        let lease = Lease { db, name, against, holder, life, renew_every };
        // A process that was killed holds its lease for its rest; one that lives renews it and is not waited out.
        let glances = life.as_secs() + 2;
        for _ in 0..glances {
            if lease.claim().await? {
                return Ok(Self(Claim::Lease(lease)));
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(Failure::Work(if together {
            "another botyard already serves this database alone, without Redis or with its media in a folder: stop it first, \
             or give it the same REDIS_URL and BOTYARD_MEDIA_S3_… as this one"
                .to_owned()
        } else {
            "another botyard already serves this database: stop it first, or give all of them the same REDIS_URL and \
             BOTYARD_MEDIA_S3_…"
                .to_owned()
        }))
    }

    /// Renews the right until the stop.
    pub(crate) fn keep(&self, tasks: &Tasks) {
        let Claim::Lease(lease) = &self.0 else { return };
        let (lease, stop) = (lease.clone(), tasks.soft());
        tasks.spawn_supervised("instance", move || {
            let (lease, stop) = (lease.clone(), stop.clone());
            async move {
                while tokio::time::timeout(lease.renew_every, stop.cancelled()).await.is_err() {
                    match lease.take().await {
                        Ok(true) => {}
                        Ok(false) => tracing::error!("another process serves this installation too: stop one of them"),
                        Err(error) => tracing::warn!(error = %error, "the right to serve alone was not renewed"),
                    }
                }
            }
        });
    }

    /// Gives the right back.
    pub(crate) async fn release(self) {
        let Claim::Lease(lease) = self.0 else { return };
        if let Err(error) = lease.release().await {
            tracing::warn!(error = %error, "the right to serve alone was not given back; it ends by itself");
        }
        lease.db.close().await;
    }
}

impl Lease {
    /// Takes the lease and keeps it if nothing stands against it. Whoever of two comes second sees the first one's.
    async fn claim(&self) -> Result<bool, StoreError> {
        if !self.take().await? {
            return Ok(false);
        }
        let others = self.db.platform_read().await?.leases_live(self.against).await?;
        if others > 0 {
            self.release().await?;
        }
        Ok(others == 0)
    }

    async fn take(&self) -> Result<bool, StoreError> {
        let mut tx = self.db.platform().await?;
        let life = i64::try_from(self.life.as_millis()).unwrap_or(i64::MAX);
        let taken = tx.lease_take(&self.name, &self.holder, life).await?;
        tx.commit().await?;
        Ok(taken.is_some())
    }

    async fn release(&self) -> Result<(), StoreError> {
        let mut tx = self.db.platform().await?;
        tx.lease_release(&self.name, &self.holder).await?;
        tx.commit().await
    }
}

/// `botyard.db` is guarded by `botyard.db.lock`.
fn lock_path(database: PathBuf) -> PathBuf {
    let mut path = database.into_os_string();
    path.push(".lock");
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_claims_on_a_file_the_second_is_refused_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = lock_path(folder.path().join("new/botyard.db"));
        let first = Alone::lock(&path).unwrap();
        let refused = Alone::lock(&path).err().unwrap().to_string();
        assert!(refused.contains("botyard.db.lock") && refused.contains("stop it first"), "{refused}");
        drop(first);
        assert!(Alone::lock(&path).is_ok());
    }
}
