//! `serve` as a process: it comes up, answers, keeps a second one away, and stops when it is told to.

use std::io::{Read as _, Write as _};

use super::program::{PATIENCE, Place, fake_token, sandbox_with_a_bot};
use botyard::sandbox::wire::Person;

const ANY_PORTS: [&str; 4] = ["--set", "server.listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0"];

/// The status line of `GET address/path`.
fn status(address: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_empty_installation_comes_up_says_what_is_missing_and_stops_by_a_signal() {
    let place = Place::new();
    let running = place.start(&[&["serve"][..], &ANY_PORTS].concat()).await;
    for part in ["serves 0 bots", "SQLite, ./data/botyard.db", "tenant add", "KIE_API_KEY", "WEBHOOK_BASE_URL"] {
        assert!(running.said.contains(part), "{part}: {}", running.said);
    }
    let (main, admin) = (running.address(&["listening"]), running.address(&["health"]));
    assert_eq!(status(&main, "/live"), "HTTP/1.1 200 OK");
    assert_eq!(status(&admin, "/live"), "HTTP/1.1 200 OK");
    let (code, rest) = running.stop().await;
    assert_eq!((code, rest.trim()), (Some(0), "stopped"));
    assert!(std::net::TcpStream::connect(&main).is_err(), "the port is free again");
}

#[tokio::test]
async fn a_second_process_on_the_same_database_is_refused_and_told_why() {
    let place = Place::new();
    let args = [&["serve"][..], &ANY_PORTS].concat();
    let running = place.start(&args).await;
    let told = place.run(&args).await.refused(1);
    assert!(told.contains("another botyard already serves this database"), "{told}");
    // What only looks or changes single rows works beside it.
    place.run(&["tenant", "list"]).await.done();
    assert_eq!(running.stop().await.0, Some(0));
    let again = place.start(&args).await;
    assert_eq!(again.stop().await.0, Some(0));
}

/// On PostgreSQL the right to serve is a lease: a process that was killed is waited for, one that lives is not.
#[test]
fn a_second_process_on_postgres_without_redis_is_refused_and_a_killed_one_is_waited_for() {
    crate::util::db::on_postgres(|test| async move {
        let mut place = Place::new();
        place.set("DATABASE_URL", &test.url);
        place.set("BOTYARD_MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let leases = ["--set", "leases.life=2s", "--set", "leases.renew_every=500ms"];
        let args = [&["serve"][..], &ANY_PORTS, &leases].concat();
        let running = place.start(&args).await;
        assert!(running.said.contains("PostgreSQL, 127.0.0.1/"), "{}", running.said);
        let told = place.run(&args).await.refused(1);
        assert!(
            told.contains("another botyard already serves this database") && told.contains("stop it first"),
            "{told}"
        );
        running.kill().await;
        let next = place.start(&args).await;
        assert_eq!(next.stop().await.0, Some(0));
        let free = place.start(&args).await;
        assert_eq!(free.stop().await.0, Some(0));
    });
}

#[tokio::test]
async fn a_link_from_the_shell_opens_the_panel_of_the_running_process() {
    let place = Place::new();
    place.run_with(&["tenant", "add", "first", "--offline", "--admin", "41"], &fake_token(5)).await.done();
    let running = place.start(&[&["serve"][..], &ANY_PORTS].concat()).await;
    let main = running.address(&["listening"]);
    let link = place.run(&["link", "first"]).await.done();
    let path = &link.trim()[link.find("/panel/").unwrap()..];
    assert_eq!(status(&main, path), "HTTP/1.1 200 OK");
    assert_eq!(status(&main, path), "HTTP/1.1 200 OK", "looking spends nothing");
    assert_ne!(status(&main, &path.replace("/enter/", "/enter/x")), "HTTP/1.1 200 OK");
    assert_eq!(running.stop().await.0, Some(0));
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_setting() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("server.listen={}", taken.local_addr().unwrap());
    let told = place.run(&["serve", "--set", &listen]).await.refused(1);
    assert!(told.contains("BOTYARD_LISTEN") && told.contains("is in use"), "{told}");
}

#[tokio::test]
async fn a_bot_added_while_it_serves_answers_within_seconds() {
    let (sandbox, token) = sandbox_with_a_bot().await;
    let world = sandbox.client();
    world.add_person(&Person::new(77, "Anna", "ru")).await.unwrap();
    let place = Place::beside(&sandbox);
    let refresh = ["--set", "bot.settings_refresh=200ms"];
    let running = place.start(&[&["serve"][..], &ANY_PORTS, &refresh].concat()).await;
    place.run_with(&["tenant", "add", "first", "--admin", "41"], &token).await.done();
    world.send_text("first_bot", 77, "/start").await.unwrap();
    let heard = world.wait_text("first_bot", 77, "/help", PATIENCE).await;
    let heard = heard.unwrap_or_else(|error| panic!("{error}; its log: {}", running.log()));
    assert!(!heard.buttons().is_empty(), "the menu has buttons");
    let (code, _) = running.stop().await;
    assert_eq!(code, Some(0));
    sandbox.stop().await;
}
