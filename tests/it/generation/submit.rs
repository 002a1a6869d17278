//! Handing a generation to the provider: one intent, one call, whatever happens (decisions.md 7; F05, F06, F19, F20).

use std::time::Duration;

use botyard::catalog::{GenType, Selection, Value};
use botyard::domain::{GenerationState as State, Lane, MediaPurpose, Payer};
use botyard::generation::{Delivery, FailureKind, Job, Order, Submitted, Watched};
use botyard::sandbox::wire::{Drop, FaultAnswer};
use botyard::store::{Db, GenerationChange};

use super::provider::Provider;
use super::world::{ALICE, World, cheap, pictures};
use crate::util::db::on_each_db;

on_each_db! {
    async fn a_task_is_created_once_and_watched(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        assert_eq!(provider.submit(&row.id).await, Submitted::Accepted);
        assert_eq!(provider.submit(&row.id).await, Submitted::Nothing);
        let tasks = provider.tasks().await;
        assert_eq!(tasks.len(), 1);
        assert_eq!(tasks[0].request["input"]["max_images"], 1);
        let url = tasks[0].request["callBackUrl"].as_str().unwrap();
        assert!(url.starts_with("http://127.0.0.1:9/kie/tenant-a/"), "{url}");
        let row = world.row(&row.id).await;
        assert_eq!((row.state, row.provider_task_id.as_ref()), (State::Queued, Some(&tasks[0].task_id)));
        assert_eq!(world.jobs(Lane::Watch).await, [Job::Watch { generation: row.id }]);
    }

    async fn inputs_are_given_to_the_provider_as_links(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 50_000).await;
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(8, 8).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let stored =
            provider.media.put(&world.tenant, MediaPurpose::Upload, "image/png", png.get_ref()).await.unwrap();
        let chosen = Selection::new()
            .with("prompt", Value::Text("waves".to_owned()))
            .with("image_input", Value::Files(vec![stored.value(None)]))
            .with("sound", Value::Bool(false));
        let model = world.catalog.model("kling-2.6/image-to-video").unwrap();
        let row = world.start(&alice, Order::new(model, GenType::ImageToVideo, &chosen, None)).await;
        assert_eq!(provider.submit(&row.id).await, Submitted::Accepted);
        let request = provider.tasks().await.remove(0).request.to_string();
        assert!(request.contains("http://127.0.0.1") && request.contains(".png"), "{request}");

        let gone = world.start(&alice, Order::new(model, GenType::ImageToVideo, &chosen.with("duration", Value::Text("10".into())), None)).await;
        provider.media.delete(&world.tenant.id, &stored.id).await.unwrap();
        assert_eq!(provider.submit(&gone.id).await, Submitted::Failed(FailureKind::UnreadableInput));
        assert_eq!(provider.tasks().await.len(), 1);
        world.sound().await;
    }

    async fn a_refusal_gives_the_money_back_by_its_cause(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        for (code, kind) in [
            (401, FailureKind::KeyRefused),
            (402, FailureKind::NoCredits),
            (422, FailureKind::BadParams),
            (505, FailureKind::ModelOff),
        ] {
            let row = world.start(&alice, pictures(&code.to_string(), 1)).await;
            provider.next_code("createTask", code, 1).await;
            assert_eq!(provider.submit(&row.id).await, Submitted::Failed(kind), "{code}");
            assert_eq!((world.row(&row.id).await.state, world.money(&alice).await), (State::Failed, (500, 0)));
        }
        assert_eq!(provider.tasks().await.len(), 0);
        world.sound().await;
    }

    async fn a_busy_provider_is_tried_from_our_own_queue_until_the_limit(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        provider.next_code("createTask", 429, 1).await;
        assert_eq!(provider.submit(&row.id).await, Submitted::Later(Duration::from_secs(1)));
        assert_eq!((world.row(&row.id).await.state, world.money(&alice).await), (State::Created, (107, 393)));
        world.advance(1);
        provider.next_code("createTask", 455, 1).await;
        assert_eq!(provider.submit(&row.id).await, Submitted::Later(Duration::from_secs(2)));
        world.advance(2);
        assert_eq!(provider.submit(&row.id).await, Submitted::Accepted);

        let never = world.start(&alice, cheap("b")).await;
        world.advance(10 * 60);
        provider.next_code("createTask", 429, 1).await;
        assert_eq!(provider.submit(&never.id).await, Submitted::Failed(FailureKind::Busy));
        assert_eq!(world.free_left(&alice).await, 5);
        world.sound().await;
    }

    async fn an_unknown_answer_makes_an_orphan_that_is_given_up_at_its_limit_and_never_created_again(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        let cut = FaultAnswer { drop: Some(Drop::After), ..FaultAnswer::default() };
        provider.next_answer("createTask", cut, 1).await;
        assert_eq!(provider.submit(&row.id).await, Submitted::Orphan);
        assert_eq!(provider.submit(&row.id).await, Submitted::Nothing);
        assert_eq!(world.money(&alice).await, (107, 393));
        world.advance(89);
        assert!(matches!(provider.watch(&row.id).await, Watched::Again { after, .. } if after == Duration::from_secs(1)));
        world.advance(1);
        assert_eq!(provider.watch(&row.id).await, Watched::Failed { kind: FailureKind::Orphan, again: None });
        assert_eq!((world.row(&row.id).await.state, world.money(&alice).await), (State::Failed, (500, 0)));
        assert_eq!(provider.tasks().await.len(), 1, "the one that was created before the connection was cut");
        world.sound().await;
    }

    async fn a_person_is_told_of_orphans_once_in_a_while(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 5_000).await;
        for n in 0..2 {
            let row = world.start(&alice, pictures(&n.to_string(), 1)).await;
            let broken = FaultAnswer { status: Some(502), ..FaultAnswer::default() };
            provider.next_answer("createTask", broken, 1).await;
            assert_eq!(provider.submit(&row.id).await, Submitted::Orphan);
            world.advance(90);
            provider.watch(&row.id).await;
            assert_eq!(world.row(&row.id).await.state, State::Failed);
        }
        assert_eq!(world.jobs(Lane::Deliver).await.len(), 1);
    }

    async fn a_death_between_intent_and_answer_never_calls_again(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        // What the intent's transaction leaves when the process dies right after it.
        let mut tx = world.tx(ALICE).await;
        let intent = GenerationChange { submitted_at: Some(world.now()), ..GenerationChange::default() };
        assert!(tx.generation_move(&row.id, &[State::Created], State::Submitting, &intent, world.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(provider.submit(&row.id).await, Submitted::Orphan);
        assert_eq!(provider.tasks().await.len(), 0);
        world.advance(90);
        assert!(matches!(provider.watch(&row.id).await, Watched::Failed { .. }));
        assert_eq!(world.money(&alice).await, (500, 0));
        world.sound().await;
    }

    async fn what_was_canceled_while_it_was_submitted_counts_as_running_and_is_not_delivered(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        provider.submit(&row.id).await;
        let mut tx = world.tx(ALICE).await;
        botyard::generation::cancel(&mut tx, &world.shop(), ALICE, &row.id, world.now()).await.unwrap();
        tx.commit().await.unwrap();
        provider.provider_done().await;
        assert_eq!(provider.watch(&row.id).await, Watched::Nothing);
        let row = world.row(&row.id).await;
        assert_eq!((row.state, row.provider_credits.is_some()), (State::Canceled, true));
        assert_eq!((world.jobs(Lane::Deliver).await, world.money(&alice).await), (vec![], (500, 0)));
        world.sound().await;
    }

    async fn a_dry_run_calls_nobody_and_charges_nothing(db: Db) {
        let provider = Provider::new(World::keyed(db, None, |settings| settings.dry_run = true).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        assert_eq!((row.payer, world.money(&alice).await), (Payer::DryRun, (500, 0)));
        assert_eq!(provider.submit(&row.id).await, Submitted::Simulated);
        assert_eq!(provider.submit(&row.id).await, Submitted::Nothing);
        assert_eq!(world.jobs(Lane::Deliver).await, [Job::Deliver { generation: row.id.clone() }]);
        assert!(matches!(world.deliver(&row.id, 0).await, Delivery::FirstConfirmed(_)));
        assert_eq!((world.row(&row.id).await.state, world.money(&alice).await), (State::Delivered, (500, 0)));
        assert_eq!(provider.tasks().await.len(), 0);
        world.sound().await;
    }
}
