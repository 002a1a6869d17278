//! `key`, `ban`, `tenant rotate-token`, `export`, `import`, `delete`, `purge`, `user …` as an operator types them.

use serde_json::{Value, json};

use super::program::{Place, sandbox_with_a_bot};

#[tokio::test]
async fn a_key_is_made_listed_and_revoked() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let made =
        place.run(&["key", "add", "first", "--name", "books", "--right", "money", "--right", "read"]).await.done();
    let key = made.trim();
    assert!(key.starts_with("byk_") && key.len() == 47, "{made}");
    place.run(&["key", "add", "--owner", "--name", "fleet", "--json"]).await.done();
    let list = place.run(&["key", "list", "--json"]).await.json();
    assert_eq!((&list[0]["tenant"], &list[0]["rights"]), (&json!("first"), &json!("read,money")));
    assert_eq!((&list[1]["tenant"], &list[1]["rights"]), (&Value::Null, &json!("read")));
    let table = place.run(&["key", "list", "first"]).await.done();
    assert!(table.contains("books") && !table.contains(&key[4..]), "{table}");
    let id = list[0]["id"].as_str().unwrap();
    place.run(&["key", "revoke", id]).await.done();
    assert!(place.run(&["key", "revoke", id]).await.refused(1).contains("revoked before"));
    place.run(&["key", "revoke", "key_aaaaaaaaaaaa"]).await.refused(1);
    place.run(&["key", "add", "nobody", "--name", "x"]).await.refused(1);
    place.run(&["key", "add", "first", "--name", ""]).await.refused(2);
    place.run(&["key", "add", "first", "--name", "x", "--right", "all"]).await.refused(2);
}

#[tokio::test]
async fn who_is_banned_is_added_by_no_door() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    place.run(&["ban", "add", "bot", "7100000001", "--reason", "fraud"]).await.done();
    let told = place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.refused(1);
    assert!(told.contains("banned"), "{told}");
    let list = place.run(&["ban", "list", "--json"]).await.json();
    assert_eq!(list, json!([{ "kind": "bot", "id": 7_100_000_001_i64, "reason": "fraud" }]));
    place.run(&["ban", "remove", "bot", "7100000001"]).await.done();
    place.run(&["ban", "remove", "bot", "7100000001"]).await.refused(1);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
}

#[tokio::test]
async fn a_bot_gets_another_token_moves_and_leaves() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let new = format!("{}B", &token[..token.len() - 1]);
    let unknown = place.run_with(&["tenant", "rotate-token", "first"], &new).await.refused(1);
    assert!(unknown.contains("does not know this token") && !unknown.contains("AAfake"), "{unknown}");
    let others = token.replace("7100000001", "7100000002");
    assert!(place.run_with(&["tenant", "rotate-token", "first"], &others).await.refused(1).contains("another bot"));
    sandbox.client().register_bot(&new, "first_bot", "First").await.unwrap();
    place.run_with(&["tenant", "rotate-token", "first"], &new).await.done();

    place.run(&["tenant", "pause", "first"]).await.done();
    let key = place.run(&["tenant", "export", "first", "--to", "archive"]).await.done();
    place.run(&["tenant", "export", "first", "--to", "archive"]).await.refused(1);
    let mut other = Place::beside(&sandbox);
    other.set("ARCHIVE_KEY", key.trim());
    let archive = place.path().join("archive");
    let archive = archive.to_str().unwrap();
    let came = other.run(&["tenant", "import", archive, "--key-env", "ARCHIVE_KEY"]).await;
    assert!(came.err.contains("its ledger is in order"), "{came:?}");
    let came = came.done();
    assert!(came.contains("first is here, paused"), "{came}");
    assert_eq!(other.run(&["tenant", "show", "first", "--json"]).await.json()["state"], "paused");
    other.run(&["tenant", "import", archive, "--key-env", "ARCHIVE_KEY"]).await.refused(1);
    other.run(&["tenant", "import", archive, "--key-env", "NO_SUCH_NAME"]).await.refused(2);

    place.run(&["tenant", "delete", "first"]).await.refused(2);
    place.run(&["tenant", "purge", "first"]).await.refused(1);
    place.run(&["tenant", "delete", "first", "--yes"]).await.done();
    assert!(place.run(&["tenant", "purge", "first"]).await.refused(1).contains("30 days more"));
    let statement = place.run(&["tenant", "purge", "first", "--now"]).await.json();
    assert_eq!((&statement["tenant"], statement["signature"].as_str().unwrap().len()), (&json!("first"), 64));
    place.run(&["tenant", "show", "first"]).await.refused(1);
    place.run(&["user", "export", "first", "41"]).await.refused(1);
    other.run(&["user", "export", "first", "41"]).await.refused(1);
    other.run(&["user", "erase", "first", "41"]).await.refused(2);
    other.run(&["user", "erase", "first", "41", "--yes"]).await.refused(1);
}
