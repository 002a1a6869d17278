//! The proof's rows of a furnished tenant, and what the wrong tenant can do about them: nothing.

use botyard::domain::transfer::Account;
use botyard::domain::{ChatId, CreditAsk, ManualCreditId, MessageId, Money};
use botyard::store::{AuditCheckRow, ClosedMonthRow, ClosedTotals, Counter, LedgerCheckRow, TenantTx};

use super::home::{DAY, Home};
use super::world::{ALICE, NOON, later};

const ADMIN: &str = "user:5";

fn check() -> LedgerCheckRow {
    LedgerCheckRow { checked_at: NOON, full_at: NOON, sealed: 1, faults: 0, detail: String::new(), turns: 0 }
}

fn audit_check(seq: i64, hash: &str) -> AuditCheckRow {
    AuditCheckRow { seq, hash: hash.to_owned(), checked_at: NOON, full_at: NOON, broken_at: None }
}

fn october() -> ClosedMonthRow {
    ClosedMonthRow {
        month: "2026-10".to_owned(),
        begins: later(-2),
        ends: later(-1),
        zone: "Europe/Moscow".to_owned(),
        fee_basis_points: 1_250,
        rate: 785_700,
        delivered: 3,
        failed: 1,
        provider_credits: 400,
        moved: "[]".to_owned(),
        closed_at: NOON,
    }
}

/// One transfer sealed, one sum, one check of the ledger and one of the audit log, one day of an admin, one closed month.
pub(super) async fn fill(tx: &mut TenantTx) {
    let mut head = tx.ledger_head_lock().await.unwrap();
    let first = tx.ledger_unsealed(later(-1), 1).await.unwrap().remove(0);
    (head.seq, head.hash, head.reached) = (1, "link".to_owned(), NOON);
    tx.ledger_seal_put(1, &first.id, "link").await.unwrap();
    tx.ledger_sum_add(&first.debit, 5, 0).await.unwrap();
    tx.ledger_head_put(&head).await.unwrap();
    tx.ledger_check_put(&check()).await.unwrap();
    assert!(tx.alone_take(DAY, ADMIN, Money::kopecks(600), Money::kopecks(1_000)).await.unwrap());
    assert!(tx.month_close(&october()).await.unwrap());
    let head = tx.audit_head().await.unwrap().unwrap();
    assert!(tx.audit_check_put(&audit_check(head.seq, &head.hash)).await.unwrap());
}

/// What a tenant with a ledger of its own sees of another's.
pub(super) async fn sees_nothing(tx: &mut TenantTx, home: &Home) {
    let span = (later(-1), later(1_000_000));
    assert_eq!(tx.moved_between(span.0, span.1).await.unwrap(), []);
    assert_eq!(tx.month_closed("2026-10").await.unwrap(), None);
    assert_eq!(tx.months_closed_last().await.unwrap(), None);
    assert_eq!(tx.months_closed_totals().await.unwrap(), ClosedTotals::default());
    assert!(tx.month_close(&october()).await.unwrap(), "a month of their own");
    assert_eq!(tx.counters_sum("2000-01-01", "2999-01-01").await.unwrap().get(Counter::Generations), 0);
    assert_eq!(tx.tenant_began().await.unwrap(), Some(NOON), "their own beginning");
    assert_eq!(tx.generations_between(span.0, span.1, None, 10).await.unwrap(), []);
    assert_eq!(tx.own_payments(ALICE, 10).await.unwrap(), []);
    assert_eq!(tx.own_payment(ALICE, &home.till.charge).await.unwrap(), None);
    assert_eq!(tx.ledger_head().await.unwrap(), None);
    assert_eq!(tx.ledger_seal_get(1).await.unwrap(), None);
    assert_eq!(tx.ledger_seals_after(0, 10).await.unwrap(), []);
    assert_eq!(tx.ledger_unsealed(later(-1), 10).await.unwrap(), []);
    assert_eq!(tx.ledger_counts().await.unwrap(), (0, 0));
    assert_eq!(tx.ledger_check_get().await.unwrap(), None);
    assert_eq!(tx.audit_check_get().await.unwrap(), None);
    assert!(tx.audit_check_put(&audit_check(0, "")).await.unwrap(), "a check of their own");
    let account = Account::User(home.user.user_ref.clone()).id();
    assert_eq!(tx.ledger_drift(&account, later(-1)).await.unwrap(), None);
    let head = tx.ledger_head_lock().await.unwrap();
    assert_eq!((head.seq, head.hash.as_str()), (0, ""), "a chain of their own");
    tx.ledger_head_put(&head).await.unwrap();
    tx.ledger_check_put(&check()).await.unwrap();
}

/// A credit by hand of another tenant, and what becomes of it when it waits for a second person (money_four_eyes).
pub(super) async fn credits(tx: &mut TenantTx, id: &ManualCreditId) {
    assert_eq!(tx.manual_credit_get(id).await.unwrap(), None);
    assert!(!tx.manual_credit_done(id, NOON).await.unwrap());
    assert!(!tx.credit_ask(id, ("user:5", Some("user:5")), NOON).await.unwrap());
    assert_eq!(tx.credit_ask_get(id).await.unwrap(), None);
    assert_eq!(tx.credits_waiting(10).await.unwrap(), []);
    assert_eq!(tx.credit_copies(id).await.unwrap(), []);
    assert!(!tx.credit_copy_forget(ChatId::from(ALICE), MessageId(77)).await.unwrap());
    assert!(!tx.credit_first(id, "user:5").await.unwrap());
    assert!(!tx.credit_approve(id, "user:5", NOON).await.unwrap());
    assert!(!tx.credit_end(id, CreditAsk::Declined, "user:5", NOON).await.unwrap());
    let most = Money::kopecks(1_000);
    assert!(
        tx.alone_take(DAY, ADMIN, most, most).await.unwrap(),
        "the same admin in another bot has a day of their own"
    );
    assert!(!tx.alone_take(DAY, ADMIN, Money::kopecks(1), most).await.unwrap());
}
