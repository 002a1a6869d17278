//! The two migration folders make the same tables: file names, columns, nullability, keys, checks and indexes agree.
//!
//! Each database is described as lines of text in the same words; the test shows the lines that only one of them has.

use std::collections::BTreeSet;

use botyard::store::{Db, DbKind};
use regex::Regex;
use sqlx::{PgPool, Row as _, SqlitePool};

use crate::util::db::{TestDb, on_each_db, on_postgres, on_sqlite, open};
use crate::util::env::root;
use crate::util::sqlite;

use super::report;

/// The migrator's own table.
const NOT_OURS: &str = "_sqlx_migrations";

#[test]
fn migrations_pair_by_file_name_and_have_no_gap() {
    let names = |kind: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(root().join("migrations").join(kind)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    let mut findings: Vec<String> =
        sqlite.symmetric_difference(&postgres).map(|name| format!("{name} is in one folder only")).collect();
    for (expected, name) in (1..).zip(&sqlite) {
        if !Regex::new(&format!("^{expected:04}_[a-z_]+\\.sql$")).unwrap().is_match(name) {
            findings.push(format!("{name} should be {expected:04}_noun.sql"));
        }
    }
    report("Migrations:", "both databases take the same steps, in an order that reads off the names.", &findings);
}

#[test]
fn the_two_schemas_agree() {
    on_postgres(|test| async move {
        let folder = tempfile::tempdir().unwrap();
        let lite = open(&sqlite::create(folder.path()).await).await;
        let (here, there) = (describe(&lite).await, describe(&test.db).await);
        assert!(here.len() > 100, "only {} facts: the comparison would say nothing", here.len());
        let mut findings: Vec<String> =
            here.difference(&there).map(|line| format!("only SQLite:     {line}")).collect();
        findings.extend(there.difference(&here).map(|line| format!("only PostgreSQL: {line}")));
        report("The schemas differ:", "what is refused on one database must be refused on the other.", &findings);
        lite.close().await;
    });
}

#[test]
fn sqlite_tables_are_strict() {
    on_sqlite(|test| async move {
        let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict \
            AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'";
        let loose: Vec<String> = sqlx::query_scalar(sql).fetch_all(test.db.raw_sqlite().unwrap()).await.unwrap();
        report("Tables that are not STRICT:", "SQLite would store a text in a column of kopecks.", &loose);
    });
}

#[test]
fn keys_of_tenant_tables_begin_with_the_tenant() {
    on_sqlite(|test| async move {
        let tenant_tables = tenant_tables(&test.db).await;
        // A bot belongs to one tenant on the whole platform, so these keys must span tenants.
        let spans = |line: &str| line.starts_with("index tenants ");
        let findings: Vec<String> = describe(&test.db)
            .await
            .into_iter()
            .filter(|line| line.split(' ').nth(1).is_some_and(|table| tenant_tables.contains(table)) && !spans(line))
            .filter(|line| line.starts_with("key") || line.starts_with("foreign") || line.contains(" unique "))
            .filter(|line| !line.contains(" (bot_instance_id"))
            .collect();
        report(
            "Keys of tenants' tables that do not begin with bot_instance_id:",
            "a row must not be able to point at, or collide with, another tenant's (architecture.md 6).",
            &findings,
        );
    });
}

on_each_db! {
    async fn every_migration_of_the_folder_is_in_the_program(test: TestDb) {
        let kind = if test.db.kind() == DbKind::Sqlite { "sqlite" } else { "postgres" };
        let files = std::fs::read_dir(root().join("migrations").join(kind)).unwrap().count();
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM _sqlx_migrations";
        let run: i64 = match (test.db.raw_sqlite(), test.db.raw_postgres()) {
            (Some(pool), _) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            (_, Some(pool)) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
        };
        assert_eq!(usize::try_from(run).unwrap(), files, "the program was built before the last migration: touch src/store/db.rs");
    }
}

/// The names of all tables of ours.
pub(crate) async fn tables(db: &Db) -> BTreeSet<String> {
    let lines = describe(db).await;
    lines.iter().filter_map(|line| line.strip_prefix("table ")).map(str::to_owned).collect()
}

/// The tables whose every row belongs to a tenant; where `bot_instance_id` may be null the table is the platform's.
pub(crate) async fn tenant_tables(db: &Db) -> BTreeSet<String> {
    let lines = describe(db).await;
    let of_tenants = |line: &String| {
        line.strip_prefix("column ")
            .and_then(|rest| rest.strip_suffix(".bot_instance_id text not null"))
            .map(str::to_owned)
    };
    lines.iter().filter_map(of_tenants).collect()
}

/// A database in lines: `table t`, `column t.c type nullability`, `key t (…)`, `foreign t (…) -> u (…) …`,
/// `index t name [unique] (…) [where …]`, `checks t n …`.
async fn describe(db: &Db) -> BTreeSet<String> {
    match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => describe_sqlite(pool).await,
        (_, Some(pool)) => describe_postgres(pool).await,
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    }
}

const SQLITE_TABLES: &str = "SELECT t.name, s.sql FROM pragma_table_list t JOIN sqlite_schema s ON s.name = t.name
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
const SQLITE_COLUMNS: &str = "SELECT name, lower(type) AS kind, \"notnull\" <> 0 OR pk > 0 AS required,
    dflt_value IS NOT NULL AS preset, pk FROM pragma_table_xinfo($1) ORDER BY pk";
const SQLITE_FOREIGN: &str = "SELECT group_concat(\"from\", ', ') AS own, \"table\" AS target,
    group_concat(COALESCE(\"to\", '?'), ', ') AS theirs, lower(on_delete) AS deleted
    FROM (SELECT * FROM pragma_foreign_key_list($1) ORDER BY id, seq) GROUP BY id";
const SQLITE_INDEXES: &str =
    "SELECT l.name, l.\"unique\" <> 0 AS alone, s.sql, (SELECT group_concat(COALESCE(x.name, '(expression)')
    || CASE WHEN x.\"desc\" THEN ' desc' ELSE '' END, ', ')
    FROM (SELECT * FROM pragma_index_xinfo(l.name) WHERE key ORDER BY seqno) x) AS columns
    FROM pragma_index_list($1) l LEFT JOIN sqlite_schema s ON s.name = l.name WHERE l.origin <> 'pk'";

async fn describe_sqlite(pool: &SqlitePool) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for row in sqlx::query(SQLITE_TABLES).fetch_all(pool).await.unwrap() {
        let (table, definition): (String, String) = (row.get("name"), row.get("sql"));
        if table == NOT_OURS {
            continue;
        }
        lines.insert(format!("table {table}"));
        let mut key = Vec::new();
        for column in sqlx::query(SQLITE_COLUMNS).bind(&table).fetch_all(pool).await.unwrap() {
            let (name, kind): (String, String) = (column.get("name"), column.get("kind"));
            lines.insert(column_line(&table, &name, &kind, column.get("required"), column.get("preset")));
            if column.get::<i64, _>("pk") > 0 {
                key.push(name);
            }
        }
        lines.insert(format!("key {table} ({})", key.join(", ")));
        for foreign in sqlx::query(SQLITE_FOREIGN).bind(&table).fetch_all(pool).await.unwrap() {
            let (own, target, theirs): (String, String, String) = (foreign.get(0), foreign.get(1), foreign.get(2));
            lines.insert(format!(
                "foreign {table} ({own}) -> {target} ({theirs}) on delete {}",
                foreign.get::<String, _>(3)
            ));
        }
        for index in sqlx::query(SQLITE_INDEXES).bind(&table).fetch_all(pool).await.unwrap() {
            let sql: Option<String> = index.get("sql");
            let condition = sql.as_deref().and_then(condition);
            lines.insert(index_line(
                &table,
                index.get("name"),
                index.get("alone"),
                index.get("columns"),
                condition.as_deref(),
            ));
        }
        let checks: Vec<String> = check_texts(&definition);
        lines.insert(checks_line(&table, &checks));
    }
    lines
}

const POSTGRES_COLUMNS: &str =
    "SELECT c.relname::text AS owner, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS kind,
    a.attnotnull AS required, a.atthasdef AS preset FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped";
const POSTGRES_KEYS: &str = "SELECT c.conrelid::regclass::text AS owner, c.contype::text AS kind, pg_get_constraintdef(c.oid) AS text,
    (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY k (number, place)
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS own,
    c.confrelid::regclass::text AS target,
    (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(c.confkey) WITH ORDINALITY k (number, place)
       JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) AS theirs,
    CASE c.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
      WHEN 'd' THEN 'set default' END AS deleted
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace";
const POSTGRES_INDEXES: &str =
    "SELECT i.indrelid::regclass::text AS owner, c.relname::text AS name, i.indisunique AS alone,
    pg_get_expr(i.indpred, i.indrelid) AS condition,
    (SELECT string_agg(CASE WHEN i.indkey[n - 1] = 0 THEN '(expression)' ELSE pg_get_indexdef(i.indexrelid, n, true) END
       || CASE WHEN i.indoption[n - 1] & 1 = 1 THEN ' desc' ELSE '' END, ', ' ORDER BY n)
     FROM generate_series(1, i.indnkeyatts) n) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary";

async fn describe_postgres(pool: &PgPool) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let mut owners = BTreeSet::new();
    for column in sqlx::query(POSTGRES_COLUMNS).fetch_all(pool).await.unwrap() {
        let (table, name, kind): (String, String, String) =
            (column.get("owner"), column.get("name"), column.get("kind"));
        lines.insert(column_line(&table, &name, &kind, column.get("required"), column.get("preset")));
        owners.insert(table);
    }
    let constraints = sqlx::query(POSTGRES_KEYS).fetch_all(pool).await.unwrap();
    for table in &owners {
        lines.insert(format!("table {table}"));
        let mut checks = Vec::new();
        for row in constraints.iter().filter(|row| row.get::<String, _>("owner") == *table) {
            let own: String = row.get::<Option<String>, _>("own").unwrap_or_default();
            match row.get::<String, _>("kind").as_str() {
                "p" => drop(lines.insert(format!("key {table} ({own})"))),
                "f" => {
                    let (target, theirs, deleted): (String, String, String) =
                        (row.get("target"), row.get("theirs"), row.get("deleted"));
                    lines.insert(format!("foreign {table} ({own}) -> {target} ({theirs}) on delete {deleted}"));
                }
                "c" => checks.push(row.get::<String, _>("text")),
                _ => {}
            }
        }
        lines.insert(checks_line(table, &checks));
    }
    for index in sqlx::query(POSTGRES_INDEXES).fetch_all(pool).await.unwrap() {
        let condition: Option<String> = index.get("condition");
        let table: String = index.get("owner");
        lines.insert(index_line(
            &table,
            index.get("name"),
            index.get("alone"),
            index.get("columns"),
            condition.as_deref(),
        ));
    }
    lines.retain(|line| !line.contains(NOT_OURS));
    lines
}

fn column_line(table: &str, name: &str, kind: &str, required: bool, preset: bool) -> String {
    // SQLite stores a boolean as an integer; every other pair of names means one thing.
    let kind = match kind {
        "bigint" | "integer" | "int" | "smallint" | "boolean" => "integer",
        "bytea" | "blob" => "blob",
        "double precision" | "real" => "real",
        other => other,
    };
    let required = if required { "not null" } else { "null" };
    format!("column {table}.{name} {kind} {required}{}", if preset { " with a default" } else { "" })
}

/// An index that a constraint made has no name of ours: SQLite calls it `sqlite_autoindex_…`, PostgreSQL `…_key`.
fn index_line(table: &str, name: &str, unique: bool, columns: &str, condition: Option<&str>) -> String {
    let name = if name.starts_with("sqlite_autoindex_") { "(of a constraint)" } else { name };
    let unique = if unique { " unique" } else { "" };
    format!(
        "index {table} {name}{unique} ({columns}){}",
        condition.map(|c| format!(" where {}", gist(c))).unwrap_or_default()
    )
}

fn checks_line(table: &str, checks: &[String]) -> String {
    let mut gists: Vec<String> = checks.iter().map(|check| gist(check)).collect();
    gists.sort();
    format!("checks {table} {} {}", gists.len(), gists.join("; "))
}

/// What two spellings of one condition share: its names of columns, texts and numbers. PostgreSQL rewrites conditions
/// (`x IN ('a')` becomes `x = ANY (ARRAY['a'::text])`), so the text itself cannot be compared.
fn gist(condition: &str) -> String {
    let part = Regex::new(r"'(?:[^']|'')*'|::\w+(?:\[\])?|\w+").unwrap();
    let keywords =
        ["check", "in", "any", "all", "array", "and", "or", "not", "is", "null", "between", "like", "true", "false"];
    let mut parts: Vec<String> = part
        .find_iter(condition)
        .map(|found| found.as_str().to_lowercase())
        .filter(|part| !part.starts_with("::") && !keywords.contains(&part.as_str()))
        .collect();
    parts.sort();
    parts.dedup();
    parts.join(" ")
}

/// What follows WHERE in `CREATE INDEX … WHERE …`.
fn condition(sql: &str) -> Option<String> {
    Regex::new(r"(?is)\)\s*where\s+(.*)$").unwrap().captures(sql).map(|found| found[1].to_owned())
}

/// The conditions of the CHECKs of a `CREATE TABLE`.
fn check_texts(definition: &str) -> Vec<String> {
    let opening = Regex::new(r"(?i)\bcheck\s*\(").unwrap();
    opening
        .find_iter(definition)
        .map(|found| {
            let body = &definition[found.end()..];
            let mut depth = 1_usize;
            let end = body.find(|c: char| {
                depth = if c == '(' {
                    depth + 1
                } else if c == ')' {
                    depth - 1
                } else {
                    depth
                };
                depth == 0
            });
            body[..end.unwrap_or(body.len())].to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_a_condition_have_one_gist() {
        let (lite, post) = ("state IN ('a', 'b')", "(state = ANY (ARRAY['a'::text, 'b'::text]))");
        assert_eq!(gist(lite), gist(post));
        assert_ne!(gist(lite), gist("state IN ('a', 'c')"));
        assert_eq!(condition("CREATE INDEX i ON t (a) WHERE state = 'x'").as_deref(), Some("state = 'x'"));
        assert_eq!(condition("CREATE INDEX i ON t (a)"), None);
    }

    #[test]
    fn checks_are_read_to_their_closing_bracket() {
        let table =
            "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y')), b INTEGER, CONSTRAINT c CHECK ((b > 0) = (a IS NULL)))";
        assert_eq!(check_texts(table), ["a IN ('x', 'y')", "(b > 0) = (a IS NULL)"]);
    }

    #[test]
    fn a_planted_difference_is_seen() {
        on_sqlite(|test| async move {
            let before = describe(&test.db).await;
            let pool = test.db.raw_sqlite().unwrap();
            sqlx::query("ALTER TABLE users ADD COLUMN planted INTEGER").execute(pool).await.unwrap();
            sqlx::query("CREATE UNIQUE INDEX planted_key ON users (user_id) WHERE planted = 7")
                .execute(pool)
                .await
                .unwrap();
            let after = describe(&test.db).await;
            let new: Vec<&String> = after.difference(&before).collect();
            assert_eq!(
                new,
                ["column users.planted integer null", "index users planted_key unique (user_id) where 7 planted"]
            );
        });
    }
}
