//! The database, its schema, its walls, and whether the master key opens what is in it.

use super::Row;
use crate::app;
use crate::cli::serve::database;
use crate::config::{DatabaseUrl, MasterKeySource, Settings};
use crate::store::{CHECK_VALUE, Db, OpenError, StoreError};
use crate::tenants::{Registry, Tenant, master_key};
use crate::vault::{KeyId, Vault};
use std::sync::Arc;

const WHAT: &str = "database";
const KEY: &str = "master key";
const SECOND: &str = "second master key";

/// Looks, and gives the bots that are stored there.
pub(super) async fn look(settings: &Settings, rows: &mut Vec<Row>) -> Vec<Arc<Tenant>> {
    let url = settings.database_url();
    if let DatabaseUrl::Sqlite(path) = &url
        && !path.exists()
    {
        rows.push(Row::absent(
            WHAT,
            format!("{} is not there yet", path.display()),
            "`botyard migrate` or `serve` makes it",
        ));
        return Vec::new();
    }
    let db = match app::open(settings).await {
        Ok(db) => db,
        Err(error) => {
            rows.push(refused(&error.to_string()));
            return Vec::new();
        }
    };
    let tenants = inside(settings, &db, &database(&url), rows).await;
    db.close().await;
    tenants
}

async fn inside(settings: &Settings, db: &Db, name: &str, rows: &mut Vec<Row>) -> Vec<Arc<Tenant>> {
    if !schema(db, name, rows).await {
        return Vec::new();
    }
    if settings.database_url().is_sqlite() {
        rows.push(Row::ok("walls between tenants", "by the program's types; SQLite has no row-level security"));
    } else {
        rows.push(match db.check_walls().await {
            Ok(()) => Row::ok("walls between tenants", "the login role is bound by row-level security"),
            Err(OpenError::AboveWalls) if settings.database.allow_superuser => Row::absent(
                "walls between tenants",
                "the login role is above them, as allowed",
                "use an ordinary role in production",
            ),
            Err(error) => Row::failed("walls between tenants", error.to_string(), "use an ordinary login role"),
        });
    }
    key(settings, db, rows).await
}

/// Whether the schema is this program's.
async fn schema(db: &Db, name: &str, rows: &mut Vec<Row>) -> bool {
    match db.schema().await {
        Ok(schema) if schema.applied == Some(schema.known) => {
            rows.push(Row::ok(WHAT, format!("{name}; schema version {}", schema.known)));
            true
        }
        Ok(schema) => {
            let version = schema.applied.map_or_else(|| "none".to_owned(), |version| version.to_string());
            let newer = schema.applied.is_some_and(|version| version > schema.known);
            let found = format!("{name}; schema version {version}, this program's is {}", schema.known);
            rows.push(if newer {
                Row::failed(WHAT, found, "start the newer program; a schema never goes back")
            } else {
                Row::absent(WHAT, found, "`botyard migrate` or `serve` brings it up to date")
            });
            false
        }
        Err(error) => {
            rows.push(refused(&error.to_string()));
            false
        }
    }
}

fn refused(error: &str) -> Row {
    Row::failed(WHAT, error, "see that the server runs and that DATABASE_URL names it")
}

/// Opens what is sealed with the master key that the settings name, without making one.
async fn key(settings: &Settings, db: &Db, rows: &mut Vec<Row>) -> Vec<Arc<Tenant>> {
    let absent =
        matches!(settings.master_key, MasterKeySource::DataFolder) && !settings.files.data.join("master.key").exists();
    match sealed(db).await {
        Ok(false) => {
            rows.push(Row::absent(KEY, "nothing is sealed yet", "the first start seals the first value"));
            return Vec::new();
        }
        Err(error) => {
            rows.push(refused(&error.to_string()));
            return Vec::new();
        }
        Ok(true) if absent => {
            let fix = "set BOTYARD_MASTER_KEY or BOTYARD_MASTER_KEY_FILE, or restore master.key from its backup";
            rows.push(Row::failed(KEY, "there is none, and sealed values wait for it", fix));
            return Vec::new();
        }
        Ok(true) => {}
    }
    match app::vault(settings, db).await {
        Ok((vault, warnings)) => {
            rows.push(match warnings.as_slice() {
                [] => Row::ok(KEY, "opens what is stored"),
                warnings => Row::absent(KEY, "opens what is stored", warnings.join("; ")),
            });
            if let Some(spare) = vault.spare() {
                rows.push(second_key(db, spare).await.unwrap_or_else(|error| refused(&error.to_string())));
            }
            bots(db, &vault, rows).await
        }
        Err(error) => {
            rows.push(Row::failed(KEY, error.to_string(), "give the key that this database was made with"));
            Vec::new()
        }
    }
}

/// A second key is for a change only: what there is to do until it is over.
async fn second_key(db: &Db, spare: KeyId) -> Result<Row, StoreError> {
    let all = master_key::standing(&mut db.platform_read().await?, [spare]).await?;
    let (values, given_up) =
        all.iter().find(|one| one.key == Some(spare)).map_or((0, false), |one| (one.values(), one.given_up));
    let (found, fix) = if values > 0 {
        (format!("{values} values are still under key {spare}"), "`botyard keys rotate` moves them")
    } else if given_up {
        (format!("nothing is under key {spare} any more"), "take it out of the settings")
    } else {
        (format!("nothing is under key {spare} yet"), "`botyard keys rotate` puts the installation under it")
    };
    Ok(Row::absent(SECOND, found, fix))
}

async fn sealed(db: &Db) -> Result<bool, StoreError> {
    Ok(db.platform_read().await?.meta_get(CHECK_VALUE).await?.is_some())
}

async fn bots(db: &Db, vault: &Vault, rows: &mut Vec<Row>) -> Vec<Arc<Tenant>> {
    let registry = Registry::new();
    match registry.refresh(db, vault).await {
        Ok(broken) => {
            for (id, error) in broken {
                rows.push(Row::failed(format!("bot {id}"), error.to_string(), "restore its row, or add it anew"));
            }
        }
        Err(error) => rows.push(refused(&error.to_string())),
    }
    registry.all()
}
