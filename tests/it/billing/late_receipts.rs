//! Transfers around the end of their request's time: a term that begins anew, pictures that come or are looked at late, the till
//! that meets a claim, and how many requests and how much money without a person one person may have (bot.md 11.3; T02).

use std::time::{Duration, Instant};

use botyard::billing::{self, Alone, Approval, Claim, Claimed, Payer, Rejection, SbpTerms, WhyTwo};
use botyard::domain::receipt::{ReceiptFlag, ReceiptFlags};
use botyard::domain::{Corr, InvoiceId, InvoiceState, MediaId, Money, PaymentId, UnixMs};
use botyard::store::{Db, InvoiceRow, NewInvoice, TenantTx, UserRow};

use super::races::at_once;
use crate::store::world::{ALICE, BOB, NOON, above, later, person, two_tenants, within};
use crate::util::app::PATIENCE;
use crate::util::db::{TestDb, on_each_db, on_postgres};

const DAY: Duration = Duration::from_hours(24);
const FIFTY: Money = Money::kopecks(5_000);
const HOUR: i64 = 3_600_000;
/// When a request made at noon is over.
const OVER: i64 = 24 * HOUR;

/// Opens a request of `amount` at `now`, to today's requisites `to`.
async fn request(tx: &mut TenantTx, user: &UserRow, amount: Money, to: &[u8], now: UnixMs) -> InvoiceRow {
    let corr = Corr::random();
    let payer = Payer { user_id: user.user_id, user_ref: &user.user_ref, corr: &corr, now, life: DAY };
    let terms = SbpTerms { requisites: to, same: &|of| of == to, most_open: 3 };
    billing::open_sbp(tx, &payer, amount, terms).await.unwrap().unwrap()
}

/// Sends a picture at one moment that is looked at at another; `looks` names it.
async fn send(
    tx: &mut TenantTx,
    invoice: &InvoiceId,
    looks: &str,
    alone: Option<Alone<'_>>,
    (sent, now): (UnixMs, UnixMs),
) -> (PaymentId, Claimed) {
    let (id, media, corr) = (PaymentId::random(), MediaId::random(), Corr::random());
    let source = format!("sbp:{}", id.short());
    let claim = Claim {
        id: &id,
        invoice,
        source: &source,
        media: &media,
        file_unique_id: Some(looks),
        sha256: looks,
        evidence: None,
        flags: "",
        alone,
        accepted_at: sent,
        most: 5,
        corr: &corr,
        now,
    };
    let claimed = billing::claim(tx, &claim).await.unwrap();
    (id, claimed)
}

async fn state(tx: &mut TenantTx, id: &InvoiceId) -> InvoiceState {
    tx.invoice_get(id).await.unwrap().unwrap().state
}

async fn flags(tx: &mut TenantTx, id: &PaymentId) -> Vec<ReceiptFlag> {
    ReceiptFlags::read(&tx.payment_get(id).await.unwrap().unwrap().flags)
}

async fn approve(tx: &mut TenantTx, id: &PaymentId, now: UnixMs) -> Approval {
    billing::approve(tx, id, "7", Alone::UNLIMITED, &Corr::random(), now).await.unwrap()
}

/// 200 roubles of one person on a day.
fn limit<'a>(approver: &'a str, day: &'a str) -> Alone<'a> {
    Alone { approver, day, most: Money::ZERO, most_a_day: Money::kopecks(20_000) }
}

/// The till passes.
async fn expire(db: &Db, now: UnixMs) -> u64 {
    above(db, async |tx| tx.invoices_expire(now, 10).await.unwrap()).await
}

on_each_db! {
    async fn a_request_that_is_shown_again_has_a_whole_term_and_todays_requisites(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let (old, new) = within(&db, &a, async |tx| {
            let first = request(tx, &alice, FIFTY, b"card", NOON).await;
            assert_eq!(first.expires_at, later(OVER));
            let almost = later(OVER - 1);
            let again = request(tx, &alice, FIFTY, b"card", almost).await;
            assert_eq!((&again.id, again.amount), (&first.id, first.amount), "one request of an amount");
            assert_eq!(again.expires_at, almost.plus(DAY));
            // The card was replaced: a transfer to the old one would be lost.
            let other = request(tx, &alice, FIFTY, b"another card", almost).await;
            assert_ne!(other.id, first.id);
            assert_ne!(other.amount, first.amount, "a sum of its own");
            assert_eq!(other.requisites.as_deref(), Some(&b"another card"[..]));
            let again = request(tx, &alice, FIFTY, b"another card", almost).await;
            assert_eq!(again.id, other.id);
            (first.id, other.id)
        })
        .await;
        // Who has paid to the old one may prove it in its time.
        assert_eq!(expire(&db, later(OVER)).await, 0);
        within(&db, &a, async |tx| {
            let open = tx.invoices_open_sbp_of(ALICE, later(OVER), 9).await.unwrap();
            let mut ids: Vec<_> = open.into_iter().map(|row| row.id).collect();
            ids.sort();
            let mut both = vec![old, new];
            both.sort();
            assert_eq!(ids, both);
        })
        .await;
    }

    async fn a_picture_that_came_in_time_is_in_time_however_late_it_is_looked_at(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let requests = within(&db, &a, async |tx| {
            let mut all = Vec::new();
            for roubles in [50, 60] {
                all.push(request(tx, &alice, Money::kopecks(roubles * 100), b"card", NOON).await);
            }
            all
        })
        .await;
        assert_eq!(expire(&db, later(OVER)).await, 2);
        let (sent, now) = (later(OVER - 1), later(OVER + HOUR));
        within(&db, &a, async |tx| {
            let (_, claimed) = send(tx, &requests[0].id, "one", None, (sent, now)).await;
            assert!(matches!(claimed, Claimed::Review(_)), "{claimed:?}");
            assert_eq!(state(tx, &requests[0].id).await, InvoiceState::Review);
            let (_, claimed) = send(tx, &requests[1].id, "two", Some(Alone::UNLIMITED), (sent, now)).await;
            assert!(matches!(claimed, Claimed::Credited(_)), "what nobody need look at is credited: {claimed:?}");
            assert_eq!(billing::balance(tx, &alice.user_ref).await.unwrap().available, requests[1].amount);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    async fn a_picture_that_came_late_is_a_persons_to_decide_and_decided_requests_take_none(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let (swept, unswept) = within(&db, &a, async |tx| {
            let swept = request(tx, &alice, FIFTY, b"card", NOON).await;
            (swept, request(tx, &alice, Money::kopecks(6_000), b"card", later(HOUR)).await)
        })
        .await;
        assert_eq!(expire(&db, later(OVER)).await, 1);
        let late = later(OVER + HOUR);
        within(&db, &a, async |tx| {
            // Whatever it shows, and whether the till has passed or not.
            for (invoice, looks) in [(&swept, "one"), (&unswept, "two")] {
                let (id, claimed) = send(tx, &invoice.id, looks, Some(Alone::UNLIMITED), (late, late)).await;
                let Claimed::Review(payment) = claimed else { panic!("{claimed:?}") };
                assert!(payment.media_id.is_some(), "the proof is kept");
                assert_eq!(state(tx, &invoice.id).await, InvoiceState::Review);
                assert!(matches!(approve(tx, &id, late).await, Approval::Credited(_)));
                let (_, after) = send(tx, &invoice.id, &format!("{looks} again"), None, (late, late)).await;
                assert_eq!(after, Claimed::Closed, "it is approved");
            }
            let both = swept.amount.plus(unswept.amount).unwrap();
            assert_eq!(billing::balance(tx, &alice.user_ref).await.unwrap().available, both);
            let refused = request(tx, &alice, FIFTY, b"card", late).await;
            for n in 0..5 {
                let (id, _) = send(tx, &refused.id, &format!("bad {n}"), None, (late, late)).await;
                let done = billing::reject(tx, &id, "7", "amount", (5, DAY), late).await.unwrap();
                assert!(matches!(done, Rejection::Rejected(..)), "{done:?}");
            }
            assert_eq!(send(tx, &refused.id, "a sixth", None, (late, late)).await.1, Claimed::Over);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    async fn a_sum_that_another_request_has_by_now_is_flagged_and_can_be_credited(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await, person(&db, &a, BOB).await);
        let old = within(&db, &a, async |tx| request(tx, &alice, FIFTY, b"card", NOON).await).await;
        assert_eq!(expire(&db, later(OVER)).await, 1);
        let (sent, now) = (later(OVER - 1), later(OVER + 1));
        within(&db, &a, async |tx| {
            let (id, corr) = (InvoiceId::random(), Corr::random());
            let same = NewInvoice {
                id: &id,
                user_id: bob.user_id,
                user_ref: &bob.user_ref,
                method: old.method,
                requested: FIFTY,
                amount: old.amount,
                stars: None,
                rate: None,
                requisites: Some(b"card"),
                corr: &corr,
                expires_at: later(3 * OVER),
            };
            assert!(tx.invoice_insert(&same, now).await.unwrap(), "the sum is free again");
            let (first, claimed) = send(tx, &old.id, "one", Some(Alone::UNLIMITED), (sent, now)).await;
            assert!(matches!(claimed, Claimed::Review(_)), "whose money it is a person says: {claimed:?}");
            assert_eq!(flags(tx, &first).await, [ReceiptFlag::Taken]);
            assert_eq!(state(tx, &old.id).await, InvoiceState::Expired);
            assert_eq!(send(tx, &old.id, "one", None, (sent, now)).await.1, Claimed::Waiting);
            let done = billing::reject(tx, &first, "7", "amount", (5, DAY), now).await.unwrap();
            assert!(matches!(done, Rejection::Rejected(_, 4)), "{done:?}");
            let (second, _) = send(tx, &old.id, "two", None, (now, now)).await;
            assert!(matches!(approve(tx, &second, now).await, Approval::Credited(_)));
            assert_eq!(state(tx, &old.id).await, InvoiceState::Approved);
            assert_eq!(state(tx, &id).await, InvoiceState::Open, "the other one's request is as it was");
            assert_eq!(billing::balance(tx, &alice.user_ref).await.unwrap().available, old.amount);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    async fn an_approval_for_a_closed_request_says_so_and_keeps_nothing(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| {
            let invoice = request(tx, &alice, FIFTY, b"card", NOON).await;
            let (id, _) = send(tx, &invoice.id, "one", None, (NOON, NOON)).await;
            for (from, to) in [(InvoiceState::Review, InvoiceState::Closed), (InvoiceState::Closed, InvoiceState::Rejected)] {
                assert!(tx.invoice_move(&invoice.id, &[from], to, NOON).await.unwrap());
                assert_eq!(approve(tx, &id, NOON).await, Approval::Closed, "{to:?}");
            }
            assert_eq!(tx.payments_review_count().await.unwrap(), 1);
            let done = billing::reject(tx, &id, "7", "amount", (5, DAY), NOON).await.unwrap();
            assert!(matches!(done, Rejection::Rejected(..)), "the way out of the queue: {done:?}");
            assert_eq!(billing::balance(tx, &alice.user_ref).await.unwrap().available, Money::ZERO);
        })
        .await;
    }

    async fn a_further_request_of_one_person_ends_the_oldest_that_has_no_picture(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await, person(&db, &a, BOB).await);
        within(&db, &a, async |tx| {
            let others = request(tx, &bob, FIFTY, b"card", NOON).await;
            let mut all = Vec::new();
            for n in 0..3 {
                let invoice = request(tx, &alice, Money::kopecks(50_000 + n), b"card", later(n)).await;
                all.push(invoice);
            }
            // The oldest has had a picture: it is kept as long as there is one without.
            let (id, _) = send(tx, &all[0].id, "one", None, (later(5), later(5))).await;
            billing::reject(tx, &id, "7", "amount", (5, DAY), later(6)).await.unwrap();
            for n in 3..6 {
                all.push(request(tx, &alice, Money::kopecks(50_000 + n), b"card", later(10 + n)).await);
            }
            let mut states = Vec::new();
            for invoice in &all {
                states.push(state(tx, &invoice.id).await);
            }
            let (open, over) = (InvoiceState::Open, InvoiceState::Expired);
            assert_eq!(states, [open, over, over, over, open, open]);
            assert_eq!(state(tx, &others.id).await, open, "another person's");
            // What is shown again opens nothing and ends nothing.
            request(tx, &alice, Money::kopecks(50_000), b"card", later(20)).await;
            assert_eq!(state(tx, &all[4].id).await, open);
            // One that was ended so was paid, perhaps, before its end or after.
            let (_, claimed) = send(tx, &all[1].id, "two", None, (later(21), later(21))).await;
            assert!(matches!(claimed, Claimed::Review(_)), "{claimed:?}");
        })
        .await;
    }

    async fn money_by_itself_of_many_pictures_at_once_is_no_more_than_a_days_limit(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let (alice, bob) = (person(&test.db, &a, ALICE).await, person(&test.db, &a, BOB).await);
        let corr = Corr::random();
        let mut requests = Vec::new();
        for n in 0..12 {
            let id = InvoiceId::random();
            let new = NewInvoice {
                id: &id,
                user_id: alice.user_id,
                user_ref: &alice.user_ref,
                method: botyard::domain::PayMethod::Sbp,
                requested: FIFTY,
                amount: Money::kopecks(5_001 + n),
                stars: None,
                rate: None,
                requisites: Some(b"card"),
                corr: &corr,
                expires_at: later(OVER),
            };
            assert!(within(&test.db, &a, async |tx| tx.invoice_insert(&new, NOON).await.unwrap()).await);
            requests.push(id);
        }
        let replicas = [test.db.clone(), test.again().await];
        let name = billing::by_itself(&alice.user_ref);
        let credited = at_once(12, |n| {
            let (db, a, invoice, name) = (replicas[n % 2].clone(), a.clone(), requests[n].clone(), name.clone());
            async move {
                let mut tx = db.tenant(&a).await.unwrap();
                let alone = limit(&name, "2026-11-22");
                let (id, claimed) = send(&mut tx, &invoice, &format!("picture {n}"), Some(alone), (NOON, NOON)).await;
                let flags = flags(&mut tx, &id).await;
                tx.commit().await.unwrap();
                let credited = matches!(claimed, Claimed::Credited(_));
                assert_eq!(flags, if credited { vec![] } else { vec![ReceiptFlag::Day] });
                credited
            }
        })
        .await;
        assert_eq!(credited.iter().filter(|credited| **credited).count(), 3, "three of 50 roubles are within 200");
        within(&test.db, &a, async |tx| {
            assert_eq!(tx.payments_review_count().await.unwrap(), 9);
            // Somebody else and another day begin anew; a person who approves is not held by it.
            let theirs = billing::by_itself(&bob.user_ref);
            for (name, day) in [(&theirs, "2026-11-22"), (&name, "2026-11-23")] {
                assert_eq!(billing::approve_alone(tx, limit(name, day), FIFTY).await.unwrap(), None);
            }
            let why = billing::approve_alone(tx, limit(&name, "2026-11-22"), FIFTY).await.unwrap();
            assert_eq!(why, Some(WhyTwo::Day(Money::kopecks(20_000))));
            let waiting = tx.payments_review_oldest(1).await.unwrap().remove(0);
            assert!(matches!(approve(tx, &waiting.id, NOON).await, Approval::Credited(_)));
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
        replicas[1].close().await;
    }
}

/// SQLite has one writer, so there the till cannot wait in the middle of its statement.
#[test]
fn a_request_whose_picture_is_claimed_while_the_till_waits_for_it_stays_under_review() {
    on_postgres(|test| async move {
        let (a, _) = two_tenants(&test.db).await;
        let alice = person(&test.db, &a, ALICE).await;
        let invoice = within(&test.db, &a, async |tx| request(tx, &alice, FIFTY, b"card", NOON).await).await;
        let mut claiming = test.db.tenant(&a).await.unwrap();
        let (id, claimed) = send(&mut claiming, &invoice.id, "one", None, (NOON, later(OVER))).await;
        assert!(matches!(claimed, Claimed::Review(_)), "{claimed:?}");
        let commit = async {
            // The till has chosen its rows and waits for the one that the claim holds.
            let waits =
                "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
                AND query LIKE 'UPDATE invoices SET state = ''expired''%'";
            let began = Instant::now();
            while sqlx::query_scalar::<_, i64>(waits).fetch_one(test.db.raw_postgres().unwrap()).await.unwrap() == 0 {
                assert!(began.elapsed() < PATIENCE, "the till does not wait");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            claiming.commit().await.unwrap();
        };
        let (expired, ()) = tokio::join!(expire(&test.db, later(OVER + 1)), commit);
        assert_eq!(expired, 0);
        within(&test.db, &a, async |tx| {
            assert_eq!(state(tx, &invoice.id).await, InvoiceState::Review);
            assert!(matches!(approve(tx, &id, later(OVER + 2)).await, Approval::Credited(_)));
        })
        .await;
    });
}
