//! Files in a folder of this machine.

use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use tokio::fs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use super::MediaError;
use super::frames::{Joined, MAGIC, SEALED_MAX, split};
use crate::domain::{BotInstanceId, MediaId};
use crate::tenants::Tenant;
use crate::vault::Column;

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
        let file = fs::File::open(self.of(&tenant.id).join(id.as_str())).await.map_err(gone)?;
        let mut file = BufReader::new(file);
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic).await.map_err(damaged)?;
        if magic != MAGIC {
            return Err(MediaError::Damaged);
        }
        let mut joined = Joined::new(id);
        loop {
            let length = match file.read_u32().await {
                Ok(length) => length as usize,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(error.into()),
            };
            if length > SEALED_MAX {
                return Err(MediaError::Damaged);
            }
            let mut sealed = vec![0; length];
            file.read_exact(&mut sealed).await.map_err(damaged)?;
            let plain = tenant.open(Column::Media, &sealed).map_err(|_| MediaError::Damaged)?;
            if !joined.take(&plain) {
                return Err(MediaError::Damaged);
            }
        }
        joined.finish().map(Bytes::from).ok_or(MediaError::Damaged)
    }

    pub(super) async fn delete(&self, tenant: &BotInstanceId, id: &MediaId) -> Result<(), MediaError> {
        absent_is_fine(fs::remove_file(self.of(tenant).join(id.as_str())).await)
    }

    pub(super) async fn delete_all(&self, tenant: &BotInstanceId) -> Result<(), MediaError> {
        absent_is_fine(fs::remove_dir_all(self.of(tenant)).await)
    }
}

async fn write(tenant: &Tenant, id: &MediaId, content: &[u8], path: &PathBuf) -> Result<(), MediaError> {
    let mut file = fs::File::create(path).await?;
    file.write_all(&MAGIC).await?;
    for plain in split(id, content) {
        let sealed = tenant.seal(Column::Media, &plain)?;
        file.write_u32(u32::try_from(sealed.len()).map_err(io::Error::other)?).await?;
        file.write_all(&sealed).await?;
    }
    file.flush().await?;
    file.sync_all().await?;
    Ok(())
}

fn gone(error: io::Error) -> MediaError {
    if error.kind() == io::ErrorKind::NotFound { MediaError::Gone } else { error.into() }
}

fn damaged(error: io::Error) -> MediaError {
    if error.kind() == io::ErrorKind::UnexpectedEof { MediaError::Damaged } else { error.into() }
}

fn absent_is_fine(done: io::Result<()>) -> Result<(), MediaError> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => Ok(other?),
    }
}
