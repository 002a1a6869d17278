//! A110: what people write, send and press, and what opens accounts, is in no log line of a real process, however much it logs.

use std::time::Duration;

use botyard::sandbox::wire::{KieFault, Outcome, Person, TaskFault};
use botyard::sandbox::{Sandbox, SandboxSettings};

use crate::cli::program::{PATIENCE, Place, Running, fake_token};

const PROMPT: &str = "канарейка-в-описании";
const PHONE: &str = "79991234567";
const PRESSED: &str = "foo:canary-of-a-button";
const NAME: &str = "Канарейкина";
const KEY: &str = "canary-provider-key-0123456789";

/// A process that logs everything it can, with one bot and the provider's key.
async fn talkative(sandbox: &Sandbox, token: &str) -> (Place, Running) {
    let mut place = Place::beside(sandbox);
    place.set("RUST_LOG", "trace");
    let doors = ["--set", "server.listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0"];
    let hurry =
        ["--set", "bot.user_messages=1000 per 1 s, burst 100", "--set", "bot.user_callbacks=1000 per 1 s, burst 100"];
    // Its own key: on the owner's shared one a bot has no budget until the owner sets it (decisions.md 8).
    place.set("FIRST_KIE_KEY", KEY);
    let allowed = format!("media.allow={}", sandbox.base_url.trim_start_matches("http://"));
    place
        .run_with(
            &["tenant", "add", "first", "--offline", "--admin", "41", "--provider-key-env", "FIRST_KIE_KEY"],
            token,
        )
        .await
        .done();
    let running = place.start(&[&["serve"][..], &doors, &hurry, &["--set", &allowed]].concat()).await;
    (place, running)
}

#[tokio::test]
async fn a110_the_log_of_a_run_holds_no_prompt_phone_token_key_or_pressed_data() {
    let sandbox = Sandbox::start(SandboxSettings::default()).await.unwrap();
    let world = sandbox.client();
    let token = fake_token(7);
    world.register_bot(&token, "first_bot", "First").await.unwrap();
    let keys = [(KEY.to_owned(), 1_000.0)].into();
    world
        .tune_kie(&botyard::sandbox::wire::KieTuning { keys, delay_ms: Some(50), ..Default::default() })
        .await
        .unwrap();
    let mut person = Person::new(41, "Anna", "ru");
    person.last_name = Some(NAME.to_owned());
    world.add_person(&person).await.unwrap();
    let (_place, running) = talkative(&sandbox, &token).await;

    let say = async |text: &str, part: &str| {
        world.send_text("first_bot", 41, text).await.unwrap();
        world.wait_text("first_bot", 41, part, PATIENCE).await.unwrap()
    };
    say("/start", "Админ").await;
    let contact = serde_json::json!({"contact": {"phone_number": PHONE, "first_name": "A"}});
    world.send_content("first_bot", 41, &contact).await.unwrap();
    say(&format!("мой номер {PHONE}"), "Выберите действие").await;
    // One that works, one that the provider refuses with the prompt in its words.
    for n in 1..=2 {
        if n == 2 {
            let fails = Outcome::Fail { code: "500".to_owned(), msg: format!("bad prompt: {PROMPT}2") };
            let task = Some(TaskFault { outcome: fails, ..TaskFault::default() });
            world.inject_kie(&KieFault { times: 1, task, ..KieFault::default() }).await.unwrap();
        }
        say("/generate z-image", "Шаг 1").await;
        say(&format!("{PROMPT}{n}"), "Шаг 2").await;
        let confirm = say("16:9", "Проверьте заказ").await;
        world.press("first_bot", 41, confirm.id, "confirm_generate").await.unwrap();
        let end = if n == 1 { "✅ Z-Image" } else { "Деньги не списаны" };
        let gone = world.wait_text("first_bot", 41, end, PATIENCE).await.unwrap();
        world.press_forged("first_bot", 41, gone.id, PRESSED, Duration::from_secs(5)).await.unwrap();
    }
    say("/panel", "работает один раз").await;
    let (_, log) = (say("/start", "Админ").await, running.log());
    assert!(log.contains("UNKNOWN_CALLBACK") && log.lines().count() > 200, "the run is not in the log: {}", log.len());
    let link = say("/panel", "работает один раз").await.json["reply_markup"].to_string();
    let log = running.log();
    let secret = token.split_once(':').unwrap().1;
    let link = link.split("/panel/enter/").nth(1).unwrap().split('"').next().unwrap();
    for (what, canary) in [
        ("a prompt", PROMPT),
        ("a phone", PHONE),
        ("a pressed button's data", PRESSED),
        ("a name", NAME),
        ("the provider's key", KEY),
        ("the bot's token", secret),
        ("a link to the panel", link),
    ] {
        let found = log.lines().find(|line| line.contains(canary));
        assert!(found.is_none(), "{what} is in the log: {found:?}");
    }
    let (code, _) = running.stop().await;
    assert_eq!(code, Some(0));
    sandbox.stop().await;
}
