//! The fifth wall (`iso_drift`, reliability.md T13; architecture.md 6): on PostgreSQL every table is under forced row-level security, whatever a migration forgot.

use std::collections::BTreeSet;

use botyard::store::OpenError;
use sqlx::{PgPool, Row as _};

use crate::util::db::{on_postgres, open};
use crate::util::env;

use super::report;
use super::schema::{tables, tenant_tables};

const TENANT: &str = "botyard_tenant";
const PLATFORM: &str = "botyard_platform";

const FORCED: &str = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relrowsecurity AND relforcerowsecurity";
const POLICIES: &str =
    "SELECT tablename::text, roles::text[], cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'
    AND permissive = 'PERMISSIVE'";
const GRANTS: &str = "SELECT c.relname::text, g.privilege_type FROM pg_class c, aclexplode(c.relacl) g
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND g.grantee IN (0, $1::regrole)";
const ROLE: &str =
    "SELECT rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = $1";

#[test]
fn iso_drift_every_table_is_under_forced_row_level_security() {
    on_postgres(|test| async move {
        let pool = test.db.raw_postgres().unwrap();
        let findings = findings(pool, &tables(&test.db).await, &tenant_tables(&test.db).await).await;
        report("Row-level security on PostgreSQL:", "a forgotten WHERE must find nothing (decisions.md 1).", &findings);
    });
}

#[test]
fn the_serving_roles_cannot_step_over_the_walls() {
    on_postgres(|test| async move {
        let pool = test.db.raw_postgres().unwrap();
        for role in [TENANT, PLATFORM] {
            let above: bool = sqlx::query_scalar(ROLE).bind(role).fetch_one(pool).await.unwrap();
            assert!(!above, "{role} has rights of its own");
        }
        for (table, right) in grants(pool, TENANT).await.into_iter().chain(grants(pool, PLATFORM).await) {
            assert!(["SELECT", "INSERT", "UPDATE", "DELETE"].contains(&right.as_str()), "{table} grants {right}");
        }
    });
}

#[tokio::test]
async fn a_superuser_login_is_refused_and_the_tests_own_is_none() {
    let (Some(superuser), Some(login)) = (env::read_or_skip(env::POSTGRES_SUPERUSER), env::read_or_skip(env::POSTGRES))
    else {
        return;
    };
    assert!(matches!(open(&superuser).await.check_walls().await, Err(OpenError::AboveWalls)));
    open(&login).await.check_walls().await.unwrap();
}

#[test]
fn iso_drift_a_planted_table_without_walls_is_found() {
    on_postgres(|test| async move {
        let pool = test.db.raw_postgres().unwrap();
        for sql in [
            "CREATE TABLE bare (bot_instance_id TEXT NOT NULL PRIMARY KEY)",
            "CREATE TABLE open_door (bot_instance_id TEXT NOT NULL PRIMARY KEY)",
            "ALTER TABLE open_door ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE open_door FORCE ROW LEVEL SECURITY",
            "CREATE POLICY tenant ON open_door TO botyard_tenant USING (true) WITH CHECK (true)",
            "CREATE POLICY platform ON open_door TO botyard_platform USING (true) WITH CHECK (true)",
            "CREATE TABLE platform_secret (x TEXT)",
            "ALTER TABLE platform_secret ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE platform_secret FORCE ROW LEVEL SECURITY",
            "CREATE POLICY platform ON platform_secret TO botyard_platform USING (true) WITH CHECK (true)",
            "GRANT SELECT ON platform_secret TO botyard_tenant",
        ] {
            sqlx::query(sql).execute(pool).await.unwrap();
        }
        let found = findings(pool, &tables(&test.db).await, &tenant_tables(&test.db).await).await;
        assert_eq!(
            found,
            [
                "bare: row-level security is not forced",
                "bare: no policy for botyard_platform",
                "bare: no policy for botyard_tenant",
                "open_door: botyard_tenant's policy does not ask for app.tenant",
                "platform_secret: botyard_tenant may SELECT",
            ]
        );
    });
}

async fn findings(pool: &PgPool, all: &BTreeSet<String>, of_tenants: &BTreeSet<String>) -> Vec<String> {
    let forced: Vec<String> = sqlx::query_scalar(FORCED).fetch_all(pool).await.unwrap();
    let policies = sqlx::query(POLICIES).fetch_all(pool).await.unwrap();
    let granted = grants(pool, TENANT).await;
    let mut findings = Vec::new();
    for table in all {
        let mut add = |what: &str| findings.push(format!("{table}: {what}"));
        if !forced.contains(table) {
            add("row-level security is not forced");
        }
        let own: Vec<_> = policies.iter().filter(|row| row.get::<String, _>(0) == *table).collect();
        let of = |role: &str| own.iter().find(|row| row.get::<Vec<String>, _>(1) == [role]);
        if of(PLATFORM).is_none() {
            add("no policy for botyard_platform");
        }
        let asks = |text: Option<String>| {
            let text = text.unwrap_or_default();
            text.contains("bot_instance_id = current_setting('app.tenant'") && !text.to_lowercase().contains(" or ")
        };
        match (of_tenants.contains(table), of(TENANT)) {
            (true, None) => add("no policy for botyard_tenant"),
            (true, Some(policy))
                if !(asks(policy.get(3)) && asks(policy.get(4)) && policy.get::<String, _>(2) == "ALL") =>
            {
                add("botyard_tenant's policy does not ask for app.tenant");
            }
            (false, Some(_)) => add("botyard_tenant has a policy on a table of the platform"),
            _ => {}
        }
        if own.len() > 2
            || own.iter().any(|row| ![[TENANT], [PLATFORM]].iter().any(|r| row.get::<Vec<String>, _>(1) == r))
        {
            add("has a policy for somebody else, or two for one role");
        }
        if !of_tenants.contains(table) {
            for (_, right) in granted.iter().filter(|(name, _)| name == table) {
                add(&format!("botyard_tenant may {right}"));
            }
        }
    }
    findings
}

/// What a role, or everybody, was granted on the tables.
async fn grants(pool: &PgPool, role: &str) -> Vec<(String, String)> {
    sqlx::query_as(GRANTS).bind(role).fetch_all(pool).await.unwrap()
}
