//! What a dead sender or a lost wake-up left in the outbox.

use botyard::domain::{ChatId, MessageClass};
use botyard::store::{Db, SentTo};

use super::outbox::{CHAT, LEASE, texts};
use super::world::{NOON, above, later, say, tenant, two_tenants, within};
use crate::util::db::on_each_db;
use MessageClass::{Idempotent, MayVanish, MustArrive};

/// A lease that is over as soon as it is given.
const OVER: i64 = -1_000;

on_each_db! {
    async fn of_a_dead_senders_messages_only_the_first_is_in_doubt(db: Db) {
        let (a, b) = two_tenants(&db).await;
        for (id, first) in [(&a, MayVanish), (&b, MustArrive)] {
            for (key, class) in [("first", first), ("second", MayVanish), ("third", Idempotent)] {
                say(&db, id, CHAT, class, key, NOON).await;
            }
            within(&db, id, async |tx| {
                assert_eq!(tx.outbox_claim_chat(CHAT, NOON, OVER).await.unwrap().len(), 3);
            })
            .await;
        }
        above(&db, async |tx| {
            assert_eq!(tx.outbox_expire_leases().await.unwrap(), [(a.clone(), CHAT), (b.clone(), CHAT)]);
            assert_eq!(tx.outbox_expire_leases().await.unwrap(), []);
        })
        .await;
        within(&db, &a, async |tx| {
            let rows = tx.outbox_claim_chat(CHAT, NOON, OVER).await.unwrap();
            assert_eq!(texts(&rows), ["second", "third"], "what may vanish is not said twice, what was not begun is said");
            assert_eq!(rows[0].attempt, 1);
        })
        .await;
        within(&db, &b, async |tx| {
            let rows = tx.outbox_claim_chat(CHAT, NOON, OVER).await.unwrap();
            assert_eq!(texts(&rows), ["first", "second", "third"]);
            assert_eq!((rows[0].repeats, rows[0].attempt), (1, 2), "a result is said once more, marked");
        })
        .await;
        above(&db, async |tx| tx.outbox_expire_leases().await.unwrap()).await;
        within(&db, &b, async |tx| {
            let rows = tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap();
            assert_eq!(texts(&rows), ["second", "third"], "and not a third time");
        })
        .await;
    }

    async fn a_living_senders_messages_are_left_alone(db: Db) {
        let (a, _) = two_tenants(&db).await;
        say(&db, &a, CHAT, MayVanish, "one", NOON).await;
        within(&db, &a, async |tx| tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap()).await;
        above(&db, async |tx| assert_eq!(tx.outbox_expire_leases().await.unwrap(), [])).await;
    }

    async fn waiting_chats_are_found_fairly(db: Db) {
        let (a, b) = two_tenants(&db).await;
        for chat in 1..=30 {
            say(&db, &a, ChatId(chat), MayVanish, &format!("a{chat}"), NOON).await;
        }
        say(&db, &b, ChatId(1), MayVanish, "b1", NOON).await;
        say(&db, &b, ChatId(2), MayVanish, "b2 later", later(10)).await;
        // A chat that waits for its first message, and one that somebody is sending.
        say(&db, &b, ChatId(3), MayVanish, "b3 later", later(10)).await;
        say(&db, &b, ChatId(3), MayVanish, "b3", NOON).await;
        say(&db, &b, ChatId(4), MayVanish, "b4", NOON).await;
        within(&db, &b, async |tx| tx.outbox_claim_chat(ChatId(4), NOON, LEASE).await.unwrap()).await;
        say(&db, &b, ChatId(4), MayVanish, "b4 too", NOON).await;
        above(&db, async |tx| {
            let chats = tx.outbox_due_chats(NOON, 4).await.unwrap();
            assert_eq!(chats.len(), 4);
            assert_eq!(chats[..2], [(a.clone(), ChatId(1)), (b.clone(), ChatId(1))], "the noisy tenant takes its turn");
            let chats = tx.outbox_due_chats(NOON, 100).await.unwrap();
            assert_eq!(chats.iter().filter(|(id, _)| *id == b).count(), 1);
            assert_eq!(chats.len(), 31);
            let chats = tx.outbox_due_chats(later(10), 100).await.unwrap();
            assert_eq!(chats.iter().filter(|(id, _)| *id == b).count(), 3);
        })
        .await;
    }

    async fn a_report_of_a_sender_that_was_given_up_is_still_a_fact(db: Db) {
        let (a, _) = two_tenants(&db).await;
        assert_eq!(a, tenant("tenant-a"));
        say(&db, &a, CHAT, MustArrive, "result", NOON).await;
        let rows = within(&db, &a, async |tx| tx.outbox_claim_chat(CHAT, NOON, OVER).await.unwrap()).await;
        above(&db, async |tx| tx.outbox_expire_leases().await.unwrap()).await;
        within(&db, &a, async |tx| {
            assert!(tx.outbox_sent(&rows[0].id, None, SentTo::Nothing, NOON).await.unwrap());
            assert_eq!(tx.outbox_claim_chat(CHAT, NOON, LEASE).await.unwrap(), [], "so it is not repeated");
        })
        .await;
    }
}
