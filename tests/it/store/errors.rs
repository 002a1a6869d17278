//! The error log of a tenant.

use botyard::domain::{Corr, UpdateId};
use botyard::store::{Db, ErrorEntry, ErrorRow};

use super::world::{NOON, above, later, two_tenants, within};
use crate::util::db::on_each_db;

fn updates(rows: Vec<ErrorRow>) -> Vec<i64> {
    rows.into_iter().map(|row| row.update_id.unwrap().0).collect()
}

on_each_db! {
    async fn errors_are_found_by_age_and_by_story(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (story, other) = (Corr::random(), Corr::random());
        within(&db, &a, async |tx| {
            for (n, corr) in [(0, &story), (1, &other), (2, &story)] {
                let entry = ErrorEntry {
                    corr,
                    stage: "handle",
                    handler: "menu",
                    class: "db_busy",
                    message: "the row or chat is busy",
                    update_id: Some(UpdateId(n)),
                };
                tx.error_put(&entry, NOON).await.unwrap();
            }
            assert_eq!(updates(tx.errors_last(2).await.unwrap()), [2, 1], "newest first, even within a millisecond");
            assert_eq!(updates(tx.errors_of_corr(&story).await.unwrap()), [0, 2]);
            let row = &tx.errors_of_corr(&other).await.unwrap()[0];
            assert_eq!((row.class.as_str(), row.corr.clone(), row.created_at), ("db_busy", other.clone(), NOON));
        })
        .await;
        within(&db, &b, async |tx| {
            assert_eq!(tx.errors_last(10).await.unwrap(), []);
            assert_eq!(tx.errors_of_corr(&story).await.unwrap(), []);
        })
        .await;
        above(&db, async |tx| {
            assert_eq!(tx.errors_purge(NOON, 10).await.unwrap(), 0);
            assert_eq!(tx.errors_purge(later(1), 2).await.unwrap(), 2);
            assert_eq!(tx.errors_purge(later(1), 2).await.unwrap(), 1);
        })
        .await;
    }
}
