//! Money at every end (bot.md 9.2, 9.5).

use botyard::billing::Balance;
use botyard::domain::{GenerationState as State, Lane, MessageId, Money, Payer};
use botyard::generation::settle::{self, Confirmed};
use botyard::generation::{
    Charged, Delivery, Failure, FailureKind, Job, News, Redelivery, redeliver, redeliver_waiting,
};
use botyard::store::{Counter, Db, SentItem, SentTo};

use super::world::{ALICE, BOB, World, cheap, pictures};
use crate::util::db::on_each_db;

/// Ends a generation without a result.
async fn fail(world: &World, id: &botyard::domain::GenerationId, kind: FailureKind) -> bool {
    let mut tx = world.db.tenant(&world.tenant.id).await.unwrap();
    let failed = settle::fail(&mut tx, &world.tenant, id, &kind.into(), world.now()).await.unwrap();
    tx.commit().await.unwrap();
    failed.is_some()
}

on_each_db! {
    async fn the_first_confirmed_item_takes_the_money_and_the_others_nothing(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 4)).await;
        world.results(&row.id, 4).await;
        let charged = Charged {
            payer: Payer::Money,
            amount: Money::kopecks(1572),
            shortfall: None,
            balance: Balance { available: Money::kopecks(428), ..Balance::default() },
        };
        assert_eq!(world.deliver(&row.id, 0).await, Delivery::FirstConfirmed(charged));
        assert_eq!(world.deliver(&row.id, 0).await, Delivery::Nothing);
        assert_eq!(world.deliver(&row.id, 3).await, Delivery::Further);
        let row = world.row(&row.id).await;
        assert_eq!((row.state, row.charged), (State::Delivered, Money::kopecks(1572)));
        assert_eq!((world.counted(Counter::Delivered).await, world.counted(Counter::Revenue).await), (1, 1572));
        world.sound().await;
    }

    async fn three_of_four_pictures_cost_three_quarters_and_the_rest_goes_back(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 4)).await;
        assert_eq!(world.money(&alice).await, (428, 1572));
        world.results(&row.id, 3).await;
        let Delivery::FirstConfirmed(charged) = world.deliver(&row.id, 0).await else { panic!("not the first") };
        assert_eq!((charged.amount, charged.shortfall), (Money::kopecks(1179), Some((3, 4))));
        assert_eq!(world.money(&alice).await, (428 + 393, 0));
        assert_eq!(world.counted(Counter::Revenue).await, 1179);
        world.sound().await;
    }

    async fn an_album_confirmed_by_the_outbox_settles_like_any_item(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 2)).await;
        world.results(&row.id, 2).await;
        let mut tx = world.db.tenant(&world.tenant.id).await.unwrap();
        let message = botyard::store::NewMessage {
            id: botyard::domain::OutboxId::next(world.now()),
            chat_id: row.chat_id,
            class: botyard::domain::MessageClass::MustArrive,
            sealed: b"album",
            dedupe_key: "album",
            run_at: world.now(),
            generation_id: Some(&row.id),
            quote_id: None,
            corr: &row.corr,
        };
        tx.outbox_put(&message, world.now()).await.unwrap();
        let sent = |item| SentItem { item, message_id: MessageId(900 + item), file_id: None };
        let to = SentTo::Items(&row.id, &[sent(0), sent(1)]);
        assert!(tx.outbox_sent(&message.id, Some(MessageId(900)), to, world.now()).await.unwrap());
        let delivery = settle::settle_sent(&mut tx, &world.tenant, &row.id, world.now()).await.unwrap();
        assert!(matches!(delivery, Delivery::FirstConfirmed(_)), "{delivery:?}");
        tx.commit().await.unwrap();
        assert_eq!(world.money(&alice).await, (2_000 - 786, 0));
        world.sound().await;
    }

    async fn nothing_is_taken_while_no_item_is_confirmed(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 2_000).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        world.results(&row.id, 1).await;
        let mut tx = world.db.tenant(&world.tenant.id).await.unwrap();
        let delivery = settle::settle_sent(&mut tx, &world.tenant, &row.id, world.now()).await.unwrap();
        assert_eq!(delivery, Delivery::Nothing);
        let unknown = Confirmed { item: 7, message: MessageId(1), file_id: None };
        let delivery = settle::delivered(&mut tx, &world.tenant, &row.id, unknown, world.now()).await.unwrap();
        assert_eq!(delivery, Delivery::Nothing);
        tx.commit().await.unwrap();
        assert_eq!(world.money(&alice).await, (2_000 - 393, 393));
    }

    async fn a_free_generation_is_used_by_delivery_and_given_back_by_failure(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 0).await;
        let row = world.start(&alice, cheap("a")).await;
        assert_eq!(world.free_left(&alice).await, 4);
        assert!(fail(&world, &row.id, FailureKind::Failed).await);
        assert_eq!(world.free_left(&alice).await, 5);
        assert!(!fail(&world, &row.id, FailureKind::Failed).await);
        assert_eq!(world.free_left(&alice).await, 5);
        let row = world.start(&alice, cheap("b")).await;
        world.results(&row.id, 1).await;
        let Delivery::FirstConfirmed(charged) = world.deliver(&row.id, 0).await else { panic!("not the first") };
        assert_eq!((charged.payer, charged.amount), (Payer::Free, Money::ZERO));
        assert_eq!((world.free_left(&alice).await, world.counted(Counter::Revenue).await), (4, 0));
        world.sound().await;
    }

    async fn a_failure_gives_the_money_back_once_and_its_person_is_told(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 1_000).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        assert!(fail(&world, &row.id, FailureKind::Unsafe).await);
        assert!(!fail(&world, &row.id, FailureKind::Busy).await);
        assert_eq!(world.money(&alice).await, (1_000, 0));
        let ended = world.row(&row.id).await;
        assert_eq!((ended.state, ended.cause.as_deref()), (State::Failed, Some("unsafe")));
        let told = Job::Tell { generation: row.id, news: News::Ended };
        assert_eq!(world.jobs(Lane::Deliver).await, [told]);
        assert_eq!(world.counted(Counter::Failed).await, 1);
        world.sound().await;
    }

    async fn what_the_provider_said_of_parameters_is_kept_sealed(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 0).await;
        let row = world.start(&alice, cheap("a")).await;
        let hint = Some("my secret prompt is too long".to_owned());
        let failure = Failure { kind: FailureKind::BadParams, hint, missing: Some("prompt".to_owned()) };
        let mut tx = world.tx(ALICE).await;
        settle::fail(&mut tx, &world.tenant, &row.id, &failure, world.now()).await.unwrap();
        tx.commit().await.unwrap();
        let stored = world.row(&row.id).await.cause.unwrap();
        assert!(stored.starts_with("bad_params:") && !stored.contains("secret"), "{stored}");
        assert!(Failure::read(&world.tenant, &stored) == failure);
        assert!(Failure::read(&world.tenant, "bad_params:AAAA") == Failure::from(FailureKind::BadParams));
    }

    async fn an_undelivered_result_keeps_its_hold_a_day_and_costs_its_price_anew_after_that(db: Db) {
        let world = World::new(db).await;
        let (alice, bob) = (world.person(ALICE, 500).await, world.person(BOB, 0).await);
        let row = world.start(&alice, pictures("a", 1)).await;
        world.results(&row.id, 1).await;
        let mut tx = world.tx(ALICE).await;
        assert!(settle::undelivered(&mut tx, &row.id, world.now()).await.unwrap().is_some());
        assert!(settle::undelivered(&mut tx, &row.id, world.now()).await.unwrap().is_none());
        assert!(matches!(redeliver(&mut tx, bob.user_id, &row.id, world.now()).await.unwrap(), Redelivery::NotFound));
        tx.commit().await.unwrap();
        assert_eq!(world.money(&alice).await, (107, 393));

        world.advance(24 * 3600 + 1);
        let mut tx = world.tx(ALICE).await;
        assert!(settle::release_undelivered(&mut tx, &row.id, world.now()).await.unwrap());
        assert!(!settle::release_undelivered(&mut tx, &row.id, world.now()).await.unwrap());
        assert_eq!(redeliver_waiting(&mut tx, ALICE, world.now()).await.unwrap(), 0, "not without a press");
        tx.commit().await.unwrap();
        assert_eq!((world.money(&alice).await, world.row(&row.id).await.state), ((500, 0), State::Undelivered));

        let mut tx = world.tx(ALICE).await;
        assert!(matches!(redeliver(&mut tx, ALICE, &row.id, world.now()).await.unwrap(), Redelivery::Started(_)));
        tx.commit().await.unwrap();
        assert_eq!(world.money(&alice).await, (107, 393));
        assert!(matches!(world.deliver(&row.id, 0).await, Delivery::FirstConfirmed(_)));
        assert_eq!(world.money(&alice).await, (107, 0));
        let mut tx = world.tx(ALICE).await;
        assert!(matches!(redeliver(&mut tx, ALICE, &row.id, world.now()).await.unwrap(), Redelivery::Delivered(_)));
        drop(tx);
        world.sound().await;
    }

    async fn a_result_paid_for_anew_that_fails_again_gives_its_money_back_at_once(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        world.results(&row.id, 1).await;
        for _ in 0..3 {
            let mut tx = world.tx(ALICE).await;
            settle::undelivered(&mut tx, &row.id, world.now()).await.unwrap().unwrap();
            settle::release_undelivered(&mut tx, &row.id, world.now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(world.money(&alice).await, (500, 0));
            let mut tx = world.tx(ALICE).await;
            assert!(matches!(redeliver(&mut tx, ALICE, &row.id, world.now()).await.unwrap(), Redelivery::Started(_)));
            tx.commit().await.unwrap();
            assert_eq!(world.money(&alice).await, (107, 393));
        }
        world.sound().await;
    }

    async fn an_undelivered_result_is_sent_when_its_person_writes_within_the_day(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        world.results(&row.id, 1).await;
        let mut tx = world.tx(ALICE).await;
        settle::undelivered(&mut tx, &row.id, world.now()).await.unwrap().unwrap();
        assert_eq!(redeliver_waiting(&mut tx, ALICE, world.now()).await.unwrap(), 1);
        assert_eq!(redeliver_waiting(&mut tx, ALICE, world.now()).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(world.jobs(Lane::Deliver).await, [Job::Deliver { generation: row.id.clone() }]);
        world.deliver(&row.id, 0).await;
        assert_eq!(world.money(&alice).await, (107, 0));
        world.sound().await;
    }

    async fn a_confirmation_after_the_money_went_back_is_free(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        world.results(&row.id, 1).await;
        let mut tx = world.tx(ALICE).await;
        settle::undelivered(&mut tx, &row.id, world.now()).await.unwrap().unwrap();
        settle::release_undelivered(&mut tx, &row.id, world.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.deliver(&row.id, 0).await, Delivery::Late);
        assert_eq!((world.row(&row.id).await.state, world.money(&alice).await), (State::DeliveredLate, (500, 0)));
        world.sound().await;
    }
}
