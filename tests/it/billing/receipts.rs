//! Transfers proved by pictures: one claim for one picture, one credit for one request, nothing without an approval, on both
//! databases (reliability.md T01, T02).

use std::collections::HashMap;
use std::time::Duration;

use botyard::billing::{
    self, Alone, Approval, BY_ITSELF, Claim, Claimed, Payer, Rejection, Reversal, SbpTerms, WhyTwo,
};
use botyard::domain::{BotInstanceId, Corr, InvoiceId, InvoiceState, MediaId, Money, PayMethod, PaymentId, UserId};
use botyard::store::{Db, InvoiceRow, TenantTx, UserRow};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::races::at_once;
use crate::store::world::{ALICE, NOON, later, person, two_tenants, within};
use crate::util::db::{TestDb, on_each_db};
use crate::util::env::count;

const DAY: Duration = Duration::from_hours(24);
const FIFTY: Money = Money::kopecks(5_000);

async fn request(tx: &mut TenantTx, user: &UserRow, amount: Money) -> InvoiceRow {
    let corr = Corr::random();
    let payer = Payer { user_id: user.user_id, user_ref: &user.user_ref, corr: &corr, now: NOON, life: DAY };
    let terms = SbpTerms { requisites: b"sealed", same: &|_| true, most_open: 100 };
    billing::open_sbp(tx, &payer, amount, terms).await.unwrap().unwrap()
}

/// Sends a picture for a request; `looks` names the picture.
async fn send(tx: &mut TenantTx, invoice: &InvoiceId, looks: &str, approved: bool) -> (PaymentId, Claimed) {
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
        alone: approved.then_some(Alone::UNLIMITED),
        accepted_at: NOON,
        most: 5,
        corr: &corr,
        now: NOON,
    };
    let claimed = billing::claim(tx, &claim).await.unwrap();
    (id, claimed)
}

async fn credited(tx: &mut TenantTx) -> Money {
    let totals = tx.payments_totals().await.unwrap();
    Money::kopecks(
        totals.iter().filter(|(method, ..)| *method == PayMethod::Sbp).map(|(.., sum)| sum.as_kopecks()).sum(),
    )
}

on_each_db! {
    async fn money_screenshot_replay_of_fifty_senders_one_claims_and_nothing_is_credited(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let mut invoices = Vec::new();
        for n in 0..50 {
            let user = person(&test.db, &a, UserId(2_000 + n)).await;
            invoices.push(within(&test.db, &a, async |tx| request(tx, &user, FIFTY).await.id).await);
        }
        let replicas = [test.db.clone(), test.again().await];
        let claims = at_once(50, |n| {
            let (db, a, invoice) = (replicas[n % 2].clone(), a.clone(), invoices[n].clone());
            async move {
                let mut tx = db.tenant(&a).await.unwrap();
                let (_, claimed) = send(&mut tx, &invoice, "picture", false).await;
                tx.commit().await.unwrap();
                claimed
            }
        })
        .await;
        let reviews = claims.iter().filter(|claimed| matches!(claimed, Claimed::Review(_))).count();
        let told = claims.iter().filter(|claimed| matches!(claimed, Claimed::Duplicate(4))).count();
        assert_eq!((reviews, told), (1, 49), "one claim, everybody else is told");
        within(&test.db, &a, async |tx| {
            assert_eq!(credited(tx).await, Money::ZERO);
            assert_eq!(tx.payments_review_count().await.unwrap(), 1);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
        replicas[1].close().await;
    }

    async fn money_of_many_reviewers_racing_is_credited_once(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let alice = person(&test.db, &a, ALICE).await;
        let (payments, amount) = within(&test.db, &a, async |tx| {
            let invoice = request(tx, &alice, FIFTY).await;
            // Two pictures of one request, so that reviewers meet at the request and not only at a picture.
            let (one, _) = send(tx, &invoice.id, "one", false).await;
            let (two, _) = send(tx, &invoice.id, "two", false).await;
            ([one, two], invoice.amount)
        })
        .await;
        let replicas = [test.db.clone(), test.again().await];
        let done = at_once(32, |n| {
            let (db, a, id) = (replicas[n % 2].clone(), a.clone(), payments[n / 2 % 2].clone());
            async move {
                let mut tx = db.tenant(&a).await.unwrap();
                let by = format!("{n}");
                let approval = billing::approve(&mut tx, &id, &by, Alone::UNLIMITED, &Corr::random(), NOON).await.unwrap();
                tx.commit().await.unwrap();
                matches!(approval, Approval::Credited(_))
            }
        })
        .await;
        assert_eq!(done.iter().filter(|credited| **credited).count(), 1);
        within(&test.db, &a, async |tx| {
            assert_eq!(billing::balance(tx, &alice.user_ref).await.unwrap().available, amount);
            assert_eq!(tx.payments_review_count().await.unwrap(), 0, "the other picture needs no decision");
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
        replicas[1].close().await;
    }

    async fn money_four_eyes_of_many_parts_at_once_one_admin_approves_no_more_than_a_days_limit(test: TestDb) {
        let (a, b) = two_tenants(&test.db).await;
        let replicas = [test.db.clone(), test.again().await];
        let day = |day| Alone { approver: "user:900", day, most: Money::ZERO, most_a_day: Money::kopecks(50_000) };
        let approve = async |db: &Db, tenant: &BotInstanceId, alone: Alone<'_>, kopecks| {
            let mut tx = db.tenant(tenant).await.unwrap();
            let why = billing::approve_alone(&mut tx, alone, Money::kopecks(kopecks)).await.unwrap();
            tx.commit().await.unwrap();
            why
        };
        let whys = at_once(32, |n| {
            let (db, a) = (replicas[n % 2].clone(), a.clone());
            async move { approve(&db, &a, day("2026-11-22"), 4_900).await }
        })
        .await;
        let alone = whys.iter().filter(|why| why.is_none()).count();
        assert_eq!(alone, 10, "49 roubles ten times are within 500, eleven times are not: {whys:?}");
        let limit = Some(WhyTwo::Day(Money::kopecks(50_000)));
        assert!(whys.iter().all(|why| why.is_none() || *why == limit), "{whys:?}");
        // What is left of the day may still be approved, to the kopeck; what was refused counted nothing.
        assert_eq!(approve(&test.db, &a, day("2026-11-22"), 1_001).await, limit);
        assert_eq!(approve(&test.db, &a, day("2026-11-22"), 1_000).await, None);
        assert_eq!(approve(&test.db, &a, day("2026-11-22"), 1).await, limit);
        // The next day, another person and another bot begin anew; one sum above the limit never passes.
        assert_eq!(approve(&test.db, &a, day("2026-11-23"), 50_000).await, None);
        let other = Alone { approver: "user:901", ..day("2026-11-22") };
        assert_eq!(approve(&test.db, &a, other, 50_000).await, None);
        assert_eq!(approve(&test.db, &b, day("2026-11-22"), 50_001).await, limit);
        assert_eq!(approve(&test.db, &b, day("2026-11-22"), 50_000).await, None);
        replicas[1].close().await;
    }

    async fn a_refusal_opens_the_request_again_while_pictures_are_left(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| {
            let invoice = request(tx, &alice, FIFTY).await;
            for n in 1..=5 {
                let (id, claimed) = send(tx, &invoice.id, &format!("picture {n}"), false).await;
                assert!(matches!(claimed, Claimed::Review(_)), "{n}: {claimed:?}");
                let (_, again) = send(tx, &invoice.id, &format!("picture {n}"), false).await;
                assert_eq!(again, Claimed::Waiting, "the same picture of the same request costs nothing");
                let done = billing::reject(tx, &id, "1", "amount", (5, DAY), later(1)).await.unwrap();
                let Rejection::Rejected(_, left) = done else { panic!("{done:?}") };
                assert_eq!(left, 5 - n);
                let late = billing::approve(tx, &id, "2", Alone::UNLIMITED, &Corr::random(), NOON).await.unwrap();
                assert!(matches!(late, Approval::Decided(_)), "{late:?}");
                let state = tx.invoice_get(&invoice.id).await.unwrap().unwrap().state;
                assert_eq!(state, if n < 5 { InvoiceState::Open } else { InvoiceState::Rejected });
            }
            assert_eq!(send(tx, &invoice.id, "a sixth", false).await.1, Claimed::Over);
            assert_eq!(credited(tx).await, Money::ZERO);
        })
        .await;
    }

    async fn a_reversal_takes_the_money_back_once(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        within(&db, &a, async |tx| {
            let invoice = request(tx, &alice, FIFTY).await;
            let (id, claimed) = send(tx, &invoice.id, "picture", true).await;
            assert!(matches!(claimed, Claimed::Credited(_)));
            let by = tx.payment_get(&id).await.unwrap().unwrap().decided_by;
            assert_eq!(by.as_deref(), Some(BY_ITSELF));
            let done = billing::reverse(tx, &id, &Corr::random(), NOON).await.unwrap();
            assert!(matches!(done, Reversal::Reversed(..)), "{done:?}");
            let again = billing::reverse(tx, &id, &Corr::random(), NOON).await.unwrap();
            assert!(matches!(again, Reversal::Decided(_)), "{again:?}");
            assert_eq!(billing::balance(tx, &alice.user_ref).await.unwrap().available, Money::ZERO);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    async fn money_no_credit_without_approval_whatever_happens_in_whatever_order(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let seed: u64 = rand::random::<u64>() >> 1;
        let mut dice = StdRng::seed_from_u64(seed);
        for path in 0..count(60, 3_000) {
            walk(&db, &a, &mut dice, i64::try_from(path).unwrap(), seed).await;
        }
    }
}

/// One path: requests, pictures, decisions and reversals at random; after each step the ledger holds exactly what people or the
/// program by itself approved and nobody took back.
async fn walk(db: &Db, tenant: &BotInstanceId, dice: &mut StdRng, path: i64, seed: u64) {
    let user = person(db, tenant, UserId(50_000 + path)).await;
    within(db, tenant, async |tx| {
        let mut invoices: Vec<InvoiceRow> = Vec::new();
        let mut payments: Vec<(PaymentId, InvoiceId)> = Vec::new();
        let mut approved: HashMap<String, Money> = HashMap::new();
        for step in 0..30 {
            let what = dice.random_range(0..10);
            if invoices.is_empty() || what == 0 {
                let roubles = dice.random_range(50..60);
                invoices.push(request(tx, &user, Money::kopecks(roubles * 100)).await);
                continue;
            }
            let invoice = invoices[dice.random_range(0..invoices.len())].clone();
            let chosen = (!payments.is_empty()).then(|| payments[dice.random_range(0..payments.len())].clone());
            match (what, chosen) {
                (1..=4, _) | (_, None) => {
                    let by_itself = dice.random_range(0..8) == 0;
                    let looks = format!("{path}:{}", dice.random_range(0..12));
                    let (id, claimed) = send(tx, &invoice.id, &looks, by_itself).await;
                    match claimed {
                        Claimed::Credited(_) => {
                            assert!(by_itself);
                            let before = approved.insert(invoice.id.to_string(), invoice.amount);
                            assert_eq!(before, None, "seed {seed}, path {path}, step {step}: credited twice");
                            payments.push((id, invoice.id));
                        }
                        Claimed::Review(_) => payments.push((id, invoice.id)),
                        _ => {}
                    }
                }
                (5..=6, Some((id, of))) => {
                    let done = billing::approve(tx, &id, "7", Alone::UNLIMITED, &Corr::random(), NOON).await.unwrap();
                    if let Approval::Credited(credited) = done {
                        let before = approved.insert(of.to_string(), credited.payment.amount);
                        assert_eq!(before, None, "seed {seed}, path {path}, step {step}: credited twice");
                    }
                }
                (7..=8, Some((id, _))) => {
                    billing::reject(tx, &id, "7", "amount", (5, DAY), NOON).await.unwrap();
                }
                (_, Some((id, of))) => {
                    if let Reversal::Reversed(..) = billing::reverse(tx, &id, &Corr::random(), NOON).await.unwrap() {
                        assert!(approved.insert(of.to_string(), Money::ZERO).is_some(), "seed {seed}, path {path}");
                    }
                }
            }
            let sum: i64 = approved.values().map(|amount| amount.as_kopecks()).sum();
            let has = billing::balance(tx, &user.user_ref).await.unwrap().available;
            assert_eq!(has, Money::kopecks(sum), "seed {seed}, path {path}, step {step}");
        }
        assert_eq!(tx.ledger_violations().await.unwrap(), [], "seed {seed}, path {path}");
    })
    .await;
}
