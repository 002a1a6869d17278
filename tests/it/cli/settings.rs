//! Wrong settings stop every command before it begins, all at once, and no secret is told.

use super::program::Place;

#[tokio::test]
async fn every_wrong_setting_is_told_on_a_line_of_its_own_and_no_secret() {
    let mut place = Place::new();
    place.set("PORT", "eighty");
    place.set("DATABASE_URL", "mysql://botyard:planted-password@127.0.0.1/botyard");
    place.set("BOTYARD_MASTER_KEY", "planted-master-key");
    place.set("BOTYARD_SESSION_LIFE", "soon");
    for command in [&["serve"][..], &["migrate"], &["check"], &["tenant", "list"], &["link", "--owner"]] {
        let ran = place.run(&[command, &["--set", "bot.handler_limits=3s"]].concat()).await;
        assert_eq!(ran.code, Some(2), "{command:?}: {ran:#?}");
        assert_eq!(ran.out, "", "{command:?}");
        for name in
            ["PORT: ", "DATABASE_URL: ", "BOTYARD_MASTER_KEY: ", "BOTYARD_SESSION_LIFE: ", "--set bot.handler_limits: "]
        {
            assert_eq!(ran.err.lines().filter(|line| line.starts_with(name)).count(), 1, "{name} {}", ran.err);
        }
        assert_eq!(ran.err.lines().count(), 5, "{}", ran.err);
        assert!(!ran.err.contains("planted"), "{}", ran.err);
    }
    assert!(place.files().is_empty(), "nothing was begun: {:?}", place.files());
}

#[tokio::test]
async fn settings_of_a_file_are_taken_and_its_faults_are_told() {
    let place = Place::new();
    std::fs::write(place.path().join("good.toml"), "[files]\ndata = \"elsewhere\"\n").unwrap();
    place.run(&["migrate", "--config", "good.toml"]).await.done();
    assert!(place.path().join("elsewhere/botyard.db").exists());
    std::fs::write(place.path().join("bad.toml"), "[files]\ndata = \"\"\nfolder = \"x\"\n").unwrap();
    let told = place.run(&["migrate", "--config", "bad.toml"]).await.refused(2);
    assert!(told.contains("files.data in bad.toml") && told.contains("files.folder in bad.toml"), "{told}");
    let told = place.run(&["serve", "--config", "missing.toml"]).await.refused(2);
    assert!(told.contains("missing.toml can't be read"), "{told}");
}

#[tokio::test]
async fn migrating_twice_is_migrating_once() {
    let place = Place::new();
    let first = place.run(&["migrate"]).await.done();
    assert!(first.starts_with("the schema was made: version "), "{first}");
    let again = place.run(&["migrate"]).await.done();
    assert!(again.starts_with("the schema is up to date: version "), "{again}");
    assert_eq!(first.split_whitespace().last(), again.split_whitespace().last());
}
