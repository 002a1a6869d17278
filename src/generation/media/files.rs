//! The store of files as archives of whole tenants need it (`tenants/archive.rs`).

use super::{MediaError, MediaStore};
use crate::domain::{BotInstanceId, MediaId};
use crate::tenants::Tenant;
use crate::tenants::archive::Files;

impl Files for MediaStore {
    async fn read(&self, tenant: &Tenant, id: &MediaId) -> Result<Option<Vec<u8>>, String> {
        match self.get(tenant, id).await {
            Ok(content) => Ok(Some(content.to_vec())),
            Err(MediaError::Gone) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn write(&self, tenant: &Tenant, id: &MediaId, content: &[u8]) -> Result<(), String> {
        self.put_as(tenant, id, content).await.map_err(|error| error.to_string())
    }

    async fn remove_all(&self, tenant: &BotInstanceId) -> Result<(), String> {
        self.delete_all(tenant).await.map_err(|error| error.to_string())
    }
}
