//! What the installation as a whole remembers: values that are written once, such as the check value of the master key.

use super::{PlatformTx, StoreError, on};

const META_GET: &str = "SELECT value FROM platform_meta WHERE key = $1";
const META_PUT: &str = "INSERT INTO platform_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";

const META_FORGET: &str = "DELETE FROM platform_meta WHERE key = $1";
const META_LIKE: &str = "SELECT key, value FROM platform_meta WHERE SUBSTR(key, 1, LENGTH($1)) = $1 ORDER BY key";

impl PlatformTx {
    /// The value under a key.
    pub async fn meta_get(&mut self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_scalar(META_GET).bind(key).fetch_optional(c).await)?)
    }

    /// Forgets the value under a key. `false`: there was none.
    pub async fn meta_forget(&mut self, key: &str) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(META_FORGET).bind(key).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// All values whose keys begin so, by key.
    pub async fn meta_like(&mut self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        Ok(on!(self.tx, c => sqlx::query_as(META_LIKE).bind(prefix).fetch_all(c).await)?)
    }

    /// Writes a value unless there is one, and gives the one that stands: of several processes all get the first one's.
    pub async fn meta_put_if_absent(&mut self, key: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        on!(self.tx, c => sqlx::query(META_PUT).bind(key).bind(value).execute(c).await.map(|_| ()))?;
        let stands = self.meta_get(key).await?;
        stands.ok_or_else(|| StoreError::corrupt("platform_meta", "value", key))
    }
}
