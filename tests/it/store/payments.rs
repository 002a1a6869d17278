//! Requests to top up, payments, reviews and fingerprints of receipts: what the indexes refuse, and what spans tenants.

use botyard::domain::{
    BotInstanceId, ChatId, Corr, InvoiceId, InvoiceState, MediaId, MessageId, Money, PayMethod, PaymentId, PaymentState,
};
use botyard::store::{
    Db, Decision, NewInvoice, NewPayment, ReceiptPrintRow, ReviewCopyRow, StarsCheckRow, StarsCourseRow, TenantTx,
    UserRow,
};

use super::world::{ALICE, BOB, NOON, above, later, person, two_tenants, within};
use crate::util::db::on_each_db;

/// What a tenant of the isolation tests has of money in.
pub(super) struct Till {
    pub(super) invoice: InvoiceId,
    pub(super) review: PaymentId,
    pub(super) charge: PaymentId,
}

pub(super) const CHARGE: &str = "stx-home";
pub(super) const PICTURE: &str = "5ha256";

pub(super) fn sbp<'a>(id: &'a InvoiceId, user: &'a UserRow, kopecks: i64, corr: &'a Corr) -> NewInvoice<'a> {
    NewInvoice {
        id,
        user_id: user.user_id,
        user_ref: &user.user_ref,
        method: PayMethod::Sbp,
        requested: Money::kopecks(kopecks / 100 * 100),
        amount: Money::kopecks(kopecks),
        stars: None,
        rate: None,
        requisites: Some(b"sealed"),
        corr,
        expires_at: later(1_000),
    }
}

pub(super) fn payment<'a>(id: &'a PaymentId, user: &'a UserRow, source: &'a str, corr: &'a Corr) -> NewPayment<'a> {
    NewPayment {
        id,
        invoice_id: None,
        user_id: user.user_id,
        user_ref: &user.user_ref,
        method: PayMethod::Sbp,
        state: PaymentState::Review,
        amount: Money::kopecks(5_017),
        stars: None,
        charge_id: None,
        source,
        attempt: 1,
        media_id: None,
        file_unique_id: None,
        sha256: None,
        evidence: None,
        flags: "",
        corr,
    }
}

/// Fills the tables of a tenant.
pub(super) async fn fill(tx: &mut TenantTx, user: &UserRow, corr: &Corr) -> Till {
    let (invoice, review, charge) = (InvoiceId::random(), PaymentId::random(), PaymentId::random());
    let media = MediaId::random();
    assert!(tx.invoice_insert(&sbp(&invoice, user, 5_017, corr), NOON).await.unwrap());
    let mut new = payment(&review, user, "first", corr);
    (new.invoice_id, new.sha256, new.file_unique_id) = (Some(&invoice), Some(PICTURE), Some("file"));
    new.media_id = Some(&media);
    assert!(tx.payment_insert(&new, NOON).await.unwrap());
    let mut new = payment(&charge, user, CHARGE, corr);
    (new.method, new.state) = (PayMethod::Stars, PaymentState::Approved);
    (new.stars, new.charge_id) = (Some(80), Some(CHARGE));
    assert!(tx.payment_insert(&new, NOON).await.unwrap());
    tx.review_copy_put(&review, ChatId(9), MessageId(9), NOON).await.unwrap();
    tx.stars_check_put(&check("")).await.unwrap();
    tx.stars_course_put(&course(300)).await.unwrap();
    Till { invoice, review, charge }
}

pub(super) fn course(settled: i64) -> StarsCourseRow {
    StarsCourseRow {
        settled,
        charges: 1,
        whole_to: Some(100),
        whole_since: NOON,
        whole_at: later(-1),
        credited: 2,
        strangers: "stx-a\nstx-b".to_owned(),
    }
}

pub(super) fn check(drift: &str) -> StarsCheckRow {
    StarsCheckRow { checked_at: NOON, listed: 1, credited: 0, drift: drift.to_owned() }
}

fn decision(from: PaymentState, to: PaymentState) -> Decision<'static> {
    Decision { from, to, by: "auto", reason: None }
}

fn print(id: &PaymentId, tenant: &BotInstanceId, name: &str, shade: i64) -> ReceiptPrintRow {
    ReceiptPrintRow {
        payment_id: id.clone(),
        tenant: tenant.clone(),
        file_print: format!("file {name}"),
        picture_print: format!("picture {name}"),
        shade: Some(shade),
        operation_print: None,
        operation_parts: None,
    }
}

on_each_db! {
    async fn an_open_transfer_has_an_amount_of_its_own(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (alice, bob, corr) = (person(&db, &a, ALICE).await, person(&db, &b, BOB).await, Corr::random());
        let (first, second, theirs) = (InvoiceId::random(), InvoiceId::random(), InvoiceId::random());
        within(&db, &a, async |tx| {
            assert!(tx.invoice_insert(&sbp(&first, &alice, 5_017, &corr), NOON).await.unwrap());
            assert!(!tx.invoice_insert(&sbp(&second, &alice, 5_017, &corr), NOON).await.unwrap());
            let taken = tx.invoice_amounts_taken(Money::kopecks(5_000), Money::kopecks(5_100)).await.unwrap();
            assert_eq!(taken, [Money::kopecks(5_017)]);
        })
        .await;
        within(&db, &b, async |tx| {
            assert!(tx.invoice_insert(&sbp(&theirs, &bob, 5_017, &corr), NOON).await.unwrap(), "another tenant's");
        })
        .await;
        above(&db, async |tx| {
            assert_eq!(tx.invoices_expire(later(999), 10).await.unwrap(), 0);
            assert_eq!(tx.invoices_expire(later(1_000), 10).await.unwrap(), 2);
        })
        .await;
        within(&db, &a, async |tx| {
            assert_eq!(tx.invoice_get(&first).await.unwrap().unwrap().state, InvoiceState::Expired);
            assert!(tx.invoice_insert(&sbp(&second, &alice, 5_017, &corr), later(1)).await.unwrap(), "its tail is free");
            assert_eq!(tx.invoices_of(ALICE, 5).await.unwrap().len(), 2);
            let open = tx.invoices_open_sbp_of(ALICE, later(2), 3).await.unwrap();
            assert_eq!(open.iter().map(|i| &i.id).collect::<Vec<_>>(), [&second]);
        })
        .await;
    }

    async fn pictures_of_a_request_are_counted_to_their_limit_and_not_after_its_end(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, corr, id) = (person(&db, &a, ALICE).await, Corr::random(), InvoiceId::random());
        within(&db, &a, async |tx| {
            tx.invoice_insert(&sbp(&id, &alice, 5_017, &corr), NOON).await.unwrap();
            assert_eq!(tx.invoice_attempt(&id, 2, NOON).await.unwrap(), Some(1));
            assert!(tx.invoice_move(&id, &[InvoiceState::Open], InvoiceState::Review, NOON).await.unwrap());
            assert!(!tx.invoice_move(&id, &[InvoiceState::Open], InvoiceState::Review, NOON).await.unwrap());
            assert_eq!(tx.invoice_attempt(&id, 2, NOON).await.unwrap(), Some(2));
            assert_eq!(tx.invoice_attempt(&id, 2, NOON).await.unwrap(), None, "the limit");
            let from = [InvoiceState::Open, InvoiceState::Review];
            assert!(tx.invoice_move(&id, &from, InvoiceState::Approved, NOON).await.unwrap());
            assert_eq!(tx.invoice_attempt(&id, 9, NOON).await.unwrap(), None, "it is over");
        })
        .await;
    }

    async fn a_charge_a_fact_and_a_picture_are_recorded_once(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, corr) = (person(&db, &a, ALICE).await, Corr::random());
        within(&db, &a, async |tx| {
            let till = fill(tx, &alice, &corr).await;
            let id = PaymentId::random();
            assert!(!tx.payment_insert(&payment(&id, &alice, "first", &corr), NOON).await.unwrap(), "the fact");
            let mut same = payment(&id, &alice, "other", &corr);
            same.sha256 = Some(PICTURE);
            assert!(!tx.payment_insert(&same, NOON).await.unwrap(), "the picture");
            (same.sha256, same.file_unique_id) = (None, Some("file"));
            assert!(!tx.payment_insert(&same, NOON).await.unwrap(), "the file");
            same.state = PaymentState::Duplicate;
            assert!(tx.payment_insert(&same, NOON).await.unwrap(), "that it was a duplicate is noted");
            let known = tx.payment_of_picture("none", "file").await.unwrap().unwrap();
            assert_eq!(known.id, till.review);
            let (review, approved, rejected) = (PaymentState::Review, PaymentState::Approved, PaymentState::Rejected);
            assert!(tx.payment_decide(&till.review, &decision(review, rejected), NOON).await.unwrap());
            assert!(!tx.payment_decide(&till.review, &decision(review, approved), NOON).await.unwrap(), "decided");
            assert_eq!(tx.payment_of_picture(PICTURE, "file").await.unwrap(), None, "a refused picture may come again");
            assert_eq!(tx.payment_refund_begins(&till.charge, PaymentState::Refunding, NOON).await.unwrap(), Some(1));
            assert_eq!(tx.payment_refund_begins(&till.charge, PaymentState::Refunding, NOON).await.unwrap(), None);
            let back = Decision { from: PaymentState::Refunding, ..decision(review, approved) };
            assert!(tx.payment_decide(&till.charge, &back, NOON).await.unwrap());
            assert_eq!(tx.payment_refund_begins(&till.charge, PaymentState::Refunded, NOON).await.unwrap(), Some(2));
            assert_eq!(tx.payments_unconfirmed(NOON, 5).await.unwrap(), [CHARGE]);
            assert!(tx.payment_confirmed(CHARGE, NOON).await.unwrap());
            assert!(!tx.payment_confirmed(CHARGE, NOON).await.unwrap());
            assert_eq!(tx.payments_unconfirmed(NOON, 5).await.unwrap(), Vec::<String>::new());
        })
        .await;
    }

    async fn what_waits_for_a_person_is_found_in_its_order(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (alice, corr) = (person(&db, &a, ALICE).await, Corr::random());
        let till = within(&db, &a, async |tx| fill(tx, &alice, &corr).await).await;
        let second = PaymentId::random();
        within(&db, &a, async |tx| {
            let mut new = payment(&second, &alice, "second", &corr);
            new.invoice_id = Some(&till.invoice);
            assert!(tx.payment_insert(&new, later(5)).await.unwrap());
            assert_eq!(tx.payments_review_count().await.unwrap(), 2);
            assert_eq!(tx.payments_review_oldest(1).await.unwrap()[0].id, till.review);
            assert_eq!(tx.payments_recent(10).await.unwrap().len(), 3);
            assert_eq!(tx.payments_with_picture(5).await.unwrap(), std::slice::from_ref(&till.review));
            assert_eq!(tx.payments_totals().await.unwrap(), [(PayMethod::Stars, 1, Money::kopecks(5_017))]);
        })
        .await;
        above(&db, async |tx| {
            let due = tx.reviews_waiting(later(4), later(-1), 10).await.unwrap();
            assert_eq!(due.iter().map(|row| &row.id).collect::<Vec<_>>(), [&till.review]);
        })
        .await;
        within(&db, &a, async |tx| {
            assert!(tx.payment_reminded(&till.review, 1).await.unwrap());
            assert!(!tx.payment_reminded(&till.review, 1).await.unwrap());
            let copy = ReviewCopyRow { chat_id: ChatId(9), message_id: MessageId(9) };
            assert_eq!(tx.review_copies(&till.review).await.unwrap(), [copy]);
            assert_eq!(tx.payments_supersede(&till.invoice, &till.review, later(6)).await.unwrap(), std::slice::from_ref(&second));
            assert_eq!(tx.payment_get(&second).await.unwrap().unwrap().state, PaymentState::Superseded);
        })
        .await;
        above(&db, async |tx| {
            assert!(tx.reviews_waiting(later(9), later(-1), 10).await.unwrap().is_empty(), "reminded once");
            assert_eq!(tx.reviews_waiting(later(9), later(9), 10).await.unwrap().len(), 1, "the second reminder");
            // Compared at noon: again after the short pause where Stars are in use, after the long one elsewhere.
            assert_eq!(tx.stars_due(later(-1), later(-1), later(-9), 9).await.unwrap(), []);
            assert_eq!(tx.stars_due(later(1), later(-1), later(-9), 9).await.unwrap(), []);
            assert_eq!(tx.stars_due(later(1), later(1), later(-9), 9).await.unwrap(), [a.clone(), b.clone()]);
        })
        .await;
    }

    async fn the_payments_of_a_whole_page_are_read_together(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let user = person(&db, &a, ALICE).await;
        let corr = Corr::random();
        let charges: Vec<String> = (0..100).map(|n| format!("stx{n}")).collect();
        within(&db, &a, async |tx| {
            for charge in charges.iter().step_by(2) {
                let id = PaymentId::random();
                let mut new = payment(&id, &user, charge, &corr);
                (new.method, new.state) = (PayMethod::Stars, PaymentState::Approved);
                (new.stars, new.charge_id) = (Some(80), Some(charge.as_str()));
                assert!(tx.payment_insert(&new, NOON).await.unwrap());
            }
            assert!(tx.payment_confirmed("stx4", later(7)).await.unwrap());
            let asked: Vec<&str> = charges.iter().map(String::as_str).collect();
            for n in [1, 19, 20, 21, 100] {
                let mut found = tx.payments_by_charges(&asked[..n]).await.unwrap();
                found.sort_by_key(|row| row.charge_id.trim_start_matches("stx").parse::<i64>().unwrap());
                let names: Vec<&str> = found.iter().map(|row| row.charge_id.as_str()).collect();
                assert_eq!(names, asked[..n].iter().copied().step_by(2).collect::<Vec<_>>(), "each once");
                assert!(found.iter().all(|row| row.state == PaymentState::Approved));
                assert_eq!(found.iter().filter(|row| row.confirmed_at == Some(later(7))).count(), usize::from(n > 4));
            }
            assert_eq!(tx.payments_by_charges(&[]).await.unwrap(), []);
            assert_eq!(tx.stars_course_get().await.unwrap(), None);
            tx.stars_course_put(&course(1)).await.unwrap();
            let now = StarsCourseRow { whole_to: None, ..course(2) };
            tx.stars_course_put(&now).await.unwrap();
            assert_eq!(tx.stars_course_get().await.unwrap(), Some(now));
        })
        .await;
    }

    async fn near_receipts_are_found_in_every_tenant(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (one, near, far) = (PaymentId::random(), PaymentId::random(), PaymentId::random());
        let shade = 0x0123_4567_89ab_cdef_i64;
        above(&db, async |tx| {
            tx.receipt_print_put(&print(&one, &a, "one", shade), NOON).await.unwrap();
            tx.receipt_print_put(&print(&one, &a, "again", 1), NOON).await.unwrap();
            tx.receipt_print_put(&print(&far, &b, "far", !shade), NOON).await.unwrap();
            // Four bits, each in a part of its own: the fifth part still finds it.
            let asked = print(&near, &b, "near", shade ^ (1 | 1 << 13 | 1 << 26 | 1 << 39));
            let found = tx.receipt_prints_like(&asked).await.unwrap();
            assert_eq!(found, [print(&one, &a, "one", shade)]);
            let said = |parts: Option<&str>| ReceiptPrintRow { operation_parts: parts.map(str::to_owned), ..asked.clone() };
            for (own, other, another) in [
                (Some("a,b,c"), Some("a,d,e"), true), (Some("a,b,c"), Some("a,b,d"), false), (Some("a,b,c"), Some("a,b,c"), false),
                (Some("a,b,c"), None, false), (None, Some("a,b,c"), false), (None, None, false),
            ] {
                assert_eq!(said(own).is_of_another_operation(&said(other)), another, "{own:?} {other:?}");
            }
            let (id, kept) = (PaymentId::random(), said(Some("a,b,c")));
            tx.receipt_print_put(&ReceiptPrintRow { payment_id: id.clone(), ..kept.clone() }, NOON).await.unwrap();
            let found = tx.receipt_prints_like(&kept).await.unwrap();
            assert_eq!(found.iter().find(|row| row.payment_id == id).unwrap().operation_parts.as_deref(), Some("a,b,c"));
            let same_file = ReceiptPrintRow { file_print: "file far".to_owned(), shade: None, ..print(&near, &a, "x", 0) };
            assert_eq!(tx.receipt_prints_like(&same_file).await.unwrap()[0].payment_id, far);
        })
        .await;
    }
}
