//! Callbacks, adoption, and results that come when nobody waits for them any more (F06, F21; A78, A83).

use botyard::domain::{GenerationState as State, Lane, Secret};
use botyard::generation::callback::{self, Check};
use botyard::generation::{Called, Delivery, FailureKind, Job, Submitted, Watched};
use botyard::sandbox::wire::{Drop, FaultAnswer};
use botyard::store::Db;
use reqwest::header::HeaderMap;

use super::provider::Provider;
use super::world::{ALICE, World, pictures};
use crate::util::db::on_each_db;

/// The token in the callback address that the provider was given for its n-th task.
async fn token(provider: &Provider, n: usize) -> String {
    let tasks = provider.tasks().await;
    let url = tasks[n].request["callBackUrl"].as_str().unwrap();
    url.rsplit('/').next().unwrap().to_owned()
}

async fn call(provider: &Provider, token: &str, body: &str, hmac: Option<&str>) -> Called {
    let world = &provider.world;
    let key = hmac.map(Secret::new);
    let check = Check { hmac: key.as_ref(), settings: &world.settings };
    let mut tx = world.db.tenant(&world.tenant.id).await.unwrap();
    let (headers, body) = (HeaderMap::new(), body.as_bytes());
    let called = callback::handle(&mut tx, check, token, &headers, body, world.now()).await.unwrap();
    tx.commit().await.unwrap();
    called
}

/// Submits, and the answer is lost after the task was created. Gives the task's id and the token.
async fn lost_answer(provider: &Provider, id: &botyard::domain::GenerationId) -> (String, String) {
    let cut = FaultAnswer { drop: Some(Drop::After), ..FaultAnswer::default() };
    provider.next_answer("createTask", cut, 1).await;
    assert_eq!(provider.submit(id).await, Submitted::Orphan);
    let task = provider.tasks().await.pop().unwrap().task_id;
    (task, token(provider, 0).await)
}

on_each_db! {
    async fn an_orphan_is_adopted_by_its_callback_and_paid_once(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        let (task, token) = lost_answer(&provider, &row.id).await;
        world.advance(60);
        let body = format!(r#"{{"code":200,"data":{{"taskId":"{task}","state":"success"}}}}"#);
        assert_eq!(call(&provider, &token, &body, None).await, Called::Adopted);
        for _ in 0..4 {
            assert_eq!(call(&provider, &token, &body, None).await, Called::Woken);
        }
        let due: Vec<_> = world.job_rows(Lane::Watch).await.into_iter().map(|job| job.run_at).collect();
        assert_eq!(due, [world.now()], "one watch, at once");
        provider.provider_done().await;
        assert_eq!(provider.watch(&row.id).await, Watched::Results { late: false });
        assert!(matches!(world.deliver(&row.id, 0).await, Delivery::FirstConfirmed(_)));
        assert_eq!(call(&provider, &token, &body, None).await, Called::Nothing);
        assert_eq!((provider.tasks().await.len(), world.money(&alice).await), (1, (107, 0)));
        world.sound().await;
    }

    /// F21: five callbacks each before the creation's answer, after the delivery, and an hour after the money went back. One
    /// capture; what comes after the void is brought free, once, and never charged.
    async fn f_kie_callbacks(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 1_000).await;
        let paid = world.start(&alice, pictures("a", 1)).await;
        let (task, token_of_paid) = lost_answer(&provider, &paid.id).await;
        let body = |task: &str| format!(r#"{{"code":200,"data":{{"taskId":"{task}","state":"success"}}}}"#);
        for n in 0..5 {
            let called = call(&provider, &token_of_paid, &body(&task), None).await;
            assert_eq!(called, if n == 0 { Called::Adopted } else { Called::Woken }, "callback {n}");
        }
        provider.provider_done().await;
        assert_eq!(provider.watch(&paid.id).await, Watched::Results { late: false });
        assert!(matches!(world.deliver(&paid.id, 0).await, Delivery::FirstConfirmed(_)));
        for _ in 0..5 {
            assert_eq!(call(&provider, &token_of_paid, &body(&task), None).await, Called::Nothing);
        }
        assert_eq!(world.money(&alice).await, (607, 0));

        provider.tasks_take(300).await;
        let late = world.start(&alice, pictures("b", 1)).await;
        assert_eq!(provider.submit(&late.id).await, Submitted::Accepted);
        let token_of_late = token(&provider, 1).await;
        world.advance(900);
        assert!(matches!(provider.watch(&late.id).await, Watched::Failed { kind: FailureKind::TimedOut, .. }));
        assert_eq!(world.money(&alice).await, (607, 0), "the money went back");
        provider.provider_done().await;
        world.advance(3_600);
        let task = world.row(&late.id).await.provider_task_id.unwrap();
        for _ in 0..5 {
            assert_ne!(call(&provider, &token_of_late, &body(&task), None).await, Called::Adopted);
        }
        assert_eq!(provider.watch(&late.id).await, Watched::Results { late: true });
        assert_eq!(world.deliver(&late.id, 0).await, Delivery::Late);
        assert_eq!(world.deliver(&late.id, 0).await, Delivery::Nothing);
        for _ in 0..5 {
            assert_ne!(call(&provider, &token_of_late, &body(&task), None).await, Called::Adopted);
        }
        assert_eq!((world.row(&late.id).await.state, world.money(&alice).await), (State::DeliveredLate, (607, 0)));
        assert_eq!(provider.tasks().await.len(), 2);
        world.sound().await;
    }

    async fn a_callback_before_the_answer_of_the_creation_is_no_trouble(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        let (task, token) = lost_answer(&provider, &row.id).await;
        let body = format!(r#"{{"data":{{"task_id":"{task}"}}}}"#);
        assert_eq!(call(&provider, &token, &body, None).await, Called::Adopted);
        assert_eq!(provider.submit(&row.id).await, Submitted::Nothing);
        let row = provider.watch_until(&row.id, State::Delivering).await;
        assert_eq!(row.provider_task_id, Some(task));
    }

    async fn a_forged_callback_changes_nothing_until_the_task_itself_says_so(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        provider.tasks_take(60_000).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        provider.submit(&row.id).await;
        let token = token(&provider, 0).await;
        let body = r#"{"code":200,"data":{"taskId":"other","state":"success","resultJson":"{\"resultUrls\":[\"https://x/y.png\"]}"}}"#;
        assert_eq!(call(&provider, "0000", body, None).await, Called::Unknown);
        assert_eq!(call(&provider, &token, body, Some("hmac-key")).await, Called::Unsigned);
        let before = world.row(&row.id).await;
        assert_eq!(call(&provider, &token, body, None).await, Called::Woken);
        assert_eq!(world.row(&row.id).await, before);
        assert!(matches!(provider.watch(&row.id).await, Watched::Again { .. }));
        assert_eq!(world.money(&alice).await, (107, 393));
    }

    async fn a_result_after_the_hard_limit_is_brought_free_and_once(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        provider.tasks_take(300).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        provider.submit(&row.id).await;
        world.advance(900);
        let over = provider.watch(&row.id).await;
        assert!(matches!(over, Watched::Failed { kind: FailureKind::TimedOut, again: Some(_) }), "{over:?}");
        assert_eq!(world.money(&alice).await, (500, 0));
        provider.provider_done().await;
        world.advance(3600);
        assert_eq!(provider.watch(&row.id).await, Watched::Results { late: true });
        assert_eq!(provider.watch(&row.id).await, Watched::Nothing);
        assert_eq!(world.row(&row.id).await.state, State::TimedOut);
        assert!(world.jobs(Lane::Deliver).await.contains(&Job::Deliver { generation: row.id.clone() }));
        assert_eq!(world.deliver(&row.id, 0).await, Delivery::Late);
        assert_eq!(world.deliver(&row.id, 0).await, Delivery::Nothing);
        assert_eq!((world.row(&row.id).await.state, world.money(&alice).await), (State::DeliveredLate, (500, 0)));
        world.sound().await;
    }

    async fn an_orphan_that_was_given_up_is_adopted_late_and_brought_free(db: Db) {
        let provider = Provider::new(World::new(db).await).await;
        let world = &provider.world;
        let alice = world.person(ALICE, 500).await;
        let row = world.start(&alice, pictures("a", 1)).await;
        let (task, token) = lost_answer(&provider, &row.id).await;
        world.advance(90);
        assert!(matches!(provider.watch(&row.id).await, Watched::Failed { kind: FailureKind::Orphan, .. }));
        provider.provider_done().await;
        let body = format!(r#"{{"data":{{"taskId":"{task}"}}}}"#);
        assert_eq!(call(&provider, &token, &body, None).await, Called::Adopted);
        assert_eq!(provider.watch(&row.id).await, Watched::Results { late: true });
        assert_eq!(world.deliver(&row.id, 0).await, Delivery::Late);
        assert_eq!(world.money(&alice).await, (500, 0));
        world.sound().await;
    }
}
