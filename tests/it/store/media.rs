//! Files: kept until their time, and what had them outlives them.

use botyard::domain::{MediaId, MediaPurpose};
use botyard::store::{Db, MediaRow};

use super::world::{ALICE, NOON, above, generation, later, person, two_tenants, within};
use crate::util::db::on_each_db;

pub(super) fn file(expires: i64) -> MediaRow {
    MediaRow {
        id: MediaId::random(),
        purpose: MediaPurpose::Result,
        mime: "image/png".to_owned(),
        size: 1234,
        sha256: "00".repeat(32),
        created_at: NOON,
        expires_at: later(expires),
    }
}

on_each_db! {
    async fn a_file_goes_and_the_result_that_had_it_stays(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let id = generation(&db, &a, &alice, 0).await;
        let (old, young, theirs) = (file(10), file(20), file(10));
        within(&db, &a, async |tx| {
            tx.media_insert(&old).await.unwrap();
            tx.media_insert(&young).await.unwrap();
            assert_eq!(tx.media_get(&old.id).await.unwrap(), Some(old.clone()));
            assert!(tx.item_insert(&id, 0, "photo", Some(&old.id), NOON).await.unwrap());
        })
        .await;
        within(&db, &b, async |tx| {
            tx.media_insert(&theirs).await.unwrap();
            assert!(!tx.media_delete(&old.id).await.unwrap(), "not theirs");
        })
        .await;
        above(&db, async |tx| {
            assert_eq!(tx.media_expired(later(9), 10).await.unwrap(), []);
            let expired = tx.media_expired(later(10), 10).await.unwrap();
            let mut expired: Vec<_> = expired.into_iter().map(|row| (row.tenant, row.id)).collect();
            expired.sort();
            assert_eq!(expired, [(a.clone(), old.id.clone()), (b.clone(), theirs.id.clone())]);
            assert_eq!(tx.media_expired(later(99), 2).await.unwrap().len(), 2);
        })
        .await;
        within(&db, &a, async |tx| {
            assert_eq!(tx.items_of(&id).await.unwrap()[0].media_id, Some(old.id.clone()));
            assert!(tx.media_delete(&old.id).await.unwrap());
            assert!(!tx.media_delete(&old.id).await.unwrap());
            assert_eq!(tx.items_of(&id).await.unwrap()[0].media_id, None);
        })
        .await;
    }
}
