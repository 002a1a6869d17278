//! tenants.toml: by `tenant apply`, at the start of `serve`, and on SIGHUP.

use std::time::{Duration, Instant};

use serde_json::json;

use super::program::{PATIENCE, Place, fake_token};

fn write(place: &Place, bots: &[(&str, i64)]) {
    let tenant = |(id, n): &(&str, i64)| {
        format!("[[tenant]]\nbot_instance_id = \"{id}\"\nbot_token = \"{}\"\nadmin_ids = [41]\n", fake_token(*n))
    };
    std::fs::write(place.path().join("tenants.toml"), bots.iter().map(tenant).collect::<String>()).unwrap();
}

async fn states(place: &Place) -> Vec<(String, String)> {
    let list = place.run(&["tenant", "list", "--json"]).await.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|bot| (text(&bot["id"]), text(&bot["state"]))).collect()
}

fn said(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, state)| ((*id).to_owned(), (*state).to_owned())).collect()
}

#[tokio::test]
async fn a_file_is_tried_applied_and_held_back_from_pausing_too_much() {
    let place = Place::new();
    write(&place, &[("one", 1), ("two", 2), ("three", 3)]);
    let dry = place.run(&["tenant", "apply", "--dry-run"]).await.done();
    assert!(dry.contains("one would be added") && dry.contains("nothing was changed; 0 hosted"), "{dry}");
    let done = place.run(&["tenant", "apply"]).await.done();
    assert!(done.contains("two added") && done.contains("the file was applied; 3 hosted"), "{done}");

    write(&place, &[("one", 1)]);
    let told = place.run(&["tenant", "apply"]).await.refused(1);
    assert!(told.contains("would pause 2 of 3") && told.contains("botyard tenant apply --force"), "{told}");
    assert_eq!(states(&place).await, said(&[("one", "active"), ("three", "active"), ("two", "active")]));
    let forced = place.run(&["tenant", "apply", "--force"]).await.done();
    assert!(forced.contains("two paused: it left the file"), "{forced}");

    write(&place, &[("one", 1), ("two", 2)]);
    place.run(&["tenant", "apply"]).await.done();
    assert_eq!(states(&place).await, said(&[("one", "active"), ("three", "paused"), ("two", "active")]));
    let told = place.run(&["tenant", "apply", "--file", "missing.toml"]).await.refused(2);
    assert!(told.contains("missing.toml can't be read"), "{told}");
}

#[tokio::test]
async fn serving_begins_with_the_file_and_takes_it_up_again_on_sighup() {
    let place = Place::new();
    std::fs::write(place.path().join("tenants.toml"), "[[tenant]]\nbot_instance_id = \"X\"\ncolour = 1\n").unwrap();
    // Nobody answers there: bots are hosted all the same, and connected when Telegram can be reached.
    let args = ["serve", "--set", "server.listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0"];
    let args = [&args[..], &["--set", "telegram.api_url=http://127.0.0.1:1"]].concat();
    let told = place.run(&args).await.refused(2);
    assert!(told.contains("bot_token") && told.contains("admin_ids") && told.contains("colour"), "{told}");

    write(&place, &[("one", 1)]);
    let running = place.start(&args).await;
    assert!(running.said.contains("serves 1 bot"), "{}", running.said);
    write(&place, &[("one", 1), ("two", 2)]);
    running.signal("-HUP").await;
    let began = Instant::now();
    while states(&place).await != said(&[("one", "active"), ("two", "active")]) {
        assert!(began.elapsed() < PATIENCE, "{}", running.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    std::fs::write(place.path().join("tenants.toml"), "this is not TOML").unwrap();
    running.signal("-HUP").await;
    while !running.log().contains("the tenants file was not applied") {
        assert!(began.elapsed() < PATIENCE * 2, "{}", running.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(states(&place).await.len(), 2);
    assert_eq!(running.stop().await.0, Some(0));
    assert_eq!(json!(place.run(&["tenant", "show", "two", "--json"]).await.json()["origin"]), json!("file"));
}
