//! A robot that uses the bot as no author thought of: it presses every button that it is ever shown, breadth first from the
//! menu and the commands, and then wanders with wrong inputs and old buttons. After each step `rules.rs` looks at what came.
//!
//! A run prints its seed; `BOTYARD_TEST_ROBOT_SEED` walks that way again. `./test --soak` walks ten times as far and presses each
//! button of the wizard for each model.

mod explore;
mod hand;
mod inputs;
mod lexicon;
mod rules;
mod shown;
mod wander;

use std::io::Write as _;

use botyard::domain::settings::{Requisites, TenantSettings};
use botyard::domain::{Language, Money, UserId};

use crate::util::app::{OWNER, TestApp};
use crate::util::db::{TestDb, on_sqlite};
use crate::util::env;
use crate::util::receipts::{PHONE, takes_transfers};
use hand::Hand;

/// What the robot has: enough for most models, not for all.
const BUDGET: Money = Money::kopecks(30_000);

/// Who the robot plays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    User,
    Admin,
}

/// Opens a bot for the robot, lets it act, and tells everything it found at once.
fn robot(role: Role, language: Language, act: impl AsyncFnOnce(&mut Hand<'_>)) {
    on_sqlite(|test: TestDb| async move {
        let app = TestApp::start(&test.url).await;
        let settings = TenantSettings {
            support_contact: "@robot_support".to_owned(),
            default_language: language,
            stars_enabled: true,
            sbp_requisites: requisites(language),
            ..takes_transfers()
        };
        let bot = app.bot("robot", 1, settings).await;
        let user = match role {
            Role::User => UserId(501),
            Role::Admin => OWNER,
        };
        app.person(user.0, "Robot", language.code()).await;
        app.say(&bot, user, "/start", "/help").await;
        app.credit(&bot, user, BUDGET).await;
        let mut hand = Hand::new(&app, &bot, user, language);
        act(&mut hand).await;
        hand.look_at_the_answers().await;
        let found = hand.report();
        app.finish().await;
        assert!(found.is_empty(), "the robot found {} defects:\n\n{}", found.len(), found.join("\n\n"));
    });
}

/// Where transfers go, in the language of the run: the robot looks at every word.
fn requisites(language: Language) -> Requisites {
    let (bank, holder) = match language {
        Language::Ru => ("Тестбанк", "Анна А."),
        Language::En => ("Testbank", "Anna A."),
    };
    Requisites { phone: PHONE.to_owned(), bank: bank.to_owned(), holder: holder.to_owned() }
}

/// The seed of a run, printed past the harness's capture so that a failure can be walked again.
fn seed(who: &str) -> u64 {
    let seed = env::read(env::ROBOT_SEED).map_or_else(|| rand::random::<u64>() >> 1, |seed| seed.parse().unwrap());
    let line = format!("robot, {who}: {}={seed}\n", env::ROBOT_SEED);
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    seed
}

#[test]
fn every_button_a_user_is_shown_works_in_russian() {
    robot(Role::User, Language::Ru, explore::everything);
}

#[test]
fn every_button_a_user_is_shown_works_in_english() {
    robot(Role::User, Language::En, explore::everything);
}

#[test]
fn every_button_an_admin_is_shown_works_in_russian() {
    robot(Role::Admin, Language::Ru, explore::everything);
}

#[test]
fn every_button_an_admin_is_shown_works_in_english() {
    robot(Role::Admin, Language::En, explore::everything);
}

/// A quarter of the steps: 500 in CI, 5,000 in the soak run.
fn wander(role: Role, language: Language, who: &str) {
    let seed = seed(who);
    robot(role, language, async |hand| wander::about(hand, seed, env::count(125, 1_250)).await);
}

#[test]
fn a_user_in_russian_may_do_anything_in_any_order() {
    wander(Role::User, Language::Ru, "user, ru");
}

#[test]
fn a_user_in_english_may_do_anything_in_any_order() {
    wander(Role::User, Language::En, "user, en");
}

#[test]
fn an_admin_in_russian_may_do_anything_in_any_order() {
    wander(Role::Admin, Language::Ru, "admin, ru");
}

#[test]
fn an_admin_in_english_may_do_anything_in_any_order() {
    wander(Role::Admin, Language::En, "admin, en");
}
