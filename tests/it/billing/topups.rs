//! Money in and back out: credited once for each fact, debts repaid first, and races on both databases (reliability.md T05, T08;
//! decisions.md 9).

use std::time::{Duration, Instant};

use botyard::billing::{self, Held, Paid};
use botyard::domain::{Corr, GenerationId, InvoiceId, Money, PayMethod, PaymentId, PaymentState};
use botyard::store::{Db, NewPayment};

use super::races::at_once;
use crate::store::world::{ALICE, NOON, person, two_tenants, within};
use crate::util::db::{TestDb, on_each_db};
use crate::util::env;

/// Until somebody waits for a lock in this database. On SQLite the second writer waits outside it.
async fn waits(db: &Db) {
    const WAITING: &str = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE NOT l.granted AND a.datname = current_database()";
    let Some(pool) = db.raw_postgres() else { return };
    let began = Instant::now();
    while sqlx::query_scalar::<_, i64>(WAITING).fetch_one(pool).await.unwrap() == 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody waits");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const FIFTY: Money = Money::kopecks(5_000);
const THIRTY: Money = Money::kopecks(3_000);

on_each_db! {
    /// T05: 32 deliveries of one charge over two replicas, for each of many charges.
    async fn money_charge_once(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let alice = person(&test.db, &a, ALICE).await;
        let replicas = [test.db.clone(), test.again().await];
        let charges = env::count(50, 1_000);
        for n in 0..charges {
            let charge = &*format!("stx{n}");
            let credited = at_once(32, |n| {
                let (db, a, alice, corr) = (replicas[n % 2].clone(), a.clone(), alice.clone(), Corr::random());
                let charge = charge.to_owned();
                async move {
                    let charge = charge.as_str();
                    let mut tx = db.tenant(&a).await.unwrap();
                    let id = PaymentId::random();
                    let new = NewPayment {
                        id: &id,
                        invoice_id: None,
                        user_id: ALICE,
                        user_ref: &alice.user_ref,
                        method: PayMethod::Stars,
                        state: PaymentState::Approved,
                        amount: FIFTY,
                        stars: Some(80),
                        charge_id: Some(charge),
                        source: charge,
                        attempt: 1,
                        media_id: None,
                        file_unique_id: None,
                        sha256: None,
                        evidence: None,
                        flags: "",
                        corr: &corr,
                    };
                    let new_row = tx.payment_insert(&new, NOON).await.unwrap();
                    let done = billing::top_up(&mut tx, &alice.user_ref, Paid::Stars(charge), FIFTY, &corr, NOON);
                    let done = done.await.unwrap();
                    assert_eq!(new_row, done.credited, "row and money go together");
                    tx.commit().await.unwrap();
                    done.credited
                }
            })
            .await;
            assert_eq!(credited.iter().filter(|credited| **credited).count(), 1);
        }
        within(&test.db, &a, async |tx| {
            let count = i64::try_from(charges).unwrap();
            let all = Money::kopecks(5_000 * count);
            assert_eq!(billing::balance(tx, &alice.user_ref).await.unwrap().available, all);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
            assert_eq!(tx.payments_totals().await.unwrap(), [(PayMethod::Stars, count, all)]);
        })
        .await;
        replicas[1].close().await;
    }

    async fn a_refund_takes_what_is_there_and_the_next_top_up_repays_the_rest(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let (user, corr, generation) = (&alice.user_ref, Corr::random(), GenerationId::random());
        within(&db, &a, async |tx| {
            billing::top_up(tx, user, Paid::Stars("c1"), FIFTY, &corr, NOON).await.unwrap();
            let placed = billing::hold(tx, user, &generation, 1, THIRTY, &corr, NOON).await.unwrap();
            let Held::Placed(hold) = placed else { panic!("{placed:?}") };
            let back = billing::refund_stars(tx, user, "c1", 1, FIFTY, &corr, NOON).await.unwrap();
            assert_eq!((back.taken, back.owed), (Money::kopecks(2_000), THIRTY), "what is held is never taken");
            let now = billing::balance(tx, user).await.unwrap();
            assert_eq!((now.available, now.held, now.debt), (Money::kopecks(-3_000), THIRTY, THIRTY));
            // The generation fails: its money comes back, and still nothing new may begin.
            assert!(billing::release(tx, &hold, &generation, 1, &corr, NOON).await.unwrap());
            assert_eq!(billing::balance(tx, user).await.unwrap().available, Money::ZERO);
            let next = billing::hold(tx, user, &GenerationId::random(), 1, Money::kopecks(1), &corr, NOON).await.unwrap();
            assert!(matches!(next, Held::Insufficient(_)), "{next:?}");
            let invoice = InvoiceId::random();
            let paid = Paid::Sbp(&invoice);
            let more = billing::top_up(tx, user, paid, FIFTY, &corr, NOON).await.unwrap();
            assert_eq!((more.credited, more.repaid), (true, THIRTY));
            assert!(!billing::top_up(tx, user, paid, FIFTY, &corr, NOON).await.unwrap().credited);
            let now = billing::balance(tx, user).await.unwrap();
            assert_eq!((now.available, now.debt), (FIFTY, Money::ZERO));
            let undone = billing::refund_undone(tx, user, "c1", 1, FIFTY, &corr, NOON).await.unwrap();
            assert!(undone && !billing::refund_undone(tx, user, "c1", 1, FIFTY, &corr, NOON).await.unwrap());
            let reversed = billing::reverse_sbp(tx, user, &invoice, FIFTY, &corr, NOON).await.unwrap();
            assert_eq!((reversed.taken, reversed.owed), (FIFTY, Money::ZERO));
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    /// The debt's row is made by the refund, so the top-up finds no row that it could wait for, and waits for the person's.
    async fn a_top_up_that_waited_for_a_refund_repays_what_the_refund_left_owed(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let alice = person(&test.db, &a, ALICE).await;
        let other = test.again().await;
        let (user, corr, generation) = (alice.user_ref.clone(), Corr::random(), GenerationId::random());
        within(&test.db, &a, async |tx| {
            billing::top_up(tx, &user, Paid::Stars("c1"), FIFTY, &corr, NOON).await.unwrap();
            let placed = billing::hold(tx, &user, &generation, 1, FIFTY, &corr, NOON).await.unwrap();
            let Held::Placed(hold) = placed else { panic!("{placed:?}") };
            billing::capture(tx, &hold, &generation, FIFTY, &corr, NOON).await.unwrap();
        })
        .await;
        let mut tx = test.db.tenant(&a).await.unwrap();
        billing::refund_stars(&mut tx, &user, "c1", 1, FIFTY, &corr, NOON).await.unwrap();
        let paying = async {
            let mut tx = other.tenant(&a).await.unwrap();
            let (invoice, corr) = (InvoiceId::random(), Corr::random());
            let done = billing::top_up(&mut tx, &user, Paid::Sbp(&invoice), FIFTY, &corr, NOON).await.unwrap();
            tx.commit().await.unwrap();
            done
        };
        let refunding = async {
            waits(&test.db).await;
            tx.commit().await.unwrap();
        };
        let (paid, ()) = tokio::join!(paying, refunding);
        assert_eq!(paid.repaid, FIFTY);
        within(&test.db, &a, async |tx| {
            let now = billing::balance(tx, &user).await.unwrap();
            assert_eq!((now.available, now.debt), (Money::ZERO, Money::ZERO));
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
        other.close().await;
    }

    /// A refund beside generations that spend the same money, told by the person's presses and by Telegram at once.
    async fn refunds_told_at_once_take_the_money_back_once(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let alice = person(&test.db, &a, ALICE).await;
        let replicas = [test.db.clone(), test.again().await];
        for round in 0..env::count(5, 100) {
            let (charge, id) = (format!("race{round}"), PaymentId::random());
            within(&test.db, &a, async |tx| {
                let corr = Corr::random();
                let new = NewPayment {
                    id: &id,
                    invoice_id: None,
                    user_id: ALICE,
                    user_ref: &alice.user_ref,
                    method: PayMethod::Stars,
                    state: PaymentState::Approved,
                    amount: FIFTY,
                    stars: Some(80),
                    charge_id: Some(&charge),
                    source: &charge,
                    attempt: 1,
                    media_id: None,
                    file_unique_id: None,
                    sha256: None,
                    evidence: None,
                    flags: "",
                    corr: &corr,
                };
                assert!(tx.payment_insert(&new, NOON).await.unwrap());
                billing::top_up(tx, &alice.user_ref, Paid::Stars(&charge), FIFTY, &corr, NOON).await.unwrap();
            })
            .await;
            let refunds = at_once(12, |n| {
                let (db, a, user) = (replicas[n % 2].clone(), a.clone(), alice.user_ref.clone());
                let (charge, id, corr) = (charge.clone(), id.clone(), Corr::random());
                async move {
                    let mut tx = db.tenant(&a).await.unwrap();
                    if n % 3 == 0 {
                        let held = billing::hold(&mut tx, &user, &GenerationId::random(), 1, THIRTY, &corr, NOON).await;
                        held.unwrap();
                        tx.commit().await.unwrap();
                        return 0;
                    }
                    let begun = tx.payment_refund_begins(&id, PaymentState::Refunding, NOON).await.unwrap();
                    if let Some(n) = begun {
                        billing::refund_stars(&mut tx, &user, &charge, n, FIFTY, &corr, NOON).await.unwrap();
                    }
                    tx.commit().await.unwrap();
                    usize::from(begun.is_some())
                }
            })
            .await;
            assert_eq!(refunds.iter().sum::<usize>(), 1);
            within(&test.db, &a, async |tx| assert_eq!(tx.ledger_violations().await.unwrap(), [])).await;
        }
        replicas[1].close().await;
    }
}
