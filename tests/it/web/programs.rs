//! Keys of the API, own webhooks, the archive and the end of a bot, from the panel.

use std::time::Duration;

use botyard::accounts::keys;
use botyard::domain::{ApiRight, HookState, PanelScope, TenantState, UnixMs};
use botyard::store::{After, Db};

use super::rooms::furnish;
use super::site::{Answer, Client, Site};
use crate::util::db::on_each_db;

const BASE: &str = "/panel/t/tenant-a";

async fn post(client: &Client, path: &str, more: &[(&str, &str)]) -> Answer {
    let token = client.get("/panel").await.field("form_token");
    let form: Vec<(&str, &str)> = [("form_token", token.as_str())].into_iter().chain(more.iter().copied()).collect();
    client.post(&format!("{BASE}/{path}"), &form).await
}

/// What a page shows once, in its frame of dots.
fn secret(answer: &Answer) -> String {
    let (_, after) = answer.body.split_once("class=\"secret mono\">").expect("the page shows a secret");
    after.split('<').next().unwrap().replace("&#38;", "&")
}

on_each_db! {
    async fn a_key_is_shown_once_opens_what_it_may_and_nothing_after_it_is_revoked(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        for (form, said) in [
            (&[("name", ""), ("right.read", "on")][..], "Назовите ключ"),
            (&[("name", "CRM")][..], "хотя бы одно право"),
        ] {
            let answer = post(&client, "api", form).await;
            assert_eq!((answer.status, answer.body.contains(said)), (422, true), "{said}: {}", answer.body);
        }
        let made = post(&client, "api", &[("name", "CRM"), ("right.read", "on"), ("right.write", "on")]).await;
        let text = secret(&made);
        assert!(made.status == 200 && text.starts_with("byk_"), "{}", made.body);
        let list = client.get(&format!("{BASE}/api")).await.body;
        assert!(list.contains("CRM") && !list.contains(&text), "never again: {list}");
        assert!(!crate::web::rows::dump(&db).await.values().flatten().any(|row| row.contains(&text)));
        let who = async || keys::authenticate(&db, None, &*site.platform, &text, site.clock.now()).await.unwrap();
        let caller = who().await.unwrap();
        assert_eq!((caller.scope, caller.rights), (PanelScope::Tenant(site.a.clone()), vec![ApiRight::Read, ApiRight::Write]));
        let short = caller.key.unwrap().short().to_owned();
        let theirs = site.signed_in(&site.owner_b()).await;
        let token = theirs.get("/panel").await.field("form_token");
        let foreign = theirs.post(&format!("/panel/t/tenant-b/api/{short}/revoke"), &[("form_token", &token)]).await;
        assert_eq!(foreign.status, 404, "somebody else's key");
        assert!(post(&client, &format!("api/{short}/revoke"), &[]).await.header("location").ends_with("done=key-revoked"));
        assert!(who().await.is_none());
        assert!(post(&client, &format!("api/{short}/revoke"), &[]).await.header("location").ends_with("problem=key-revoked-before"));
        let audit = client.get(&format!("{BASE}/audit")).await.body;
        assert!(audit.contains("Создан ключ API") && audit.contains("Отозван ключ API"), "{audit}");
        site.clock.advance(Duration::from_mins(6));
        assert_eq!(post(&client, "api", &[("name", "late"), ("right.read", "on")]).await.status, 403, "a fresh confirmation");
        site.stop().await;
    }

    async fn a_webhook_is_added_tried_given_another_secret_and_removed(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        for url in ["http://crm.example/x", "https://127.0.0.1/x", "ftp://crm.example", ""] {
            let answer = post(&client, "webhooks", &[("url", url), ("event.payment.credited", "on")]).await;
            assert_eq!((answer.status, answer.body.contains("Такой адрес не подходит")), (422, true), "{url}");
        }
        let none = post(&client, "webhooks", &[("url", "https://crm.example/x")]).await;
        assert_eq!((none.status, none.body.contains("хотя бы одно событие")), (422, true));
        let added = post(&client, "webhooks", &[("url", "https://crm.example/x"), ("event.payment.credited", "on")]).await;
        let first = secret(&added);
        assert!(first.starts_with("whsec_"), "{}", added.body);
        let hook = db.tenant_read(&site.a).await.unwrap().hooks_all().await.unwrap().remove(0);
        assert_eq!(hook.events, "payment.credited");
        let here = format!("webhooks/{}", hook.id.short());
        assert!(!client.get(&format!("{BASE}/{here}")).await.body.contains(&first), "never again");
        let told = async || {
            let newest = After { at: UnixMs(i64::MAX), key: String::new() };
            db.tenant_read(&site.a).await.unwrap().hook_deliveries_listed(&hook.id, &newest, 10).await.unwrap()
        };
        assert!(post(&client, &format!("{here}/test"), &[]).await.header("location").ends_with("done=hook-test"));
        let tests = told().await;
        assert_eq!((tests.len(), tests[0].event.as_str(), tests[0].state), (1, "webhook.test", HookState::Waiting));
        assert!(post(&client, &format!("{here}/{}/again", tests[0].id.short()), &[]).await.header("location").ends_with("done=hook-again"));
        assert_eq!(told().await.len(), 1, "what waits is not put twice");
        let second = secret(&post(&client, &format!("{here}/rotate"), &[]).await);
        assert_ne!(first, second);
        let tenant = site.platform.tenants.get(&site.a).unwrap();
        let row = db.tenant_read(&site.a).await.unwrap().hook_get(&hook.id).await.unwrap().unwrap();
        assert_eq!(botyard::tenants::hooks::secret(&tenant, &row).unwrap().expose(), second);
        assert!(post(&client, &format!("{here}/remove"), &[]).await.header("location").ends_with("done=hook-removed"));
        assert_eq!(client.get(&format!("{BASE}/{here}")).await.status, 404);
        site.stop().await;
    }

    async fn an_archive_is_given_once_to_who_asked_and_its_key_opens_it_elsewhere(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let (client, other) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.owner_a()).await);
        let asked = post(&client, "data/export", &[]).await;
        let key = secret(&asked);
        let (_, after) = asked.body.split_once("href=\"/panel/t/tenant-a/data/archive.tar?").unwrap();
        let path = format!("{BASE}/data/archive.tar?{}", after.split('"').next().unwrap());
        assert_eq!(other.get(&path).await.status, 404, "another session's ticket is none");
        assert_eq!(client.get(&path.replace("ticket=1", "ticket=2")).await.status, 404, "a longer life");
        let archive = client.download(&path).await;
        assert_eq!(client.get(&path).await.status, 410, "once");
        let late = post(&client, "data/export", &[]).await;
        let (_, after) = late.body.split_once("href=\"/panel/t/tenant-a/data/archive.tar?").unwrap();
        let late = format!("{BASE}/data/archive.tar?{}", after.split('"').next().unwrap());
        site.clock.advance(Duration::from_mins(11));
        assert_eq!(client.get(&late).await.status, 410, "its minutes are over");

        let home = tempfile::tempdir().unwrap();
        let (file, folder) = (home.path().join("a.tar"), home.path().join("a"));
        std::fs::write(&file, archive).unwrap();
        std::fs::create_dir(&folder).unwrap();
        let done = std::process::Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(&folder).status().unwrap();
        assert!(done.success());
        let users = std::fs::read_to_string(folder.join("rows/users.jsonl")).unwrap();
        assert!(users.contains("guest_name"), "{users}");
        let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        let check = hex::decode(manifest["check"].as_str().unwrap()).unwrap();
        let opens = |key: &str| {
            let master = botyard::vault::MasterKey::from_base64(&botyard::domain::Secret::new(key)).unwrap();
            botyard::vault::Vault::open(master, &botyard::vault::Sealed::from_bytes(check.clone())).is_ok()
        };
        assert!(opens(&key), "the key that was shown is the archive's");
        assert!(!opens("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        site.stop().await;
    }

    async fn a_bot_is_deleted_only_by_its_id_and_its_panel_closes(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let (client, theirs) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.owner_b()).await);
        for wrong in ["", "tenant-b", "Tenant-A"] {
            let answer = post(&client, "data/delete", &[("confirm", wrong)]).await;
            assert!(answer.header("location").ends_with("problem=delete-id"), "{wrong}: {answer:?}");
        }
        let gone = post(&client, "data/delete", &[("confirm", "tenant-a")]).await;
        assert_eq!((gone.status, gone.body.contains("Бот удалён")), (200, true), "{}", gone.body);
        assert!(gone.body.contains("@BotFather"), "Telegram could not be told here: {}", gone.body);
        assert_eq!(client.get("/panel").await.status, 401);
        assert_eq!(theirs.get("/panel").await.status, 200);
        assert!(site.platform.tenants.get(&site.a).is_none());
        let open = db.platform_read().await.unwrap().generations_undelivered_older_than(UnixMs(i64::MAX), 10).await.unwrap();
        assert!(open.is_empty(), "what waited to be delivered has ended: {open:?}");
        let row = db.platform_read().await.unwrap().tenant_get(&site.a).await.unwrap().unwrap();
        assert_eq!((row.state, row.data_key_wrapped.is_empty()), (TenantState::Deleted, true));
        site.stop().await;
    }
}
