//! A model that the provider does not list, from the owner's mark to a delivered result and back (bot.md 1.2, decisions.md 22):
//! by the pages that an owner and a partner press, and by the bot that a person writes to.

use botyard::accounts::{Identity, Subject, links};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{AdminRole, GenerationState, UserId};
use botyard::sandbox::wire::KieTuning;

use super::driver::Scene;
use crate::util::app::OWNER;
use crate::util::db::{TestDb, on_each_db};
use crate::web::site::Client;

const MODEL: &str = "flux/kontext";
const UNAVAILABLE: &str = "временно";

/// Somebody in the panel.
async fn enter(scene: &Scene, who: &Identity) -> Client {
    let platform = scene.app.platform();
    let path = links::issue(&platform.db, &platform.settings.panel, who, platform.clock.now()).await.unwrap();
    let client = Client::new(scene.app.app.address);
    let page = client.get(&path).await;
    let entered = client.post(&path, &[("form_token", &page.field("form_token"))]).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    client
}

async fn post(client: &Client, (page, path): (&str, &str), more: &[(&str, &str)]) -> String {
    let token = client.get(page).await.field("form_token");
    let form: Vec<(&str, &str)> = [("form_token", token.as_str())].into_iter().chain(more.iter().copied()).collect();
    client.post(path, &form).await.header("location").to_owned()
}

async fn mark(owner: &Client, act: &str) -> String {
    post(owner, ("/panel/owner", "/panel/owner/models"), &[("model", MODEL), ("act", act)]).await
}

on_each_db! {
    async fn a_checked_model_is_sold_where_a_partner_chose_it_and_what_runs_outlives_the_mark(test: TestDb) {
        let scene = Scene::with(&test, TenantSettings::default(), &[("owner.ids", "99")]).await;
        let owner = enter(&scene, &Identity::platform_owner(Subject::Telegram(UserId(99)))).await;
        let partner = enter(&scene, &Identity::admin(&scene.bot.id, AdminRole::Owner, OWNER)).await;
        let ask = format!("/generate {MODEL}");
        let choose = async || {
            let chosen = format!("model.{MODEL}");
            post(&partner, ("/panel", "/panel/t/first/models"), &[("model.z-image", "on"), (&chosen, "on")]).await
        };
        scene.say(&ask, UNAVAILABLE).await;
        assert!(choose().await.ends_with("done=saved"));
        scene.say(&ask, UNAVAILABLE).await;
        assert!(mark(&owner, "check").await.ends_with("done=model-checked"));
        scene.say(&ask, UNAVAILABLE).await;
        assert!(choose().await.ends_with("done=saved"));

        scene.app.world.tune_kie(&KieTuning { delay_ms: Some(1_500), ..KieTuning::default() }).await.unwrap();
        let (before, had) = (scene.before().await, scene.available().await);
        scene.order(MODEL, &[]).await;
        scene.app.press_only(&scene.bot, scene.anna, "✅ Генерировать").await;
        scene.until(|row| row.provider_task_id.is_some()).await;
        assert!(mark(&owner, "back").await.ends_with("done=model-back"));
        let done = scene.until(|row| row.state == GenerationState::Delivered).await;
        assert!(done.charged.is_positive() && scene.available().await < had, "it is paid for");
        scene.hear(before, "Баланс:").await;
        scene.app.settled(&scene.bot, scene.anna).await;
        scene.say(&ask, UNAVAILABLE).await;
        scene.finish().await;
    }
}
