//! `check` looks at everything and changes nothing.

use serde_json::Value;

use super::program::{Place, sandbox_with_a_bot};
use botyard::sandbox::wire::KieTuning;

fn state(report: &Value, what: &str) -> String {
    let rows = report["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["what"] == what).unwrap_or_else(|| panic!("no row {what}: {report:#}"));
    row["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_empty_installation_is_looked_at_and_left_empty() {
    let place = Place::new();
    let report = place.run(&["check", "--json"]).await.json();
    for what in ["data folder", "database", "Redis", "media store", "webhooks", "provider key", "bots"] {
        assert_eq!(state(&report, what), "absent", "{what}");
    }
    assert_eq!(state(&report, "settings"), "ok");
    let table = place.run(&["check"]).await.done();
    assert!(table.contains("✓") && table.contains("–") && !table.contains("✗"), "{table}");
    assert!(place.files().is_empty(), "{:?}", place.files());
}

#[tokio::test]
async fn what_works_is_ticked_and_what_is_broken_ends_with_a_code_and_a_remedy() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let world = sandbox.client();
    let tuning = KieTuning { keys: [("fake-provider-key".to_owned(), 100.0)].into(), ..KieTuning::default() };
    world.tune_kie(&tuning).await.unwrap();
    let mut place = Place::beside(&sandbox);
    place.set("KIE_API_KEY", "fake-provider-key");
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    let report = place.run(&["check", "--json"]).await.json();
    for what in
        ["settings", "data folder", "database", "walls between tenants", "master key", "provider key", "bot first"]
    {
        assert_eq!(state(&report, what), "ok", "{what}: {report:#}");
    }
    assert!(report.to_string().contains("100 credits left"), "{report:#}");

    place
        .run_with(&["tenant", "add", "lost", "--offline", "--admin", "41"], &super::program::fake_token(9))
        .await
        .done();
    place.set("REDIS_URL", "redis://127.0.0.1:1");
    let ran = place.run(&["check", "--json"]).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((state(&report, "bot lost"), state(&report, "Redis")), ("failed".to_owned(), "failed".to_owned()));
    assert_eq!(state(&report, "bot first"), "ok", "one broken bot hides no other");
    assert!(ran.err.contains("looks failed"), "{}", ran.err);
    let failed = report["rows"].as_array().unwrap().iter().filter(|row| row["state"] == "failed");
    assert!(failed.clone().count() == 2 && failed.clone().all(|row| row["how_to_fix"] != ""), "{report:#}");
    assert!(!ran.out.contains("fake-provider-key") && !ran.out.contains("AAfake"), "{}", ran.out);

    std::fs::remove_file(place.path().join("data/master.key")).unwrap();
    let ran = place.run(&["check", "--json"]).await;
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(state(&report, "master key"), "failed");
    assert!(!place.path().join("data/master.key").exists(), "a look makes no key");
}

#[tokio::test]
async fn a_media_store_is_looked_at_and_each_fault_has_its_own_remedy() {
    let s3 = crate::util::s3::TestS3::start().await;
    let mut place = Place::new();
    for (name, value) in s3.settings() {
        place.set(&format!("BOTYARD_{}", name.replace('.', "_").to_uppercase()), value);
    }
    let report = place.run(&["check", "--json"]).await.json();
    assert_eq!(state(&report, "media store"), "ok", "{report:#}");
    assert!(s3.names().is_empty(), "a look writes nothing");
    for (name, value, remedy) in [
        ("BOTYARD_MEDIA_S3_BUCKET", "no-such-bucket", "make the bucket"),
        ("BOTYARD_MEDIA_S3_KEY", "another-key", "BOTYARD_MEDIA_S3_KEY"),
        ("BOTYARD_MEDIA_S3_SECRET", "another-secret", "BOTYARD_MEDIA_S3_SECRET"),
    ] {
        place.set(name, value);
        let ran = place.run(&["check", "--json"]).await;
        assert_eq!(ran.code, Some(1), "{ran:#?}");
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(state(&report, "media store"), "failed");
        assert!(ran.out.contains(remedy) && !ran.out.contains("another-secret"), "{}", ran.out);
        // The right value again, over the wrong one.
        let right = s3
            .settings()
            .into_iter()
            .find(|(own, _)| format!("BOTYARD_{}", own.replace('.', "_").to_uppercase()) == name);
        place.set(name, right.unwrap().1);
    }
}
