//! A tenant as a whole (platform.md 7): carried away into a folder, brought into another installation with its ids, and removed
//! for good.
//!
//! The archive is a folder: `manifest.json`; `rows/<table>.jsonl`, one JSON object a line, columns by name, bytes in base64;
//! `media/<id>`, the files as they were sent. What is sealed in the rows stays sealed with the tenant's data key, which is in the
//! manifest, wrapped with a key that is told once when the archive is made.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::tenant::{Tenant, TenantError};
use crate::clients::telegram::Telegram;
use crate::domain::{BotInstanceId, BotToken, MediaId, Secret, TenantState, UnixMs};
use crate::store::{ArchiveTable, Db, StoreError};
use crate::vault::{self, Column, MasterKey, Purpose, Sealed, Vault, VaultError};

/// Rows at once.
const PAGE: i64 = 500;
/// The archive's format.
const FORMAT: u32 = 1;
/// The proof of the ledger is keyed by the installation and proves nothing elsewhere: transfers are sealed anew where they arrive.
const PROOF: [&str; 4] = ["ledger_seals", "ledger_heads", "ledger_sums", "ledger_checks"];
/// Where the statement of a purge stands in `platform_meta`.
const STATEMENT: &str = "purged:";

/// Why an archive was not made or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// There is no such tenant.
    #[error("no bot is named {0}")]
    Unknown(BotInstanceId),
    /// It is in use here.
    #[error("a bot named {0} is here already; an archive is brought in where there is none")]
    NameTaken(BotInstanceId),
    /// Its Telegram bot is hosted here under another name.
    #[error("the archive's Telegram bot is hosted here as {0}: a bot can be hosted once")]
    BotTaken(BotInstanceId),
    /// A file.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// Not an archive, or one of another format.
    #[error("{0} is no archive of this format: {1}")]
    Shape(PathBuf, String),
    /// The archive's key.
    #[error("the archive's key does not open it")]
    Key,
    /// A live tenant is not removed.
    #[error("{0} is {1}: remove it from service first (botyard tenant delete)")]
    Alive(BotInstanceId, &'static str),
    /// Secrets or stored data.
    #[error(transparent)]
    Tenant(#[from] TenantError),
}

impl From<StoreError> for ArchiveError {
    fn from(error: StoreError) -> Self {
        Self::Tenant(error.into())
    }
}

impl From<VaultError> for ArchiveError {
    fn from(error: VaultError) -> Self {
        Self::Tenant(error.into())
    }
}

/// What an archive says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    tenant: BotInstanceId,
    made_at: i64,
    /// The tenant's data key, wrapped with the archive's key.
    data_key: String,
    /// The check value of the archive's key.
    check: String,
    /// Rows by table.
    rows: Map<String, Value>,
    /// Files, by their ids.
    media: Vec<MediaId>,
}

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Rows.
    pub rows: usize,
    /// Files.
    pub files: usize,
}

/// Reads one file of a tenant, or writes it: the caller has the media store.
pub trait Files: Sync {
    /// A file's content; `None` when it is gone.
    fn read(&self, tenant: &Tenant, id: &MediaId) -> impl Future<Output = Result<Option<Vec<u8>>, String>> + Send;
    /// Puts a file under its id.
    fn write(&self, tenant: &Tenant, id: &MediaId, content: &[u8]) -> impl Future<Output = Result<(), String>> + Send;
    /// Removes every file of a tenant.
    fn remove_all(&self, tenant: &BotInstanceId) -> impl Future<Output = Result<(), String>> + Send;
}

/// Carries a tenant away. Gives what went, and the archive's key, which is nowhere else. Stop the tenant before: rows that change
/// meanwhile may be met twice or not at all.
pub async fn export(
    db: &Db,
    vault: &Vault,
    files: &impl Files,
    tenant: &Tenant,
    folder: &Path,
    now: UnixMs,
) -> Result<(Held, Secret), ArchiveError> {
    let text = new_key();
    let held = export_under(db, vault, files, tenant, folder, &text, now).await?;
    Ok((held, text))
}

/// The same under a key that was told before: 32 bytes in base64.
pub async fn export_under(
    db: &Db,
    vault: &Vault,
    files: &impl Files,
    tenant: &Tenant,
    folder: &Path,
    key: &Secret,
    now: UnixMs,
) -> Result<Held, ArchiveError> {
    let (other, check) = Vault::create(MasterKey::from_base64(key).map_err(|_| ArchiveError::Key)?)?;
    let mut tx = db.platform_read().await?;
    let stored = tx.tenant_get(&tenant.id).await?.ok_or_else(|| ArchiveError::Unknown(tenant.id.clone()))?;
    let wrapped = vault.rewrap(&other, &tenant.id, &Sealed::from_bytes(stored.data_key_wrapped))?;
    make(&folder.join("rows"))?;
    make(&folder.join("media"))?;
    let (mut rows, mut media, mut total) = (Map::new(), Vec::new(), 0);
    for table in tx.archive_tables().await?.iter().filter(|table| is_carried(table)) {
        let mut lines = String::new();
        let mut count = 0;
        loop {
            let page = tx.archive_rows(table, &tenant.id, (count, PAGE)).await?;
            let met = page.len() as i64;
            for row in &page {
                if table.name == "media" {
                    media.extend(row.get("id").and_then(Value::as_str).and_then(|id| MediaId::parse(id).ok()));
                }
                lines.push_str(&Value::Object(row.clone()).to_string());
                lines.push('\n');
            }
            count += met;
            if met < PAGE {
                break;
            }
        }
        write(&folder.join("rows").join(format!("{}.jsonl", table.name)), lines.as_bytes())?;
        rows.insert(table.name.clone(), count.into());
        total += usize::try_from(count).unwrap_or(0);
    }
    drop(tx);
    let mut kept = Vec::new();
    for id in media {
        let path = folder.join("media").join(id.as_str());
        let content = files.read(tenant, &id).await.map_err(|why| unreadable(&path, why))?;
        if let Some(content) = content {
            write(&path, &content)?;
            kept.push(id);
        }
    }
    let held = Held { rows: total, files: kept.len() };
    let manifest = Manifest {
        format: FORMAT,
        tenant: tenant.id.clone(),
        made_at: now.0,
        data_key: hex::encode(wrapped.as_bytes()),
        check: hex::encode(check.as_bytes()),
        rows,
        media: kept,
    };
    let text_of = serde_json::to_string_pretty(&manifest).map_err(|_| TenantError::Data("manifest"))?;
    write(&folder.join("manifest.json"), text_of.as_bytes())?;
    Ok(held)
}

/// Brings an archive in, with its ids. The bot comes paused: one installation at a time may speak for it.
pub async fn import(
    db: &Db,
    vault: &Vault,
    files: &impl Files,
    folder: &Path,
    key: &Secret,
    now: UnixMs,
) -> Result<(BotInstanceId, Held), ArchiveError> {
    let path = folder.join("manifest.json");
    let manifest: Manifest =
        serde_json::from_slice(&read(&path)?).map_err(|error| ArchiveError::Shape(path.clone(), error.to_string()))?;
    if manifest.format != FORMAT {
        return Err(ArchiveError::Shape(path, format!("format {}", manifest.format)));
    }
    let unhex = |text: &str| hex::decode(text).map(Sealed::from_bytes).map_err(|_| ArchiveError::Key);
    let master = MasterKey::from_base64(key).map_err(|_| ArchiveError::Key)?;
    let other = Vault::open(master, &unhex(&manifest.check)?).map_err(|_| ArchiveError::Key)?;
    let id = manifest.tenant.clone();
    let data_key = other.unwrap_key(&id, &unhex(&manifest.data_key)?).map_err(|_| ArchiveError::Key)?;
    let wrapped = vault.wrap(&id, &data_key)?;

    let mut tx = db.platform().await?;
    let known = tx.tenants_all().await?;
    if known.iter().any(|row| row.tenant == id) {
        return Err(ArchiveError::NameTaken(id));
    }
    let mut total = 0;
    for table in tx.archive_tables().await?.iter().filter(|table| is_carried(table)) {
        let path = folder.join("rows").join(format!("{}.jsonl", table.name));
        // A table that is newer than the archive has no rows in it.
        if !path.exists() {
            continue;
        }
        for mut row in lines(&path)? {
            if row.get("bot_instance_id").and_then(Value::as_str) != Some(id.as_str()) {
                return Err(ArchiveError::Shape(path, "a row of another bot".to_owned()));
            }
            if table.name == "tenants" {
                settle(vault, &data_key, &id, &mut row, wrapped.as_bytes(), now)?;
                let bot = row.get("bot_id").and_then(Value::as_i64);
                let hosted = |other: &&crate::store::TenantRow| other.state != TenantState::Deleted;
                if let Some(other) = known.iter().filter(hosted).find(|other| Some(other.bot_id.0) == bot) {
                    return Err(ArchiveError::BotTaken(other.tenant.clone()));
                }
            }
            tx.archive_insert(table, &row).await?;
            total += 1;
        }
    }
    let row = tx.tenant_get(&id).await?.ok_or_else(|| ArchiveError::Unknown(id.clone()))?;
    let tenant = Tenant::open_row(vault, row, Vec::new())?;
    tx.commit().await?;
    // After the commit: a store of files may be far away.
    for media in &manifest.media {
        let path = folder.join("media").join(media.as_str());
        let content = read(&path)?;
        files.write(&tenant, media, &content).await.map_err(|why| unreadable(&path, why))?;
    }
    Ok((id, Held { rows: total, files: manifest.media.len() }))
}

fn is_carried(table: &ArchiveTable) -> bool {
    table.of_tenants && !PROOF.contains(&table.name.as_str())
}

/// Makes an archive's `tenants` row this installation's: its data key under the master key of here, its token's fingerprint, and
/// nothing that was found by looking at Telegram from elsewhere.
fn settle(
    vault: &Vault,
    key: &vault::DataKey,
    id: &BotInstanceId,
    row: &mut Map<String, Value>,
    wrapped: &[u8],
    now: UnixMs,
) -> Result<(), ArchiveError> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let sealed = row.get("token_sealed").and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok());
    let sealed = Sealed::from_bytes(sealed.ok_or(TenantError::Data("bot token"))?);
    let token = vault::open(key, id, Column::BotToken, &sealed)?;
    let token = String::from_utf8(token.to_vec()).ok().and_then(|text| BotToken::parse(&text).ok());
    let token = token.ok_or(TenantError::Data("bot token"))?;
    row.insert("data_key_wrapped".to_owned(), STANDARD.encode(wrapped).into());
    row.insert("token_fingerprint".to_owned(), vault.fingerprint(&token).into());
    row.insert("state".to_owned(), TenantState::Paused.as_str().into());
    row.insert("state_reason".to_owned(), "brought in from an archive".into());
    row.insert("paused_by_file".to_owned(), false.into());
    row.insert("updated_at".to_owned(), now.0.into());
    for looked in ["token_checked_at", "token_error", "webhook_url", "webhook_checked_at", "webhook_error"] {
        row.insert(looked.to_owned(), Value::Null);
    }
    Ok(())
}

/// Takes a tenant out of service at once (reliability.md T18): its webhook is removed, its path answers as unknown, its secrets
/// and its data key are destroyed, so that what is sealed can be opened by nobody. `false`: Telegram was not told, and the
/// partner must revoke the token in BotFather.
pub async fn offboard(db: &Db, telegram: &Telegram, tenant: &Tenant, now: UnixMs) -> Result<bool, ArchiveError> {
    let told = match tenant.bot(telegram).delete_webhook().await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(tenant = %tenant.id, %error, "the webhook of a bot that leaves was not removed");
            false
        }
    };
    let mut tx = db.platform().await?;
    tx.tenant_destroy_secrets(&tenant.id, now).await?;
    tx.commit().await?;
    tracing::info!(tenant = %tenant.id, "a tenant was taken out of service, its secrets are destroyed");
    Ok(told)
}

/// Removes every row and file of a tenant that is out of service. What stays is one statement of totals, signed with the
/// installation's key. Of several that do it at once one has done it; to the others the tenant is unknown.
pub async fn purge(
    db: &Db,
    vault: &Vault,
    files: &impl Files,
    id: &BotInstanceId,
    now: UnixMs,
) -> Result<Value, ArchiveError> {
    let mut tx = db.platform().await?;
    let row = tx.tenant_get(id).await?.ok_or_else(|| ArchiveError::Unknown(id.clone()))?;
    if row.state != TenantState::Deleted {
        return Err(ArchiveError::Alive(id.clone(), row.state.as_str()));
    }
    drop(tx);
    files.remove_all(id).await.map_err(|why| unreadable(Path::new("media"), why))?;
    let revenue = db.tenant_read(id).await?.counters_total().await?.get(crate::store::Counter::Revenue);
    let mut tx = db.platform().await?;
    let tables = tx.archive_tables().await?;
    if !tx.tenant_leaves(id).await? {
        return Err(ArchiveError::Unknown(id.clone()));
    }
    let mut removed = Map::new();
    // Whoever refers goes before what is referred to; the tenant itself last.
    for table in tables.iter().rev() {
        let count = tx.archive_delete(table, id).await?;
        if count > 0 {
            removed.insert(table.name.clone(), count.into());
        }
    }
    tx.archive_forget_name(id).await?;
    let mut statement = json!({
        "tenant": id, "partner_id": row.partner_id, "bot_id": row.bot_id, "created_at": row.created_at.0,
        "purged_at": now.0, "revenue_kopecks": revenue, "rows": removed,
    });
    let signature = hex::encode(vault.keyed_hash(Purpose::PurgeStatement, statement.to_string().as_bytes()));
    statement["signature"] = signature.into();
    tx.meta_put_if_absent(&format!("{STATEMENT}{id}:{}", now.0), statement.to_string().as_bytes()).await?;
    tx.commit().await?;
    tracing::info!(tenant = %id, "a tenant's rows and files were removed");
    Ok(statement)
}

/// Whether a statement of a purge is this installation's and unchanged.
pub fn is_genuine(vault: &Vault, statement: &Value) -> bool {
    let mut bare = statement.clone();
    let given = bare.as_object_mut().and_then(|object| object.remove("signature"));
    let own = hex::encode(vault.keyed_hash(Purpose::PurgeStatement, bare.to_string().as_bytes()));
    given.and_then(|given| given.as_str().map(|given| given == own)).unwrap_or(false)
}

/// A new key of an archive: 32 random bytes in base64.
fn new_key() -> Secret {
    use base64::Engine as _;
    use rand::RngExt as _;
    let bytes: [u8; 32] = rand::rng().random();
    Secret::new(base64::engine::general_purpose::STANDARD.encode(bytes))
}

fn make(folder: &Path) -> Result<(), ArchiveError> {
    std::fs::create_dir_all(folder).map_err(|error| ArchiveError::File(folder.to_owned(), error))
}

fn write(path: &Path, content: &[u8]) -> Result<(), ArchiveError> {
    std::fs::write(path, content).map_err(|error| ArchiveError::File(path.to_owned(), error))
}

fn read(path: &Path) -> Result<Vec<u8>, ArchiveError> {
    std::fs::read(path).map_err(|error| ArchiveError::File(path.to_owned(), error))
}

fn lines(path: &Path) -> Result<Vec<Map<String, Value>>, ArchiveError> {
    let wrong = |why: String| ArchiveError::Shape(path.to_owned(), why);
    let text = String::from_utf8(read(path)?).map_err(|error| wrong(error.to_string()))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| wrong(error.to_string()))).collect()
}

fn unreadable(path: &Path, why: String) -> ArchiveError {
    ArchiveError::File(path.to_owned(), std::io::Error::other(why))
}

/// The tables of an archive, for tests.
#[doc(hidden)]
pub async fn tables(db: &Db) -> Result<Vec<ArchiveTable>, StoreError> {
    db.platform_read().await?.archive_tables().await
}
