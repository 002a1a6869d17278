//! Generations: moves happen once, items are sent once, what stands still is found.

use GenerationState as S;
use botyard::domain::{Corr, GenerationId, GenerationState, MessageClass, MessageId, Money, OutboxId};
use botyard::store::{Db, GenerationChange, NewMessage, SentItem, SentTo};

use super::world::{ALICE, BOB, NOON, above, generation, later, offer, person, two_tenants, within};
use crate::util::db::on_each_db;

on_each_db! {
    async fn a_move_happens_once_and_keeps_what_it_does_not_change(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let id = generation(&db, &a, &alice, 0).await;
        within(&db, &a, async |tx| {
            let intent = GenerationChange { submitted_at: Some(later(1)), ..GenerationChange::default() };
            assert!(tx.generation_move(&id, &[S::Created], S::Submitting, &intent, later(1)).await.unwrap());
            assert!(!tx.generation_move(&id, &[S::Created], S::Submitting, &intent, later(2)).await.unwrap());
            let accepted = GenerationChange {
                provider_task_id: Some("task"),
                accepted_at: Some(later(3)),
                stage: Some("queued"),
                ..GenerationChange::default()
            };
            assert!(tx.generation_move(&id, &[S::Submitting, S::Orphan], S::Queued, &accepted, later(3)).await.unwrap());
        })
        .await;
        // Two replicas see the end, one by the callback, one by polling; a person cancels.
        let ends = (0..20).map(|n| {
            let (db, a, id) = (&db, &a, &id);
            let (to, cause) = if n % 2 == 0 { (S::Failed, "gen_failed") } else { (S::Canceled, "by_user") };
            let change = GenerationChange {
                cause: Some(cause),
                finished_at: Some(later(4)),
                provider_credits: Some(n),
                charged: Some(Money::ZERO),
                items: Some(0),
                ..GenerationChange::default()
            };
            async move {
                within(db, a, async |tx| {
                    tx.generation_move(id, &[S::Queued, S::Running], to, &change, later(4)).await.unwrap()
                })
                .await
                .then_some((to, n))
            }
        });
        let ended: Vec<_> = futures::future::join_all(ends).await.into_iter().flatten().collect();
        assert_eq!(ended.len(), 1);
        within(&db, &a, async |tx| {
            let row = tx.generation_get(&id).await.unwrap().unwrap();
            assert_eq!((row.state, row.provider_credits), (ended[0].0, Some(ended[0].1)));
            assert_eq!((row.submitted_at, row.accepted_at, row.finished_at), (Some(later(1)), Some(later(3)), Some(later(4))));
            assert_eq!((row.provider_task_id.as_deref(), row.progress_stage.as_str()), (Some("task"), "queued"));
            assert_eq!((row.updated_at, row.created_at, &row.tenant), (later(4), NOON, &a));
            assert_eq!(tx.generation_by_callback_hash(id.short()).await.unwrap(), Some(row));
            assert_eq!(tx.generation_by_callback_hash("other").await.unwrap(), None);
        })
        .await;
    }

    async fn an_equal_active_request_is_found_while_it_is_young(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await, person(&db, &a, BOB).await);
        let id = generation(&db, &a, &alice, 0).await;
        generation(&db, &a, &bob, 0).await;
        within(&db, &a, async |tx| {
            let print = offer(ALICE, 0).fingerprint;
            let found = tx.generation_equal_active(ALICE, &print, NOON).await.unwrap();
            assert_eq!(found.map(|g| g.id), Some(id.clone()));
            assert_eq!(tx.generation_equal_active(ALICE, &print, later(1)).await.unwrap(), None, "too old");
            assert_eq!(tx.generation_equal_active(ALICE, "other", NOON).await.unwrap(), None);
            assert_eq!(tx.generations_active_count(ALICE).await.unwrap(), 1);
            let none = GenerationChange::default();
            assert!(tx.generation_move(&id, &[S::Created], S::Canceled, &none, later(1)).await.unwrap());
            assert_eq!(tx.generation_equal_active(ALICE, &print, NOON).await.unwrap(), None, "ended");
            assert_eq!(tx.generations_active_count(ALICE).await.unwrap(), 0);
        })
        .await;
    }

    async fn progress_and_late_notice_are_noted_once(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let id = generation(&db, &a, &alice, 0).await;
        within(&db, &a, async |tx| {
            assert!(!tx.generation_set_stage(&id, "start").await.unwrap(), "it says so already");
            assert!(tx.generation_set_stage(&id, "running").await.unwrap());
            assert!(!tx.generation_late_noticed(&id, later(1)).await.unwrap(), "the provider does not have it");
            let none = GenerationChange::default();
            assert!(tx.generation_move(&id, &[S::Created], S::Submitting, &none, later(1)).await.unwrap());
            assert!(tx.generation_move(&id, &[S::Submitting], S::Queued, &none, later(2)).await.unwrap());
            assert!(tx.generation_late_noticed(&id, later(3)).await.unwrap());
            assert!(!tx.generation_late_noticed(&id, later(4)).await.unwrap());
            assert!(tx.generation_set_progress_message(&id, MessageId(3)).await.unwrap());
            assert!(!tx.generation_set_progress_message(&GenerationId::random(), MessageId(3)).await.unwrap());
            let row = tx.generation_get(&id).await.unwrap().unwrap();
            assert_eq!((row.progress_message_id, row.late_noticed_at), (Some(MessageId(3)), Some(later(3))));
            assert_eq!(row.updated_at, later(2), "its state has not changed since");
        })
        .await;
    }

    async fn the_outbox_tells_results_and_progress_their_messages(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let alice = person(&db, &a, ALICE).await;
        let id = generation(&db, &a, &alice, 0).await;
        let corr = Corr::random();
        within(&db, &a, async |tx| {
            for item in 0..2 {
                assert!(tx.item_insert(&id, item, "photo", None, NOON).await.unwrap());
                assert!(!tx.item_insert(&id, item, "photo", None, NOON).await.unwrap());
            }
            for key in ["progress", "album"] {
                let new = NewMessage {
                    id: OutboxId::next(NOON),
                    chat_id: ALICE.into(),
                    class: MessageClass::MustArrive,
                    sealed: b"",
                    dedupe_key: key,
                    run_at: NOON,
                    generation_id: Some(&id),
                    quote_id: None,
                    corr: &corr,
                };
                tx.outbox_put(&new, NOON).await.unwrap();
            }
            let rows = tx.outbox_claim_chat(ALICE.into(), NOON, 60_000).await.unwrap();
            assert_eq!(rows[0].generation_id, Some(id.clone()));
            assert!(tx.outbox_sent(&rows[0].id, Some(MessageId(7)), SentTo::Progress(&id), later(1)).await.unwrap());
            let items = [
                SentItem { item: 0, message_id: MessageId(8), file_id: Some("file-0") },
                SentItem { item: 1, message_id: MessageId(9), file_id: None },
            ];
            let album = SentTo::Items(&id, &items);
            assert!(tx.outbox_sent(&rows[1].id, Some(MessageId(8)), album, later(2)).await.unwrap());
            let row = tx.generation_get(&id).await.unwrap().unwrap();
            assert_eq!(row.progress_message_id, Some(MessageId(7)));
            let kept: Vec<_> =
                tx.items_of(&id).await.unwrap().into_iter().map(|i| (i.item, i.message_id, i.file_id, i.sent_at)).collect();
            let sent = Some(later(2));
            let file = Some("file-0".to_owned());
            assert_eq!(kept, [(0, Some(MessageId(8)), file, sent), (1, Some(MessageId(9)), None, sent)]);
            assert!(!tx.item_sent(&id, 0, MessageId(10), None, later(3)).await.unwrap(), "sent once");
        })
        .await;
    }

    async fn what_stands_still_is_found_in_every_tenant(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (alice, bob) = (person(&db, &a, ALICE).await, person(&db, &b, BOB).await);
        let old = generation(&db, &a, &alice, 0).await;
        let theirs = generation(&db, &b, &bob, 5).await;
        let undelivered = generation(&db, &b, &bob, 6).await;
        let none = GenerationChange::default();
        within(&db, &b, async |tx| {
            let way = [S::Created, S::Submitting, S::Queued, S::Running, S::Delivering, S::Undelivered];
            for step in way.windows(2) {
                assert!(tx.generation_move(&undelivered, &[step[0]], step[1], &none, later(7)).await.unwrap());
            }
        })
        .await;
        above(&db, async |tx| {
            let found = tx.generations_open_older_than(later(5), 10).await.unwrap();
            assert_eq!(found.iter().map(|g| (&g.tenant, &g.id)).collect::<Vec<_>>(), [(&a, &old)]);
            let found = tx.generations_open_older_than(later(6), 10).await.unwrap();
            assert_eq!(found.iter().map(|g| &g.id).collect::<Vec<_>>(), [&old, &theirs]);
            assert_eq!(tx.generations_undelivered_older_than(later(7), 10).await.unwrap(), []);
            let found = tx.generations_undelivered_older_than(later(8), 10).await.unwrap();
            assert_eq!(found.iter().map(|g| (&g.tenant, &g.id)).collect::<Vec<_>>(), [(&b, &undelivered)]);
        })
        .await;
        within(&db, &b, async |tx| {
            let released = GenerationChange { finished_at: Some(later(9)), ..none };
            assert!(tx.generation_move(&undelivered, &[S::Undelivered], S::Undelivered, &released, later(9)).await.unwrap());
        })
        .await;
        above(&db, async |tx| {
            assert_eq!(tx.generations_undelivered_older_than(later(99), 10).await.unwrap(), [], "given back once");
        })
        .await;
    }
}
