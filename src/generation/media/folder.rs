//! Files in a folder of this machine.

use std::io;
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use tokio::fs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::MediaError;
use super::frames::{Opening, sealed};
use crate::domain::{BotInstanceId, MediaId};
use crate::tenants::Tenant;

/// Read at once.
const PIECE: usize = 256 << 10;

/// A folder with a folder for each tenant.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// A tenant's id begins with a letter or digit and holds no slash, so it names a folder right here.
    fn of(&self, tenant: &BotInstanceId) -> PathBuf {
        self.root.join(tenant.as_str())
    }

    pub(super) async fn put(&self, tenant: &Tenant, id: &MediaId, content: &[u8]) -> Result<(), MediaError> {
        let folder = self.of(&tenant.id);
        fs::create_dir_all(&folder).await?;
        let (name, unfinished) = (folder.join(id.as_str()), folder.join(format!("{}.new", id.as_str())));
        let written = write(tenant, id, content, &unfinished).await;
        if let Err(error) = written {
            // Best effort: the sweep of rubbish finds what stays.
            let _ = fs::remove_file(&unfinished).await;
            return Err(error);
        }
        fs::rename(&unfinished, &name).await?;
        fs::File::open(&folder).await?.sync_all().await?;
        Ok(())
    }

    pub(super) async fn get(&self, tenant: &Tenant, id: &MediaId) -> Result<Bytes, MediaError> {
        let mut file = fs::File::open(self.of(&tenant.id).join(id.as_str())).await.map_err(gone)?;
        let mut opening = Opening::new(tenant, id, Some(file.metadata().await?.len()));
        let mut piece = BytesMut::with_capacity(PIECE);
        while file.read_buf(&mut piece).await? > 0 {
            opening.take(&piece)?;
            piece.clear();
        }
        opening.finish()
    }

    pub(super) async fn delete(&self, tenant: &BotInstanceId, id: &MediaId) -> Result<(), MediaError> {
        absent_is_fine(fs::remove_file(self.of(tenant).join(id.as_str())).await)
    }

    pub(super) async fn delete_all(&self, tenant: &BotInstanceId) -> Result<(), MediaError> {
        absent_is_fine(fs::remove_dir_all(self.of(tenant)).await)
    }

    /// Looks, and makes nothing: a folder that is not there yet is made by the first file.
    pub(super) async fn look(&self) -> Result<(), MediaError> {
        match fs::metadata(&self.root).await {
            Ok(found) if !found.is_dir() => Err(io::Error::from(io::ErrorKind::NotADirectory).into()),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn write(tenant: &Tenant, id: &MediaId, content: &[u8], path: &PathBuf) -> Result<(), MediaError> {
    let mut file = fs::File::create(path).await?;
    for part in sealed(tenant, id, content) {
        file.write_all(&part?).await?;
    }
    file.flush().await?;
    file.sync_all().await?;
    Ok(())
}

fn gone(error: io::Error) -> MediaError {
    if error.kind() == io::ErrorKind::NotFound { MediaError::Gone } else { error.into() }
}

fn absent_is_fine(done: io::Result<()>) -> Result<(), MediaError> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => Ok(other?),
    }
}
