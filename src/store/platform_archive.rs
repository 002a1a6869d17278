//! A tenant as a whole: carried away, brought in, removed (platform.md 7). The tables are read from the schema itself, so that a
//! table that is added later cannot be forgotten; this is the one file whose statements are made at run time, from names that
//! only the schema gives (`tests/it/tidy/sql.rs` names it).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::tx::Tx;
use super::{PlatformTx, StoreError};
use crate::domain::{BotInstanceId, UnixMs};

const TABLES_SQLITE: &str = "SELECT m.name, c.name, lower(c.type), c.pk, c.\"notnull\" <> 0
     FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND EXISTS (
       SELECT 1 FROM pragma_table_info(m.name) t WHERE t.name = 'bot_instance_id') ORDER BY m.name, c.cid";
const TABLES_POSTGRES: &str = "SELECT c.table_name::TEXT, c.column_name::TEXT, c.data_type::TEXT,
       COALESCE((SELECT k.ordinal_position::BIGINT FROM information_schema.key_column_usage k
         JOIN information_schema.table_constraints s ON s.constraint_name = k.constraint_name AND s.table_name = k.table_name
         WHERE s.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name), 0),
       c.is_nullable = 'NO'
     FROM information_schema.columns c WHERE c.table_schema = 'public' AND EXISTS (
       SELECT 1 FROM information_schema.columns t WHERE t.table_schema = 'public' AND t.table_name = c.table_name
         AND t.column_name = 'bot_instance_id') ORDER BY c.table_name, c.ordinal_position";
const PARENTS_SQLITE: &str =
    "SELECT m.name, f.\"table\", f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
     WHERE m.type = 'table' AND f.\"from\" <> 'bot_instance_id'";
const PARENTS_POSTGRES: &str = "SELECT c.conrelid::regclass::TEXT, c.confrelid::regclass::TEXT, a.attname::TEXT
     FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
     WHERE c.contype = 'f' AND a.attname <> 'bot_instance_id'";
const PATIENT_POSTGRES: &str = "SELECT set_config('statement_timeout', '0', true)";
/// Of several processes that remove a tenant one finds its row: the others wait here, and then there is none.
const TENANT_LEAVES: &str = "UPDATE tenants SET state = state WHERE bot_instance_id = $1 AND state = 'deleted'";
const TENANTS_DELETED_BY: &str = "SELECT bot_instance_id FROM tenants WHERE state = 'deleted' AND updated_at <= $1
     ORDER BY updated_at, bot_instance_id";
const ONBOARDINGS_FORGET: &str = "UPDATE onboardings SET tenant = NULL WHERE tenant = $1";
const ONBOARDING_LINKS_FORGET: &str = "UPDATE onboarding_links SET from_bot = NULL WHERE from_bot = $1";

/// Table, column, kind, place in the primary key, whether it must be given.
type ColumnRow = (String, String, String, i64, bool);
/// Table, the table it refers to, by which column.
type ParentRow = (String, String, String);

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Flag,
    Text,
    Bytes,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: Kind,
    /// Its place in the primary key, from 1; 0 where it is not in there.
    key: i64,
}

/// A table with rows of tenants.
#[derive(Debug, Clone)]
pub struct ArchiveTable {
    /// Its name.
    pub name: String,
    /// Whether every row belongs to a tenant; in the platform's tables some do.
    pub of_tenants: bool,
    columns: Vec<Column>,
    parents: Vec<String>,
    /// Columns that refer to a row of the same table.
    to_itself: Vec<String>,
}

impl ArchiveTable {
    /// Whether it has a column of this name.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own.name == column)
    }

    fn order(&self) -> String {
        let mut keys: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        keys.sort_by_key(|column| column.key);
        // What others of the same table refer to comes first.
        let first = self.to_itself.iter().map(|name| format!("{} IS NOT NULL", quoted(name)));
        let all: Vec<String> = first.chain(keys.iter().map(|column| quoted(&column.name))).collect();
        all.join(", ")
    }
}

/// An identifier of the schema's own.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl PlatformTx {
    /// Every table with rows of tenants; what others refer to comes first.
    pub async fn archive_tables(&mut self) -> Result<Vec<ArchiveTable>, StoreError> {
        let (columns, parents): (Vec<ColumnRow>, Vec<ParentRow>) = match &mut self.tx {
            Tx::Sqlite(t) => (
                sqlx::query_as(TABLES_SQLITE).fetch_all(&mut **t).await?,
                sqlx::query_as(PARENTS_SQLITE).fetch_all(&mut **t).await?,
            ),
            Tx::Postgres(t) => {
                sqlx::query(PATIENT_POSTGRES).execute(&mut **t).await?;
                let columns = sqlx::query_as(TABLES_POSTGRES).fetch_all(&mut **t).await?;
                (columns, sqlx::query_as(PARENTS_POSTGRES).fetch_all(&mut **t).await?)
            }
        };
        let mut tables: Vec<ArchiveTable> = Vec::new();
        for (table, name, kind, key, required) in columns {
            if tables.last().is_none_or(|last| last.name != table) {
                let of = |(child, parent, _): &&(String, String, String)| *child == table && *parent != table;
                let above = parents.iter().filter(of).map(|(_, parent, _)| parent.clone()).collect();
                let own = parents.iter().filter(|(child, parent, _)| *child == table && child == parent);
                let mut to_itself: Vec<String> = own.map(|(_, _, column)| column.clone()).collect();
                to_itself.dedup();
                tables.push(ArchiveTable {
                    name: table,
                    of_tenants: false,
                    columns: Vec::new(),
                    parents: above,
                    to_itself,
                });
            }
            let Some(last) = tables.last_mut() else { continue };
            last.of_tenants |= name == "bot_instance_id" && (required || key > 0);
            last.columns.push(Column { name, kind: kind_of(&kind)?, key });
        }
        Ok(parents_first(tables))
    }

    /// A page of a tenant's rows of a table, each as JSON: bytes in base64.
    pub async fn archive_rows(
        &mut self,
        table: &ArchiveTable,
        tenant: &BotInstanceId,
        (skip, limit): (i64, i64),
    ) -> Result<Vec<Map<String, Value>>, StoreError> {
        let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE bot_instance_id = $1 ORDER BY {} LIMIT {limit} OFFSET {skip}",
            names.join(", "),
            quoted(&table.name),
            table.order()
        );
        match &mut self.tx {
            Tx::Sqlite(t) => {
                let rows = sqlx::query(AssertSqlSafe(sql)).bind(tenant.as_str()).fetch_all(&mut **t).await?;
                rows.iter().map(|row| from_sqlite(table, row)).collect()
            }
            Tx::Postgres(t) => {
                let rows = sqlx::query(AssertSqlSafe(sql)).bind(tenant.as_str()).fetch_all(&mut **t).await?;
                rows.iter().map(|row| from_postgres(table, row)).collect()
            }
        }
    }

    /// Writes a row of an archive. A column that this schema does not know, or one that it misses, is an error.
    pub async fn archive_insert(&mut self, table: &ArchiveTable, row: &Map<String, Value>) -> Result<(), StoreError> {
        if let Some(strange) = row.keys().find(|name| !table.has(name)) {
            return Err(StoreError::Refused(format!("{} has no column {strange}", table.name)));
        }
        let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
        let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", quoted(&table.name), names.join(", "), places.join(", "));
        macro_rules! insert {
            ($t:expr) => {{
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for column in &table.columns {
                    let cell = row.get(&column.name).unwrap_or(&Value::Null);
                    query = match column.kind {
                        Kind::Int => query.bind(number(cell)),
                        Kind::Flag => query.bind(flag(cell)),
                        Kind::Text => query.bind(cell.as_str().map(str::to_owned)),
                        Kind::Bytes => query.bind(bytes(table, column, cell)?),
                    };
                }
                query.execute(&mut **$t).await?;
            }};
        }
        match &mut self.tx {
            Tx::Sqlite(t) => insert!(t),
            Tx::Postgres(t) => insert!(t),
        }
        Ok(())
    }

    /// The tenants that were deleted by `at`, those first that left first.
    pub async fn tenants_deleted_by(&mut self, at: UnixMs) -> Result<Vec<BotInstanceId>, StoreError> {
        let ids: Vec<String> =
            super::on!(self.tx, c => sqlx::query_scalar(TENANTS_DELETED_BY).bind(at.0).fetch_all(c).await)?;
        let parsed =
            |id: &String| BotInstanceId::parse(id).map_err(|_| StoreError::corrupt("tenants", "bot_instance_id", id));
        ids.iter().map(parsed).collect()
    }

    /// Holds a deleted tenant's row until the end, to remove it in this transaction. `false`: there is none, perhaps any more.
    pub async fn tenant_leaves(&mut self, tenant: &BotInstanceId) -> Result<bool, StoreError> {
        let held = super::on!(self.tx, c => sqlx::query(TENANT_LEAVES).bind(tenant.as_str()).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(held == 1)
    }

    /// Removes a tenant's rows of a table. Gives how many.
    pub async fn archive_delete(&mut self, table: &ArchiveTable, tenant: &BotInstanceId) -> Result<u64, StoreError> {
        let sql = format!("DELETE FROM {} WHERE bot_instance_id = $1", quoted(&table.name));
        Ok(match &mut self.tx {
            Tx::Sqlite(t) => {
                sqlx::query(AssertSqlSafe(sql)).bind(tenant.as_str()).execute(&mut **t).await?.rows_affected()
            }
            Tx::Postgres(t) => {
                sqlx::query(AssertSqlSafe(sql)).bind(tenant.as_str()).execute(&mut **t).await?.rows_affected()
            }
        })
    }

    /// Takes a tenant's name out of the rows of those who came by it or set it up.
    pub async fn archive_forget_name(&mut self, tenant: &BotInstanceId) -> Result<(), StoreError> {
        for sql in [ONBOARDINGS_FORGET, ONBOARDING_LINKS_FORGET] {
            super::on!(self.tx, c => sqlx::query(sql).bind(tenant.as_str()).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }
}

fn kind_of(word: &str) -> Result<Kind, StoreError> {
    match word {
        "integer" | "bigint" => Ok(Kind::Int),
        "boolean" => Ok(Kind::Flag),
        "text" => Ok(Kind::Text),
        "blob" | "bytea" => Ok(Kind::Bytes),
        other => Err(StoreError::Refused(format!("a column of an unknown kind: {other}"))),
    }
}

/// What others refer to comes first; the rest keeps its order.
fn parents_first(mut tables: Vec<ArchiveTable>) -> Vec<ArchiveTable> {
    let known: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
    let mut sorted: Vec<ArchiveTable> = Vec::new();
    while !tables.is_empty() {
        let free = |table: &ArchiveTable| {
            table.parents.iter().all(|p| !known.contains(p) || sorted.iter().any(|done| done.name == *p))
        };
        // Foreign keys make no circle; were there one, the rest would come as it is.
        let at = tables.iter().position(free).unwrap_or(0);
        let next = tables.remove(at);
        sorted.push(next);
    }
    let at = sorted.iter().position(|table| table.name == "tenants");
    if let Some(at) = at {
        let tenants = sorted.remove(at);
        sorted.insert(0, tenants);
    }
    sorted
}

/// What PostgreSQL keeps as a flag SQLite keeps as a number.
fn number(cell: &Value) -> Option<i64> {
    cell.as_i64().or_else(|| cell.as_bool().map(i64::from))
}

/// The other way round.
fn flag(cell: &Value) -> Option<bool> {
    cell.as_bool().or_else(|| cell.as_i64().map(|n| n != 0))
}

fn bytes(table: &ArchiveTable, column: &Column, cell: &Value) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(text) = cell.as_str() else { return Ok(None) };
    let wrong = |_| StoreError::Refused(format!("{}.{}: no base64", table.name, column.name));
    STANDARD.decode(text).map(Some).map_err(wrong)
}

macro_rules! reader {
    ($name:ident, $row:ty) => {
        fn $name(table: &ArchiveTable, row: &$row) -> Result<Map<String, Value>, StoreError> {
            let mut cells = Map::new();
            for (at, column) in table.columns.iter().enumerate() {
                let cell = match column.kind {
                    Kind::Int => row.try_get::<Option<i64>, _>(at)?.map(Value::from),
                    Kind::Flag => row.try_get::<Option<bool>, _>(at)?.map(Value::from),
                    Kind::Text => row.try_get::<Option<String>, _>(at)?.map(Value::from),
                    Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(at)?.map(|b| STANDARD.encode(b).into()),
                };
                cells.insert(column.name.clone(), cell.unwrap_or(Value::Null));
            }
            Ok(cells)
        }
    };
}
reader!(from_sqlite, SqliteRow);
reader!(from_postgres, PgRow);
