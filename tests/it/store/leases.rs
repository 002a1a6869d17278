//! Leases, signs of life, readiness.

use botyard::store::Db;

use super::world::{NOON, above, later};
use crate::util::db::on_each_db;

const LONG: i64 = 60_000;
/// Over as soon as it is given.
const OVER: i64 = -1_000;

on_each_db! {
    async fn a_lease_has_one_holder_and_an_epoch_that_grows(db: Db) {
        above(&db, async |tx| {
            assert_eq!(tx.lease_take("sweeper", "one", LONG).await.unwrap(), Some(1));
            assert_eq!(tx.lease_take("sweeper", "two", LONG).await.unwrap(), None);
            assert_eq!(tx.lease_take("sweeper", "one", OVER).await.unwrap(), Some(1), "renewed by its holder");
            assert!(!tx.lease_is_held("sweeper", "one", 1).await.unwrap(), "over");
            assert_eq!(tx.lease_take("sweeper", "two", LONG).await.unwrap(), Some(2), "free, because it is over");
            assert!(tx.lease_is_held("sweeper", "two", 2).await.unwrap());
            assert!(!tx.lease_is_held("sweeper", "one", 1).await.unwrap());
            assert!(!tx.lease_release("sweeper", "one").await.unwrap());
            assert!(tx.lease_release("sweeper", "two").await.unwrap());
            assert_eq!(tx.lease_take("sweeper", "two", LONG).await.unwrap(), Some(3));
            assert_eq!(tx.lease_take("other", "one", LONG).await.unwrap(), Some(1));
        })
        .await;
    }

    async fn leases_are_counted_and_forgotten_by_how_their_names_begin(db: Db) {
        above(&db, async |tx| {
            for (name, life) in [("instance:a", LONG), ("instance:b", LONG), ("instance:c", OVER), ("instances", LONG)] {
                tx.lease_take(name, "one", life).await.unwrap();
            }
            assert_eq!(tx.leases_live("instance:").await.unwrap(), 2);
            assert_eq!(tx.leases_live("instance:c").await.unwrap(), 0);
            assert_eq!(tx.leases_forget("instance:", LONG).await.unwrap(), 0, "over, but not for so long");
            assert_eq!(tx.leases_forget("instance:", 0).await.unwrap(), 1);
            assert_eq!(tx.leases_live("instance").await.unwrap(), 3);
        })
        .await;
    }

    async fn of_twenty_who_want_a_lease_one_gets_it(db: Db) {
        for epoch in 1..4 {
            let calls = (0..20).map(|n| {
                let db = &db;
                async move {
                    let holder = format!("{epoch}-{n}");
                    let taken = above(db, async |tx| tx.lease_take("poller", &holder, LONG).await.unwrap()).await;
                    taken.map(|epoch| (holder, epoch))
                }
            });
            let taken: Vec<_> = futures::future::join_all(calls).await.into_iter().flatten().collect();
            assert_eq!(taken.len(), 1);
            assert_eq!(taken[0].1, epoch);
            above(&db, async |tx| assert!(tx.lease_release("poller", &taken[0].0).await.unwrap())).await;
        }
    }

    async fn processes_that_live_are_known(db: Db) {
        above(&db, async |tx| {
            tx.heartbeat("one", NOON, NOON).await.unwrap();
            tx.heartbeat("two", NOON, later(5)).await.unwrap();
            tx.readiness_probe("three", NOON, later(6)).await.unwrap();
            tx.readiness_probe("three", NOON, later(7)).await.unwrap();
            tx.heartbeat("four", NOON, later(8)).await.unwrap();
            assert_eq!(tx.heartbeats_purge(later(5)).await.unwrap(), 1, "silent for too long");
            tx.heartbeat_end("four").await.unwrap();
            tx.heartbeat("two", later(9), later(9)).await.unwrap();
        })
        .await;
        let known = db.platform_read().await.unwrap().replicas().await.unwrap();
        let known: Vec<_> = known.iter().map(|row| (row.instance.as_str(), row.started_at, row.seen_at)).collect();
        assert_eq!(known, [("two", NOON, later(9)), ("three", NOON, later(7))], "a start is told once");
    }
}
