//! `f_disk_full` (reliability.md F16): what SQLite does to a transaction when there is no room, and that nobody has to start anew.

use botyard::domain::Corr;
use botyard::store::{Db, ErrorEntry, StoreError, TenantTx};

use super::world::{NOON, two_tenants, within};
use crate::util::db::on_sqlite;

async fn fill(tx: &mut TenantTx) -> Result<(), StoreError> {
    let message = "m".repeat(200);
    for _ in 0..2_000 {
        let (corr, class) = (Corr::random(), "class");
        let entry = ErrorEntry { corr: &corr, stage: "s", handler: "h", class, message: &message, update_id: None };
        tx.error_put(&entry, NOON).await?;
    }
    Ok(())
}

/// The database may not grow any more. True of the writer that is there now.
async fn full(db: &Db) {
    sqlx::query("PRAGMA max_page_count = 1").execute(db.raw_sqlite().unwrap()).await.unwrap();
}

#[test]
fn f_disk_full_a_transaction_that_the_database_ended_leaves_nothing_and_the_next_one_begins() {
    on_sqlite(|test| async move {
        let (a, _) = two_tenants(&test.db).await;
        for _ in 0..3 {
            full(&test.db).await;
            let mut tx = test.db.tenant(&a).await.unwrap();
            let refused = fill(&mut tx).await.unwrap_err();
            assert!(matches!(refused, StoreError::Away(_)) && refused.is_temporary(), "{refused:?}");
            drop(tx);
            within(&test.db, &a, async |tx| assert!(tx.errors_last(10).await.unwrap().is_empty(), "no half")).await;
            // A transaction that is given up, or committed although a statement failed, is no other.
            full(&test.db).await;
            let mut tx = test.db.tenant(&a).await.unwrap();
            fill(&mut tx).await.unwrap_err();
            let _ = tx.commit().await;
            within(&test.db, &a, async |tx| assert!(tx.errors_last(10).await.unwrap().is_empty(), "no half")).await;
        }
        within(&test.db, &a, async |tx| fill(tx).await.unwrap()).await;
        let whole: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(test.db.raw_sqlite().unwrap()).await.unwrap();
        assert_eq!(whole, "ok");
    });
}
