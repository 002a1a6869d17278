//! Jobs: put once, ended by the worker that has them, taken back from dead workers.

use botyard::domain::Lane;
use botyard::store::{Db, ExpiredJobs};

use super::world::{NOON, above, later, put_job, two_tenants, within};
use crate::util::db::on_each_db;

const LEASE: i64 = 60_000;
/// A lease that is over as soon as it is given.
const OVER: i64 = -1_000;

on_each_db! {
    async fn work_is_open_once_and_may_come_again_when_it_is_done(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let puts = (0..20).map(|_| put_job(&db, &a, Lane::Submit, "gen", NOON));
        let put = futures::future::join_all(puts).await;
        assert_eq!(put.iter().filter(|put| **put).count(), 1);
        assert!(put_job(&db, &b, Lane::Submit, "gen", NOON).await, "another tenant's work");
        let jobs = above(&db, async |tx| tx.jobs_claim(Lane::Submit, NOON, LEASE, 10, 10).await.unwrap()).await;
        let [mine, theirs] = [&a, &b].map(|id| jobs.iter().find(|job| job.tenant == *id).unwrap());
        assert!(!put_job(&db, &a, Lane::Submit, "gen", NOON).await, "it runs");
        within(&db, &a, async |tx| {
            assert!(!tx.job_finish(&theirs.id, 1, NOON).await.unwrap());
            assert!(tx.job_finish(&mine.id, 1, later(1)).await.unwrap());
            assert!(!tx.job_finish(&mine.id, 1, later(1)).await.unwrap());
        })
        .await;
        assert!(put_job(&db, &a, Lane::Submit, "gen", NOON).await);
        above(&db, async |tx| {
            assert_eq!(tx.jobs_open_count().await.unwrap(), 2);
            assert_eq!(tx.jobs_purge(later(2), NOON, 10).await.unwrap(), 1);
            assert_eq!(tx.jobs_open_count().await.unwrap(), 2);
        })
        .await;
    }

    async fn a_stale_worker_gets_no(db: Db) {
        let (a, _) = two_tenants(&db).await;
        put_job(&db, &a, Lane::Watch, "gen", NOON).await;
        let first = above(&db, async |tx| tx.jobs_claim(Lane::Watch, NOON, OVER, 1, 1).await.unwrap()).await.remove(0);
        assert_eq!((first.attempt, first.max_attempts, first.kind.as_str()), (1, 3, "work"));
        above(&db, async |tx| {
            assert_eq!(tx.jobs_expire_leases(NOON).await.unwrap(), ExpiredJobs { ready: 1, dead: 0 });
            assert_eq!(tx.jobs_expire_leases(NOON).await.unwrap(), ExpiredJobs::default());
        })
        .await;
        let second = above(&db, async |tx| tx.jobs_claim(Lane::Watch, NOON, LEASE, 1, 1).await.unwrap()).await.remove(0);
        assert_eq!((second.id.clone(), second.attempt), (first.id.clone(), 2));
        within(&db, &a, async |tx| {
            assert!(!tx.job_heartbeat(&first.id, first.attempt, LEASE).await.unwrap());
            assert!(!tx.job_finish(&first.id, first.attempt, NOON).await.unwrap());
            assert!(!tx.job_retry(&first.id, first.attempt, NOON, "late").await.unwrap());
            assert!(!tx.job_dead(&first.id, first.attempt, "late", NOON).await.unwrap());
            assert!(tx.job_heartbeat(&second.id, second.attempt, LEASE).await.unwrap());
            assert!(tx.job_retry(&second.id, second.attempt, later(30), "503").await.unwrap());
        })
        .await;
        above(&db, async |tx| {
            assert_eq!(tx.jobs_claim(Lane::Watch, later(29), LEASE, 1, 1).await.unwrap(), []);
        })
        .await;
        within(&db, &a, async |tx| {
            assert!(tx.job_wake("gen", later(10)).await.unwrap());
            assert!(!tx.job_wake("gen", later(20)).await.unwrap(), "it waits less than that");
        })
        .await;
        let third = above(&db, async |tx| tx.jobs_claim(Lane::Watch, later(10), LEASE, 1, 1).await.unwrap()).await.remove(0);
        within(&db, &a, async |tx| assert!(tx.job_dead(&third.id, 3, "404", later(11)).await.unwrap())).await;
        above(&db, async |tx| {
            assert_eq!(tx.jobs_open_count().await.unwrap(), 0);
            assert_eq!(tx.jobs_purge(later(99), later(11), 10).await.unwrap(), 0, "the dead are kept longer");
            assert_eq!(tx.jobs_purge(NOON, later(12), 10).await.unwrap(), 1);
        })
        .await;
    }

    async fn a_kept_lease_outlives_the_sweep(db: Db) {
        let (a, _) = two_tenants(&db).await;
        put_job(&db, &a, Lane::Watch, "gen", NOON).await;
        let job = above(&db, async |tx| tx.jobs_claim(Lane::Watch, NOON, OVER, 1, 1).await.unwrap()).await.remove(0);
        within(&db, &a, async |tx| assert!(tx.job_heartbeat(&job.id, 1, LEASE).await.unwrap())).await;
        above(&db, async |tx| assert_eq!(tx.jobs_expire_leases(NOON).await.unwrap(), ExpiredJobs::default())).await;
    }

    async fn a_job_that_kills_its_workers_dies_itself(db: Db) {
        let (a, _) = two_tenants(&db).await;
        put_job(&db, &a, Lane::Media, "poison", NOON).await;
        for attempt in 1..=3 {
            above(&db, async |tx| {
                assert_eq!(tx.jobs_claim(Lane::Media, NOON, OVER, 1, 1).await.unwrap()[0].attempt, attempt);
                let dead = usize::from(attempt == 3);
                assert_eq!(tx.jobs_expire_leases(NOON).await.unwrap(), ExpiredJobs { ready: 1 - dead, dead });
            })
            .await;
        }
        above(&db, async |tx| assert_eq!(tx.jobs_claim(Lane::Media, NOON, OVER, 1, 1).await.unwrap(), [])).await;
    }
}
