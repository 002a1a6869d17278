//! The provider's door: a callback wakes the watch and decides nothing; an unknown token and an unknown tenant look the same.

use botyard::domain::{GenerationState, UserId};
use botyard::store::{Db, GenerationChange};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::rows;
use super::site::Site;
use crate::store::world::{NOON, new_generation, offer, person, within};
use crate::util::db::on_each_db;

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];
const TOKEN: &str = "callback-token-of-this-generation";

on_each_db! {
    async fn an_unknown_token_and_an_unknown_bot_look_the_same(db: Db) {
        let site = Site::start(&db).await;
        let client = site.client();
        let body = json!({ "code": 200, "data": { "taskId": "task-1", "state": "success" } }).to_string();
        let paths = ["/kie/tenant-a/unknown", "/kie/no-such-tenant/unknown", "/kie/Not*An*Id/unknown"];
        for path in paths {
            let answer = client.bring(path, &JSON, body.clone()).await;
            assert_eq!((answer.status, answer.json()), (404, json!({ "ok": false, "error": "not_found" })), "{path}");
        }
        let huge = "x".repeat(64 * 1024 + 1);
        assert_eq!(client.bring(paths[0], &JSON, huge).await.status, 413);
        site.stop().await;
    }

    async fn a_callback_wakes_the_watch_of_its_own_tenant_and_changes_no_state(db: Db) {
        let site = Site::start(&db).await;
        let someone = person(&db, &site.a, UserId(5001)).await;
        let (id, corr) = (botyard::domain::GenerationId::random(), botyard::domain::Corr::random());
        let quote = offer(someone.user_id, 1);
        let hash = hex::encode(Sha256::digest(TOKEN));
        within(&db, &site.a, async |tx| {
            tx.quote_insert(&quote).await.unwrap();
            let new = botyard::store::NewGeneration { callback_hash: &hash, ..new_generation(&id, &quote, &someone, &corr) };
            assert!(tx.generation_insert(&new, NOON).await.unwrap());
        })
        .await;
        within(&db, &site.a, async |tx| {
            use GenerationState as S;
            let (intent, task) = (GenerationChange { submitted_at: Some(NOON), ..Default::default() }, Some("task-1"));
            assert!(tx.generation_move(&id, &[S::Created], S::Submitting, &intent, NOON).await.unwrap());
            let taken = GenerationChange { provider_task_id: task, accepted_at: Some(NOON), ..Default::default() };
            assert!(tx.generation_move(&id, &[S::Submitting], S::Queued, &taken, NOON).await.unwrap());
        })
        .await;
        let body = json!({ "code": 200, "data": { "taskId": "task-1", "state": "fail", "failMsg": "never" } }).to_string();
        let client = site.client();
        let foreign = client.bring(&format!("/kie/tenant-b/{TOKEN}"), &JSON, body.clone()).await;
        assert_eq!((foreign.status, rows::count(&db, "jobs").await), (404, 0), "B has no such token");
        for _ in 0..3 {
            let answer = client.bring(&format!("/kie/tenant-a/{TOKEN}"), &JSON, body.clone()).await;
            assert_eq!((answer.status, answer.json()), (200, json!({ "ok": true })));
        }
        assert_eq!(rows::count(&db, "jobs").await, 1, "one watch");
        let row = within(&db, &site.a, async |tx| tx.generation_get(&id).await.unwrap().unwrap()).await;
        assert_eq!(row.state, GenerationState::Queued, "what the body says is not believed");
        site.stop().await;
    }
}
