//! The sixth wall (architecture.md 6): every method of a tenant's transaction, called by the wrong tenant with the right ids,
//! sees nothing and changes nothing.

use botyard::domain::transfer::Account;
use botyard::domain::{Corr, GenerationId, GenerationState, Language, MessageId, OutboxState, Payer, UnixMs, UpdateId};
use botyard::store::{Counter, Db, GenerationChange, SentItem, SentTo, StoreError, TenantTx};

use super::home::{DAY, Home, LEASE, SHOWN, furnish, picture};
use super::world::{ALICE, NOON, later, new_generation, two_tenants, within};
use crate::util::db::on_each_db;
use crate::util::env::root;

on_each_db! {
    async fn another_tenant_sees_and_changes_nothing(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let home = furnish(&db, &a, ALICE).await;
        let before = picture(&db, &a).await;
        within(&db, &b, async |tx| people(tx, &home).await).await;
        within(&db, &b, async |tx| outbox_and_jobs(tx, &home).await).await;
        within(&db, &b, async |tx| offers_and_generations(tx, &home).await).await;
        within(&db, &b, async |tx| what_is_noted_beside(tx, &home).await).await;
        within(&db, &b, async |tx| results_and_money(tx, &home).await).await;
        assert_eq!(picture(&db, &a).await, before);
    }

    async fn another_tenants_rows_cannot_be_referred_to(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let home = furnish(&db, &a, ALICE).await;
        let before = picture(&db, &a).await;
        for attempt in 0..4 {
            let mut tx = db.tenant(&b).await.unwrap();
            let refused = match attempt {
                0 => tx.session_save(ALICE, 0, b"theirs", NOON).await.map(|_| ()),
                1 => tx.quote_insert(&home.quote).await,
                2 => tx.item_insert(&home.generation, 1, "photo", None, NOON).await.map(|_| ()),
                _ => {
                    let new = new_generation(&home.generation, &home.used_quote, &home.user, &home.corr);
                    tx.generation_insert(&new, NOON).await.map(|_| ())
                }
            };
            assert!(matches!(refused, Err(StoreError::Refused(_))), "attempt {attempt}: {refused:?}");
        }
        assert_eq!(picture(&db, &a).await, before);
    }
}

async fn people(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.user_get(ALICE).await.unwrap(), None);
    assert_eq!(tx.user_by_ref(&home.user.user_ref).await.unwrap(), None);
    assert!(!tx.user_set_language(ALICE, Language::En).await.unwrap());
    assert!(!tx.user_set_mode(ALICE, true).await.unwrap());
    assert!(!tx.user_started(ALICE, NOON).await.unwrap());
    assert!(!tx.user_unreachable(ALICE, NOON).await.unwrap());
    assert_eq!(tx.users_count().await.unwrap(), 0);
    assert_eq!(tx.session_load(ALICE).await.unwrap(), None);
    assert!(!tx.session_save(ALICE, 1, b"theirs", NOON).await.unwrap());
    assert!(tx.update_record(UpdateId(1), &home.corr, NOON).await.unwrap(), "their own update of the same number");
    assert_eq!(tx.admins_list().await.unwrap(), []);
    tx.admins_replace(&[], NOON).await.unwrap();
    assert!(tx.counters_between(DAY, DAY).await.unwrap().is_empty());
    assert_eq!(tx.counters_of_day(DAY).await.unwrap().get(Counter::NewUsers), 0);
    assert!(tx.counters_between(DAY, DAY).await.unwrap().is_empty());
    assert!(tx.generations_recent(10).await.unwrap().is_empty());
    tx.counter_add(DAY, Counter::NewUsers, 5).await.unwrap();
    assert_eq!(tx.errors_last(10).await.unwrap(), []);
    assert_eq!(tx.errors_of_corr(&home.corr).await.unwrap(), []);
    // A person of the same Telegram id is somebody else there.
    let theirs = tx.user_seen(&super::world::seen(ALICE), NOON).await.unwrap();
    assert!(theirs.is_new() && theirs.user_ref != home.user.user_ref);
}

async fn outbox_and_jobs(tx: &mut TenantTx, home: &Home) {
    let (id, items) = (&home.message.id, [SentItem { item: 0, message_id: MessageId(1), file_id: None }]);
    assert_eq!(tx.outbox_claim_chat(home.chat, later(99), LEASE).await.unwrap(), []);
    assert_eq!(tx.outbox_open_count(home.chat).await.unwrap(), 0);
    assert!(!tx.outbox_renew(home.chat, &home.message, LEASE).await.unwrap());
    for to in [SentTo::Nothing, SentTo::Progress(&home.generation), SentTo::Items(&home.generation, &items)] {
        assert!(!tx.outbox_sent(id, Some(MessageId(1)), to, NOON).await.unwrap());
    }
    assert!(!tx.outbox_retry(id, 1, NOON, "theirs").await.unwrap());
    assert_eq!(tx.outbox_doubt(id, 1, NOON, "theirs").await.unwrap(), None);
    assert!(!tx.outbox_finish(id, 1, OutboxState::Dead, "theirs").await.unwrap());
    assert_eq!(tx.outbox_retry_chat_after(home.chat, later(99)).await.unwrap(), 0);
    let job = &home.job;
    assert!(!tx.job_heartbeat(&job.id, 1, LEASE).await.unwrap());
    assert!(!tx.job_retry(&job.id, 1, NOON, "theirs").await.unwrap());
    assert!(!tx.job_dead(&job.id, 1, "theirs", NOON).await.unwrap());
    assert!(!tx.job_finish(&job.id, 1, NOON).await.unwrap());
    assert!(!tx.job_again(&job.id, 1, NOON).await.unwrap());
    assert!(!tx.job_wake("waiting", NOON).await.unwrap());
}

async fn offers_and_generations(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.quote_get(&home.quote.id).await.unwrap(), None);
    assert_eq!(tx.quote_by_message(home.chat, SHOWN).await.unwrap(), None);
    assert!(!tx.quote_use(&home.quote.id, &GenerationId::random(), None, NOON).await.unwrap());
    assert!(!tx.quote_close(&home.quote.id).await.unwrap());
    assert_eq!(tx.quotes_close_open_of(ALICE).await.unwrap(), 0);
    let id = &home.generation;
    assert_eq!(tx.generation_get(id).await.unwrap(), None);
    assert_eq!(tx.generation_by_quote(&home.used_quote.id).await.unwrap(), None);
    assert_eq!(tx.generation_by_callback_hash(id.short()).await.unwrap(), None);
    assert_eq!(tx.generation_equal_active(ALICE, &home.used_quote.fingerprint, NOON).await.unwrap(), None);
    assert_eq!(tx.generations_active_count(ALICE).await.unwrap(), 0);
    assert_eq!(tx.generations_history(ALICE, 10).await.unwrap(), []);
    assert_eq!(tx.generation_older(ALICE, id).await.unwrap(), None);
    assert_eq!(tx.generation_newer(ALICE, id).await.unwrap(), None);
    assert_eq!(tx.generation_place(ALICE, id).await.unwrap(), None);
    let (from, none) = ([GenerationState::Created], GenerationChange::default());
    assert!(!tx.generation_move(id, &from, GenerationState::Canceled, &none, NOON).await.unwrap());
    assert!(!tx.generation_set_stage(id, "theirs").await.unwrap());
    assert!(!tx.generation_set_progress_message(id, MessageId(1)).await.unwrap());
    assert!(!tx.generation_late_noticed(id, NOON).await.unwrap());
}

async fn what_is_noted_beside(tx: &mut TenantTx, home: &Home) {
    let (id, ended) = (&home.generation, &home.ended);
    assert!(!tx.quote_join(&home.quote.id, id).await.unwrap());
    assert!(!tx.quote_reopen(&home.used_quote.id, id).await.unwrap());
    assert_eq!(tx.generations_at_work(ALICE, UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.generations_canceled_late(ALICE, UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.generations_paid_by(Payer::Free, UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.generations_ended_by(ALICE, UnixMs(0), "by_user", id).await.unwrap(), 0);
    assert_eq!(tx.generations_undelivered(ALICE).await.unwrap(), []);
    assert!(tx.generations_recent(10).await.unwrap().is_empty());
    assert!(!tx.generation_note_task(ended, "theirs", NOON).await.unwrap());
    assert!(!tx.generation_note_end(ended, 5, 1).await.unwrap());
}

async fn results_and_money(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.items_of(&home.generation).await.unwrap(), []);
    assert!(!tx.item_sent(&home.generation, 0, MessageId(1), None, NOON).await.unwrap());
    assert_eq!(tx.media_get(&home.media.id).await.unwrap(), None);
    assert!(!tx.media_delete(&home.media.id).await.unwrap());
    assert_eq!(tx.free_left_parts(&home.user.user_ref, DAY).await.unwrap(), (0, 0));
    assert!(!tx.free_resolve(&home.generation, 2).await.unwrap());
    let theirs = GenerationId::random();
    assert!(tx.free_reserve(&theirs, &home.user.user_ref, DAY, 3, 3, NOON).await.unwrap(), "a quota of their own");
    let account = tx.account_get(&Account::User(home.user.user_ref.clone())).await.unwrap();
    assert_eq!((account.posted, account.held), (0, 0));
    assert!(!tx.hold_is_open(&home.hold).await.unwrap());
    assert!(tx.transfers_of_corr(&home.corr).await.unwrap().is_empty());
    assert!(tx.ledger_violations().await.unwrap().is_empty());
    let release = botyard::billing::release(tx, &home.hold, &home.generation, 1, &Corr::random(), NOON).await;
    assert!(!matches!(release, Ok(true)), "money of another tenant moved");
}

/// Methods that only make rows of their own: their attack is a reference to another tenant's row, or a key that is taken there.
const ONLY_INSERT: [&str; 6] = ["outbox_put", "job_put", "media_insert", "error_put", "commit", "rollback"];

#[test]
fn every_method_of_a_tenants_transaction_is_attacked() {
    let attacks = std::fs::read_to_string(root().join("tests/it/store/isolation.rs")).unwrap();
    let mut methods = Vec::new();
    for entry in std::fs::read_dir(root().join("src/store")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for block in text.split("\nimpl ").filter(|block| block.starts_with("TenantTx {")) {
            let names = block.split("pub async fn ").skip(1);
            methods.extend(names.map(|rest| rest.split('(').next().unwrap().to_owned()));
        }
    }
    assert!(methods.len() > 60, "only {methods:?}");
    methods.retain(|name| !ONLY_INSERT.contains(&name.as_str()) && !attacks.contains(&format!("tx.{name}(")));
    assert!(
        methods.is_empty(),
        "no attack on {methods:?}: whoever adds a method adds how the wrong tenant fails with it"
    );
}
