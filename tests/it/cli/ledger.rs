//! `ledger verify`: in order, in JSON, and the exit code of a ledger that is not.

use serde_json::json;

use super::program::{Place, sandbox_with_a_bot};

#[tokio::test]
async fn a_ledger_in_order_is_told_and_a_changed_balance_ends_with_code_one() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    let none = place.run(&["ledger", "verify"]).await.done();
    assert!(none.contains("no bots yet"), "{none}");
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let fine = place.run(&["ledger", "verify", "--tenant", "first", "--json"]).await.json();
    assert_eq!(fine, json!([{"tenant": "first", "ok": true, "transfers": 0, "sealed": 0, "faults": []}]));

    let database = format!("sqlite:{}", place.path().join("data/botyard.db").display());
    let pool = sqlx::SqlitePool::connect(&database).await.unwrap();
    let sql = "INSERT INTO accounts (bot_instance_id, id, unit, posted, held, no_overdraft, created_at)
        VALUES ('first', 'user:x', 'RUB', 100, 0, 1, 0)";
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
    let broken = place.run(&["ledger", "verify"]).await;
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.out.contains("BROKEN") && broken.out.contains("posted_differs: user:x"), "{}", broken.out);
    assert!(broken.err.contains("the ledger is not in order: first"), "{}", broken.err);
    let told = place.run(&["ledger", "verify", "--tenant", "nobody"]).await.refused(1);
    assert!(told.contains("no bot is named nobody"), "{told}");
}
