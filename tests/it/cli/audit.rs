//! `audit_chain` (reliability.md T39) from a shell: one byte that was changed ends with code 1, at its number.

use std::path::Path;

use botyard::accounts::audit::{self, Act, Actor};
use botyard::domain::{AuditAction, AuditDoor, BotInstanceId, Corr, UnixMs, UserId};
use botyard::store::{Db, PoolSettings};
use serde_json::json;

use super::program::{Place, sandbox_with_a_bot};

/// Three acts of an admin, as the bot and the panel record them.
async fn acts(database: &str) {
    let db = Db::open(database, &PoolSettings::default()).await.unwrap();
    let mut tx = db.tenant(&BotInstanceId::parse("first").unwrap()).await.unwrap();
    for user in 1..=3 {
        let (corr, object) = (Corr::random(), audit::person(UserId(user)));
        let who = Actor { user: Some(UserId(41)), door: AuditDoor::Panel, corr: &corr };
        let act = Act::new(AuditAction::UserBlocked, &object).because(Some("spam"));
        audit::record(&mut tx, who, act, UnixMs(user)).await.unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
}

/// Somebody with the file and without a program.
async fn forge(file: &Path, sql: &'static str) {
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::query("DROP TRIGGER IF EXISTS audit_log_immutable_update").execute(&pool).await.unwrap();
    assert_eq!(sqlx::query(sql).execute(&pool).await.unwrap().rows_affected(), 1);
    pool.close().await;
}

#[tokio::test]
async fn audit_chain_a_changed_byte_is_named_by_its_number_and_ends_with_code_one() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    assert!(place.run(&["audit", "verify"]).await.done().contains("no bots yet"));
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let file = place.path().join("data/botyard.db");
    acts(&format!("sqlite:{}", file.display())).await;
    let whole = place.run(&["audit", "verify", "--json"]).await.json();
    assert_eq!(whole, json!([{ "tenant": "first", "ok": true, "entries": 3, "broken_at": null }]));

    forge(&file, "UPDATE audit_log SET reason = 'spaM' WHERE seq = 2").await;
    let broken = place.run(&["audit", "verify", "--tenant", "first"]).await;
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.out.contains("BROKEN") && broken.out.contains("at entry 2"), "{}", broken.out);
    assert!(broken.err.contains("from entry 2 on"), "{}", broken.err);
    forge(&file, "UPDATE audit_log SET reason = 'spam' WHERE seq = 2").await;
    place.run(&["audit", "verify"]).await.done();
    assert!(place.run(&["audit", "verify", "--tenant", "nobody"]).await.refused(1).contains("no bot is named nobody"));
    sandbox.stop().await;
}
