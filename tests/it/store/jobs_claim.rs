//! The claim over all tenants: nobody gets a job twice, nobody starves, and a backlog slows nobody down.

use botyard::domain::{BotInstanceId, Lane};
use botyard::store::{Db, JobRow};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, HashSet};

use super::world::{NOON, above, later, new_tenant, put_job, tenant, two_tenants};
use crate::tidy::sql::statements;
use crate::util::db::on_each_db;

const LEASE: i64 = 60_000;

/// `$N$` jobs for each tenant of `$WHOSE$`, due one after another before noon; ids are `job_` and 20 letters.
const BACKLOG: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $N$)
    INSERT INTO jobs (bot_instance_id, id, lane, kind, dedupe_key, state, run_at, attempt, max_attempts, payload, corr,
      created_at)
    SELECT t.bot_instance_id, 'job_' || SUBSTR('aaaaaaaaaaaaaaaaaaaa', 1, 20 - LENGTH(CAST(i AS TEXT)))
        || REPLACE(REPLACE(REPLACE(REPLACE(CAST(i AS TEXT), '0', 'b'), '1', 'c'), '8', 'd'), '9', 'e'),
      'deliver', 'work', CAST(i AS TEXT), 'ready', $NOON$ - $N$ + i, 0, 3, '{}', '000000000000', 0
    FROM n CROSS JOIN tenants t WHERE t.bot_instance_id LIKE '$WHOSE$'";

async fn claim(db: &Db, limit: i64, per_tenant: i64) -> Vec<JobRow> {
    above(db, async |tx| tx.jobs_claim(Lane::Deliver, NOON, LEASE, limit, per_tenant).await.unwrap()).await
}

/// `n` jobs of `a-noisy`, which comes first by name and by age, and 20 of each of 49 quiet tenants.
async fn noise(db: &Db, n: i64) {
    above(db, async |tx| {
        tx.tenant_insert(&new_tenant(&tenant("a-noisy"), 1), NOON).await.unwrap();
        for quiet in 10..59 {
            tx.tenant_insert(&new_tenant(&tenant(&format!("quiet-{quiet}")), quiet), NOON).await.unwrap();
        }
    })
    .await;
    let noon = NOON.0.to_string();
    for (whose, n) in [("a-noisy", n), ("quiet-%", 20)] {
        let sql = BACKLOG.replace("$N$", &n.to_string()).replace("$NOON$", &noon).replace("$WHOSE$", whose);
        insert(db, sql).await;
    }
}

async fn insert(db: &Db, sql: String) {
    match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => {
            sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap();
        }
        (_, Some(pool)) => {
            let mut tx = pool.begin().await.unwrap();
            sqlx::query("SET LOCAL ROLE botyard_platform").execute(&mut *tx).await.unwrap();
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    }
}

/// What a claim costs must not depend on how much one tenant has waiting: no step of its plan reads the backlog.
async fn assert_walks_past_the_backlog(db: &Db) {
    let postgres = db.raw_postgres().is_some();
    let name = if postgres { "JOBS_CLAIM_POSTGRES" } else { "JOBS_CLAIM_SQLITE" };
    let mut sql = statements().into_iter().find(|s| s.name == name).expect("the claim has this name").sql;
    for (parameter, value) in
        [("$1", "'deliver'"), ("$2", &NOON.0.to_string()), ("$3", "100"), ("$4", "2"), ("$5", "1")]
    {
        sql = sql.replace(parameter, value);
    }
    let plan = explained(db, &sql).await;
    if postgres {
        let rows = |line: &str| line.split("(actual rows=").nth(1)?.split(['.', ' ']).next()?.parse::<u64>().ok();
        let most = plan.iter().filter_map(|line| rows(line)).max().expect("an analysed plan says its rows");
        assert!(most <= 1_000, "a step reads {most} rows: {plan:#?}");
        let dropped = |line: &str| line.split("Rows Removed by Filter: ").nth(1)?.trim().parse::<u64>().ok();
        assert_eq!(plan.iter().filter_map(|line| dropped(line)).filter(|n| *n > 1_000).max(), None, "{plan:#?}");
    } else {
        let scans = |line: &&String| {
            ["f", "n", "j", "d", "jobs"].iter().any(|t| line.split_whitespace().take(2).eq(["SCAN", t]))
        };
        assert_eq!(plan.iter().find(scans), None, "{plan:#?}");
    }
}

async fn explained(db: &Db, sql: &str) -> Vec<String> {
    use sqlx::Row;
    if let Some(pool) = db.raw_sqlite() {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
        return rows.iter().map(|row| row.get::<String, _>("detail")).collect();
    }
    let mut tx = db.raw_postgres().unwrap().begin().await.unwrap();
    sqlx::query("SET LOCAL ROLE botyard_platform").execute(&mut *tx).await.unwrap();
    let sql = format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {sql}");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

fn shares(jobs: &[JobRow]) -> BTreeMap<String, usize> {
    let mut shares = BTreeMap::new();
    for job in jobs {
        *shares.entry(job.tenant.as_str().to_owned()).or_default() += 1;
    }
    shares
}

fn keys(jobs: Vec<JobRow>) -> Vec<String> {
    jobs.into_iter().map(|job| job.dedupe_key).collect()
}

on_each_db! {
    /// `fair_noisy` (reliability.md T16): first-in-first-out would give the noisy one all hundred of each claim.
    async fn fair_noisy_a_hundred_thousand_jobs_of_one_tenant_take_no_more_than_their_share(db: Db) {
        noise(&db, 100_000).await;
        let mut served: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..10 {
            let jobs = claim(&db, 100, 2).await;
            let shares = shares(&jobs);
            assert_eq!((jobs.len(), shares.len(), shares["a-noisy"]), (100, 50, 2));
            for (tenant, n) in shares {
                *served.entry(tenant).or_default() += n;
            }
        }
        assert!(served.values().all(|n| *n == 20), "after ten claims everybody has had 20: {served:?}");
        // Only the noisy tenant is left, and it gets what it may.
        assert_eq!(shares(&claim(&db, 100, 2).await), BTreeMap::from([("a-noisy".to_owned(), 2)]));
        assert_walks_past_the_backlog(&db).await;
    }

    async fn when_there_is_not_enough_for_all_the_oldest_of_each_come_first(db: Db) {
        let (a, b) = two_tenants(&db).await;
        for (n, id) in [(5, &a), (6, &a), (7, &a), (8, &b), (9, &b)] {
            put_job(&db, id, Lane::Deliver, &n.to_string(), later(n - 10)).await;
        }
        put_job(&db, &b, Lane::Deliver, "not due", later(1)).await;
        put_job(&db, &b, Lane::Watch, "another lane", NOON).await;
        assert_eq!(keys(claim(&db, 3, 10).await), ["5", "6", "8"], "one of each, then the older second");
        assert_eq!(keys(claim(&db, 10, 10).await), ["7", "9"]);
        assert_eq!(keys(claim(&db, 10, 10).await), [""; 0]);
    }

    async fn workers_that_claim_at_once_share_without_overlap(db: Db) {
        noise(&db, 200).await;
        let workers = (0..12).map(|_| {
            let db = &db;
            async move {
                let mut mine = Vec::new();
                loop {
                    let jobs = claim(db, 25, 3).await;
                    if jobs.is_empty() {
                        break mine;
                    }
                    assert!(jobs.iter().all(|job| job.attempt == 1));
                    mine.extend(jobs);
                }
            }
        });
        let mut claimed: Vec<JobRow> = futures::future::join_all(workers).await.into_iter().flatten().collect();
        // Whoever met only rows that others were locking stopped early.
        claimed.extend(claim(&db, 10_000, 10_000).await);
        assert_eq!(claimed.len(), 200 + 49 * 20);
        let different: HashSet<(&BotInstanceId, &str)> =
            claimed.iter().map(|job| (&job.tenant, job.dedupe_key.as_str())).collect();
        assert_eq!(different.len(), claimed.len(), "nobody got another's job");
    }
}
