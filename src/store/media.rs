//! Files of a tenant: what each is and until when it is kept. The bytes are in the tenant's private store, sealed.

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{MediaId, MediaPurpose, UnixMs};

const MEDIA_INSERT: &str =
    "INSERT INTO media (bot_instance_id, id, purpose, mime, size, sha256, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const MEDIA_GET: &str = "SELECT id, purpose, mime, size, sha256, created_at, expires_at FROM media
     WHERE bot_instance_id = $1 AND id = $2";
const MEDIA_KEEP_UNTIL: &str = "UPDATE media SET expires_at = $3 WHERE bot_instance_id = $1 AND id = $2";
const MEDIA_DETACH: &str = "UPDATE generation_items SET media_id = NULL WHERE bot_instance_id = $1 AND media_id = $2";
const MEDIA_DELETE: &str = "DELETE FROM media WHERE bot_instance_id = $1 AND id = $2";

row! {
    /// A file.
    pub struct MediaRow of "media" by "id" {
        /// Its name.
        pub id: MediaId,
        /// Why it is kept.
        pub purpose: MediaPurpose,
        /// Decided by its first bytes.
        pub mime: String,
        /// In bytes, before sealing.
        pub size: i64,
        /// Of the bytes before sealing, in hexadecimal.
        pub sha256: String,
        /// When it was stored.
        pub created_at: UnixMs,
        /// From then on it may be purged.
        pub expires_at: UnixMs,
    }
}

impl TenantTx {
    /// Records a file.
    pub async fn media_insert(&mut self, new: &MediaRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(MEDIA_INSERT).bind(self.id.as_str()).bind(new.id.as_str())
            .bind(new.purpose.as_str()).bind(&new.mime).bind(new.size).bind(&new.sha256).bind(new.created_at.0)
            .bind(new.expires_at.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// What a file is.
    pub async fn media_get(&mut self, id: &MediaId) -> Result<Option<MediaRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(MEDIA_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c).await))
    }

    /// Keeps a file until `at`, and no longer. `false`: no such file.
    pub async fn media_keep_until(&mut self, id: &MediaId, at: UnixMs) -> Result<bool, StoreError> {
        let kept = on!(self.tx, c => sqlx::query(MEDIA_KEEP_UNTIL).bind(self.id.as_str()).bind(id.as_str()).bind(at.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(kept == 1)
    }

    /// Forgets a file; results that had it keep the rest of what is known of them. `false`: no such file. Remove the bytes
    /// first: a row without bytes is found again, bytes without a row are not.
    pub async fn media_delete(&mut self, id: &MediaId) -> Result<bool, StoreError> {
        on!(self.tx, c => sqlx::query(MEDIA_DETACH).bind(self.id.as_str()).bind(id.as_str()).execute(c).await
            .map(|_| ()))?;
        let deleted = on!(self.tx, c => sqlx::query(MEDIA_DELETE).bind(self.id.as_str()).bind(id.as_str()).execute(c)
            .await.map(|d| d.rows_affected()))?;
        Ok(deleted == 1)
    }
}
