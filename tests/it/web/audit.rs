//! The audit log's page (`audit_chain`, reliability.md T39): a view follows what is new, a button and the auditor the whole chain,
//! and what was forged is said in red.

use botyard::accounts::audit::{self, Act, Actor};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{AuditAction, AuditDoor, Corr};
use botyard::store::AuditCheckRow;

use super::site::{Client, NOON, OWNER_A, Site};
use crate::store::admin::{raw, unguarded};
use crate::store::world::within;
use crate::util::app::{OWNER, PATIENCE, TestApp};
use crate::util::db::{TestDb, on_each_db};

const PAGE: &str = "/panel/t/tenant-a/audit";
const WHOLE: &str = "Цепочка цела, записей: ";

/// Writes so many entries.
async fn acts(test: &TestDb, site: &Site, n: usize) {
    let corr = Corr::random();
    within(&test.db, &site.a, async |tx| {
        for _ in 0..n {
            let who = Actor { user: Some(OWNER_A), door: AuditDoor::Telegram, corr: &corr };
            let act = Act::new(AuditAction::UserBlocked, "user:1").because(Some("spam"));
            audit::record(tx, who, act, NOON).await.unwrap();
        }
    })
    .await;
}

/// Somebody writes into an entry behind the program's back.
async fn forge(test: &TestDb, seq: i64, reason: &str) {
    raw(test, &format!("UPDATE audit_log SET reason = '{reason}' WHERE seq = {seq}")).await.unwrap();
}

async fn known(test: &TestDb, site: &Site) -> Option<AuditCheckRow> {
    test.db.tenant_read(&site.a).await.unwrap().audit_check_get().await.unwrap()
}

/// Presses the button; gives where it leads.
async fn check(client: &Client) -> String {
    let token = client.get("/panel").await.field("form_token");
    client.post(&format!("{PAGE}/check"), &[("form_token", &token)]).await.header("location").to_owned()
}

/// The page at `query` is red, and names the entry.
async fn is_red(client: &Client, query: &str, seq: i64) {
    let page = client.get(&format!("{PAGE}{query}")).await.body;
    let said = format!("Цепочка нарушена на записи {seq}<");
    assert!(page.contains(&said) && page.contains("pill-fail") && !page.contains(WHOLE), "{page}");
}

async fn is_green(client: &Client, entries: i64) {
    let page = client.get(PAGE).await.body;
    assert!(page.contains(&format!("{WHOLE}{entries}<")) && page.contains("pill-ok"), "{page}");
}

on_each_db! {
    async fn audit_chain_a_view_follows_what_is_new_and_says_in_red_what_was_forged(test: TestDb) {
        let site = Site::start(&test.db).await;
        let client = site.signed_in(&site.owner_a()).await;
        acts(&test, &site, 69).await;
        is_green(&client, 70).await;
        assert_eq!(known(&test, &site).await, None, "looking keeps nothing");
        assert!(check(&client).await.ends_with("done=audit-whole"));
        let kept = known(&test, &site).await.unwrap();
        assert_eq!((kept.seq, kept.full_at, kept.broken_at), (70, NOON, None));
        acts(&test, &site, 10).await;
        is_green(&client, 80).await;
        for sql in unguarded(&test) {
            raw(&test, sql).await.unwrap();
        }
        // An entry that is shown, and one that came since, whichever page is looked at.
        forge(&test, 60, "nothing").await;
        is_red(&client, "", 60).await;
        forge(&test, 60, "spam").await;
        forge(&test, 75, "nothing").await;
        is_red(&client, "", 75).await;
        is_red(&client, "?before=30", 75).await;
        forge(&test, 75, "spam").await;
        is_green(&client, 80).await;
        // An old one: the whole chain says it, and stays red until the whole chain is whole.
        forge(&test, 3, "nothing").await;
        is_red(&client, "?before=30", 3).await;
        assert!(check(&client).await.ends_with("problem=audit-broken"));
        is_red(&client, "", 3).await;
        forge(&test, 3, "spam").await;
        is_red(&client, "", 3).await;
        assert!(check(&client).await.ends_with("done=audit-whole"));
        is_green(&client, 80).await;
        // The end, cut off.
        raw(&test, "DELETE FROM audit_log WHERE seq = 80").await.unwrap();
        is_red(&client, "", 80).await;
        assert!(check(&client).await.ends_with("problem=audit-broken"));
        site.stop().await;
    }

    async fn audit_chain_the_auditor_finds_what_was_forged_and_what_was_mended(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("ledger.check_every", "50 ms")]).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        let olga = app.person(OWNER.0, "Olga", "ru").await;
        app.say(&bot, olga, "/start", "Доступно").await;
        for user in [101, 102] {
            let person = app.person(user, "Anna", "ru").await;
            app.say(&bot, person, "/start", "Доступно").await;
            app.say(&bot, OWNER, &format!("/block_user {user} спам"), "заблокирован").await;
        }
        let stands = async |seq: i64, broken_at: Option<i64>| {
            let began = std::time::Instant::now();
            loop {
                let row = app.platform().db.tenant_read(&bot.id).await.unwrap().audit_check_get().await.unwrap();
                if row.as_ref().is_some_and(|row| (row.seq, row.broken_at) == (seq, broken_at)) {
                    return;
                }
                assert!(began.elapsed() < PATIENCE, "{seq} and {broken_at:?} were not found: {row:?}");
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        stands(2, None).await;
        for sql in unguarded(&test) {
            raw(&test, sql).await.unwrap();
        }
        forge(&test, 2, "nothing").await;
        // The next act makes the log due.
        let before = app.version(&bot, OWNER).await;
        app.say(&bot, OWNER, "/unblock_user 101", "разблокирован").await;
        stands(1, Some(2)).await;
        let broken = "не сходится начиная с записи № 2";
        app.hear(&bot, OWNER, before, broken).await;
        // It stays red over other acts, and is told of once.
        app.say(&bot, OWNER, "/block_user 101 спам", "заблокирован").await;
        forge(&test, 2, "спам").await;
        stands(4, None).await;
        app.at_rest().await;
        let said = app.world.messages(&bot.username, OWNER.0).await.unwrap();
        assert_eq!(said.iter().filter(|message| message.text().contains(broken)).count(), 1);
        app.finish().await;
    }

    async fn a_check_of_what_is_new_does_not_cover_a_younger_one_of_everything(test: TestDb) {
        let site = Site::start(&test.db).await;
        acts(&test, &site, 3).await;
        let red = AuditCheckRow { seq: 1, hash: "x".to_owned(), checked_at: NOON, full_at: NOON, broken_at: Some(2) };
        let older = AuditCheckRow { full_at: NOON.minus(std::time::Duration::from_mins(1)), broken_at: None, ..red.clone() };
        within(&test.db, &site.a, async |tx| {
            assert!(tx.audit_check_put(&red).await.unwrap());
            assert!(!tx.audit_check_put(&older).await.unwrap());
            assert_eq!(tx.audit_check_get().await.unwrap(), Some(red.clone()));
        }).await;
        let mut above = test.db.platform_read().await.unwrap();
        assert_eq!(above.audits_due(NOON.minus(std::time::Duration::from_mins(1)), 9).await.unwrap(), std::slice::from_ref(&site.a));
        drop(above);
        let (found, before) = audit::check(&test.db, &site.a, NOON.minus(std::time::Duration::from_mins(1)), NOON).await.unwrap();
        assert_eq!((found.seq, found.broken_at, before), (3, None, Some(red)), "what was red is followed from its beginning");
        let mut above = test.db.platform_read().await.unwrap();
        assert_eq!(above.audits_due(NOON.minus(std::time::Duration::from_mins(1)), 9).await.unwrap(), []);
        assert_eq!(above.audits_due(NOON, 9).await.unwrap(), std::slice::from_ref(&site.a), "an hour later");
        drop(above);
        site.stop().await;
    }
}
