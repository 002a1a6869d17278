//! `sec_canary` (reliability.md T29): everything that opens something, and everything that people wrote, planted in a real process
//! that logs all it can; then looked for in its log, its figures, its pages, its database and the copy of it. And the lines of
//! that log each say whose they are (T14).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use base64::Engine as _;
use botyard::sandbox::wire::{KieFault, KieTuning, Outcome, Person, TaskFault};
use botyard::sandbox::{Sandbox, SandboxSettings};
use regex::Regex;
use serde_json::Value;

use crate::cli::program::{PATIENCE, Place, Running, fake_token};
use crate::web::site::Client;

const PROMPT: &str = "канарейка-в-описании";
const NAME: &str = "Канарейкина";
const PHONE: &str = "79991234567";
const PROVIDER: &str = "canary-provider-key-0123456789";
const OWNER_TOKEN: &str = "canary-owner-token-0123456789";

/// The master key: no letter of it comes by chance.
fn master() -> [u8; 32] {
    std::array::from_fn(|n| u8::try_from((n * 37 + 11) % 251).unwrap())
}

/// The second one, to which the installation goes while it serves.
fn second_master() -> [u8; 32] {
    std::array::from_fn(|n| u8::try_from((n * 53 + 29) % 251).unwrap())
}

fn base64(key: [u8; 32]) -> String {
    base64::engine::general_purpose::STANDARD.encode(key)
}

/// Something that must be nowhere: its name, and the ways in which it could stand there.
struct Canary(&'static str, Vec<Vec<u8>>);

impl Canary {
    fn text(name: &'static str, text: &str) -> Self {
        Self(name, vec![text.as_bytes().to_vec()])
    }

    fn key(name: &'static str, key: [u8; 32]) -> Self {
        Self(name, vec![base64(key).into_bytes(), key.to_vec(), hex::encode(key).into_bytes()])
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.1.iter().any(|form| bytes.windows(form.len()).any(|window| window == form))
    }
}

/// A process in the middle of its life, and what was planted in it.
struct Scene {
    place: Place,
    running: Running,
    client: Client,
    admin: Client,
    sandbox: Sandbox,
    /// What opens something: nowhere at all.
    keys: Vec<Canary>,
    /// What people wrote: in no log and no figure, and in the database under seal only.
    words: Vec<Canary>,
}

fn local(address: &str) -> Client {
    Client::new(address.trim_start_matches("http://").parse().unwrap())
}

/// A process that logs all it can, with one bot; and a key of its API.
async fn talkative(sandbox: &Sandbox, token: &str) -> (Place, Running, String) {
    let mut place = Place::beside(sandbox);
    for (name, value) in [
        ("RUST_LOG", "trace"),
        ("BOTYARD_LOG", "json"),
        ("BOTYARD_MASTER_KEY", &base64(master())),
        ("BOTYARD_MASTER_KEY_SECOND", &base64(second_master())),
        ("BOTYARD_ADMIN_TOKEN", OWNER_TOKEN),
        ("FIRST_KIE_KEY", PROVIDER),
    ] {
        place.set(name, value);
    }
    let add = ["tenant", "add", "first", "--offline", "--admin", "41", "--provider-key-env", "FIRST_KIE_KEY"];
    place.run_with(&add, token).await.done();
    let key = place.run(&["key", "add", "first", "--name", "a program", "--right", "read"]).await.done();
    let allowed = format!("media.allow={}", sandbox.base_url.trim_start_matches("http://"));
    let settings = [
        "server.listen=127.0.0.1:0",
        "admin.listen=127.0.0.1:0",
        "bot.user_messages=1000 per 1 s, burst 100",
        &allowed,
    ];
    let args: Vec<&str> = ["serve"].into_iter().chain(settings.iter().flat_map(|setting| ["--set", setting])).collect();
    let running = place.start(&args).await;
    (place, running, key)
}

/// One bot, its owner who orders two pictures (one fails with its prompt in the provider's words), the panel, a program.
async fn play() -> Scene {
    let sandbox = Sandbox::start(SandboxSettings::default()).await.unwrap();
    let (world, token) = (sandbox.client(), fake_token(9));
    world.register_bot(&token, "first_bot", "First").await.unwrap();
    let keys = [(PROVIDER.to_owned(), 1_000.0)].into();
    world.tune_kie(&KieTuning { keys, delay_ms: Some(50), ..KieTuning::default() }).await.unwrap();
    let mut person = Person::new(41, "Anna", "ru");
    person.last_name = Some(NAME.to_owned());
    world.add_person(&person).await.unwrap();
    let (place, running, key) = talkative(&sandbox, &token).await;
    let (client, admin) = (local(&running.address(&["listening"])), local(&running.address(&["health"])));

    let say = async |text: &str, part: &str| {
        world.send_text("first_bot", 41, text).await.unwrap();
        world.wait_text("first_bot", 41, part, PATIENCE).await.unwrap()
    };
    say("/start", "Админ").await;
    say(&format!("мой номер {PHONE}"), "Выберите действие").await;
    for n in 1..=2 {
        if n == 2 {
            let outcome = Outcome::Fail { code: "500".to_owned(), msg: format!("bad prompt: {PROMPT}2") };
            let task = Some(TaskFault { outcome, ..TaskFault::default() });
            world.inject_kie(&KieFault { times: 1, task, ..KieFault::default() }).await.unwrap();
        }
        say("/generate z-image", "Шаг 1").await;
        say(&format!("{PROMPT}{n}"), "Шаг 2").await;
        let confirm = say("16:9", "Проверьте заказ").await;
        world.press("first_bot", 41, confirm.id, "confirm_generate").await.unwrap();
        world
            .wait_text("first_bot", 41, if n == 1 { "✅ Z-Image" } else { "Деньги не списаны" }, PATIENCE)
            .await
            .unwrap();
    }
    let link = say("/panel", "работает один раз").await.json["reply_markup"].to_string();
    let link = link.split("/panel/enter/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/panel/enter/{link}");
    let entered = client.post(&path, &[("form_token", &client.get(&path).await.field("form_token"))]).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    let bearer = format!("Bearer {}", key.trim());
    let asked = client.send(reqwest::Method::GET, "/api/v1/generations", &[("authorization", &bearer)], None).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let session = client.cookie("botyard").expect("a session");

    let keys = vec![
        Canary::key("the master key", master()),
        Canary::key("the second master key", second_master()),
        Canary::text("the bot's token", token.split_once(':').unwrap().1),
        Canary::text("the provider's key", PROVIDER),
        Canary::text("the owner's token", OWNER_TOKEN),
        Canary::text("a key of the API", key.trim()),
        Canary::text("a link to the panel", &link),
        Canary::text("a session", &session),
        Canary::text("a session's signature", session.rsplit('.').next().unwrap()),
    ];
    let words = vec![Canary::text("a prompt", PROMPT), Canary::text("a phone", PHONE)];
    Scene { place, running, client, admin, sandbox, keys, words }
}

fn assert_none<'a>(place: &str, bytes: &[u8], canaries: impl IntoIterator<Item = &'a Canary>) {
    for canary in canaries {
        assert!(!canary.is_in(bytes), "{} is in {place}", canary.0);
    }
}

/// Every page of the panel that a link leads to.
async fn pages(client: &Client) -> BTreeMap<String, String> {
    let link = Regex::new(r##"href="(/panel[^"#?]*)"##).unwrap();
    let (mut found, mut next) = (BTreeMap::new(), VecDeque::from(["/panel".to_owned()]));
    while let Some(path) = next.pop_front() {
        if found.len() > 80 || found.contains_key(&path) {
            continue;
        }
        let page = client.get(&path).await;
        next.extend(link.captures_iter(&page.body).map(|found| found[1].to_owned()));
        found.insert(path, page.body);
    }
    found
}

fn files(folder: &Path, begins: &str) -> Vec<(String, Vec<u8>)> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = all.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(begins));
    wanted.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

#[tokio::test]
async fn sec_canary() {
    let scene = play().await;
    let everything = || scene.keys.iter().chain(&scene.words);
    for (args, part) in [(["keys", "rotate"], "is under key"), (["keys", "status"], "may be thrown away")] {
        let spoken = scene.place.run(&args).await;
        assert!(spoken.out.contains(part), "{spoken:?}");
        assert_none("the command line", format!("{}{}", spoken.out, spoken.err).as_bytes(), everything());
    }
    // It takes the new key up in the meantime, and logs that.
    let began = std::time::Instant::now();
    while !scene.running.log().contains("under another master key now") {
        assert!(began.elapsed() < PATIENCE, "the process seals with the old key still");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let log = scene.running.log();
    assert!(log.lines().count() > 300, "it logs all it can");
    assert_none("the log", log.as_bytes(), everything());
    assert_none("the log", log.as_bytes(), [&Canary::text("a name", NAME)]);
    let figures = scene.admin.get("/metrics").await;
    assert_eq!(figures.status, 200);
    assert_none("/metrics", figures.body.as_bytes(), everything());
    let pages = pages(&scene.client).await;
    assert!(pages.len() > 15 && pages.values().any(|page| page.contains(NAME)), "{:?}", pages.keys());
    for (path, body) in &pages {
        assert_none(path, body.as_bytes(), &scene.keys);
    }
    let copy = scene.place.path().join("copy.db");
    scene.place.run(&["backup", &copy.display().to_string()]).await.done();
    let mut stored = files(&scene.place.path().join("data"), "botyard.db");
    assert!(stored.iter().any(|(name, bytes)| name.ends_with("botyard.db") && bytes.len() > 100_000));
    stored.push(("the copy".to_owned(), std::fs::read(&copy).unwrap()));
    for (name, bytes) in &stored {
        assert_none(name, bytes, everything());
    }
    assert!(Canary::text("a name", NAME).is_in(&stored.last().unwrap().1), "the search finds what is there");
    for spoken in [
        scene.place.run(&["tenant", "show", "first"]).await.done(),
        scene.place.run(&["tenant", "list", "--json"]).await.done(),
    ] {
        assert_none("the command line", spoken.as_bytes(), everything());
    }
    assert_eq!(scene.running.stop().await.0, Some(0));
    scene.sandbox.stop().await;
}

/// Lines of what is done for a bot: each names the bot and the story (reliability.md T14).
#[tokio::test]
async fn log_lines_of_a_request_all_carry_tenant_and_corr() {
    const OF_A_BOT: &[&str] = &[
        "botyard::bot",
        "botyard::generation",
        "botyard::billing",
        "botyard::worker::runner",
        "botyard::worker::jobs",
    ];
    let scene = play().await;
    let log = scene.running.log();
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let (mut seen, mut bare) = (0, BTreeSet::new());
    for line in &lines {
        let target = line["target"].as_str().unwrap_or_default();
        let of_a_bot = OF_A_BOT.iter().any(|module| target.starts_with(module));
        let (tenant, corr) = (line["tenant"] == "first", line["corr"].as_str().is_some_and(|corr| corr.len() == 12));
        seen += usize::from(tenant && corr);
        // Whatever works for a bot says whose it is and which story. A page is opened, and a call is made, before it is known
        // whose it is.
        let comes_in = !line["route"].is_null() || !line["call"].is_null();
        if (of_a_bot && !(tenant && corr)) || (corr && !tenant && !comes_in) {
            bare.insert(format!("{target}: {} {}", line["message"], line["corr"]));
        }
    }
    assert!(seen > 30, "{seen} lines of {}", lines.len());
    assert_eq!(bare, BTreeSet::new());
    let stories: BTreeSet<&str> = lines.iter().filter_map(|line| line["corr"].as_str()).collect();
    assert!(stories.len() > 5, "each update has a story of its own: {stories:?}");
    assert_eq!(scene.running.stop().await.0, Some(0));
    scene.sandbox.stop().await;
}
