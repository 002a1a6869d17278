//! What programs leave: kept answers of the API, partners' own webhooks and what they were told, keys.

use botyard::domain::{ApiKeyId, Corr, HookDeliveryId, HookEvent, HookId, HookState, Lane, PanelScope, UnixMs};
use botyard::store::{After, ApiWrite, Db, HookTry, NewApiKey, NewHook, NewHookEvent, TenantTx, Wanted};
use serde_json::json;

use super::world::{ALICE, NOON, above, later, person, two_tenants, within};
use crate::util::db::on_each_db;

pub(super) fn hook() -> HookId {
    HookId::from_short("abcdefghijkl").unwrap()
}

pub(super) const WRITE: ApiWrite<'static> = ApiWrite { caller: "key:a", idem_key: "one", fingerprint: "print" };

/// A row in every table of this noun; gives the event that waits.
pub(super) async fn furnish(tx: &mut TenantTx, corr: &Corr) -> HookDeliveryId {
    assert!(tx.api_answer_claim(&WRITE, UnixMs(0), NOON).await.unwrap());
    assert!(tx.api_answer_set(&WRITE, 200, b"{}").await.unwrap());
    let new = NewHook {
        id: &hook(),
        url: "https://partner.example/hook",
        secret_sealed: b"sealed",
        events: "payment.credited,generation.delivered",
    };
    tx.hook_insert(&new, NOON).await.unwrap();
    assert_eq!(tx.hook_event_put(&event(corr, "one"), NOON).await.unwrap(), 1);
    tx.hook_deliveries_listed(&hook(), &After::start(), 9).await.unwrap().remove(0).id
}

pub(super) fn event<'a>(corr: &'a Corr, fact: &'a str) -> NewHookEvent<'a> {
    static DATA: std::sync::LazyLock<serde_json::Value> = std::sync::LazyLock::new(|| json!({ "n": 1 }));
    NewHookEvent { event: HookEvent::PaymentCredited, fact, data: &DATA, corr }
}

on_each_db! {
    async fn a_write_is_claimed_once_a_day(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let day = 86_400_000;
        within(&db, &a, async |tx| {
            assert!(tx.api_answer_claim(&WRITE, later(-day), NOON).await.unwrap());
            assert!(!tx.api_answer_claim(&WRITE, later(-day), NOON).await.unwrap());
            assert!(tx.api_answer_set(&WRITE, 201, b"sealed").await.unwrap());
            let kept = tx.api_answer_get("key:a", "one").await.unwrap().unwrap();
            assert_eq!((kept.status, kept.body.as_slice(), kept.fingerprint.as_str()), (201, &b"sealed"[..], "print"));
            let other = ApiWrite { caller: "key:b", ..WRITE };
            assert!(tx.api_answer_claim(&other, later(-day), NOON).await.unwrap(), "another caller's key is another key");
            assert!(tx.api_answer_claim(&WRITE, NOON, later(day)).await.unwrap(), "a day later it is new");
        })
        .await;
        within(&db, &b, async |tx| assert!(tx.api_answer_claim(&WRITE, later(-day), NOON).await.unwrap())).await;
        above(&db, async |tx| {
            assert!(tx.owner_answer_claim(&WRITE, (later(-day), later(-10)), NOON).await.unwrap());
            assert!(!tx.owner_answer_claim(&WRITE, (later(-day), later(-10)), NOON).await.unwrap());
            assert!(tx.owner_answer_claim(&WRITE, (later(-day), NOON), later(20)).await.unwrap(), "its process died");
            assert!(tx.owner_answer_forget(&WRITE).await.unwrap());
            assert!(tx.owner_answer_claim(&WRITE, (later(-day), later(-10)), NOON).await.unwrap());
            assert!(tx.owner_answer_set(&WRITE, 201, b"{}").await.unwrap());
            assert!(!tx.owner_answer_forget(&WRITE).await.unwrap(), "what was answered stays");
            assert!(!tx.owner_answer_claim(&WRITE, (later(-day), later(99)), later(100)).await.unwrap());
            assert_eq!(tx.owner_answer_get("key:a", "one").await.unwrap().unwrap().status, 201);
            assert_eq!(tx.api_answers_purge(later(1), 10).await.unwrap(), 3);
        })
        .await;
    }

    async fn a_key_belongs_to_its_scope(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let (mine, theirs) = (PanelScope::Tenant(a), PanelScope::Tenant(b));
        let (one, two) = (ApiKeyId::random(), ApiKeyId::random());
        above(&db, async |tx| {
            for (id, hash, scope) in [(&one, "h1", &mine), (&two, "h2", &PanelScope::Platform)] {
                let new = NewApiKey { id, key_hash: hash, scope, name: "n", rights: "read", made_by: "cli" };
                tx.api_key_insert(&new, NOON).await.unwrap();
            }
            assert_eq!(tx.api_keys_of(&mine).await.unwrap().len(), 1);
            assert_eq!(tx.api_keys_of(&theirs).await.unwrap(), []);
            assert_eq!(tx.api_keys_of(&PanelScope::Platform).await.unwrap()[0].id, two);
            assert_eq!(tx.api_keys_all().await.unwrap().len(), 2);
            assert_eq!(tx.api_key_by_hash("h3").await.unwrap(), None);
            assert!(tx.api_key_touch(&one, later(5), NOON).await.unwrap());
            assert!(!tx.api_key_touch(&one, later(6), NOON).await.unwrap(), "noted a moment ago");
            assert!(!tx.api_key_revoke(&theirs, &one, NOON).await.unwrap());
            assert!(!tx.api_key_revoke(&PanelScope::Platform, &one, NOON).await.unwrap());
            assert!(tx.api_key_revoke(&mine, &one, later(7)).await.unwrap());
            assert!(!tx.api_key_revoke(&mine, &one, later(8)).await.unwrap());
            let row = tx.api_key_by_hash("h1").await.unwrap().unwrap();
            assert_eq!((row.last_used_at, row.revoked_at, &row.scope), (Some(later(5)), Some(later(7)), &mine));
        })
        .await;
    }

    async fn an_event_is_told_once_to_each_that_wants_it(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let corr = Corr::random();
        let waiting = within(&db, &a, async |tx| furnish(tx, &corr).await).await;
        within(&db, &a, async |tx| {
            assert_eq!(tx.hooks_count().await.unwrap(), 1);
            assert_eq!(tx.hook_event_put(&event(&corr, "one"), later(1)).await.unwrap(), 0, "the same fact");
            let due = NewHookEvent { event: HookEvent::RequirementDue, ..event(&corr, "one") };
            assert_eq!(tx.hook_event_put(&due, NOON).await.unwrap(), 0, "nobody wants it");
            let row = tx.hook_delivery_get(&waiting).await.unwrap().unwrap();
            assert!(row.event_id.starts_with("evt_") && row.body.contains("\"payment.credited\""), "{row:?}");
            let failed = HookTry { state: HookState::Waiting, status: Some(500), error: Some("the server answered 500") };
            assert!(tx.hook_delivery_tried(&waiting, &failed, later(2)).await.unwrap());
            assert!(tx.hook_note(&hook(), false, later(2)).await.unwrap());
            assert!(!tx.hook_note(&hook(), false, later(3)).await.unwrap(), "since when is kept");
            let told = HookTry { state: HookState::Delivered, status: Some(204), error: None };
            assert!(tx.hook_delivery_tried(&waiting, &told, later(4)).await.unwrap());
            assert!(!tx.hook_delivery_tried(&waiting, &told, later(5)).await.unwrap());
            assert!(tx.hook_note(&hook(), true, later(4)).await.unwrap());
            let row = tx.hook_delivery_get(&waiting).await.unwrap().unwrap();
            assert_eq!((row.attempts, row.state, row.finished_at), (2, HookState::Delivered, Some(later(4))));
            assert!(tx.hook_delivery_again(&waiting).await.unwrap());
            assert!(tx.hook_disable(&hook(), "fails", later(6)).await.unwrap());
            assert_eq!(tx.hook_event_put(&event(&corr, "two"), later(7)).await.unwrap(), 0, "disabled");
            assert!(tx.hook_enable(&hook()).await.unwrap());
            assert_eq!(tx.hook_event_put(&event(&corr, "two"), later(8)).await.unwrap(), 1);
            assert!(tx.hook_delete(&hook()).await.unwrap());
            assert_eq!(tx.hook_delivery_get(&waiting).await.unwrap(), None, "its log went with it");
        })
        .await;
        let jobs = above(&db, async |tx| tx.jobs_claim(Lane::Hooks, later(9), 1_000, 9, 9).await.unwrap()).await;
        assert_eq!(jobs.len(), 2);
    }

    async fn pages_meet_every_row_once(db: Db) {
        let (a, _) = two_tenants(&db).await;
        for n in 0..7 {
            person(&db, &a, botyard::domain::UserId(ALICE.0 + n)).await;
        }
        within(&db, &a, async |tx| {
            let (mut after, mut met) = (After::START, Vec::new());
            loop {
                let page = tx.users_listed(&after, 3).await.unwrap();
                let Some(last) = page.last() else { break };
                after = After { at: last.created_at, key: last.user_id.0 };
                met.extend(page.iter().map(|row| row.user_id.0 - ALICE.0));
            }
            assert_eq!(met, [6, 5, 4, 3, 2, 1, 0], "all of one moment, told apart by their ids");
            let wanted = Wanted { user: None, state: None };
            assert_eq!(tx.generations_listed(&After::start(), wanted, 3).await.unwrap(), []);
        })
        .await;
    }
}
