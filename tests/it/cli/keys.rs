//! `keys …` as an operator types them: the way that the README shows, and what is refused on it.

use std::collections::BTreeMap;

use botyard::sandbox::wire::{ChatMessage, Person};
use botyard::store::{Db, OwnerActPlace, PoolSettings};
use serde_json::{Value, json};

use super::program::{PATIENCE, Place, sandbox_with_a_bot};
use crate::util::db::{TestDb, on_each_db};
use crate::web::rows;

const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const STRANGE: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";

async fn opened(place: &Place) -> Db {
    let file = place.path().join("data/botyard.db");
    Db::open(&format!("sqlite:{}", file.display()), &PoolSettings::default()).await.unwrap()
}

/// Every row there is.
async fn all_rows(place: &Place) -> BTreeMap<String, Vec<String>> {
    let db = opened(place).await;
    let all = rows::dump(&db).await;
    db.close().await;
    all
}

/// State and number of values of each key, the one that seals first.
fn states(status: &Value) -> Vec<(String, i64)> {
    let keys = status["keys"].as_array().unwrap();
    keys.iter().map(|key| (key["state"].as_str().unwrap().to_owned(), key["values"].as_i64().unwrap())).collect()
}

fn is(state: &str, values: i64) -> (String, i64) {
    (state.to_owned(), values)
}

#[tokio::test]
async fn a_generated_key_is_changed_on_the_way_that_the_readme_shows() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let mut place = Place::beside(&sandbox);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let (first, next) = (place.path().join("data/master.key"), place.path().join("data/master.key.new"));
    let copy = place.path().join("before.db");
    place.run(&["backup", &copy.display().to_string()]).await.done();
    assert_eq!(states(&place.run(&["keys", "status", "--json"]).await.json()), [is("current", 2)]);

    let made = place.run(&["keys", "new", "--to", "data/master.key.new"]).await.done();
    let (old, new) = (std::fs::read_to_string(&first).unwrap(), std::fs::read_to_string(&next).unwrap());
    assert!(made.starts_with("data/master.key.new: key ") && old != new, "{made}");
    let told = place.run(&["keys", "new", "--to", "data/master.key"]).await.refused(1);
    assert!(told.contains("not overwritten"), "{told}");
    assert_eq!(std::fs::read_to_string(&first).unwrap(), old);

    let told = place.run(&["keys", "rotate"]).await.refused(1);
    assert!(told.contains("no second master key") && told.contains("BOTYARD_MASTER_KEY_SECOND_FILE"), "{told}");
    place.set("BOTYARD_MASTER_KEY_SECOND_FILE", "data/master.key.new");
    let mut spoken = vec![place.run(&["keys", "status"]).await.done()];
    assert!(spoken[0].contains("puts the installation under it"), "{}", spoken[0]);
    spoken.push(place.run(&["check", "--no-bots"]).await.done());
    assert!(spoken[1].contains("second master key"), "{}", spoken[1]);
    spoken.push(place.run(&["keys", "rotate"]).await.done());
    assert!(spoken[2].contains("keys of bots: 1, waiting tokens: 0"), "{}", spoken[2]);
    spoken.push(place.run(&["keys", "rotate"]).await.done());
    assert!(spoken[3].starts_with("nothing to do: all 2 values"), "{}", spoken[3]);
    spoken.push(place.run(&["keys", "status"]).await.done());
    assert!(spoken[4].contains("may be thrown away"), "{}", spoken[4]);
    let status = place.run(&["keys", "status", "--json"]).await.json();
    assert_eq!(states(&status), [is("current", 2), is("old", 0)]);
    spoken.push(status.to_string());
    for text in &spoken {
        assert!(!text.contains(old.trim()) && !text.contains(new.trim()), "a key is printed: {text}");
    }

    std::fs::rename(&first, place.path().join("old.key")).unwrap();
    std::fs::rename(&next, &first).unwrap();
    place.env.retain(|(name, _)| name != "BOTYARD_MASTER_KEY_SECOND_FILE");
    assert_eq!(states(&place.run(&["keys", "status", "--json"]).await.json()), [is("current", 2)]);
    place.run(&["check"]).await.done();
    place.run(&["audit", "verify"]).await.done();
    let db = opened(&place).await;
    let acts = db.platform_read().await.unwrap().owner_acts(&OwnerActPlace::start(), 9).await.unwrap();
    db.close().await;
    let act = &acts[0].act;
    assert_eq!((acts.len(), act.action.as_str(), act.object.as_str()), (1, "master_key_changed", "master_key"));
    assert_eq!((act.actor.as_str(), act.door.as_str()), ("platform", "cli"));
    assert_eq!(json!([act.was, act.became]), json!([status["keys"][1]["key"], status["keys"][0]["key"]]));

    an_older_copy_is_taken_up(&mut place, &copy).await;
    sandbox.stop().await;
}

/// A copy from before the change opens with the key of then, and comes under the new one the same way.
async fn an_older_copy_is_taken_up(place: &mut Place, copy: &std::path::Path) {
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(place.path().join(format!("data/botyard.db{end}")));
    }
    std::fs::copy(copy, place.path().join("data/botyard.db")).unwrap();
    let told = place.run(&["tenant", "list"]).await.refused(1);
    assert!(told.contains("key of then as BOTYARD_MASTER_KEY_SECOND") && told.contains("keys rotate"), "{told}");
    let told = place.run(&["keys", "status"]).await.refused(1);
    assert!(told.contains("2 values are under a key that is not at hand"), "{told}");
    place.set("BOTYARD_MASTER_KEY_SECOND_FILE", "old.key");
    assert!(place.run(&["tenant", "list"]).await.done().contains("first"));
    assert_eq!(states(&place.run(&["keys", "status", "--json"]).await.json()), [is("current", 2), is("new", 0)]);
    place.run(&["keys", "rotate"]).await.done();
    place.env.retain(|(name, _)| name != "BOTYARD_MASTER_KEY_SECOND_FILE");
    assert!(place.run(&["tenant", "list"]).await.done().contains("first"));
}

#[tokio::test]
async fn a_second_key_that_is_absent_equal_or_of_elsewhere_changes_nothing_and_says_what_to_do() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let mut place = Place::beside(&sandbox);
    place.set("BOTYARD_MASTER_KEY", OLD);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let before = all_rows(&place).await;
    let own = place.env.clone();
    for (more, code, told) in [
        (&[][..], 1, "there is no second master key: make one (botyard keys new --to FILE)"),
        (&[("BOTYARD_MASTER_KEY_SECOND", OLD)], 1, "are the same key"),
        (&[("BOTYARD_MASTER_KEY_SECOND", "c2hvcnQ=")], 2, "BOTYARD_MASTER_KEY_SECOND: "),
        (
            &[("BOTYARD_MASTER_KEY_SECOND_FILE", "none.key")],
            1,
            "BOTYARD_MASTER_KEY_SECOND: the master key's file none.key",
        ),
        (
            &[("BOTYARD_MASTER_KEY", NEW), ("BOTYARD_MASTER_KEY_SECOND", STRANGE)],
            1,
            "give the key that this database is under",
        ),
    ] {
        place.env.clone_from(&own);
        for (name, value) in more {
            place.env.retain(|(known, _)| known != name);
            place.set(name, value);
        }
        let said = place.run(&["keys", "rotate"]).await.refused(code);
        assert!(said.contains(told), "{more:?}: {said}");
        assert!([OLD, NEW, STRANGE, "c2hvcnQ="].iter().all(|key| !said.contains(key)), "a key is printed: {said}");
        assert_eq!(all_rows(&place).await, before, "{more:?}");
    }
    // The same key twice is no reason not to serve, and is told.
    place.env = own;
    place.set("BOTYARD_MASTER_KEY_SECOND", OLD);
    let told = place.run(&["check", "--no-bots"]).await.done();
    assert!(told.contains("BOTYARD_MASTER_KEY_SECOND is the same key"), "{told}");
    sandbox.stop().await;
}

#[tokio::test]
async fn nothing_is_made_where_a_key_was_put_away_or_nothing_is_sealed_yet() {
    let mut place = Place::new();
    place.set("BOTYARD_MASTER_KEY_SECOND", NEW);
    for command in [&["keys", "rotate"][..], &["tenant", "list"]] {
        let told = place.run(command).await.refused(1);
        assert!(told.contains("no master key"), "{told}");
        assert!(!place.path().join("data/master.key").exists(), "a key beside a second one");
    }
    place.set("BOTYARD_MASTER_KEY", OLD);
    let told = place.run(&["keys", "rotate"]).await.refused(1);
    assert!(told.contains("nothing is sealed yet"), "{told}");
    let status = place.run(&["keys", "status", "--json"]).await.json();
    assert_eq!(states(&status), [is("new", 0), is("new", 0)]);
}

#[tokio::test]
async fn a_process_that_was_not_given_the_new_key_goes_on_and_says_so() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let world = sandbox.client();
    world.add_person(&Person::new(77, "Anna", "ru")).await.unwrap();
    let mut place = Place::beside(&sandbox);
    place.set("BOTYARD_MASTER_KEY", OLD);
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let ports = ["--set", "server.listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0"];
    let running = place.start(&[&["serve", "--set", "bot.settings_refresh=100ms"][..], &ports].concat()).await;
    world.send_text("first_bot", 77, "/start").await.unwrap();
    world.wait_text("first_bot", 77, "/help", PATIENCE).await.unwrap();
    place.set("BOTYARD_MASTER_KEY_SECOND", NEW);
    place.run(&["keys", "rotate"]).await.done();
    let began = std::time::Instant::now();
    while !running.log().contains("start this process anew with the new one") {
        assert!(began.elapsed() < PATIENCE, "its log: {}", running.log());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let of_bot = |messages: &[ChatMessage]| messages.iter().filter(|m| m.from_bot).count();
    let before = of_bot(&world.messages("first_bot", 77).await.unwrap());
    world.send_text("first_bot", 77, "/help").await.unwrap();
    let more = |messages: &[ChatMessage]| (of_bot(messages) > before).then_some(());
    world.wait_for("first_bot", 77, PATIENCE, more).await.unwrap();
    let log = running.log();
    assert!(!log.contains(OLD) && !log.contains(NEW), "a key is in the log");
    assert_eq!(running.stop().await.0, Some(0));
    sandbox.stop().await;
}

on_each_db! {
    async fn keys_and_what_is_sealed_under_them_are_shown_on_each_database(test: TestDb) {
        let (sandbox, token) = sandbox_with_a_bot().await;
        let mut place = Place::beside(&sandbox);
        place.set("DATABASE_URL", &test.url);
        place.set("BOTYARD_MASTER_KEY", OLD);
        place.set("BOTYARD_MASTER_KEY_SECOND", NEW);
        place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
        let before = place.run(&["keys", "status", "--json"]).await.json();
        assert_eq!(states(&before), [is("current", 2), is("new", 0)]);
        assert_eq!((&before["keys"][0]["given_as"], &before["keys"][0]["data_keys"]), (&json!("BOTYARD_MASTER_KEY"), &json!(1)));
        let done = place.run(&["keys", "rotate", "--json"]).await.json();
        assert_eq!(
            done,
            json!({
                "from": before["keys"][0]["key"], "to": before["keys"][1]["key"], "begun": true,
                "rewrapped": { "check_value": 1, "data_keys": 1, "waiting_tokens": 0 }, "current_before": 0, "left": 0,
            })
        );
        let after = place.run(&["keys", "status", "--json"]).await.json();
        assert_eq!(states(&after), [is("current", 2), is("old", 0)]);
        assert_eq!(after["keys"][0]["given_as"], "BOTYARD_MASTER_KEY_SECOND");
        // An archive is made under the new key and brought in where another one is.
        place.run(&["tenant", "pause", "first"]).await.done();
        let key = place.run(&["tenant", "export", "first", "--to", "archive"]).await.done();
        let mut other = Place::beside(&sandbox);
        other.set("BOTYARD_MASTER_KEY", STRANGE);
        other.set("ARCHIVE_KEY", key.trim());
        let archive = place.path().join("archive").display().to_string();
        other.run(&["tenant", "import", &archive, "--key-env", "ARCHIVE_KEY"]).await.done();
        assert_eq!(states(&other.run(&["keys", "status", "--json"]).await.json()), [is("current", 2)]);
        sandbox.stop().await;
    }
}
