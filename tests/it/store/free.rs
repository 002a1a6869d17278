//! Free generations of a day: never more than the limit, settled once.

use botyard::domain::GenerationId;
use botyard::store::Db;

use super::world::{ALICE, BOB, NOON, person, two_tenants, within};
use crate::util::db::on_each_db;

const TODAY: &str = "2026-11-22";

on_each_db! {
    async fn fifty_at_once_on_three_left_get_three(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await.user_ref;
        // Two of five are gone.
        within(&db, &a, async |tx| {
            assert!(tx.free_reserve(&GenerationId::random(), &alice, TODAY, 2, 5, NOON).await.unwrap());
        })
        .await;
        let reserves = (0..50).map(|_| {
            let (db, a, alice) = (&db, &a, &alice);
            async move {
                let id = GenerationId::random();
                within(db, a, async |tx| tx.free_reserve(&id, alice, TODAY, 1, 5, NOON).await.unwrap()).await
            }
        });
        let got = futures::future::join_all(reserves).await;
        assert_eq!(got.iter().filter(|got| **got).count(), 3);
        within(&db, &a, async |tx| assert_eq!(tx.free_left_parts(&alice, TODAY).await.unwrap(), (0, 5))).await;
    }

    async fn fifty_at_once_on_a_fresh_day_get_the_limit(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await.user_ref;
        let reserves = (0..50).map(|_| {
            let (db, a, alice) = (&db, &a, &alice);
            async move {
                let id = GenerationId::random();
                within(db, a, async |tx| tx.free_reserve(&id, alice, TODAY, 2, 5, NOON).await.unwrap()).await
            }
        });
        let got = futures::future::join_all(reserves).await;
        assert_eq!(got.iter().filter(|got| **got).count(), 2, "two of two units fit into five");
    }

    async fn days_people_and_tenants_have_quotas_of_their_own(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await.user_ref, person(&db, &a, BOB).await.user_ref);
        let elsewhere = person(&db, &b, ALICE).await.user_ref;
        for (id, who, day) in [(&a, &alice, TODAY), (&a, &alice, "2026-11-23"), (&a, &bob, TODAY), (&b, &elsewhere, TODAY)] {
            within(&db, id, async |tx| {
                assert!(tx.free_reserve(&GenerationId::random(), who, day, 3, 3, NOON).await.unwrap());
                assert!(!tx.free_reserve(&GenerationId::random(), who, day, 1, 3, NOON).await.unwrap());
            })
            .await;
        }
        within(&db, &a, async |tx| {
            assert!(!tx.free_reserve(&GenerationId::random(), &alice, "2026-12-01", 4, 3, NOON).await.unwrap());
            assert_eq!(tx.free_left_parts(&alice, "2026-12-01").await.unwrap(), (0, 0));
        })
        .await;
    }

    async fn a_reservation_is_settled_once_and_the_rest_is_free_again(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await.user_ref;
        let [delivered, failed, greedy] = [(); 3].map(|()| GenerationId::random());
        within(&db, &a, async |tx| {
            for id in [&delivered, &failed, &greedy] {
                assert!(tx.free_reserve(id, &alice, TODAY, 4, 12, NOON).await.unwrap());
                assert!(tx.free_reserve(id, &alice, TODAY, 4, 12, NOON).await.unwrap(), "has it already");
            }
            assert_eq!(tx.free_left_parts(&alice, TODAY).await.unwrap(), (0, 12));
        })
        .await;
        within(&db, &b, async |tx| assert!(!tx.free_resolve(&delivered, 4).await.unwrap(), "not theirs")).await;
        let calls = (0..20).map(|_| {
            let (db, a, delivered) = (&db, &a, &delivered);
            async move { within(db, a, async |tx| tx.free_resolve(delivered, 3).await.unwrap()).await }
        });
        let resolved = futures::future::join_all(calls).await;
        assert_eq!(resolved.iter().filter(|done| **done).count(), 1);
        within(&db, &a, async |tx| {
            assert_eq!(tx.free_left_parts(&alice, TODAY).await.unwrap(), (3, 8));
            assert!(tx.free_resolve(&failed, 0).await.unwrap());
            assert!(!tx.free_resolve(&failed, 4).await.unwrap(), "given back is given back");
            assert!(tx.free_resolve(&greedy, 9).await.unwrap());
            assert_eq!(tx.free_left_parts(&alice, TODAY).await.unwrap(), (7, 0), "never more than was reserved");
        })
        .await;
    }
}
