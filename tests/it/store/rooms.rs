//! What the panel's pages about money and health ask, and what becomes of transfers that came late, asked by the wrong tenant.

use botyard::store::{TenantTx, WatchFound};

use super::home::Home;
use super::world::{ALICE, NOON, later};

/// A look at the connection that found something.
pub(super) async fn fill(tx: &mut TenantTx) {
    let found = WatchFound { trouble: Some("token_revoked"), ..WatchFound::default() };
    tx.watch_put(&found, NOON).await.unwrap();
    assert_eq!(tx.watch_events(100).await.unwrap().len(), 1);
}

/// Nothing of another tenant's is seen.
pub(super) async fn sees_nothing(tx: &mut TenantTx, home: &Home) {
    let theirs = tx.reviews_queue(100).await.unwrap();
    assert!(theirs.iter().all(|row| row.id != home.till.review), "{theirs:?}");
    assert!(tx.watch_events(100).await.unwrap().is_empty());
    assert_eq!(tx.update_last_at().await.unwrap(), None);
    let invoice = &home.till.invoice;
    assert_eq!(tx.invoices_provable_of(ALICE, NOON, later(-9), 9).await.unwrap(), []);
    assert!(!tx.invoice_extend(invoice, later(99_999), NOON).await.unwrap());
    assert!(!tx.invoice_end(invoice, NOON).await.unwrap() && !tx.invoice_revive(invoice, NOON).await.unwrap());
    assert!(!tx.payment_flag(&home.till.review, "theirs").await.unwrap());
    assert!(!tx.job_settle(&home.job.id, NOON).await.unwrap());
    assert_eq!(tx.outbox_due(later(99_999)).await.unwrap(), (0, None));
}
