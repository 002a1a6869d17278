//! `money_four_eyes` (reliability.md T03) by the panel and by a program: a credit above the bot's limit is asked for by one and
//! credited by another.

use botyard::domain::Money;
use botyard::domain::settings::TenantSettings;
use botyard::store::Db;
use serde_json::json;

use super::api::{Program, key_a, rich, site as with_programs};
use super::rooms::{GUEST, guest};
use super::site::{ADMIN_A, Client, NOON, OWNER_A, Site};
use crate::util::db::on_each_db;

/// From now on tenant A wants a second person above 100 ₽.
async fn limit(site: &Site, db: &Db) {
    limits(site, db, 10_000, 0).await;
    for (admin, name) in [(OWNER_A, "Ольга"), (ADMIN_A, "Борис")] {
        guest(db, &site.a, admin, name).await;
    }
}

/// The largest sum that one person approves, and of a day, in kopecks; 0: no such limit.
async fn limits(site: &Site, db: &Db, at_once: i64, a_day: i64) {
    let (approval_limit, approval_day_limit) = (Money::kopecks(at_once), Money::kopecks(a_day));
    let settings = TenantSettings { approval_limit, approval_day_limit, ..TenantSettings::default() };
    let settings = serde_json::to_string(&settings).unwrap();
    let mut tx = db.tenant(&site.a).await.unwrap();
    let version = tx.settings_get().await.unwrap().unwrap().version;
    assert!(tx.settings_save(version, &settings, "{}", NOON).await.unwrap());
    tx.commit().await.unwrap();
    site.refresh().await;
}

async fn available(site: &Site, db: &Db, user: botyard::domain::UserId) -> i64 {
    let mut tx = db.tenant_read(&site.a).await.unwrap();
    let row = tx.user_get(user).await.unwrap().unwrap();
    botyard::billing::balance(&mut tx, &row.user_ref).await.unwrap().available.as_kopecks()
}

/// Asks for `roubles` for the guest by the panel's form; gives where the page sends.
async fn ask(client: &Client, roubles: &str) -> String {
    let card = client.get("/panel/t/tenant-a/users/5001").await;
    let (token, operation) = (card.field("form_token"), card.field("operation"));
    let form =
        [("form_token", token.as_str()), ("operation", &operation), ("amount", roubles), ("reason", "за ожидание")];
    client.post("/panel/t/tenant-a/users/5001/credit", &form).await.header("location").to_owned()
}

/// The address of the first form of a page that ends so.
fn form_of(page: &str, end: &str) -> String {
    let (before, _) = page.split_once(&format!("/{end}\"")).unwrap_or_else(|| panic!("no /{end}: {page}"));
    format!("{}/{end}", before.rsplit('"').next().unwrap())
}

on_each_db! {
    async fn money_four_eyes_the_panel_credits_when_another_admin_has_approved(db: Db) {
        let site = Site::start(&db).await;
        limit(&site, &db).await;
        guest(&db, &site.a, GUEST, "Гость").await;
        let (owner, admin) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        assert!(ask(&owner, "100").await.ends_with("done=credited"), "at the limit nobody else is needed");
        assert!(ask(&owner, "150,50").await.ends_with("done=credit-asked"));
        assert_eq!(available(&site, &db, GUEST).await, 10_000);
        for (client, may) in [(&owner, false), (&admin, true)] {
            for page in ["/panel/t/tenant-a/payments", "/panel/t/tenant-a/users/5001"] {
                let page = client.get(page).await.body;
                assert!(page.contains("150.50 ₽") && page.contains("за ожидание") && page.contains("/decline\""), "{page}");
                assert_eq!(page.contains("/approve\""), may, "{page}");
            }
        }
        let page = admin.get("/panel/t/tenant-a/payments").await;
        let approve = form_of(&page.body, "approve");
        let tokens = [owner.get("/panel").await.field("form_token"), admin.get("/panel").await.field("form_token")];
        let own = owner.post(&approve, &[("form_token", &tokens[0])]).await;
        assert!(own.header("location").ends_with("problem=credit-same-person"), "{own:?}");
        let form = [("form_token", tokens[1].as_str())];
        let presses = futures::future::join_all((0..5).map(|_| admin.post(&approve, &form))).await;
        let ended = |what: &str| presses.iter().filter(|answer| answer.header("location").ends_with(what)).count();
        assert_eq!((ended("done=credited"), ended("problem=credit-over")), (1, 4), "{presses:?}");
        assert_eq!(available(&site, &db, GUEST).await, 25_050);
        // A confirmation by the bot that is too old approves nothing.
        assert!(ask(&owner, "500").await.ends_with("done=credit-asked"));
        let approve = form_of(&admin.get("/panel/t/tenant-a/payments").await.body, "approve");
        site.clock.advance(std::time::Duration::from_mins(6));
        let stale = admin.post(&approve, &form).await;
        assert_eq!((stale.status, available(&site, &db, GUEST).await), (403, 25_050), "{}", stale.body);
        let no = admin.post(&approve.replace("/approve", "/decline"), &form).await;
        assert!(no.header("location").ends_with("done=credit-declined"), "{no:?}");
        assert!(!admin.get("/panel/t/tenant-a/payments").await.body.contains("/decline\""));
        let audit = admin.get("/panel/t/tenant-a/audit").await.body;
        for said in ["Запрошено начисление", "Начисление подтверждено", "Начисление отклонено", "100 ₽ → 250.50 ₽"] {
            assert!(audit.contains(said), "«{said}» is missing: {audit}");
        }
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
        drop(tx);
        site.stop().await;
    }

    async fn money_four_eyes_what_a_program_asks_for_two_admins_approve(db: Db) {
        let site = with_programs(&db).await;
        limit(&site, &db).await;
        let user = rich(&site, 501).await;
        let program = Program::new(&site, &key_a(&site).await);
        let path = format!("/api/v1/users/{user}/credits");
        let small = program.post(&path, "small", &json!({ "amount_kopecks": 10_000, "reason": "a gift" })).await;
        assert_eq!(small.status, 201, "{}", small.body);
        let body = json!({ "amount_kopecks": 50_000, "reason": "a large gift" });
        let asked = program.post(&path, "large", &body).await;
        assert_eq!((asked.status, &asked.json()["state"]), (202, &json!("awaiting_approval")), "{}", asked.body);
        assert_eq!(program.post(&path, "large", &body).await.body, asked.body, "the same answer again");
        let id = asked.json()["credit_id"].as_str().unwrap().to_owned();
        let state = async || program.get(&format!("/api/v1/credits/{id}")).await.json()["state"].clone();
        let (owner, admin) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        let approve = form_of(&owner.get("/panel/t/tenant-a/users/501").await.body, "approve");
        let tokens = [owner.get("/panel").await.field("form_token"), admin.get("/panel").await.field("form_token")];
        let first = owner.post(&approve, &[("form_token", &tokens[0])]).await;
        assert!(first.header("location").ends_with("done=credit-first"), "{first:?}");
        let same = owner.post(&approve, &[("form_token", &tokens[0])]).await;
        assert!(same.header("location").ends_with("problem=credit-same-person"), "{same:?}");
        assert_eq!((state().await, available(&site, &db, user).await), (json!("awaiting_approval"), 20_000));
        let second = admin.post(&approve, &[("form_token", &tokens[1])]).await;
        assert!(second.header("location").ends_with("done=credited"), "{second:?}");
        assert_eq!((state().await, available(&site, &db, user).await), (json!("approved"), 70_000));
        // In parts that one key may bring in, until they are more than one may in a day.
        limits(&site, &db, 0, 15_000).await;
        let part = json!({ "amount_kopecks": 9_000, "reason": "a part" });
        let parts = [program.post(&path, "part-1", &part).await.status, program.post(&path, "part-2", &part).await.status];
        assert_eq!((parts, available(&site, &db, user).await), ([201, 202], 79_000));
        limits(&site, &db, 10_000, 0).await;
        site.clock.advance(std::time::Duration::from_hours(25));
        let late = program.post(&path, "large", &body).await;
        assert_eq!((late.status, available(&site, &db, user).await), (409, 79_000), "{}", late.body);
        // Somebody else's, and none: the same.
        let other = Program::new(&site, &crate::web::api::key(&site, &botyard::domain::PanelScope::Tenant(site.b.clone()), botyard::domain::ApiRight::ALL).await);
        let (theirs, none) = (other.get(&format!("/api/v1/credits/{id}")).await, other.get("/api/v1/credits/adm_aaaaaaaaaaaaaaaa").await);
        assert_eq!((theirs.status, &theirs.body), (404, &none.body));
        // With one admin left the rule cannot be met, and the answer says so.
        let mut tx = db.tenant(&site.a).await.unwrap();
        tx.admins_replace(&botyard::tenants::provision::roles(&[OWNER_A]), NOON).await.unwrap();
        tx.commit().await.unwrap();
        site.refresh().await;
        let alone = program.post(&path, "alone", &body).await;
        assert_eq!((alone.status, alone.json()["type"].as_str().unwrap()), (409, "urn:botyard:problem:second_admin_missing"));
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        let waiting: Vec<Money> = tx.credits_waiting(9).await.unwrap().into_iter().map(|row| row.amount).collect();
        assert_eq!(waiting, [Money::kopecks(9_000)], "the part that was asked for before");
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
        drop(tx);
        site.stop().await;
    }
}
