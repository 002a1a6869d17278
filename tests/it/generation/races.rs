//! Many presses at once. Without the chat's lock too: what may never happen twice must not rest on it.

use std::sync::Arc;

use botyard::domain::{Corr, GenerationState as State, Lane, QuoteId, Secret, UserId};
use botyard::generation::{Accepted, Buyer, FailureKind, Off, Order, Press, Submitted, WhichQuote, accept};
use botyard::store::{Counter, Db, UserRow};

use super::provider::Provider;
use super::world::{ALICE, KEY, World, cheap, pictures};
use crate::util::db::on_each_db;

const PRESSES: usize = 50;

/// Presses one offer many times in parallel; with or without the lock of the chat.
async fn press_all(world: &Arc<World>, user: &UserRow, offers: Vec<WhichQuote>, locked: bool) -> Vec<Accepted> {
    let presses = offers.into_iter().map(|which| {
        let (world, user) = (Arc::clone(world), user.clone());
        async move {
            let mut tx =
                if locked { world.tx(user.user_id).await } else { world.db.tenant(&world.tenant.id).await.unwrap() };
            let buyer = Buyer { user: &user, acts_as_admin: false };
            let press = Press { which, buyer, corr: &Corr::random(), now: world.now() };
            let accepted = accept(&mut tx, &world.shop(), &press).await.unwrap();
            tx.commit().await.unwrap();
            accepted
        }
    });
    futures::future::join_all(presses).await
}

fn count(accepted: &[Accepted], of: impl Fn(&Accepted) -> bool) -> usize {
    accepted.iter().filter(|one| of(one)).count()
}

/// One offer for each order, all open at once, as replicas that do not see each other could leave them.
async fn open_offers(world: &World, user: &UserRow, orders: impl IntoIterator<Item = Order>) -> Vec<WhichQuote> {
    let mut offers = Vec::new();
    for order in orders {
        let made = world.quote(user, order).await;
        let mut tx = world.tx(user.user_id).await;
        offers.push(tx.quote_get(&made.id).await.unwrap().unwrap());
    }
    let mut tx = world.tx(user.user_id).await;
    for offer in &mut offers {
        offer.id = QuoteId::random();
        tx.quote_insert(offer).await.unwrap();
    }
    tx.commit().await.unwrap();
    offers.into_iter().map(|offer| WhichQuote::Id(offer.id)).collect()
}

async fn fifty_presses(world: World, locked: bool) {
    let world = Arc::new(world);
    let alice = world.person(ALICE, 10_000).await;
    let offer = world.quote(&alice, pictures("a", 1)).await;
    let all = press_all(&world, &alice, vec![WhichQuote::Id(offer.id); PRESSES], locked).await;
    assert_eq!(count(&all, |one| matches!(one, Accepted::Started(_))), 1);
    assert_eq!(count(&all, |one| matches!(one, Accepted::Already(_))), PRESSES - 1);
    assert_eq!(world.money(&alice).await, (10_000 - 393, 393));
    assert_eq!((world.jobs(Lane::Submit).await.len(), world.counted(Counter::Generations).await), (1, 1));
    world.sound().await;
}

/// Twenty people, each with 100 ₽ and an offer of their own, confirm at once.
async fn twenty_confirm(world: &World, acts_as_admin: bool) -> Vec<Accepted> {
    let mut offers = Vec::new();
    for n in 0..20 {
        let user = world.person(UserId(3_000 + n), 10_000).await;
        let offer = world.quote_as(Buyer { user: &user, acts_as_admin }, pictures(&n.to_string(), 1)).await;
        offers.push((user, WhichQuote::Id(offer.id)));
    }
    let presses = offers.iter().map(|(user, which)| world.confirm_as(Buyer { user, acts_as_admin }, which.clone()));
    futures::future::join_all(presses).await
}

on_each_db! {
    async fn of_twenty_people_at_once_the_last_generation_of_the_day_is_one_persons(db: Db) {
        let world = World::limited(db, Some(KEY), |_| {}, |limits| limits.generations_per_day = 1).await;
        let all = twenty_confirm(&world, false).await;
        assert_eq!(count(&all, |one| matches!(one, Accepted::Started(_))), 1);
        assert_eq!(count(&all, |one| matches!(one, Accepted::Off(Off::DayLimit))), 19);
        assert_eq!((world.jobs(Lane::Submit).await.len(), world.counted(Counter::Generations).await), (1, 1));
        world.sound().await;
    }

    async fn of_twenty_admins_at_once_the_last_free_one_of_the_day_is_one_admins(db: Db) {
        let mut world = World::limited(db, None, |_| {}, |limits| limits.shared_credits_per_day = 1_000_000).await;
        world.settings.kie.api_key = Some(Secret::new(KEY));
        world.settings.generation.admin_free_per_day = 1;
        let all = twenty_confirm(&world, true).await;
        assert_eq!(count(&all, |one| matches!(one, Accepted::Started(_))), 1);
        assert_eq!(count(&all, |one| matches!(one, Accepted::Off(Off::AdminLimit))), 19);
        assert_eq!((world.jobs(Lane::Submit).await.len(), world.counted(Counter::Generations).await), (1, 1));
    }

    async fn of_twenty_orders_at_once_as_many_go_to_the_provider_as_the_days_credits_pay(db: Db) {
        let mut provider = Provider::new(World::new(db).await).await;
        let mut rows = Vec::new();
        for accepted in twenty_confirm(&provider.world, false).await {
            let Accepted::Started(row) = accepted else { panic!("{accepted:?}") };
            rows.push(row);
        }
        // What twenty transactions that do not see each other leave behind: all confirmed, and room for one.
        provider.world.limit(|limits| limits.own_credits_per_day = 6).await;
        let all = futures::future::join_all(rows.iter().map(|row| provider.submit(&row.id))).await;
        let accepted = all.iter().filter(|one| **one == Submitted::Accepted).count();
        assert_eq!((accepted, provider.tasks().await.len()), (1, 1), "{all:?}");
        assert!(all.iter().all(|one| matches!(one, Submitted::Accepted | Submitted::Later(_))), "they wait: {all:?}");
        let first = all.iter().position(|one| *one == Submitted::Accepted).unwrap();
        provider.watch_until(&rows[first].id, State::Delivering).await;
        // The bill is here: nothing that still waits can be paid today, so none of it waits for its time to run out.
        for _ in 0..3 {
            for row in &rows {
                provider.submit(&row.id).await;
            }
        }
        assert_eq!(provider.tasks().await.len(), 1);
        let mut back = 0;
        for row in &rows {
            let row = provider.world.row(&row.id).await;
            if row.state == State::Failed {
                assert_eq!(row.cause.as_deref(), Some(FailureKind::Spent.word()));
                back += 1;
            }
        }
        assert_eq!(back, 19);
        let mut tx = provider.world.tx(ALICE).await;
        let holds = tx.check_holds(provider.world.now(), provider.world.now()).await.unwrap();
        assert_eq!(holds.open, 1, "the others have their money back");
        drop(tx);
        provider.world.sound().await;
    }

    async fn fifty_presses_of_one_offer_make_one_generation_and_one_hold(db: Db) {
        fifty_presses(World::new(db).await, true).await;
    }

    async fn fifty_presses_without_the_chats_lock_do_too(db: Db) {
        fifty_presses(World::new(db).await, false).await;
    }

    async fn ten_offers_cannot_spend_the_same_rouble(db: Db) {
        let world = Arc::new(World::with(db, |settings| settings.max_parallel = 20).await);
        let alice = world.person(ALICE, 1_000).await;
        let offers = open_offers(&world, &alice, (0..10).map(|n| pictures(&n.to_string(), 1))).await;
        let all = press_all(&world, &alice, offers, false).await;
        assert_eq!(count(&all, |one| matches!(one, Accepted::Started(_))), 2);
        assert_eq!(count(&all, |one| matches!(one, Accepted::Insufficient { .. })), 8);
        assert_eq!(world.money(&alice).await, (1_000 - 786, 786));
        world.sound().await;
    }

    async fn five_free_generations_are_five_however_many_ask_at_once(db: Db) {
        let world = Arc::new(World::with(db, |settings| settings.max_parallel = 20).await);
        let alice = world.person(ALICE, 0).await;
        let offers = open_offers(&world, &alice, (0..12).map(|n| cheap(&n.to_string()))).await;
        let all = press_all(&world, &alice, offers, false).await;
        assert_eq!(count(&all, |one| matches!(one, Accepted::Started(_))), 5);
        assert_eq!(count(&all, |one| matches!(one, Accepted::PriceChanged { .. })), 7);
        assert_eq!(world.free_left(&alice).await, 0);
        world.sound().await;
    }

    async fn equal_offers_confirmed_at_once_join(db: Db) {
        let world = Arc::new(World::new(db).await);
        let alice = world.person(ALICE, 10_000).await;
        let offers = open_offers(&world, &alice, (0..8).map(|_| pictures("a", 1))).await;
        let all = press_all(&world, &alice, offers, true).await;
        assert_eq!(count(&all, |one| matches!(one, Accepted::Started(_))), 1);
        assert_eq!(count(&all, |one| matches!(one, Accepted::Joined(_))), 7);
        assert_eq!(world.money(&alice).await.1, 393);
        world.sound().await;
    }
}
