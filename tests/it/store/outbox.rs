//! The outbox of a chat: order, claims, retries, and who learns a sent message's id.

use botyard::domain::{ChatId, MessageClass, MessageId, OutboxState};
use botyard::store::{Db, OutboxRow, SentTo};

use super::world::{NOON, above, later, say, two_tenants, within};
use crate::util::db::on_each_db;
use MessageClass::{Idempotent, MayVanish, MustArrive};

pub(super) const CHAT: ChatId = ChatId(1001);
pub(super) const LEASE: i64 = 60_000;

pub(super) fn texts(rows: &[OutboxRow]) -> Vec<&str> {
    rows.iter().map(|row| std::str::from_utf8(&row.sealed).unwrap()).collect()
}

on_each_db! {
    async fn a_chat_is_claimed_in_order_up_to_what_is_not_due(db: Db) {
        let (a, b) = two_tenants(&db).await;
        for key in ["one", "two"] {
            assert!(say(&db, &a, CHAT, MayVanish, key, NOON).await);
        }
        assert!(!say(&db, &a, CHAT, MayVanish, "two", NOON).await, "the same fact is said once");
        say(&db, &a, CHAT, MayVanish, "tomorrow", later(1_000)).await;
        say(&db, &a, CHAT, MayVanish, "behind", NOON).await;
        say(&db, &a, ChatId(5), MayVanish, "elsewhere", NOON).await;
        say(&db, &b, CHAT, MayVanish, "theirs", NOON).await;
        within(&db, &a, async |tx| {
            let rows = tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap();
            assert_eq!(texts(&rows), ["one", "two"]);
            assert_eq!((rows[0].attempt, rows[0].repeats), (1, 0));
            assert_eq!(texts(&tx.outbox_claim_chat(CHAT, later(1_000), LEASE).await.unwrap()), [""; 0]);
            for row in &rows {
                assert!(tx.outbox_sent(&row.id, Some(MessageId(9)), SentTo::Nothing, later(1)).await.unwrap());
                assert!(!tx.outbox_sent(&row.id, Some(MessageId(9)), SentTo::Nothing, later(1)).await.unwrap());
            }
            assert_eq!(texts(&tx.outbox_claim_chat(CHAT, later(999), LEASE).await.unwrap()), [""; 0]);
            assert_eq!(texts(&tx.outbox_claim_chat(CHAT, later(1_000), LEASE).await.unwrap()), ["tomorrow", "behind"]);
            assert_eq!(tx.outbox_open_count(CHAT).await.unwrap(), 2);
        })
        .await;
    }

    async fn twenty_claims_at_once_give_a_chat_to_one_sender(db: Db) {
        let (a, _) = two_tenants(&db).await;
        for round in 0..5 {
            for n in 0..5 {
                say(&db, &a, CHAT, MayVanish, &format!("{round}.{n}"), NOON).await;
            }
            // Messages keep coming while the claims race: none may be taken by a second sender.
            let claims = (0..20).map(|n| {
                let (db, a) = (&db, &a);
                async move {
                    if n % 4 == 0 {
                        say(db, a, CHAT, MayVanish, &format!("{round}.late.{n}"), NOON).await;
                    }
                    within(db, a, async |tx| tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap()).await
                }
            });
            let claims = futures::future::join_all(claims).await;
            let holders: Vec<_> = claims.iter().filter(|rows| !rows.is_empty()).collect();
            assert_eq!(holders.len(), 1, "round {round}");
            within(&db, &a, async |tx| {
                for row in holders[0] {
                    tx.outbox_sent(&row.id, None, SentTo::Nothing, NOON).await.unwrap();
                }
                for row in tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap() {
                    tx.outbox_sent(&row.id, None, SentTo::Nothing, NOON).await.unwrap();
                }
                assert_eq!(tx.outbox_open_count(CHAT).await.unwrap(), 0);
            })
            .await;
        }
    }

    async fn a_message_that_goes_back_takes_what_is_behind_it_along(db: Db) {
        let (a, _) = two_tenants(&db).await;
        for key in ["one", "two", "three"] {
            say(&db, &a, CHAT, MayVanish, key, NOON).await;
        }
        within(&db, &a, async |tx| {
            let rows = tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap();
            tx.outbox_sent(&rows[0].id, None, SentTo::Nothing, NOON).await.unwrap();
            assert!(tx.outbox_retry(&rows[1].id, 1, later(500), "429").await.unwrap());
            assert!(!tx.outbox_retry(&rows[1].id, 1, later(500), "429").await.unwrap(), "it is not held any more");
            assert_eq!(texts(&tx.outbox_claim_chat(CHAT, later(499), LEASE).await.unwrap()), [""; 0]);
            let again = tx.outbox_claim_chat(CHAT, later(500), LEASE).await.unwrap();
            assert_eq!(texts(&again), ["two", "three"]);
            assert_eq!((again[0].attempt, again[1].attempt), (2, 1), "what was not tried does not count");
            assert!(!tx.outbox_retry(&again[0].id, 1, later(900), "late").await.unwrap(), "a report of the first claim");
            assert!(!tx.outbox_finish(&again[0].id, 1, OutboxState::Dead, "late").await.unwrap());
            assert!(tx.outbox_finish(&again[0].id, 2, OutboxState::Dead, "403").await.unwrap());
            assert!(tx.outbox_renew(CHAT, &again[1], LEASE).await.unwrap());
            assert!(!tx.outbox_renew(CHAT, &again[0], LEASE).await.unwrap());
        })
        .await;
    }

    async fn a_message_in_doubt_is_repeated_by_its_class(db: Db) {
        let (a, _) = two_tenants(&db).await;
        for (key, class) in [("edit", Idempotent), ("result", MustArrive), ("tip", MayVanish), ("last", MayVanish)] {
            say(&db, &a, CHAT, class, key, NOON).await;
        }
        within(&db, &a, async |tx| {
            let rows = tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap();
            assert_eq!(tx.outbox_doubt(&rows[0].id, 1, NOON, "timeout").await.unwrap(), Some(OutboxState::Queued));
            let rows = tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap();
            assert_eq!(texts(&rows), ["edit", "result", "tip", "last"]);
            assert_eq!(rows[0].repeats, 0, "saying it twice is the same as once");
            tx.outbox_sent(&rows[0].id, None, SentTo::Nothing, NOON).await.unwrap();
            assert_eq!(tx.outbox_doubt(&rows[1].id, 1, NOON, "timeout").await.unwrap(), Some(OutboxState::Queued));
            let rows = tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap();
            assert_eq!((texts(&rows), rows[0].repeats), (vec!["result", "tip", "last"], 1));
            assert_eq!(tx.outbox_doubt(&rows[0].id, 1, NOON, "late").await.unwrap(), None, "a report of the first claim");
            assert_eq!(tx.outbox_doubt(&rows[0].id, 2, NOON, "timeout").await.unwrap(), Some(OutboxState::InDoubt));
            assert_eq!(tx.outbox_doubt(&rows[1].id, 1, NOON, "timeout").await.unwrap(), Some(OutboxState::InDoubt));
            assert!(tx.outbox_sent(&rows[2].id, None, SentTo::Nothing, NOON).await.unwrap(), "still held");
            assert!(tx.outbox_sent(&rows[0].id, None, SentTo::Nothing, NOON).await.unwrap(), "the fact came after all");
        })
        .await;
    }

    async fn old_messages_are_forgotten_and_waiting_ones_are_not(db: Db) {
        let (a, _) = two_tenants(&db).await;
        for key in ["one", "two", "three"] {
            say(&db, &a, CHAT, MayVanish, key, NOON).await;
        }
        within(&db, &a, async |tx| {
            let rows = tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap();
            tx.outbox_sent(&rows[0].id, None, SentTo::Nothing, NOON).await.unwrap();
            tx.outbox_finish(&rows[1].id, 1, OutboxState::Dropped, "too old").await.unwrap();
            tx.outbox_retry(&rows[2].id, 1, NOON, "502").await.unwrap();
        })
        .await;
        above(&db, async |tx| {
            assert_eq!(tx.outbox_purge(NOON, 10).await.unwrap(), 0);
            assert_eq!(tx.outbox_purge(later(86_400_000), 10).await.unwrap(), 2);
        })
        .await;
        within(&db, &a, async |tx| assert_eq!(tx.outbox_open_count(CHAT).await.unwrap(), 1)).await;
    }
}
