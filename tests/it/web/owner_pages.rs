//! What the platform's owner did, what the platform may sell, and what the process runs under.

use std::collections::BTreeSet;
use std::time::Duration;

use botyard::accounts::audit::{self, Act, Actor};
use botyard::catalog::Catalog;
use botyard::domain::settings::EnabledModels;
use botyard::domain::{AuditAction, AuditDoor, Corr};
use botyard::store::{Db, PlatformTx};
use regex::Regex;

use super::site::{Client, NOON, Site};
use crate::store::world::above;
use crate::util::db::on_each_db;

/// Not listed by the provider, and nothing is wrong with it.
const UNLISTED: &str = "sora-watermark-remover";
/// Never for sale.
const HIDDEN: &str = "midjourney/api";

/// Sends a form of the owner's pages, or of a bot's; gives where it leads.
async fn post(client: &Client, path: &str, more: &[(&str, &str)]) -> String {
    let home = if path.starts_with("/panel/owner") { "/panel/owner" } else { "/panel" };
    let token = client.get(home).await.field("form_token");
    let form: Vec<(&str, &str)> = [("form_token", token.as_str())].into_iter().chain(more.iter().copied()).collect();
    let answer = client.post(path, &form).await;
    assert!(answer.status < 400, "{path}: {} {}", answer.status, answer.body);
    answer.header("location").to_owned()
}

async fn mark(client: &Client, model: &str, act: &str) -> String {
    post(client, "/panel/owner/models", &[("model", model), ("act", act)]).await
}

/// The lines of a page of acts.
fn lines(body: &str) -> Vec<String> {
    let line = Regex::new(r"(?s)<li>\s*<div class=.line-main.>.*?</li>").unwrap();
    line.find_iter(body).map(|found| found.as_str().to_owned()).collect()
}

on_each_db! {
    async fn acts_over_all_bots_and_over_one_stand_on_one_page_and_each_in_its_own_chain(db: Db) {
        let site = Site::start(&db).await;
        let (above, below) = (site.signed_in(&Site::platform_owner()).await, site.signed_in(&site.owner_a()).await);
        assert!(above.get("/panel/owner/audit").await.body.contains("Действий ещё не было"));
        post(&above, "/panel/owner/invite", &[("person", "555"), ("language", "en")]).await;
        post(&above, "/panel/owner/money/preflight", &[]).await;
        post(&above, "/panel/owner/bots/tenant-a/suspend", &[("reason", "долг за сентябрь")]).await;
        mark(&above, UNLISTED, "check").await;
        post(&above, "/panel/owner/settings/stop", &[("reason", "счёт проверяется")]).await;
        let page = above.get("/panel/owner/audit").await.body;
        let acts = lines(&page);
        let of = |what: &str| {
            let found: Vec<&String> = acts.iter().filter(|line| line.contains(what)).collect();
            assert_eq!(found.len(), 1, "{what}: {page}");
            found[0].clone()
        };
        for (what, said) in [
            ("Приглашён партнёр", vec!["user:555", "вся платформа"]),
            ("Проверка денег всех ботов", vec![" → ", "вся платформа"]),
            ("Приостановка платформой", vec!["active → suspended", "долг за сентябрь", "href=\"/panel/owner/bots/tenant-a\"", "Атлас"]),
            ("Модель отмечена проверенной", vec!["model:sora-watermark-remover", "unchecked → checked"]),
            ("Остановлены новые генерации", vec!["счёт проверяется", "вся платформа"]),
        ] {
            let line = of(what);
            for said in said.into_iter().chain(["99 · панель", "127.0.0.*"]) {
                assert!(line.contains(said), "{what}: «{said}» is missing: {line}");
            }
        }
        assert_eq!(acts.len(), 5, "{page}");
        assert!(page.contains("Цепочка цела, записей: 4"), "{page}");
        assert!(above.get("/panel/owner/audit?lang=en").await.body.contains("Partner invited"));
        let own = below.get("/panel/t/tenant-a/audit").await.body;
        assert!(own.contains("Приостановка платформой") && own.contains("127.0.0.*"), "{own}");
        assert!(!own.contains("Приглашён") && !own.contains("sora-watermark-remover"), "{own}");
        assert_eq!(below.get("/panel/owner/audit").await.status, 404);
        site.stop().await;
    }

    async fn pages_of_acts_follow_each_other_by_key_and_miss_none(db: Db) {
        let site = Site::start(&db).await;
        let corr = Corr::random();
        let who = Actor { user: None, door: AuditDoor::Cli, corr: &corr };
        let places = [None, Some(&site.a), Some(&site.b)];
        above(&db, async |tx| {
            // All in one millisecond, and numbers that repeat from chain to chain.
            for n in 0..123_usize {
                let (object, action) = (format!("act:{n}"), AuditAction::GenerationsStopped);
                audit::record_over(tx, places[n % 3], who, Act::new(action, &object), NOON).await.unwrap();
            }
        })
        .await;
        let client = site.signed_in(&Site::platform_owner()).await;
        let older = Regex::new("href=\"(\\?[^\"]*before=[^\"]+)\" rel=\"next\"").unwrap();
        let object = Regex::new("act:[0-9]+").unwrap();
        let (mut seen, mut pages, mut next) = (Vec::new(), 0, String::new());
        loop {
            let page = client.get(&format!("/panel/owner/audit{next}")).await.body;
            seen.extend(object.find_iter(&page).map(|found| found.as_str().to_owned()));
            pages += 1;
            match older.captures(&page) {
                Some(found) => next = found[1].replace("&amp;", "&").replace("&#38;", "&"),
                None => break,
            }
        }
        assert_eq!((pages, seen.len()), (3, 123));
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 123, "each once");
        for wrong in ["x", "1", "1.", "1.x.y", "99999999999999999999.1."] {
            assert_eq!(client.get(&format!("/panel/owner/audit?before={wrong}")).await.status, 200, "{wrong}");
        }
        site.stop().await;
    }

    async fn a_model_is_offered_by_a_bot_only_while_the_owner_calls_it_checked(db: Db) {
        let site = Site::start(&db).await;
        let (above, below) = (site.signed_in(&Site::platform_owner()).await, site.signed_in(&site.owner_a()).await);
        let page = above.get("/panel/owner/models").await.body;
        for model in Catalog::embedded().unwrap().models() {
            assert!(page.contains(&format!(">{}<", model.id)), "{} is missing", model.id);
        }
        assert_eq!(page.matches("name=\"act\" value=\"check\"").count(), 18, "{page}");
        assert!(page.contains("Сервис больше не описывает") && page.contains("Партнёрам доступно 51 из 73"), "{page}");

        let offers = || {
            let model = Catalog::embedded().unwrap().model(UNLISTED).unwrap();
            site.platform.tenants.get(&site.a).unwrap().offers(model)
        };
        let both = [("model.z-image", "on"), ("model.sora-watermark-remover", "on"), ("model.midjourney/api", "on")];
        let chosen = || site.platform.tenants.get(&site.a).unwrap().settings.enabled_models.clone();
        let box_of = async || {
            let body = below.get("/panel/t/tenant-a/models").await.body;
            let (_, after) = body.split_once("name=\"model.sora-watermark-remover\"").unwrap();
            after.split('>').next().unwrap().trim().to_owned()
        };
        assert_eq!(box_of().await, "disabled");
        assert!(post(&below, "/panel/t/tenant-a/models", &both).await.ends_with("done=saved"));
        assert_eq!(chosen(), EnabledModels::Only(vec!["z-image".to_owned()]), "not before it is checked");

        for (model, act) in [(HIDDEN, "check"), ("z-image", "check"), ("z-image", "back"), ("no-such-model", "check"), (UNLISTED, "sell"), ("", "")] {
            assert!(mark(&above, model, act).await.ends_with("problem=model"), "{model} {act}");
        }
        assert!(mark(&above, UNLISTED, "back").await.ends_with("done=same"));
        assert!(mark(&above, UNLISTED, "check").await.ends_with("done=model-checked"));
        assert!(mark(&above, UNLISTED, "check").await.ends_with("done=same"));
        assert!(!offers(), "the partner has not chosen it yet");
        assert_eq!(box_of().await, "");
        assert!(post(&below, "/panel/t/tenant-a/models", &both).await.ends_with("done=saved"));
        assert_eq!(chosen(), EnabledModels::Only(vec!["z-image".to_owned(), UNLISTED.to_owned()]));
        assert!(offers());
        let page = above.get("/panel/owner/models").await.body;
        assert!(page.contains("предлагает 1 бот") && page.contains("Партнёрам доступно 52 из 73"), "{page}");

        assert!(mark(&above, UNLISTED, "back").await.ends_with("done=model-back"));
        assert!(!offers());
        assert_eq!(box_of().await, "disabled");
        assert!(mark(&above, UNLISTED, "check").await.ends_with("done=model-checked"));
        assert!(offers(), "the partner's choice was kept");
        let acts = lines(&above.get("/panel/owner/audit").await.body);
        assert_eq!(acts.iter().filter(|line| line.contains("model:sora-watermark-remover")).count(), 3, "{acts:?}");
        assert_eq!(below.get("/panel/owner/models").await.status, 404);
        site.stop().await;
    }

    async fn the_configuration_is_shown_with_its_sources_and_without_a_secret(db: Db) {
        let site = Site::start_with(&db, &[("admin.token", "fake-planted-token-of-a-test"), ("bot.handler_limit", "7 s")]).await;
        let client = site.signed_in(&Site::platform_owner()).await;
        let page = client.get("/panel/owner/settings").await.body;
        for row in botyard::config::Settings::table() {
            assert!(page.contains(&format!("<strong>{}</strong>", row.key)) && page.contains(&row.name), "{}", row.key);
        }
        assert!(!page.contains("planted") && !page.contains("fake-test-key"), "{page}");
        let line = |key: &str| {
            let (_, after) = page.split_once(&format!("<strong>{key}</strong>")).unwrap();
            after.split("</li>").next().unwrap().to_owned()
        };
        for (key, value, source) in [
            ("bot.handler_limit", ">7 s<", ">командная строка<"),
            ("bot.album_wait", ">1500 ms<", ">по умолчанию<"),
            ("admin.token", ">задано<", ">командная строка<"),
            ("kie.api_key", ">задано<", ">командная строка<"),
            ("redis.url", ">не задано<", ">по умолчанию<"),
        ] {
            assert!(line(key).contains(value) && line(key).contains(source), "{key}: {}", line(key));
        }
        assert!(client.get("/panel/owner/settings?lang=en").await.body.contains("Set otherwise than by default"));
        site.stop().await;
    }

    async fn new_generations_of_all_bots_are_stopped_and_let_go_on_from_the_page(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&Site::platform_owner()).await;
        let stopped = || site.platform.tenants.all().iter().filter(|tenant| tenant.stopped.is_some()).count();
        assert!(client.get("/panel/owner/settings").await.body.contains(">идут<"));
        let stop = async |reason: &str| post(&client, "/panel/owner/settings/stop", &[("reason", reason)]).await;
        assert!(stop(&"x".repeat(201)).await.ends_with("problem=stop-reason"));
        assert_eq!(stopped(), 0);
        assert!(stop("счёт <проверяется>").await.ends_with("done=generations-stopped"));
        assert!(stop("ещё раз").await.ends_with("done=same"));
        assert_eq!(stopped(), 2);
        let page = client.get("/panel/owner/settings").await.body;
        assert!(page.contains("остановлены у всех ботов") && page.contains("счёт &#60;проверяется&#62;"), "{page}");
        assert!(post(&client, "/panel/owner/settings/start", &[]).await.ends_with("done=generations-started"));
        assert!(post(&client, "/panel/owner/settings/start", &[]).await.ends_with("done=same"));
        assert_eq!(stopped(), 0);
        let acts = lines(&client.get("/panel/owner/audit").await.body);
        assert_eq!(acts.len(), 2, "{acts:?}");
        assert!(acts[0].contains("Новые генерации снова идут") && acts[1].contains("счёт"), "{acts:?}");
        site.stop().await;
    }

    async fn a_page_of_processes_without_one_says_so(db: Db) {
        let site = Site::start(&db).await;
        let above = site.signed_in(&Site::platform_owner()).await;
        let page = above.get("/panel/owner/health").await.body;
        assert!(page.contains("Ни один процесс ещё не сообщил, что работает"), "{page}");
        let process = async |tx: &mut PlatformTx| tx.heartbeat("first-process", NOON, NOON).await.unwrap();
        crate::store::world::above(&db, process).await;
        let page = above.get("/panel/owner/health").await.body;
        assert!(page.contains("first-process") && !page.contains("Ни один процесс"), "{page}");
        assert!(page.contains("dot-ok") && !page.contains("dot-warn") && page.contains("на связи"), "{page}");
        // Three signs of life were missed.
        site.clock.advance(Duration::from_secs(31));
        let page = above.get("/panel/owner/health").await.body;
        assert!(page.contains("first-process") && page.contains("dot-warn") && page.contains("не отвечает"), "{page}");
        site.stop().await;
    }
}
