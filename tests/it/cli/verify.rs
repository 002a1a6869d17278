//! `botyard verify` passes on this checkout, and finds what is planted (platform.md 5).

use super::program::Place;
use crate::util::env::root;

#[tokio::test]
async fn this_checkout_is_fit_to_be_shipped() {
    let place = Place::new();
    let told = place.run_long(&["verify", &root().display().to_string(), "--json"]).await;
    assert_eq!(told.code, Some(0), "{told:#?}");
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let names: Vec<&str> = told["checks"].as_array().unwrap().iter().map(|c| c["check"].as_str().unwrap()).collect();
    assert_eq!(names, ["secrets", "catalog", "buttons", "texts", "migrations"]);
    let of_secrets = told["checks"][0]["looked_at"].as_str().unwrap();
    assert!(of_secrets.contains("engine: built in"), "{of_secrets}");
}

#[tokio::test]
async fn what_is_planted_is_found_and_not_quoted() {
    let place = Place::new();
    let secret = ["71", "23984650", ":AAH", "x9Kq2LmZ7vRtY4wBn8Jc", "P3sDf6GhUeQ5"].concat();
    std::fs::write(place.path().join("notes.md"), format!("the token is {secret}")).unwrap();
    for folder in ["sqlite", "postgres"] {
        std::fs::create_dir_all(place.path().join("migrations").join(folder)).unwrap();
    }
    std::fs::write(place.path().join("migrations/sqlite/0001_a.sql"), "").unwrap();
    let ran = place.run(&["verify"]).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert!(ran.out.contains("notes.md:1: a Telegram bot token") && !ran.out.contains("x9Kq2"), "{}", ran.out);
    assert!(ran.out.contains("0001_a.sql is in one folder only"), "{}", ran.out);
    assert!(place.run(&["verify", "no-such-folder"]).await.refused(2).contains("is no folder"));
}
