//! Offers: used once, found by their message.

use botyard::domain::{Corr, GenerationId, MessageClass, MessageId, OutboxId, QuoteState};
use botyard::store::{Db, NewMessage, SentTo};

use super::world::{ALICE, BOB, NOON, later, new_generation, offer, person, two_tenants, within};
use crate::util::db::on_each_db;

on_each_db! {
    async fn twenty_presses_make_one_generation(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let quote = offer(ALICE, 0);
        within(&db, &a, async |tx| tx.quote_insert(&quote).await.unwrap()).await;
        let calls = (0..20).map(|_| {
            let (db, a, quote, alice) = (&db, &a, &quote, &alice);
            async move {
                let (id, corr) = (GenerationId::random(), Corr::random());
                within(db, a, async |tx| {
                    let used = tx.quote_use(&quote.id, &id, Some(MessageId(5)), NOON).await.unwrap();
                    // Even without the gate above, an offer becomes one generation.
                    let inserted = tx.generation_insert(&new_generation(&id, quote, alice, &corr), NOON).await.unwrap();
                    (used, inserted)
                })
                .await
            }
        });
        let pressed = futures::future::join_all(calls).await;
        assert_eq!(pressed.iter().filter(|(used, _)| *used).count(), 1);
        assert_eq!(pressed.iter().filter(|(_, inserted)| *inserted).count(), 1);
        within(&db, &a, async |tx| {
            let row = tx.quote_get(&quote.id).await.unwrap().unwrap();
            assert_eq!((row.state, row.message_id), (QuoteState::Used, Some(MessageId(5))));
            assert_eq!(row.generation_id, tx.generation_by_quote(&quote.id).await.unwrap().map(|g| g.id));
        })
        .await;
    }

    async fn an_expired_or_closed_offer_is_not_used(db: Db) {
        let (a, _) = two_tenants(&db).await;
        person(&db, &a, ALICE).await;
        person(&db, &a, BOB).await;
        let [old, closed, open] = [0, 1, 2].map(|n| offer(ALICE, n));
        let bobs = offer(BOB, 3);
        within(&db, &a, async |tx| {
            for quote in [&old, &closed, &open, &bobs] {
                tx.quote_insert(quote).await.unwrap();
            }
            let id = GenerationId::random();
            assert!(!tx.quote_use(&old.id, &id, None, old.expires_at).await.unwrap(), "at its end it is over");
            assert!(tx.quote_close(&closed.id).await.unwrap());
            assert!(!tx.quote_close(&closed.id).await.unwrap());
            assert!(!tx.quote_use(&closed.id, &id, None, NOON).await.unwrap());
            assert_eq!(tx.quote_get(&open.id).await.unwrap(), Some(open.clone()), "kept as it was given");
            assert_eq!(tx.quotes_close_open_of(ALICE).await.unwrap(), 2);
            assert_eq!(tx.quote_get(&bobs.id).await.unwrap().unwrap().state, QuoteState::Open);
        })
        .await;
    }

    async fn a_sent_message_names_the_offer_it_shows(db: Db) {
        let (a, _) = two_tenants(&db).await;
        person(&db, &a, ALICE).await;
        let (first, second, corr) = (offer(ALICE, 0), offer(ALICE, 1), Corr::random());
        within(&db, &a, async |tx| {
            for quote in [&first, &second] {
                tx.quote_insert(quote).await.unwrap();
                let new = NewMessage {
                    id: OutboxId::next(NOON),
                    chat_id: quote.chat_id,
                    class: MessageClass::MayVanish,
                    sealed: b"screen",
                    dedupe_key: quote.id.as_str(),
                    run_at: NOON,
                    generation_id: None,
                    quote_id: Some(&quote.id),
                    corr: &corr,
                };
                assert!(tx.outbox_put(&new, NOON).await.unwrap());
            }
            assert_eq!(tx.quote_by_message(first.chat_id, MessageId(9)).await.unwrap(), None);
            // Both were shown in one message, the second edited into the first's.
            for row in tx.outbox_claim_chat(first.chat_id, NOON, 60_000).await.unwrap() {
                assert!(tx.outbox_sent(&row.id, Some(MessageId(9)), SentTo::Nothing, NOON).await.unwrap());
            }
            let shown = tx.quote_by_message(first.chat_id, MessageId(9)).await.unwrap().unwrap();
            assert_eq!(shown.id, second.id, "of two open ones the newer");
            tx.quote_close(&second.id).await.unwrap();
            let shown = tx.quote_by_message(first.chat_id, MessageId(9)).await.unwrap().unwrap();
            assert_eq!(shown.id, first.id, "the open one");
            tx.quote_use(&first.id, &GenerationId::random(), None, later(2)).await.unwrap();
            let shown = tx.quote_by_message(first.chat_id, MessageId(9)).await.unwrap().unwrap();
            assert_eq!((shown.id, shown.message_id), (second.id, Some(MessageId(9))), "else the newest");
        })
        .await;
    }
}
