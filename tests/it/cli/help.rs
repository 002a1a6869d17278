//! Help teaches: every command has its own, with an example and its exit codes.

use super::program::Place;

const COMMANDS: &[&[&str]] = &[
    &["serve"],
    &["demo"],
    &["migrate"],
    &["check"],
    &["tenant", "list"],
    &["tenant", "add"],
    &["tenant", "show"],
    &["tenant", "apply"],
    &["tenant", "limits"],
    &["tenant", "pause"],
    &["tenant", "resume"],
    &["generation"],
    &["generation", "stop"],
    &["generation", "start"],
    &["generation", "show"],
    &["statement"],
    &["ledger"],
    &["ledger", "verify"],
    &["audit"],
    &["audit", "verify"],
    &["keys"],
    &["keys", "new"],
    &["keys", "rotate"],
    &["keys", "status"],
    &["corr"],
    &["link"],
];

#[tokio::test]
async fn every_command_has_a_help_with_an_example_and_its_exit_codes() {
    let place = Place::new();
    for command in COMMANDS {
        let mut args = command.to_vec();
        args.push("--help");
        let help = place.run(&args).await.done();
        for part in ["Usage: botyard", "Example", "Exit codes:", "--config", "--set"] {
            assert!(help.contains(part), "{command:?} has no {part}: {help}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 130), "{command:?} has long lines: {help}");
    }
    assert!(place.files().is_empty(), "help leaves nothing behind: {:?}", place.files());
}

#[tokio::test]
async fn the_first_help_leads_to_the_demo_and_names_every_command() {
    let place = Place::new();
    let help = place.run(&["--help"]).await.done();
    assert!(help.contains("Begin with `botyard demo`"), "{help}");
    for command in COMMANDS {
        assert!(help.contains(&format!("\n  {} ", command[0])), "{} is missing: {help}", command[0]);
    }
    let version = place.run(&["--version"]).await.done();
    assert_eq!(version.trim(), format!("botyard {}", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn a_command_that_is_none_is_refused_with_what_was_meant() {
    let place = Place::new();
    let told = place.run(&["serv"]).await.refused(2);
    assert!(told.contains("serve"), "{told}");
    let told = place.run(&[]).await.refused(2);
    assert!(told.contains("demo"), "without a command the help is shown: {told}");
}
