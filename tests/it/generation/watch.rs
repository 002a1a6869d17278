//! Watching a task to its end (bot.md 9.2, 9.3; F19, F22, F23).

use std::time::Duration;

use botyard::domain::{GenerationState as State, Lane};
use botyard::generation::{FailureKind, Job, News, Stage, Watched};
use botyard::sandbox::wire::{FaultAnswer, Outcome};
use botyard::store::{Counter, Db};

use super::provider::Provider;
use super::world::{ALICE, World, pictures};
use crate::util::db::on_each_db;

on_each_db! {
    async fn results_are_kept_sealed_and_their_delivery_is_put(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 3)).await;
        provider.submit(&row.id).await;
        let row = provider.watch_until(&row.id, State::Delivering).await;
        assert_eq!((row.items, row.provider_credits), (3, Some(1200)));
        let mut tx = world.tx(ALICE).await;
        let items = tx.items_of(&row.id).await.unwrap();
        assert_eq!(items.iter().map(|item| item.kind.as_str()).collect::<Vec<_>>(), ["photo"; 3]);
        for item in &items {
            let id = item.media_id.clone().unwrap();
            let content = provider.media.get(&world.tenant, &id).await.unwrap();
            let known = tx.media_get(&id).await.unwrap().unwrap();
            assert_eq!((known.mime.as_str(), known.size), ("image/png", i64::try_from(content.len()).unwrap()));
            assert_eq!(known.expires_at, world.now().plus(Duration::from_hours(14 * 24)));
        }
        drop(tx);
        assert!(world.jobs(Lane::Deliver).await.contains(&Job::Deliver { generation: row.id.clone() }));
        assert_eq!(world.counted(Counter::ProviderCredits).await, 1200);
        assert_eq!(provider.watch(&row.id).await, Watched::Nothing);
        assert_eq!(provider.files(), 3);
        world.deliver(&row.id, 0).await;
        assert_eq!(world.money(&alice).await, (2_000 - 1_179, 0));
        world.sound().await;
    }

    async fn every_bad_end_gives_the_money_back(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 2_000).await;
        let refused = |msg: &str| Outcome::Fail { code: "501".to_owned(), msg: msg.to_owned() };
        for (outcome, kind) in [
            (refused("Playground task failed."), FailureKind::Failed),
            (refused("flagged as violating content policies"), FailureKind::Unsafe),
            (Outcome::Empty, FailureKind::EmptyResult),
            (Outcome::Html, FailureKind::EmptyResult),
            (Outcome::Gone, FailureKind::EmptyResult),
        ] {
            let row = world.start(&alice, pictures(kind.word(), 1)).await;
            provider.next_task(outcome.clone()).await;
            provider.submit(&row.id).await;
            let row = provider.watch_until(&row.id, State::Failed).await;
            assert_eq!(row.cause.as_deref(), Some(kind.word()), "{outcome:?}");
            assert_eq!(world.money(&alice).await, (2_000, 0));
            assert_eq!(provider.watch(&row.id).await, Watched::Nothing);
        }
        assert_eq!((provider.files(), world.counted(Counter::Failed).await), (0, 5));
        world.sound().await;
    }

    async fn trouble_in_looking_is_borne(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        provider.submit(&row.id).await;
        provider.provider_done().await;
        provider.next_code("recordInfo", 422, 1).await;
        provider.next_code("recordInfo", 429, 1).await;
        provider.next_code("recordInfo", 401, 1).await;
        for body in ["<html>error code: 1010</html>", "{\"code\":", ""] {
            let answer = FaultAnswer { status: Some(200), body: Some(body.to_owned()), ..FaultAnswer::default() };
            provider.next_answer("recordInfo", answer, 1).await;
        }
        provider.next_answer("recordInfo", FaultAnswer { status: Some(502), ..FaultAnswer::default() }, 1).await;
        for n in 0..7 {
            assert!(matches!(provider.watch(&row.id).await, Watched::Again { .. }), "{n}");
        }
        assert_eq!(provider.watch(&row.id).await, Watched::Results { late: false });
    }

    async fn looks_come_as_planned_and_the_person_is_told_once(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        provider.next_task(Outcome::Never).await;
        provider.submit(&row.id).await;
        let mut age = 0;
        for (at, pause, stage) in [
            (0, 3, Stage::Running),
            (40, 6, Stage::Running),
            (130, 15, Stage::Running),
            (180, 15, Stage::Background),
            (299, 1, Stage::Background),
            (300, 15, Stage::Background),
            (898, 2, Stage::Background),
        ] {
            world.advance(at - age);
            age = at;
            let mut watched = provider.watch(&row.id).await;
            for _ in 0..100 {
                // The provider needs a moment to begin.
                if !matches!(watched, Watched::Again { stage: Stage::Queued, .. }) { break }
                tokio::time::sleep(Duration::from_millis(10)).await;
                watched = provider.watch(&row.id).await;
            }
            let Watched::Again { after, stage: shown } = watched else { panic!("{at}: {watched:?}") };
            assert_eq!(shown, stage, "{at}");
            let wanted = Duration::from_secs(pause);
            assert!(after <= wanted * 12 / 10 && after >= wanted * 8 / 10, "{at}: {after:?}");
        }
        assert_eq!(world.jobs(Lane::Deliver).await, [Job::Tell { generation: row.id.clone(), news: News::Late }]);
        world.advance(2);
        let over = provider.watch(&row.id).await;
        assert!(matches!(over, Watched::Failed { kind: FailureKind::TimedOut, again: Some(_) }), "{over:?}");
        assert_eq!((world.row(&row.id).await.state, world.money(&alice).await), (State::TimedOut, (2_000, 0)));
        world.sound().await;
    }

    async fn what_ended_in_time_is_delivered_even_when_nobody_could_look(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        provider.submit(&row.id).await;
        provider.provider_done().await;
        world.advance(3 * 3600);
        assert_eq!(provider.watch(&row.id).await, Watched::Results { late: false });
        world.deliver(&row.id, 0).await;
        assert_eq!(world.money(&alice).await, (2_000 - 393, 0));
        world.sound().await;
    }
}
