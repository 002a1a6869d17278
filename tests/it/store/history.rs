//! A person's history, newest first.

use botyard::store::{Db, HistoryPlace};

use super::world::{ALICE, BOB, generation, person, two_tenants, within};
use crate::util::db::on_each_db;

on_each_db! {
    async fn a_person_walks_through_their_own_generations(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await, person(&db, &a, BOB).await);
        // The last two in one millisecond.
        let mut mine = Vec::new();
        for n in [0, 1, 2, 2] {
            mine.push(generation(&db, &a, &alice, n).await);
        }
        let bobs = generation(&db, &a, &bob, 1).await;
        within(&db, &a, async |tx| {
            let history: Vec<_> = tx.generations_history(ALICE, 100).await.unwrap().into_iter().map(|g| g.id).collect();
            assert_eq!(history.len(), 4);
            assert_eq!(history[2..], [mine[1].clone(), mine[0].clone()]);
            assert_eq!(tx.generations_history(ALICE, 1).await.unwrap()[0].id, history[0]);
            for (at, number) in [(0, 4), (1, 3), (2, 2), (3, 1)] {
                let id = &history[at];
                let older = tx.generation_older(ALICE, id).await.unwrap().map(|g| g.id);
                assert_eq!(older.as_ref(), history.get(at + 1), "older than {at}");
                let newer = tx.generation_newer(ALICE, id).await.unwrap().map(|g| g.id);
                assert_eq!(newer.as_ref(), at.checked_sub(1).map(|before| &history[before]), "newer than {at}");
                let place = tx.generation_place(ALICE, id).await.unwrap();
                assert_eq!(place, Some(HistoryPlace { number, total: 4 }));
            }
            assert_eq!(tx.generation_older(ALICE, &bobs).await.unwrap(), None, "not hers");
            assert_eq!(tx.generation_newer(ALICE, &bobs).await.unwrap(), None);
            assert_eq!(tx.generation_place(ALICE, &bobs).await.unwrap(), None);
        })
        .await;
    }
}
