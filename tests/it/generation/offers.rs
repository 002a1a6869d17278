//! Offers: who pays what, and what is not sold.

use botyard::catalog::{Selection, Value};
use botyard::domain::{ChatId, Money, Payer, QuoteState};
use botyard::generation::{Buyer, Off, Order, Place, Unsold, quote};
use botyard::store::Db;

use super::world::{ADMIN, ALICE, World, cheap, pictures};
use crate::util::db::on_each_db;

on_each_db! {
    async fn a_free_tier_is_free_while_enough_is_left_of_the_day(db: Db) {
        let world = World::with(db, |settings| settings.free_per_day = 1).await;
        let alice = world.person(ALICE, 1_000).await;
        let free = world.quote(&alice, cheap("a cat")).await;
        assert_eq!((free.payer, free.price, free.units), (Payer::Free, Money::ZERO, 1));
        assert_eq!((free.free.left, free.free.total), (1, 1));
        world.start(&alice, cheap("a cat")).await;
        let paid = world.quote(&alice, cheap("another")).await;
        assert_eq!((paid.payer, paid.price), (Payer::Money, Money::kopecks(63)));
        assert_eq!(paid.after(), Money::kopecks(937));
        world.sound().await;
    }

    async fn an_admin_pays_nothing_and_in_user_mode_like_anybody(db: Db) {
        let world = World::new(db).await;
        let admin = world.person(ADMIN, 0).await;
        let quote = world.quote_as(Buyer { user: &admin, acts_as_admin: true }, pictures("a", 4)).await;
        assert_eq!((quote.payer, quote.price), (Payer::Admin, Money::ZERO));
        assert_eq!(quote.deal.sold.price, Money::kopecks(1572));
        let as_user = world.quote_as(Buyer { user: &admin, acts_as_admin: false }, pictures("a", 4)).await;
        assert_eq!((as_user.payer, as_user.price), (Payer::Money, Money::kopecks(1572)));
        assert_eq!(as_user.missing(), Some(Money::kopecks(1572)));
    }

    async fn the_markup_is_in_the_price(db: Db) {
        let world = World::with(db, |settings| settings.markup = "1.15".parse().unwrap()).await;
        let alice = world.person(ALICE, 0).await;
        // 3.93 × 4 × 1.15 = 18.078.
        assert_eq!(world.quote(&alice, pictures("a", 4)).await.price, Money::kopecks(1808));
    }

    async fn a_new_offer_withdraws_the_earlier_one(db: Db) {
        let world = World::new(db).await;
        let alice = world.person(ALICE, 0).await;
        let first = world.quote(&alice, cheap("a")).await;
        let second = world.quote(&alice, cheap("b")).await;
        let mut tx = world.tx(ALICE).await;
        let state = async |tx: &mut botyard::store::TenantTx, id| tx.quote_get(id).await.unwrap().unwrap().state;
        assert_eq!(state(&mut tx, &first.id).await, QuoteState::Closed);
        assert_eq!(state(&mut tx, &second.id).await, QuoteState::Open);
    }

    async fn what_is_forged_or_not_whole_is_not_sold(db: Db) {
        let world = World::with(db, |settings| {
            settings.enabled_models = botyard::domain::settings::EnabledModels::Only(vec!["z-image".to_owned()]);
        }).await;
        let alice = world.person(ALICE, 0).await;
        let buyer = Buyer { user: &alice, acts_as_admin: false };
        let mut tx = world.tx(ALICE).await;
        let place = Place { chat: ChatId(ALICE.0), message: None };
        let mut refused = async |order: Order| {
            quote::make(&mut tx, &world.shop(), &buyer, place, order, world.now()).await.unwrap().unwrap_err()
        };
        assert_eq!(refused(pictures("a", 1)).await, Unsold::Unavailable);
        let mut bare = cheap("a");
        bare.selection.remove("prompt");
        assert_eq!(refused(bare).await, Unsold::Missing("prompt".to_owned()));
        let mut forged = cheap("a");
        forged.selection.set("aspect_ratio", Value::Text("7:3".to_owned()));
        assert!(matches!(refused(forged).await, Unsold::Invalid { param, .. } if param == "aspect_ratio"));
        let unknown = Order { model: "no/such".to_owned(), selection: Selection::new(), ..cheap("a") };
        assert_eq!(refused(unknown).await, Unsold::Unavailable);
    }

    async fn without_a_key_generation_is_off_and_a_dry_run_needs_none(db: Db) {
        let world = World::keyed(db, None, |_| {}).await;
        let alice = world.person(ALICE, 0).await;
        let buyer = Buyer { user: &alice, acts_as_admin: false };
        let mut tx = world.tx(ALICE).await;
        assert_eq!(world.shop().off(&mut tx, &buyer, world.now()).await.unwrap(), Some(Off::NoKey));
    }
}
