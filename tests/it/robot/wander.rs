//! Random ways: buttons, old buttons, commands, right and wrong inputs, in any order.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::hand::Hand;
use super::inputs::{Input, answer, wrong};

/// Commands with and without what they want.
const COMMANDS: [&str; 22] = [
    "/start",
    "/start ref_nobody",
    "/help",
    "/balance",
    "/models",
    "/generate",
    "/generate z-image",
    "/generate nothing",
    "/status",
    "/status x",
    "/search robot",
    "/ask",
    "/reset",
    "/cancel",
    "/language",
    "/privacy",
    "/paysupport",
    "/admin",
    "/admin last_errors",
    "/admin 17",
    "/payments",
    "/nonsense",
];

/// Takes `steps` steps.
pub(super) async fn about(hand: &mut Hand<'_>, seed: u64, steps: u64) {
    let mut dice = StdRng::seed_from_u64(seed);
    hand.give(&Input::text("/start")).await;
    for _ in 0..steps {
        step(hand, &mut dice).await;
    }
}

async fn step(hand: &mut Hand<'_>, dice: &mut StdRng) {
    let right = hand.chat.current().and_then(answer);
    match dice.random_range(0..100) {
        0..55 => {
            let Some(current) = hand.chat.current() else { return };
            let data: Vec<String> = current.data().map(str::to_owned).collect();
            let message = current.id;
            if !data.is_empty() {
                hand.press(message, &data[dice.random_range(0..data.len())]).await;
            }
        }
        55..63 => old_button(hand, dice).await,
        63..71 => drop(hand.give(&Input::text(COMMANDS[dice.random_range(0..COMMANDS.len())])).await),
        71..88 if right.is_some() => {
            if let Some(input) = right {
                hand.give(&input).await;
            }
        }
        _ => drop(hand.give(&wrong(dice)).await),
    }
}

/// Any button of any message that still stands in the chat; those of a step may say that they are out of date.
async fn old_button(hand: &mut Hand<'_>, dice: &mut StdRng) {
    let all: Vec<(i64, String)> = hand.chat.all().flat_map(|m| m.data().map(move |d| (m.id, d.to_owned()))).collect();
    if !all.is_empty() {
        let (message, data) = &all[dice.random_range(0..all.len())];
        hand.press_any(*message, data).await;
    }
}
