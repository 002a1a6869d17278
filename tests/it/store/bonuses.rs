//! Earned generations, links, gifts and promo codes: once each, however many ask at once.

use botyard::billing::{self, Held, Invited, Paid, PromoRules, Redeemed};
use botyard::domain::transfer::{Account, IdempotencyKey, Moved};
use botyard::domain::{
    BotInstanceId, Corr, GenerationId, InvoiceId, Money, PromoId, PromoTerms, ReferralCode, UserId, UserRef,
};
use botyard::store::{Db, TenantTx};
use std::time::Duration;

use super::world::{ALICE, BOB, NOON, later, person, two_tenants, within};
use crate::util::db::{TestDb, on_each_db};

const DAY: &str = "2026-11-22";
const RULES: PromoRules =
    PromoRules { wrong_codes: 5, wrong_within: Duration::from_mins(10), bonus_life: Duration::from_hours(720) };

async fn bank(db: &Db, tenant: &BotInstanceId, user: &UserRef, units: i64) {
    let key = IdempotencyKey::referral(&UserRef::random(), true);
    within(db, tenant, async |tx| {
        assert!(billing::bank_add(tx, user, units, &key, &Corr::random(), NOON).await.unwrap());
        assert!(!billing::bank_add(tx, user, units, &key, &Corr::random(), NOON).await.unwrap(), "told twice");
    })
    .await;
}

async fn standing(db: &Db, tenant: &BotInstanceId, user: &UserRef) -> (i64, i64) {
    within(db, tenant, async |tx| {
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
        tx.free_standing(user, DAY).await.unwrap()
    })
    .await
}

async fn promo(db: &Db, tenant: &BotInstanceId, line: &str) -> PromoId {
    let (id, terms) = (PromoId::random(), PromoTerms::parse(line).unwrap());
    let until = later(terms.days * 86_400_000);
    within(db, tenant, async |tx| assert!(tx.promo_insert(&id, &terms, ALICE, until, NOON).await.unwrap())).await;
    id
}

async fn redeem(tx: &mut TenantTx, user: &UserRef, typed: &str) -> Redeemed {
    billing::promo_redeem(tx, user, typed, &RULES, &Corr::random(), NOON).await.unwrap()
}

async fn available(tx: &mut TenantTx, user: &UserRef) -> Money {
    billing::balance(tx, user).await.unwrap().available
}

on_each_db! {
    async fn the_day_pays_first_and_the_bank_the_rest(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let user = UserRef::random();
        bank(&db, &a, &user, 4).await;
        let [whole, part, failed] = [(); 3].map(|()| GenerationId::random());
        within(&db, &a, async |tx| {
            assert!(!tx.free_reserve(&whole, &user, DAY, 7, 2, NOON).await.unwrap(), "two of the day and four of the bank");
            assert_eq!(tx.free_standing(&user, DAY).await.unwrap(), (0, 4), "a refusal takes nothing");
            assert!(tx.free_reserve(&part, &user, DAY, 5, 2, NOON).await.unwrap());
            assert_eq!(tx.free_standing(&user, DAY).await.unwrap(), (2, 1));
            assert!(tx.free_reserve(&failed, &user, DAY, 1, 2, NOON).await.unwrap());
            assert_eq!(tx.free_standing(&user, DAY).await.unwrap(), (2, 0));
            // Three of five came: two of the day, one of the bank; two of the bank go back.
            assert!(tx.free_resolve(&part, 3).await.unwrap());
            assert!(!tx.free_resolve(&part, 5).await.unwrap());
            assert_eq!(tx.free_standing(&user, DAY).await.unwrap(), (2, 2));
            assert!(tx.free_resolve(&failed, 0).await.unwrap());
            assert_eq!(tx.free_standing(&user, DAY).await.unwrap(), (2, 3));
            // Tomorrow has a day of its own; the bank is the same.
            assert_eq!(tx.free_standing(&user, "2026-11-23").await.unwrap(), (0, 3));
        })
        .await;
        assert_eq!(standing(&db, &a, &user).await, (2, 3));
    }

    async fn of_thirty_at_once_three_of_the_day_and_five_of_the_bank_are_free(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let user = UserRef::random();
        bank(&test.db, &a, &user, 5).await;
        let replicas = [test.db.clone(), test.again().await];
        let calls = (0..30).map(|n| {
            let (db, a, user) = (&replicas[n % 2], &a, &user);
            async move {
                let id = GenerationId::random();
                within(db, a, async |tx| tx.free_reserve(&id, user, DAY, 1, 3, NOON).await.unwrap()).await
            }
        });
        let got = futures::future::join_all(calls).await;
        assert_eq!(got.iter().filter(|got| **got).count(), 8);
        assert_eq!(standing(&test.db, &a, &user).await, (3, 0));
        replicas[1].close().await;
    }

    async fn an_invitation_counts_once_and_never_for_oneself(test: TestDb) {
        let db = &test.db;
        let (a, b) = two_tenants(db).await;
        let (alice, bob) = (person(db, &a, ALICE).await, person(db, &a, BOB).await);
        let carl = person(db, &a, UserId(1003)).await;
        let corr = Corr::random();
        let token = within(db, &a, async |tx| billing::referral_token(tx, &alice.user_ref, NOON).await.unwrap()).await;
        let again = within(db, &a, async |tx| billing::referral_token(tx, &alice.user_ref, NOON).await.unwrap()).await;
        assert_eq!(token, again, "a link stays");
        let code = ReferralCode::parse(&format!("ref_{token}")).unwrap();
        let calls = (0..20).map(|_| {
            let (db, a, bob, code, corr) = (db, &a, &bob, &code, &corr);
            async move {
                within(db, a, async |tx| billing::invite(tx, bob, true, code, 10, corr, NOON).await.unwrap()).await
            }
        });
        let told = futures::future::join_all(calls).await;
        assert_eq!(told.iter().filter(|told| matches!(told, Invited::Counted(_))).count(), 1, "{told:?}");
        assert_eq!(standing(db, &a, &alice.user_ref).await.1, 10);
        assert_eq!(standing(db, &a, &bob.user_ref).await.1, 10);
        within(db, &a, async |tx| {
            let own = billing::invite(tx, &alice, true, &code, 10, &corr, NOON).await.unwrap();
            assert_eq!(own, Invited::Oneself);
            let old = billing::invite(tx, &carl, false, &code, 10, &corr, NOON).await.unwrap();
            assert_eq!(old, Invited::NotNew);
            let by_number = ReferralCode::parse(&format!("ref_{}", BOB.0)).unwrap();
            let told = billing::invite(tx, &carl, true, &by_number, 3, &corr, NOON).await.unwrap();
            assert!(matches!(told, Invited::Counted(inviter) if inviter.user_id == BOB));
            let unknown = ReferralCode::parse("ref_nobodyknows1").unwrap();
            assert_eq!(billing::invite(tx, &carl, true, &unknown, 3, &corr, NOON).await.unwrap(), Invited::Nobody);
            assert_eq!(tx.referrals_of(&alice.user_ref).await.unwrap().invited, 1);
            assert_eq!(tx.referrals_since(NOON).await.unwrap().invited, 2);
            assert_eq!(tx.bank_total().await.unwrap(), 26);
        })
        .await;
        let elsewhere = person(db, &b, ALICE).await;
        within(db, &b, async |tx| {
            let told = billing::invite(tx, &elsewhere, true, &code, 10, &corr, NOON).await.unwrap();
            assert_eq!(told, Invited::Nobody, "a link belongs to one bot");
        })
        .await;
    }

    async fn the_wheel_gives_once_and_within_its_limits(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let (least, most, corr) = (Money::kopecks(1_000), Money::kopecks(3_000), Corr::random());
        let user = UserRef::random();
        let calls = (0..50).map(|_| {
            let (db, a, user, corr) = (&test.db, &a, &user, &corr);
            async move {
                within(db, a, async |tx| billing::gift(tx, user, least, most, corr, NOON).await.unwrap()).await
            }
        });
        let won: Vec<Money> = futures::future::join_all(calls).await.into_iter().flatten().collect();
        assert_eq!(won.len(), 1);
        assert!((least..=most).contains(&won[0]), "{won:?}");
        within(&test.db, &a, async |tx| {
            assert_eq!(available(tx, &user).await, won[0]);
            assert_eq!(tx.gift_get(&user).await.unwrap(), Some(won[0]));
            for _ in 0..50 {
                let won = billing::gift(tx, &UserRef::random(), least, Money::kopecks(1_001), &corr, NOON).await.unwrap();
                assert!((1_000..=1_001).contains(&won.unwrap().as_kopecks()));
            }
            assert_eq!(billing::gift(tx, &UserRef::random(), Money::ZERO, Money::ZERO, &corr, NOON).await.unwrap(), None);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    /// T10: 200 redeems of a code with ten uses, over two replicas.
    async fn money_promo_race(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        let id = promo(&test.db, &a, "WELCOME 50 10 1 30").await;
        let replicas = [test.db.clone(), test.again().await];
        let calls = (0..200).map(|n| {
            let (db, a) = (&replicas[n % 2], &a);
            async move { within(db, a, async |tx| redeem(tx, &UserRef::random(), "welcome").await).await }
        });
        let got = futures::future::join_all(calls).await;
        let credited = Redeemed::Credited(Money::kopecks(5_000));
        assert_eq!(got.iter().filter(|got| **got == credited).count(), 10);
        assert_eq!(got.iter().filter(|got| **got == Redeemed::Over).count(), 190);
        within(&test.db, &a, async |tx| {
            assert_eq!(tx.promo_get(&id).await.unwrap().unwrap().used, 10);
            assert_eq!(tx.promo_uses_since(NOON).await.unwrap(), 10);
            let gifts = tx.account_get(&Account::Gifts).await.unwrap();
            assert_eq!(gifts.posted, -50_000);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
        replicas[1].close().await;
    }

    async fn one_person_uses_a_code_as_often_as_it_allows(test: TestDb) {
        let (a, b) = two_tenants(&test.db).await;
        let id = promo(&test.db, &a, "TWICE 10 100 2 30").await;
        let user = UserRef::random();
        let replicas = [test.db.clone(), test.again().await];
        let calls = (0..20).map(|n| {
            let (db, a, user) = (&replicas[n % 2], &a, &user);
            async move { within(db, a, async |tx| redeem(tx, user, "TWICE").await).await }
        });
        let got = futures::future::join_all(calls).await;
        assert_eq!(got.iter().filter(|got| matches!(got, Redeemed::Credited(_))).count(), 2);
        assert_eq!(got.iter().filter(|got| **got == Redeemed::Used).count(), 18, "{got:?}");
        within(&test.db, &a, async |tx| {
            assert_eq!(available(tx, &user).await, Money::kopecks(2_000));
            assert_eq!(tx.promo_get(&id).await.unwrap().unwrap().used, 2, "a refused use is not counted");
        })
        .await;
        within(&test.db, &b, async |tx| assert_eq!(redeem(tx, &user, "TWICE").await, Redeemed::Bad)).await;
        replicas[1].close().await;
    }

    async fn an_expired_and_an_off_code_give_nothing(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let off = promo(&db, &a, "GONE 10 100 2 30").await;
        promo(&db, &a, "SHORT 10 100 2 1").await;
        let (user, corr) = (UserRef::random(), Corr::random());
        within(&db, &a, async |tx| {
            assert!(tx.promo_off(&off, NOON).await.unwrap());
            assert!(!tx.promo_off(&off, NOON).await.unwrap());
            assert_eq!(redeem(tx, &user, "gone").await, Redeemed::Expired);
            let late = later(86_400_000);
            let got = billing::promo_redeem(tx, &user, "SHORT", &RULES, &corr, late).await.unwrap();
            assert_eq!(got, Redeemed::Expired);
            assert_eq!(available(tx, &user).await, Money::ZERO);
        })
        .await;
    }

    async fn five_wrong_codes_close_the_door_for_ten_minutes(db: Db) {
        let (a, _) = two_tenants(&db).await;
        promo(&db, &a, "RIGHT 10 100 1 30").await;
        let (user, other, corr) = (UserRef::random(), UserRef::random(), Corr::random());
        let minutes = |n: i64| later(n * 60_000);
        within(&db, &a, async |tx| {
            for n in 0..4 {
                assert_eq!(billing::promo_redeem(tx, &user, "wrong", &RULES, &corr, minutes(n)).await.unwrap(), Redeemed::Bad);
            }
            let closed = Redeemed::Closed(minutes(14));
            assert_eq!(billing::promo_redeem(tx, &user, "?", &RULES, &corr, minutes(4)).await.unwrap(), closed);
            assert_eq!(billing::promo_redeem(tx, &user, "RIGHT", &RULES, &corr, minutes(13)).await.unwrap(), closed);
            assert!(matches!(redeem(tx, &other, "RIGHT").await, Redeemed::Credited(_)), "others are not affected");
            let got = billing::promo_redeem(tx, &user, "RIGHT", &RULES, &corr, minutes(14)).await.unwrap();
            assert!(matches!(got, Redeemed::Credited(_)), "{got:?}");
            // Slower than five in ten minutes closes nothing.
            let slow = UserRef::random();
            for n in 0..12 {
                let got = billing::promo_redeem(tx, &slow, "wrong", &RULES, &corr, minutes(n * 3)).await.unwrap();
                assert_eq!(got, Redeemed::Bad, "{n}");
            }
        })
        .await;
    }

    async fn a_percent_code_waits_for_one_top_up(db: Db) {
        let (a, _) = two_tenants(&db).await;
        promo(&db, &a, "SUMMER 15% 500 2 14").await;
        promo(&db, &a, "WINTER 20% 500 1 14").await;
        let (user, corr) = (UserRef::random(), Corr::random());
        within(&db, &a, async |tx| {
            let Redeemed::Waits(waits) = redeem(tx, &user, "summer").await else { panic!("it waits") };
            assert_eq!((waits.percent, waits.expires_at), (15, later(720 * 3_600_000)));
            assert_eq!(redeem(tx, &user, "WINTER").await, Redeemed::AnotherWaits(waits.clone()));
            assert_eq!(available(tx, &user).await, Money::ZERO);
            let (first, second) = (IdempotencyKey::admin_credit("first"), IdempotencyKey::admin_credit("second"));
            let hundred = Money::kopecks(10_003);
            let done = billing::credit(tx, &user, "first", hundred, &corr, NOON).await.unwrap();
            let Moved::Done(id) = done.clone() else { panic!("{done:?}") };
            let told_again = Moved::Exists(id);
            let none = billing::promo_bonus(tx, &user, (&first, &told_again), hundred, &corr, NOON).await.unwrap();
            assert_eq!(none, None, "a top-up told twice takes no code along");
            let bonus = billing::promo_bonus(tx, &user, (&first, &done), hundred, &corr, NOON).await.unwrap();
            assert_eq!(bonus.map(|(_, amount)| amount), Some(Money::kopecks(1_500)), "15 % of 100.03, rounded half up");
            let none = billing::promo_bonus(tx, &user, (&second, &done), hundred, &corr, NOON).await.unwrap();
            assert_eq!(none, None, "the next top-up only");
            assert_eq!(available(tx, &user).await, Money::kopecks(11_503));
            // Now another may wait, and too long a wait ends it.
            assert!(matches!(redeem(tx, &user, "WINTER").await, Redeemed::Waits(_)));
            let late = later(720 * 3_600_000);
            let none = billing::promo_bonus(tx, &user, (&second, &done), hundred, &corr, late).await.unwrap();
            assert_eq!(none, None);
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    /// Otherwise a chargeback after a code of 100 % would leave as much as was paid.
    async fn what_a_percent_code_added_goes_back_with_its_top_up(db: Db) {
        let (a, _) = two_tenants(&db).await;
        promo(&db, &a, "DOUBLE 100% 500 9 14").await;
        let (user, corr, hundred) = (UserRef::random(), Corr::random(), Money::kopecks(10_000));
        let invoice = InvoiceId::random();
        within(&db, &a, async |tx| {
            let mut paid = Money::ZERO;
            for top_up in [Paid::Stars("c1"), Paid::Sbp(&invoice), Paid::Stars("plain")] {
                if top_up != Paid::Stars("plain") {
                    assert!(matches!(redeem(tx, &user, "double").await, Redeemed::Waits(_)));
                }
                let came = billing::top_up(tx, &user, top_up, hundred, &corr, NOON).await.unwrap();
                paid = paid.plus(hundred).unwrap().plus(came.bonus).unwrap();
            }
            assert_eq!((paid, available(tx, &user).await), (Money::kopecks(50_000), Money::kopecks(50_000)));
            // 350 roubles are spent, so that the first refund is covered in part: the money first, then the bonus.
            let generation = GenerationId::random();
            let spent = Money::kopecks(35_000);
            let placed = billing::hold(tx, &user, &generation, 1, spent, &corr, NOON).await.unwrap();
            let Held::Placed(hold) = placed else { panic!("{placed:?}") };
            billing::capture(tx, &hold, &generation, spent, &corr, NOON).await.unwrap();
            let back = billing::refund_stars(tx, &user, "c1", 1, hundred, &corr, NOON).await.unwrap();
            assert_eq!((back.taken, back.owed, back.bonus), (Money::kopecks(15_000), Money::kopecks(5_000), hundred));
            assert_eq!(back.money(), hundred);
            // Telegram refuses: all of it comes again, and the debt is paid from it.
            assert!(billing::refund_undone(tx, &user, "c1", 1, hundred, &corr, NOON).await.unwrap());
            let now = billing::balance(tx, &user).await.unwrap();
            assert_eq!((now.available, now.debt), (Money::kopecks(15_000), Money::ZERO));
            // A second time, then a transfer: everything that is left, the rest as a debt.
            let back = billing::refund_stars(tx, &user, "c1", 2, hundred, &corr, NOON).await.unwrap();
            assert_eq!((back.taken, back.owed), (Money::kopecks(15_000), Money::kopecks(5_000)));
            let back = billing::reverse_sbp(tx, &user, &invoice, hundred, &corr, NOON).await.unwrap();
            assert_eq!((back.taken, back.owed, back.bonus), (Money::ZERO, Money::kopecks(20_000), hundred));
            let back = billing::refund_stars(tx, &user, "plain", 1, hundred, &corr, NOON).await.unwrap();
            assert_eq!((back.taken, back.owed, back.bonus), (Money::ZERO, hundred, Money::ZERO));
            let now = billing::balance(tx, &user).await.unwrap();
            assert_eq!((now.available, now.debt), (Money::kopecks(-35_000), spent), "what was spent is owed, no more");
            let gifts = tx.account_get(&Account::Gifts).await.unwrap();
            assert_eq!(gifts.posted, 0, "nothing is given away any more");
            assert_eq!(tx.ledger_violations().await.unwrap(), []);
        })
        .await;
    }

    async fn of_ten_percent_codes_at_once_one_waits(test: TestDb) {
        let (a, _) = two_tenants(&test.db).await;
        for n in 0..10 {
            promo(&test.db, &a, &format!("CODE{n} 1{n}% 500 1 14")).await;
        }
        let user = UserRef::random();
        let calls = (0..10).map(|n| {
            let (db, a, user) = (&test.db, &a, &user);
            async move { within(db, a, async |tx| redeem(tx, user, &format!("code{n}")).await).await }
        });
        let got = futures::future::join_all(calls).await;
        assert_eq!(got.iter().filter(|got| matches!(got, Redeemed::Waits(_))).count(), 1, "{got:?}");
        within(&test.db, &a, async |tx| {
            let times: i64 = tx.promos_newest(20).await.unwrap().iter().map(|promo| promo.used).sum();
            assert_eq!(times, 1, "a code that cannot wait is not used");
        })
        .await;
    }
}
