//! The tenant's private store of files: what people sent and what was made for them (bot.md 7.3, 10). Everything is sealed
//! with the tenant's data key (decisions.md 23); the row in `media` says what a file is.
//!
//! They lie in a folder of this machine or, for several processes, in a bucket of an S3-compatible store. A name that exists
//! is complete: a file is written under another name, synced and renamed; an object is written whole or not at all. The file
//! comes before its row: a file without a row is rubbish that nobody refers to, a row without a file would be a promise not kept.

mod bucket;
mod files;
mod folder;
mod frames;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::catalog::FileValue;
use crate::clients::s3::S3Error;
use crate::clients::{Http, HttpBuildError, S3};
use crate::config::Settings;
use crate::domain::{BotInstanceId, Clock, MediaId, MediaPurpose, UnixMs};
use crate::store::{MediaRow, StoreError, TenantTx};
use crate::tenants::Tenant;
use crate::vault::VaultError;

use bucket::Bucket;
use folder::Folder;

/// Why a file could not be kept or brought.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// There is no such file (any more).
    #[error("the file is gone")]
    Gone,
    /// It is not what was written: cut short, changed, or another's.
    #[error("the file is damaged")]
    Damaged,
    /// The disk.
    #[error("the media store: {0}")]
    Io(#[from] io::Error),
    /// The S3-compatible store.
    #[error("the media store: {0}")]
    S3(S3Error),
    /// It cannot be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl MediaError {
    /// Whether a later try may succeed with nothing changed: the store is away or busy.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::S3(error) if error.is_passing())
    }
}

/// Where files are. Cheap to clone.
#[derive(Debug, Clone)]
pub enum MediaStore {
    /// A folder of this machine.
    Folder(Folder),
    /// A bucket that every process reaches.
    S3(Arc<Bucket>),
}

/// A file that is written but has no row yet: see [`Stored::record`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub id: MediaId,
    /// What it is for.
    pub purpose: MediaPurpose,
    /// Its MIME type, found from its first bytes.
    pub mime: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content in hex.
    pub sha256: String,
}

impl MediaStore {
    /// Where the settings say. Nothing is asked yet: a store that is away is met by the first file, and by [`MediaStore::look`].
    pub fn open(settings: &Settings, http: &Http, clock: &Clock) -> Result<Self, HttpBuildError> {
        Ok(match settings.media.s3() {
            Some(s3) => Self::s3(S3::from_settings(http.clone(), clock.clone(), &s3)?),
            None => Self::folder(&settings.files.data),
        })
    }

    /// Files in `media/<tenant>/<id>` of a bucket.
    pub fn s3(s3: S3) -> Self {
        Self::S3(Arc::new(Bucket::new(s3)))
    }

    /// Files in `<data>/media/<tenant>/<id>`.
    pub fn folder(data: impl Into<PathBuf>) -> Self {
        Self::Folder(Folder::new(data.into().join("media")))
    }

    /// Writes a file under a new name.
    pub async fn put(
        &self,
        tenant: &Tenant,
        purpose: MediaPurpose,
        mime: &str,
        content: &[u8],
    ) -> Result<Stored, MediaError> {
        let id = MediaId::random();
        match self {
            Self::Folder(folder) => folder.put(tenant, &id, content).await?,
            Self::S3(bucket) => bucket.put(tenant, &id, content).await?,
        }
        let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
        Ok(Stored { id, purpose, mime: mime.to_owned(), size, sha256: hex::encode(Sha256::digest(content)) })
    }

    /// Writes a file under a name that it has already: one that is brought in.
    pub async fn put_as(&self, tenant: &Tenant, id: &MediaId, content: &[u8]) -> Result<(), MediaError> {
        match self {
            Self::Folder(folder) => folder.put(tenant, id, content).await,
            Self::S3(bucket) => bucket.put(tenant, id, content).await,
        }
    }

    /// Reads a file.
    pub async fn get(&self, tenant: &Tenant, id: &MediaId) -> Result<Bytes, MediaError> {
        match self {
            Self::Folder(folder) => folder.get(tenant, id).await,
            Self::S3(bucket) => bucket.get(tenant, id).await,
        }
    }

    /// Removes a file; one that is gone is fine.
    pub async fn delete(&self, tenant: &BotInstanceId, id: &MediaId) -> Result<(), MediaError> {
        match self {
            Self::Folder(folder) => folder.delete(tenant, id).await,
            Self::S3(bucket) => bucket.delete(tenant, id).await,
        }
    }

    /// Removes a tenant's files, all of them: for a purge.
    pub async fn delete_all(&self, tenant: &BotInstanceId) -> Result<(), MediaError> {
        match self {
            Self::Folder(folder) => folder.delete_all(tenant).await,
            Self::S3(bucket) => bucket.delete_all(tenant).await,
        }
    }

    /// Whether files can be reached now: for `/ready` and `check`. Writes nothing.
    pub async fn look(&self) -> Result<(), MediaError> {
        match self {
            Self::Folder(folder) => folder.look().await,
            Self::S3(bucket) => bucket.look().await,
        }
    }
}

impl Stored {
    /// Writes the row, in the transaction that refers to it.
    pub async fn record(&self, tx: &mut TenantTx, expires_at: UnixMs, now: UnixMs) -> Result<(), StoreError> {
        let row = MediaRow {
            id: self.id.clone(),
            purpose: self.purpose,
            mime: self.mime.clone(),
            size: self.size,
            sha256: self.sha256.clone(),
            created_at: now,
            expires_at,
        };
        tx.media_insert(&row).await
    }

    /// As the value of a parameter.
    pub fn value(&self, duration_ms: Option<i64>) -> FileValue {
        FileValue {
            media: self.id.as_str().to_owned(),
            mime: self.mime.clone(),
            bytes: self.size,
            sha256: self.sha256.clone(),
            duration_ms,
        }
    }
}
