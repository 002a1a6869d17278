//! Files in a bucket of an S3-compatible store, for installations of several processes: `media/<tenant>/<id>`.
//!
//! An object is written whole or not at all, so a name that exists is complete, as in the folder.

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::MediaError;
use super::frames::{Opening, sealed};
use crate::clients::S3;
use crate::clients::s3::S3Error;
use crate::domain::{BotInstanceId, MediaId};
use crate::tenants::Tenant;

/// Names read at once when all of a tenant's files go.
const PAGE: usize = 1_000;
/// Files deleted at once.
const DELETES: usize = 8;

/// A bucket with a prefix for each tenant.
#[derive(Debug)]
pub struct Bucket(S3);

impl Bucket {
    pub(super) fn new(s3: S3) -> Self {
        Self(s3)
    }

    pub(super) async fn put(&self, tenant: &Tenant, id: &MediaId, content: &[u8]) -> Result<(), MediaError> {
        let parts = sealed(tenant, id, content).collect::<Result<Vec<_>, _>>()?;
        Ok(self.0.put(&name(&tenant.id, id), parts).await?)
    }

    pub(super) async fn get(&self, tenant: &Tenant, id: &MediaId) -> Result<Bytes, MediaError> {
        let mut object = self.0.get(&name(&tenant.id, id)).await?;
        let mut opening = Opening::new(tenant, id, object.length());
        while let Some(piece) = object.chunk().await? {
            opening.take(&piece)?;
        }
        opening.finish()
    }

    pub(super) async fn delete(&self, tenant: &BotInstanceId, id: &MediaId) -> Result<(), MediaError> {
        Ok(self.0.delete(&name(tenant, id)).await?)
    }

    pub(super) async fn delete_all(&self, tenant: &BotInstanceId) -> Result<(), MediaError> {
        let prefix = prefix(tenant);
        let mut after = None;
        loop {
            let page = self.0.list(&prefix, after.as_deref(), PAGE).await?;
            let deletes = page.keys.into_iter().map(|key| async move { self.0.delete(&key).await });
            let () = stream::iter(deletes).buffer_unordered(DELETES).try_collect().await?;
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Looks, and writes nothing.
    pub(super) async fn look(&self) -> Result<(), MediaError> {
        self.0.list("media/", None, 1).await?;
        Ok(())
    }
}

impl From<S3Error> for MediaError {
    fn from(error: S3Error) -> Self {
        if error == S3Error::Absent { Self::Gone } else { Self::S3(error) }
    }
}

/// A tenant's id holds no slash, so no tenant's prefix is the beginning of another's.
fn prefix(tenant: &BotInstanceId) -> String {
    format!("media/{tenant}/")
}

fn name(tenant: &BotInstanceId, id: &MediaId) -> String {
    format!("{}{}", prefix(tenant), id.as_str())
}
