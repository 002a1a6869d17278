//! People, sessions and handled updates.

use botyard::domain::{Corr, Language, UpdateId};
use botyard::store::{Db, Seen};

use super::world::{ALICE, BOB, NOON, later, person, seen, two_tenants, within};
use crate::util::db::on_each_db;

on_each_db! {
    async fn a_person_is_new_once_and_then_known_by_the_time_before(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let first = person(&db, &a, ALICE).await;
        assert!(first.is_new());
        within(&db, &a, async |tx| {
            assert!(tx.user_unreachable(ALICE, later(5)).await.unwrap());
            assert!(!tx.user_unreachable(ALICE, later(6)).await.unwrap());
        })
        .await;
        let again = within(&db, &a, async |tx| {
            let news = Seen { username: None, first_name: "Alice", ..seen(ALICE) };
            tx.user_seen(&news, later(10)).await.unwrap()
        })
        .await;
        assert!(!again.is_new());
        assert_eq!(again.user_ref, first.user_ref);
        assert_eq!((again.previous_seen_at, again.seen_at), (Some(NOON), later(10)));
        assert_eq!((again.username.as_deref(), again.first_name.as_str()), (None, "Alice"));
        assert_eq!((again.unreachable_at, again.created_at), (None, NOON), "who writes can be reached");
        // The same person in another tenant is somebody else.
        let elsewhere = person(&db, &b, ALICE).await;
        assert!(elsewhere.is_new());
        assert_ne!(elsewhere.user_ref, first.user_ref);
    }

    async fn what_a_person_chose_is_kept(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let row = person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| {
            assert!(tx.user_set_language(ALICE, Language::En).await.unwrap());
            assert!(!tx.user_set_language(BOB, Language::En).await.unwrap(), "there is no Bob");
            assert!(tx.user_set_mode(ALICE, true).await.unwrap());
            assert!(tx.user_started(ALICE, later(1)).await.unwrap());
            assert!(!tx.user_started(ALICE, later(2)).await.unwrap(), "only the first /start");
            tx.user_seen(&seen(ALICE), later(3)).await.unwrap();
            let kept = tx.user_by_ref(&row.user_ref).await.unwrap().unwrap();
            assert_eq!((kept.language, kept.user_mode, kept.started_at), (Some(Language::En), true, Some(later(1))));
            assert_eq!(tx.user_get(ALICE).await.unwrap(), Some(kept));
            assert_eq!(tx.user_get(BOB).await.unwrap(), None);
            assert_eq!(tx.users_count().await.unwrap(), 1);
        })
        .await;
    }

    async fn many_first_sights_at_once_make_one_newcomer(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let rows = futures::future::join_all((0..20).map(|_| person(&db, &a, ALICE))).await;
        assert_eq!(rows.iter().filter(|row| row.is_new()).count(), 1);
        assert!(rows.iter().all(|row| row.user_ref == rows[0].user_ref));
    }

    async fn a_late_save_never_overwrites_a_newer_session(db: Db) {
        let (a, _) = two_tenants(&db).await;
        person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| {
            assert_eq!(tx.session_load(ALICE).await.unwrap(), None);
            assert!(tx.session_save(ALICE, 0, b"one", NOON).await.unwrap());
            assert!(!tx.session_save(ALICE, 0, b"late", NOON).await.unwrap());
            assert!(tx.session_save(ALICE, 1, b"two", later(1)).await.unwrap());
            assert!(!tx.session_save(ALICE, 1, b"late", later(2)).await.unwrap());
            let row = tx.session_load(ALICE).await.unwrap().unwrap();
            assert_eq!((row.version, row.sealed.as_slice(), row.touched_at), (2, b"two".as_slice(), later(1)));
        })
        .await;
    }

    async fn of_twenty_saves_from_one_version_one_stands(db: Db) {
        let (a, _) = two_tenants(&db).await;
        person(&db, &a, ALICE).await;
        for expected in [0, 1] {
            let calls = (0..20).map(|n: u8| {
                let (db, a) = (&db, &a);
                async move { within(db, a, async |tx| tx.session_save(ALICE, expected, &[n], NOON).await.unwrap()).await }
            });
            let saved = futures::future::join_all(calls).await;
            assert_eq!(saved.iter().filter(|s| **s).count(), 1, "from version {expected}");
        }
    }

    async fn an_update_is_recorded_once_per_tenant(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let corr = Corr::random();
        let records = (0..20).map(|_| {
            let (db, a, corr) = (&db, &a, &corr);
            async move { within(db, a, async |tx| tx.update_record(UpdateId(7), corr, NOON).await.unwrap()).await }
        });
        let recorded = futures::future::join_all(records).await;
        assert_eq!(recorded.iter().filter(|r| **r).count(), 1);
        within(&db, &b, async |tx| assert!(tx.update_record(UpdateId(7), &corr, NOON).await.unwrap())).await;
        let rolled_back = async {
            let mut tx = db.tenant(&a).await.unwrap();
            tx.update_record(UpdateId(8), &corr, NOON).await.unwrap()
        };
        assert!(rolled_back.await);
        within(&db, &a, async |tx| {
            assert!(tx.update_record(UpdateId(8), &corr, NOON).await.unwrap(), "what was rolled back was not handled");
        })
        .await;
        let mut tx = db.platform().await.unwrap();
        assert_eq!(tx.updates_purge(NOON, 10).await.unwrap(), 0);
        assert_eq!(tx.updates_purge(later(1), 2).await.unwrap(), 2);
        assert_eq!(tx.updates_purge(later(1), 2).await.unwrap(), 1);
    }
}
