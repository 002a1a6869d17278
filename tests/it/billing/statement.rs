//! A month's statement: exactly what the ledger moved within the tenant's month, the provider's cost beside it, the owner's fee.

use std::time::{Duration, Instant};

use botyard::billing::settlement::{Month, Terms, close, csv_line, margin_of, present, statement};
use botyard::billing::{self, Held, Paid};
use botyard::domain::settings::{TenantLimits, TenantSettings};
use botyard::domain::{
    BotInstanceId, Corr, GenerationId, GenerationState, InvoiceId, Money, Origin, Payer, UnixMs, UserRef,
};
use botyard::store::{Counter, Db, TenantTx};
use botyard::tenants::provision::{self, NewBot};
use jiff::tz::TimeZone;

use crate::store::world::{ALICE, NOON, generation, person, two_tenants, within};
use crate::util::app::{OWNER, PATIENCE, TestApp, fake_token};
use crate::util::db::{TestDb, on_each_db};

/// 2026-11-30 20:59:59 and 21:00:00 UTC: the last second of November and the first of December in Moscow.
const LAST: UnixMs = UnixMs(1_796_072_399_000);
const NEXT: UnixMs = UnixMs(1_796_072_400_000);

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn terms(fee_basis_points: u32, rate: &str) -> Terms {
    Terms { fee_basis_points, rate: rate.parse().unwrap() }
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

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

on_each_db! {
    async fn a_closed_month_keeps_its_terms_and_totals_and_what_comes_later_is_of_its_own_month(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (user, corr, moscow) = (UserRef::random(), Corr::random(), zone("Europe/Moscow"));
        let (old, new) = (terms(1_250, "78.57"), terms(2_000, "100"));
        within(&db, &a, async |tx| {
            billing::top_up(tx, &user, Paid::Stars("c1"), Money::kopecks(10_000), &corr, NOON).await.unwrap();
            billing::top_up(tx, &user, Paid::Stars("c2"), Money::kopecks(5_000), &corr, NOON).await.unwrap();
            sold(tx, &user, 800, 800, LAST).await;
            tx.counter_add("2026-11-30", Counter::Delivered, 1).await.unwrap();
            tx.counter_add("2026-11-30", Counter::ProviderCredits, 400).await.unwrap();
            assert_eq!(close(tx, &moscow, &old, NEXT.plus(minutes(4))).await.unwrap(), 0, "work of its end may still be written");
            assert_eq!(statement(tx, month("2026-11"), &moscow, &new).await.unwrap().closed_at, None);
            assert_eq!(close(tx, &moscow, &old, NEXT.plus(minutes(5))).await.unwrap(), 1);
        })
        .await;
        let closed = within(&db, &a, async |tx| statement(tx, month("2026-11"), &moscow, &old).await.unwrap()).await;
        assert_eq!((closed.closed_at, closed.fee, closed.delivered), (Some(NEXT.plus(minutes(5))), Money::kopecks(100), 1));
        assert_eq!((closed.span.1, closed.zone.as_str(), closed.topped_up_stars), (NEXT, "Europe/Moscow", Money::kopecks(15_000)));
        within(&db, &a, async |tx| {
            billing::refund_stars(tx, &user, "c2", 1, Money::kopecks(5_000), &corr, NEXT.plus(minutes(60))).await.unwrap();
            sold(tx, &user, 300, 300, NEXT).await;
            // A bill that came late is counted by a day of the closed month.
            tx.counter_add("2026-11-30", Counter::ProviderCredits, 900).await.unwrap();
            assert_eq!(statement(tx, month("2026-11"), &zone("UTC"), &new).await.unwrap(), closed);
            let december = statement(tx, month("2026-12"), &moscow, &new).await.unwrap();
            assert_eq!((december.revenue, december.fee, december.closed_at), (Money::kopecks(300), Money::kopecks(60), None));
            assert_eq!((december.topped_up_stars, december.provider_credits), (Money::kopecks(-5_000), 900));
            assert_eq!(close(tx, &moscow, &new, NEXT.plus(minutes(90))).await.unwrap(), 0, "closed once");
            assert_eq!(statement(tx, month("2026-10"), &moscow, &new).await.unwrap().closed_at, None, "there was no bot");
        })
        .await;
        assert_eq!(within(&db, &b, async |tx| tx.months_closed_last().await.unwrap()).await, None);
    }

    async fn months_that_nobody_closed_in_time_are_closed_one_after_another(db: Db) {
        let (a, _) = two_tenants(&db).await;
        within(&db, &a, async |tx| {
            let moscow = zone("Europe/Moscow");
            let late = NEXT.plus(minutes(60 * 24 * 100));
            assert_eq!(close(tx, &moscow, &terms(1, "1"), late).await.unwrap(), 4);
            assert_eq!(tx.months_closed_last().await.unwrap().as_deref(), Some("2027-02"));
            let mut ends = month("2026-11").span(&moscow).0;
            for name in ["2026-11", "2026-12", "2027-01", "2027-02"] {
                let row = tx.month_closed(name).await.unwrap().unwrap();
                assert_eq!(row.begins, ends, "{name}");
                ends = row.ends;
            }
        })
        .await;
    }

    async fn a_change_of_zone_leaves_nothing_between_two_months_and_nothing_in_both(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (user, corr, terms) = (UserRef::random(), Corr::random(), terms(0, "78.57"));
        let (moscow, utc, kamchatka) = (zone("Europe/Moscow"), zone("UTC"), zone("Asia/Kamchatka"));
        within(&db, &a, async |tx| {
            billing::top_up(tx, &user, Paid::Stars("c1"), Money::kopecks(10_000), &corr, NOON).await.unwrap();
            sold(tx, &user, 100, 100, LAST).await;
            tx.counter_add("2026-11-30", Counter::Delivered, 1).await.unwrap();
            sold(tx, &user, 200, 200, NEXT).await;
            tx.counter_add("2026-12-01", Counter::Delivered, 1).await.unwrap();
            assert_eq!(close(tx, &moscow, &terms, NEXT.plus(minutes(5))).await.unwrap(), 1);
            // In the new zone it is the last day of November once more.
            assert_eq!(present(tx, &utc, NEXT.plus(minutes(10))).await.unwrap(), month("2026-12"));
            sold(tx, &user, 400, 400, NEXT.plus(minutes(30))).await;
            tx.counter_add("2026-11-30", Counter::Delivered, 1).await.unwrap();
            let november = statement(tx, month("2026-11"), &utc, &terms).await.unwrap();
            let december = statement(tx, month("2026-12"), &utc, &terms).await.unwrap();
            assert_eq!((november.span.1, december.span.0), (NEXT, NEXT));
            assert_eq!((november.revenue, november.delivered), (Money::kopecks(100), 1));
            assert_eq!((december.revenue, december.delivered), (Money::kopecks(600), 2));
            // And to the east: the month is over sooner, the next one begins there.
            let ends = month("2026-12").span(&kamchatka).1;
            assert_eq!(close(tx, &kamchatka, &terms, ends.plus(minutes(5))).await.unwrap(), 1);
            let january = statement(tx, month("2027-01"), &utc, &terms).await.unwrap();
            assert_eq!((january.span.0, january.revenue, january.delivered), (ends, Money::ZERO, 0));
        })
        .await;
    }

    async fn months_are_closed_in_the_background_by_the_terms_that_then_held(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("payments.sweep_every", "50 ms")]).await;
        let platform = &app.app.platform;
        let (id, token) = (BotInstanceId::parse("old").unwrap(), fake_token(1));
        app.world.register_bot(token.expose(), "old_bot", "old").await.unwrap();
        let new = NewBot {
            id: &id,
            token: &token,
            admins: &[OWNER],
            partner_id: "partner-test",
            settings: &TenantSettings::default(),
            provider_key: None,
            telegram_api_url: None,
            origin: Origin::Cli,
            managed: false,
        };
        let began = platform.clock.now().minus(minutes(60 * 24 * 70));
        provision::add(&platform.db, &platform.vault, &new, began).await.unwrap();
        platform.tenants.refresh(&platform.db, &platform.vault).await.unwrap();
        let waited = Instant::now();
        while platform.db.tenant_read(&id).await.unwrap().months_closed_last().await.unwrap().is_none() {
            assert!(waited.elapsed() < PATIENCE, "no month was closed");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        let limits = TenantLimits { fee_basis_points: 9_000, ..TenantLimits::default() };
        provision::set_limits(&platform.db, &id, &limits, platform.clock.now()).await.unwrap();
        let moscow = zone("Europe/Moscow");
        let mut tx = platform.db.tenant_read(&id).await.unwrap();
        let first = statement(&mut tx, Month::of(began, &moscow), &moscow, &terms(9_000, "1")).await.unwrap();
        assert!(first.closed_at.is_some() && first.fee_basis_points == 0, "{first:?}");
        drop(tx);
        app.finish().await;
    }
}
