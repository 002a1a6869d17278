//! A month's statement: exactly what the ledger moved within the tenant's month, the provider's cost beside it, the owner's fee.

use botyard::billing::settlement::{Month, Terms, csv_line, margin_of, statement};
use botyard::billing::{self, Held, Paid};
use botyard::domain::{Corr, GenerationId, GenerationState, InvoiceId, Money, Payer, UnixMs, UserRef};
use botyard::store::{Counter, Db, TenantTx};
use jiff::tz::TimeZone;

use crate::store::world::{ALICE, NOON, generation, person, two_tenants, within};
use crate::util::db::on_each_db;

/// 2026-11-30 20:59:59 and 21:00:00 UTC: the last second of November and the first of December in Moscow.
const LAST: UnixMs = UnixMs(1_796_072_399_000);
const NEXT: UnixMs = UnixMs(1_796_072_400_000);

/// Something generated and paid for at a moment.
async fn sold(tx: &mut TenantTx, user: &UserRef, price: i64, taken: i64, at: UnixMs) {
    let (generation, corr) = (GenerationId::random(), Corr::random());
    let held = billing::hold(tx, user, &generation, 1, Money::kopecks(price), &corr, at).await.unwrap();
    let Held::Placed(pending) = held else { panic!("{held:?}") };
    if taken == 0 {
        assert!(billing::release(tx, &pending, &generation, 1, &corr, at).await.unwrap());
    } else {
        billing::capture(tx, &pending, &generation, Money::kopecks(taken), &corr, at).await.unwrap();
    }
}

on_each_db! {
    async fn a_statement_is_what_the_ledger_moved_in_the_tenants_month(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (user, corr, invoice) = (UserRef::random(), Corr::random(), InvoiceId::random());
        within(&db, &a, async |tx| {
            let kopecks = Money::kopecks;
            billing::top_up(tx, &user, Paid::Stars("c1"), kopecks(10_000), &corr, NOON).await.unwrap();
            billing::top_up(tx, &user, Paid::Stars("c2"), kopecks(5_000), &corr, LAST).await.unwrap();
            billing::top_up(tx, &user, Paid::Sbp(&invoice), kopecks(7_017), &corr, NEXT).await.unwrap();
            billing::credit(tx, &user, "by-hand", kopecks(300), &corr, NOON).await.unwrap();
            billing::refund_stars(tx, &user, "c2", 1, kopecks(5_000), &corr, NEXT).await.unwrap();
            sold(tx, &user, 500, 511 - 11, NOON).await;
            sold(tx, &user, 700, 333, LAST).await;
            sold(tx, &user, 900, 0, NOON).await;
            sold(tx, &user, 400, 400, NEXT).await;
            for (day, counter, n) in [
                ("2026-11-22", Counter::Delivered, 1),
                ("2026-11-30", Counter::Delivered, 1),
                ("2026-12-01", Counter::Delivered, 1),
                ("2026-11-22", Counter::Failed, 1),
                ("2026-11-22", Counter::ProviderCredits, 400),
                ("2026-11-30", Counter::ProviderCredits, 250),
                ("2026-12-01", Counter::ProviderCredits, 900),
            ] {
                tx.counter_add(day, counter, n).await.unwrap();
            }
        })
        .await;
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let terms = Terms { fee_basis_points: 1_250, rate: "78.57".parse().unwrap() };
        let november = within(&db, &a, async |tx| {
            statement(tx, Month::parse("2026-11").unwrap(), &zone, &terms).await.unwrap()
        })
        .await;
        assert_eq!((november.delivered, november.failed), (2, 1));
        assert_eq!(november.revenue, Money::kopecks(833));
        assert_eq!(november.topped_up_stars, Money::kopecks(15_000));
        assert_eq!((november.topped_up_sbp, november.credited), (Money::ZERO, Money::kopecks(300)));
        // 6.50 credits × 0.005 USD × 78.57 ₽ = 2.5535 ₽; 12.5 % of 8.33 ₽ is 1.04125 ₽.
        assert_eq!((november.provider_credits, november.provider_cost), (650, Money::kopecks(255)));
        assert_eq!((november.margin, november.fee), (Money::kopecks(578), Money::kopecks(104)));
        let december = within(&db, &a, async |tx| {
            statement(tx, Month::parse("2026-12").unwrap(), &zone, &terms).await.unwrap()
        })
        .await;
        assert_eq!((december.revenue, december.topped_up_sbp), (Money::kopecks(400), Money::kopecks(7_017)));
        assert_eq!(december.topped_up_stars, Money::kopecks(-5_000), "refunded in another month than paid");
        let other = within(&db, &b, async |tx| {
            statement(tx, Month::parse("2026-11").unwrap(), &zone, &terms).await.unwrap()
        })
        .await;
        assert_eq!((other.revenue, other.moved.len(), other.delivered), (Money::ZERO, 0, 0));
    }

    async fn each_generations_cost_stands_beside_its_price_page_by_page(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let mut made = Vec::new();
        for n in 0..7 {
            made.push(generation(&db, &a, &alice, n % 3).await);
        }
        let (from, to) = (NOON, UnixMs(NOON.0 + 1_000));
        let mut found = Vec::new();
        loop {
            let last = found.last().map(|row: &botyard::store::GenerationCostRow| (row.created_at, row.id.clone()));
            let page = within(&db, &a, async |tx| {
                tx.generations_between(from, to, last.as_ref().map(|(at, id)| (*at, id)), 3).await.unwrap()
            })
            .await;
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        let mut ids: Vec<_> = found.iter().map(|row| row.id.to_string()).collect();
        assert!(found.is_sorted_by_key(|row| (row.created_at, row.id.to_string())));
        ids.sort();
        let mut expected: Vec<_> = made.iter().map(ToString::to_string).collect();
        expected.sort();
        assert_eq!(ids, expected, "each of them once");
        assert_eq!(within(&db, &b, async |tx| tx.generations_between(from, to, None, 3).await.unwrap()).await, []);
        let rate = "100".parse().unwrap();
        let mut row = found.remove(0);
        (row.payer, row.state) = (Payer::Money, GenerationState::Delivered);
        (row.price, row.charged, row.provider_credits) = (Money::kopecks(511), Money::kopecks(400), Some(1_000));
        assert_eq!(margin_of(&row, rate), Some(Money::kopecks(-100)));
        let line = csv_line(&row, rate);
        assert!(line.ends_with(",a/model,money,delivered,5.11,4.00,10.00,5.00,-1.00"), "{line}");
    }
}
