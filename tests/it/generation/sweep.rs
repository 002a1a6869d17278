//! What stands still is taken up again (F05, F07; bot.md 9.2, last line).

use botyard::domain::{GenerationState as State, Lane};
use botyard::generation::settle;
use botyard::generation::{Job, sweep};
use botyard::store::{Db, GenerationChange};

use super::world::{ALICE, World, pictures};
use crate::util::db::on_each_db;

/// The work of a lane disappears, as with a dead job.
async fn lose(world: &World, lane: Lane) {
    let mut tx = world.db.platform().await.unwrap();
    let jobs = tx.jobs_claim(lane, world.now(), 60_000, 100, 100).await.unwrap();
    tx.commit().await.unwrap();
    for job in jobs {
        let mut tx = world.db.tenant(&world.tenant.id).await.unwrap();
        assert!(tx.job_dead(&job.id, job.attempt, "lost", world.now()).await.unwrap());
        tx.commit().await.unwrap();
    }
}

async fn restart(world: &World) -> usize {
    sweep::restart(&world.db, &world.settings, world.now()).await.unwrap()
}

on_each_db! {
    async fn lost_work_is_put_again_and_work_that_waits_is_left_alone(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        lose(&world, Lane::Submit).await;
        assert_eq!((restart(&world).await, world.jobs(Lane::Submit).await), (0, vec![]), "too young");
        world.advance(61);
        assert_eq!(restart(&world).await, 1);
        assert_eq!(restart(&world).await, 0);
        assert_eq!(world.jobs(Lane::Submit).await, [Job::Submit { generation: row.id.clone() }]);
        world.accepted(&row.id).await;
        world.advance(61);
        assert_eq!(restart(&world).await, 1);
        assert_eq!(world.jobs(Lane::Watch).await, [Job::Watch { generation: row.id.clone() }]);
        let mut tx = world.tx(ALICE).await;
        let change = GenerationChange::default();
        assert!(tx.generation_move(&row.id, &[State::Queued], State::Delivering, &change, world.now()).await.unwrap());
        tx.commit().await.unwrap();
        world.advance(61);
        assert_eq!(restart(&world).await, 1);
        assert_eq!(world.jobs(Lane::Deliver).await, [Job::Deliver { generation: row.id }]);
    }

    async fn an_undelivered_results_money_goes_back_after_a_day(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        world.results(&row.id, 1).await;
        let mut tx = world.tx(ALICE).await;
        settle::undelivered(&mut tx, &row.id, world.now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        world.advance(24 * 3600);
        assert_eq!((restart(&world).await, world.money(&alice).await), (0, (107, 393)));
        world.advance(1);
        assert_eq!((restart(&world).await, world.money(&alice).await), (1, (500, 0)));
        assert_eq!(restart(&world).await, 0);
        world.sound().await;
    }
}
