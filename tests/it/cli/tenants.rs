//! `tenant` and `link`: adding by every door, showing, pausing, and what is refused.

use serde_json::{Value, json};

use super::program::{Place, fake_token, sandbox_with_a_bot};

#[tokio::test]
async fn a_bot_is_added_listed_and_shown_and_its_token_is_never_told() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let mut place = Place::beside(&sandbox);
    place.set("MY_BOT_TOKEN", &token);
    place.set("MY_KEY", "planted-provider-key");
    let args =
        ["tenant", "add", "first", "--admin", "41,42", "--token-env", "MY_BOT_TOKEN", "--provider-key-env", "MY_KEY"];
    let settings = ["--setting", "markup=1.5", "--setting", "brand=My studio", "--json"];
    let added = place.run(&[&args[..], &settings].concat()).await.json();
    assert_eq!(
        added,
        json!({"id": "first", "bot": {"id": 7_100_000_001_i64, "username": "first_bot"}, "state": "active"})
    );

    let list = place.run(&["tenant", "list", "--json"]).await.json();
    assert_eq!(
        list,
        json!([{
            "id": "first", "bot": {"id": 7_100_000_001_i64, "username": "first_bot"}, "state": "active",
            "partner_id": "first", "owner": 41, "origin": "cli", "trouble": null,
        }])
    );
    let shown = place.run(&["tenant", "show", "first", "--json"]).await.json();
    assert_eq!(shown["admins"], json!([{"id": 41, "role": "owner"}, {"id": 42, "role": "admin"}]));
    assert_eq!((&shown["settings"]["brand"], &shown["provider_key"]), (&json!("My studio"), &json!(true)));

    let table = place.run(&["tenant", "list"]).await.done();
    assert!(table.lines().next().unwrap().trim_start().starts_with("ID"), "{table}");
    assert!(table.contains("@first_bot"), "{table}");
    let page = place.run(&["tenant", "show", "first"]).await.done();
    assert!(page.contains("41 (owner), 42 (admin)"), "{page}");
    for text in [added.to_string(), list.to_string(), shown.to_string(), table, page] {
        assert!(!text.contains("AAfaketest") && !text.contains("planted"), "{text}");
    }
}

#[tokio::test]
async fn a_token_comes_from_a_file_or_standard_input_and_never_from_an_argument() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    let told = place.run(&["tenant", "add", "first", "--admin", "41", "--token", &token]).await.refused(2);
    assert!(told.contains("unexpected argument '--token'"), "{told}");
    let told = place.run_with(&["tenant", "add", "first", "--admin", "41"], "hello").await.refused(2);
    assert!(told.contains("a bot token looks like"), "{told}");
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &format!("{token}\n")).await.done();

    let second = fake_token(2);
    sandbox.client().register_bot(&second, "second_bot", "Second").await.unwrap();
    std::fs::write(place.path().join("token.txt"), format!("{second}\n")).unwrap();
    place.run(&["tenant", "add", "second", "--admin", "41", "--token-file", "token.txt"]).await.done();
    assert_eq!(place.run(&["tenant", "list", "--json"]).await.json().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_hosted_is_refused_and_leaves_nothing() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let place = Place::beside(&sandbox);
    let unknown = fake_token(9);
    let told = place.run_with(&["tenant", "add", "first", "--admin", "41"], &unknown).await.refused(1);
    assert!(told.contains("Telegram does not know this token") && !told.contains("AAfake"), "{told}");
    let bad = ["tenant", "add", "first", "--admin", "41", "--setting", "markup=100", "--setting", "colour=red"];
    let told = place.run_with(&bad, &token).await.refused(2);
    assert!(told.contains("markup") && told.contains("colour"), "{told}");
    let told = place.run_with(&["tenant", "add", "First Bot", "--admin", "41"], &token).await.refused(2);
    assert!(told.contains("First Bot"), "{told}");
    let told = place.run_with(&["tenant", "add", "first"], &token).await.refused(2);
    assert!(told.contains("--admin"), "{told}");
    assert_eq!(place.run(&["tenant", "list", "--json"]).await.json(), json!([]));
    let empty = place.run(&["tenant", "list"]).await.done();
    assert!(empty.contains("botyard tenant add"), "{empty}");

    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let told = place.run_with(&["tenant", "add", "other", "--admin", "41"], &token).await.refused(1);
    assert!(told.contains("belongs to first"), "{told}");
    let told = place.run_with(&["tenant", "add", "first", "--offline", "--admin", "41"], &unknown).await.refused(1);
    assert!(told.contains("a bot named first is hosted already"), "{told}");
}

#[tokio::test]
async fn a_bot_is_paused_and_resumed_and_added_without_asking_telegram() {
    let place = Place::new();
    place.run_with(&["tenant", "add", "first", "--offline", "--admin", "41"], &fake_token(3)).await.done();
    let state = async |of: &str| place.run(&["tenant", "show", "first", "--json"]).await.json()[of].clone();
    place.run(&["tenant", "pause", "first", "--reason", "new prices"]).await.done();
    assert_eq!((state("state").await, state("state_reason").await), (json!("paused"), json!("new prices")));
    let again = place.run(&["tenant", "pause", "first"]).await.done();
    assert_eq!(again.trim(), "first is paused already");
    place.run(&["tenant", "resume", "first"]).await.done();
    assert_eq!((state("state").await, state("state_reason").await), (json!("active"), Value::Null));
    let told = place.run(&["tenant", "pause", "frist"]).await.refused(1);
    assert!(told.contains("no bot is named frist; there are: first"), "{told}");
}

#[tokio::test]
async fn a_link_leads_to_the_public_address_with_the_role_that_was_asked_for() {
    let place = Place::new();
    place.run_with(&["tenant", "add", "first", "--offline", "--admin", "41,42"], &fake_token(4)).await.done();
    let public = ["--set", "server.public_url=https://bots.example.com"];
    let link = place.run(&[&["link", "first"][..], &public].concat()).await;
    assert!(link.err.contains("opens once"), "{link:?}");
    let link = link.done();
    assert!(link.starts_with("https://bots.example.com/panel/enter/"), "{link}");
    assert!(link.trim().len() > "https://bots.example.com/panel/enter/".len() + 40, "{link}");

    let role = async |args: &[&str]| place.run(&[&["link", "--json"][..], args].concat()).await.json()["role"].clone();
    assert_eq!(role(&["first"]).await, "owner");
    assert_eq!(role(&["first", "--role", "admin"]).await, "admin");
    assert_eq!(role(&["first", "--role", "viewer"]).await, "viewer");
    assert_eq!(role(&["first", "--user", "42"]).await, "admin");
    assert_eq!(role(&["--owner"]).await, "platform_owner");
    assert_eq!(place.run(&["link", "first", "--json"]).await.json()["valid_seconds"], 300);

    let told = place.run(&["link", "first", "--user", "43"]).await.refused(1);
    assert!(told.contains("43 is no admin of first"), "{told}");
    place.run(&["link", "second"]).await.refused(1);
    place.run(&["link"]).await.refused(2);
    place.run(&["link", "first", "--owner"]).await.refused(2);
}
