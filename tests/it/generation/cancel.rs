//! The press of «❌ Отменить» (bot.md 9.4; decisions.md 8).

use botyard::domain::{GenerationId, GenerationState as State, UserId};
use botyard::generation::{Accepted, Canceled, cancel};
use botyard::store::Db;

use super::world::{ALICE, BOB, World, cheap, pictures};
use crate::util::db::on_each_db;

async fn press(world: &World, user: UserId, id: &GenerationId) -> Canceled {
    let mut tx = world.tx(user).await;
    let canceled = cancel(&mut tx, &world.shop(), user, id, world.now()).await.unwrap();
    tx.commit().await.unwrap();
    canceled
}

on_each_db! {
    async fn before_the_provider_has_it_everything_goes_back(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let (paid, free) = (world.start(&alice, pictures("a", 1)).await, world.start(&alice, cheap("b")).await);
        for row in [&paid, &free] {
            let done = press(&world, ALICE, &row.id).await;
            assert!(matches!(done, Canceled::Done { free_used: false, .. }), "{done:?}");
            assert_eq!(world.row(&row.id).await.state, State::Canceled);
        }
        assert_eq!((world.money(&alice).await, world.free_left(&alice).await), ((500, 0), 5));
        world.sound().await;
    }

    async fn two_presses_within_three_seconds_are_one(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        press(&world, ALICE, &row.id).await;
        world.advance(2);
        assert!(matches!(press(&world, ALICE, &row.id).await, Canceled::Again));
        world.advance(1);
        assert!(matches!(press(&world, ALICE, &row.id).await, Canceled::Finished));
        assert_eq!(world.money(&alice).await, (500, 0));
    }

    async fn somebody_elses_generation_is_not_found(db: Db) {
        let world = World::new(db).await;
        let (alice, _) = (world.person(ALICE, 500).await, world.person(BOB, 0).await);
        let row = world.start(&alice, pictures("a", 1)).await;
        assert!(matches!(press(&world, BOB, &row.id).await, Canceled::NotFound));
        assert!(matches!(press(&world, ALICE, &GenerationId::random()).await, Canceled::NotFound));
        assert_eq!(world.row(&row.id).await.state, State::Created);
    }

    async fn after_acceptance_money_goes_back_but_a_free_generation_stays_used(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let (paid, free) = (world.start(&alice, pictures("a", 1)).await, world.start(&alice, cheap("b")).await);
        world.accepted(&paid.id).await;
        world.accepted(&free.id).await;
        assert!(matches!(press(&world, ALICE, &paid.id).await, Canceled::Done { free_used: false, .. }));
        assert!(matches!(press(&world, ALICE, &free.id).await, Canceled::Done { free_used: true, .. }));
        assert_eq!((world.money(&alice).await, world.free_left(&alice).await), ((500, 0), 4));
        world.sound().await;
    }

    async fn a_day_has_three_cancels_after_acceptance(db: Db) {
        let world = World::with(db, |settings| settings.max_parallel = 20).await;
        let alice = world.person(ALICE, 5_000).await;
        for n in 0..3 {
            let row = world.start(&alice, pictures(&format!("{n}"), 1)).await;
            world.accepted(&row.id).await;
            assert!(matches!(press(&world, ALICE, &row.id).await, Canceled::Done { .. }));
        }
        let fourth = world.start(&alice, pictures("4", 1)).await;
        world.accepted(&fourth.id).await;
        assert!(matches!(press(&world, ALICE, &fourth.id).await, Canceled::NotAllowed));
        let waiting = world.start(&alice, pictures("5", 1)).await;
        assert!(matches!(press(&world, ALICE, &waiting.id).await, Canceled::Done { .. }), "not accepted yet");
        // Midnight in Moscow is nine hours away.
        world.advance(9 * 3600);
        assert!(matches!(press(&world, ALICE, &fourth.id).await, Canceled::Done { .. }));
        world.sound().await;
    }

    async fn a_canceled_task_counts_as_running_until_its_time_is_over(db: Db) {
        let world = World::with(db, |settings| settings.max_parallel = 1).await;
        let alice = world.person(ALICE, 5_000).await;
        let first = world.start(&alice, pictures("a", 1)).await;
        world.accepted(&first.id).await;
        press(&world, ALICE, &first.id).await;
        let next = world.quote(&alice, pictures("b", 1)).await;
        assert!(matches!(world.confirm(&alice, &next).await, Accepted::ParallelLimit(1)));
        let mut tx = world.tx(ALICE).await;
        assert!(tx.generation_note_end(&first.id, 0, 0).await.unwrap());
        tx.commit().await.unwrap();
        assert!(matches!(world.confirm(&alice, &next).await, Accepted::Started(_)));
    }

    async fn results_on_their_way_and_delivered_ones_are_not_canceled(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        world.results(&row.id, 1).await;
        assert!(matches!(press(&world, ALICE, &row.id).await, Canceled::NotAllowed));
        world.deliver(&row.id, 0).await;
        assert!(matches!(press(&world, ALICE, &row.id).await, Canceled::Finished));
        assert_eq!(world.money(&alice).await, (107, 0));
        world.sound().await;
    }
}
