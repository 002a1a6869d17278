//! The press of the confirmation: every row of the table in bot.md 9.1.

use botyard::domain::{ChatId, GenerationState as State, Lane, MessageId, Money, Payer, UserId};
use botyard::generation::{Accepted, Buyer, Job, Off, Place, WhichQuote, quote};
use botyard::store::{Counter, Db};

use rand::{RngExt as _, SeedableRng as _};

use super::world::{ADMIN, ALICE, BOB, World, cheap, pictures, started};
use crate::util::db::on_each_db;
use crate::util::env;

on_each_db! {
    async fn a_press_holds_the_price_and_puts_the_work(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 4)).await;
        assert_eq!((row.state, row.payer, row.price, row.units), (State::Created, Payer::Money, Money::kopecks(1572), 4));
        assert_eq!(world.money(&alice).await, (428, 1572));
        assert_eq!(world.jobs(Lane::Submit).await, [Job::Submit { generation: row.id }]);
        assert_eq!(world.counted(Counter::Generations).await, 1);
        world.sound().await;
    }

    async fn the_same_press_again_finds_the_same_generation(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 2_000).await;
        let place = Place { chat: ChatId(ALICE.0), message: Some(MessageId(7)) };
        let buyer = Buyer { user: &alice, acts_as_admin: false };
        let mut tx = world.tx(ALICE).await;
        quote::make(&mut tx, &world.shop(), &buyer, place, pictures("a", 1), world.now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let which = || WhichQuote::Message(ChatId(ALICE.0), MessageId(7));
        let first = started(world.confirm_as(buyer, which()).await);
        assert_eq!(first.progress_message_id, Some(MessageId(7)));
        for _ in 0..3 {
            let again = world.confirm_as(buyer, which()).await;
            assert!(matches!(&again, Accepted::Already(row) if row.id == first.id), "{again:?}");
        }
        assert_eq!(world.money(&alice).await, (1607, 393));
        world.sound().await;
    }

    async fn an_equal_order_of_a_moment_ago_is_joined_and_a_different_or_later_one_is_not(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 5_000).await;
        let first = world.start(&alice, pictures("a", 1)).await;
        world.advance(14);
        let twin = world.quote(&alice, pictures("a", 1)).await;
        let joined = world.confirm(&alice, &twin).await;
        assert!(matches!(&joined, Accepted::Joined(row) if row.id == first.id), "{joined:?}");
        let again = world.confirm(&alice, &twin).await;
        assert!(matches!(&again, Accepted::Already(row) if row.id == first.id), "{again:?}");
        assert_ne!(world.start(&alice, pictures("a", 2)).await.id, first.id);
        world.advance(2);
        assert_ne!(world.start(&alice, pictures("a", 1)).await.id, first.id);
        assert_eq!(world.money(&alice).await.1, 393 + 786 + 393);
        world.sound().await;
    }

    async fn an_equal_order_that_has_ended_is_not_joined(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 5_000).await;
        let first = world.start(&alice, pictures("a", 1)).await;
        world.results(&first.id, 1).await;
        world.deliver(&first.id, 0).await;
        assert_ne!(world.start(&alice, pictures("a", 1)).await.id, first.id);
        world.sound().await;
    }

    async fn too_little_money_changes_nothing_and_the_offer_stays(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 100).await;
        let offer = world.quote(&alice, pictures("a", 1)).await;
        let refused = world.confirm(&alice, &offer).await;
        assert!(
            matches!(refused, Accepted::Insufficient { need, available }
                if need == Money::kopecks(393) && available == Money::kopecks(100)),
            "{refused:?}"
        );
        assert_eq!((world.money(&alice).await, world.jobs(Lane::Submit).await), ((100, 0), vec![]));
        world.person(ALICE, 300).await;
        started(world.confirm(&alice, &offer).await);
        assert_eq!(world.money(&alice).await, (7, 393));
        world.sound().await;
    }

    async fn a_price_that_has_changed_is_shown_and_not_charged(db: Db) {
        let world = World::with(db, |settings| settings.free_per_day = 1).await;
        let alice = world.person(ALICE, 5_000).await;
        let free = world.quote(&alice, cheap("a")).await;
        // The free generation goes to another order: what was offered free would cost money now.
        let mut tx = world.tx(ALICE).await;
        let other = botyard::domain::GenerationId::random();
        let day = world.tenant.today(world.now());
        assert!(botyard::billing::free_reserve(&mut tx, &other, &alice.user_ref, &day, 1, 1, world.now()).await.unwrap());
        tx.commit().await.unwrap();
        let changed = world.confirm(&alice, &free).await;
        assert!(
            matches!(&changed, Accepted::PriceChanged { was, now, order }
                if *was == Money::ZERO && *now == Money::kopecks(63) && *order == cheap("a")),
            "{changed:?}"
        );
        assert_eq!(world.money(&alice).await, (5_000, 0));
    }

    /// T09: old offers under old prices, pressed in any order while the owner changes the prices. What is charged is what the
    /// pressed offer shows, or nothing is.
    async fn money_stale_price(db: Db) {
        let mut world = World::new(db).await;
        let mut rng = rand::rngs::StdRng::seed_from_u64(0x9_1234);
        let (mut charged, mut refused) = (0, 0);
        for round in 0..env::count(60, 1_000) {
            let alice = world.person(UserId(5_000 + i64::try_from(round).unwrap()), 10_000).await;
            let order = pictures(&format!("{round}"), rng.random_range(1..=4));
            let shown = world.quote(&alice, order.clone()).await;
            if rng.random_range(0..3) > 0 {
                let markup = format!("{}.{:02}", rng.random_range(1..=3), rng.random_range(0..100));
                world.set("markup", serde_json::Value::from(markup)).await;
            }
            let before = world.money(&alice).await.0;
            match world.confirm(&alice, &shown).await {
                Accepted::Started(row) => {
                    assert_eq!((row.price, before - world.money(&alice).await.0), (shown.price, shown.price.as_kopecks()));
                    charged += 1;
                }
                Accepted::PriceChanged { was, now, .. } => {
                    assert!(was == shown.price && now != was, "{was} {now}");
                    assert_eq!(world.money(&alice).await.0, before, "nothing is charged under a price that nobody saw");
                    refused += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(charged > 10, "{charged} charged, {refused} refused");
        world.sound().await;
    }

    async fn an_offer_is_valid_for_half_an_hour_and_only_for_its_person(db: Db) {
        let world = World::new(db).await;
        let (alice, bob) = (world.person(ALICE, 0).await, world.person(BOB, 0).await);
        let offer = world.quote(&alice, cheap("a")).await;
        assert!(matches!(world.confirm(&bob, &offer).await, Accepted::NoQuote));
        world.advance(30 * 60);
        assert!(matches!(world.confirm(&alice, &offer).await, Accepted::Expired(order) if order == cheap("a")));
        let fresh = world.quote(&alice, cheap("a")).await;
        world.advance(30 * 60 - 1);
        started(world.confirm(&alice, &fresh).await);
    }

    async fn so_many_at_once_and_no_more(db: Db) {
        let world = World::with(db, |settings| settings.max_parallel = 2).await;
        let alice = world.person(ALICE, 5_000).await;
        let first = world.start(&alice, pictures("a", 1)).await;
        world.start(&alice, pictures("b", 1)).await;
        let third = world.quote(&alice, pictures("c", 1)).await;
        assert!(matches!(world.confirm(&alice, &third).await, Accepted::ParallelLimit(2)));
        assert_eq!(world.money(&alice).await.1, 786);
        world.results(&first.id, 1).await;
        assert!(matches!(world.confirm(&alice, &third).await, Accepted::ParallelLimit(2)), "delivering counts");
        world.deliver(&first.id, 0).await;
        started(world.confirm(&alice, &third).await);
        world.sound().await;
    }

    async fn five_free_generations_succeed_and_the_sixth_costs_money(db: Db) {
        let world = World::with(db, |settings| settings.max_parallel = 20).await;
        let alice = world.person(ALICE, 100).await;
        for n in 0..5 {
            let row = world.start(&alice, cheap(&format!("{n}"))).await;
            assert_eq!((row.payer, row.price, row.hold_id), (Payer::Free, Money::ZERO, None));
        }
        assert_eq!((world.free_left(&alice).await, world.money(&alice).await), (0, (100, 0)));
        let sixth = world.start(&alice, cheap("6")).await;
        assert_eq!((sixth.payer, world.money(&alice).await), (Payer::Money, (37, 63)));
        // A new day of the tenant's zone begins at midnight in Moscow, nine hours later.
        world.advance(9 * 3600 - 1);
        assert_eq!(world.free_left(&alice).await, 0);
        world.advance(1);
        assert_eq!(world.free_left(&alice).await, 5);
        world.sound().await;
    }

    async fn an_admin_generates_without_money_or_quota(db: Db) {
        let world = World::new(db).await;
        let admin = world.person(ADMIN, 0).await;
        let buyer = Buyer { user: &admin, acts_as_admin: true };
        let offer = world.quote_as(buyer, cheap("a")).await;
        let row = started(world.confirm_as(buyer, WhichQuote::Id(offer.id)).await);
        assert_eq!((row.payer, row.hold_id), (Payer::Admin, None));
        assert_eq!(world.free_left(&admin).await, 5);
        world.results(&row.id, 1).await;
        world.deliver(&row.id, 0).await;
        assert_eq!((world.row(&row.id).await.state, world.money(&admin).await), (State::Delivered, (0, 0)));
        world.sound().await;
    }

    async fn without_a_key_nothing_is_held(db: Db) {
        let world = World::keyed(db, None, |_| {}).await;
        let alice = world.person(ALICE, 1_000).await;
        let offer = world.quote(&alice, pictures("a", 1)).await;
        assert!(matches!(world.confirm(&alice, &offer).await, Accepted::Off(Off::NoKey)));
        assert_eq!(world.money(&alice).await, (1_000, 0));
    }
}
