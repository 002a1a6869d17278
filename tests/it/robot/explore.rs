//! Breadth first: every button that is shown is pressed, from the screen where it was shown first.

use std::collections::{BTreeSet, VecDeque};

use super::hand::{Hand, Reaction};
use super::inputs::{Input, answer};
use super::shown::Shown;
use crate::util::env;

/// One act of a way.
#[derive(Debug, Clone)]
enum Act {
    Write(&'static str),
    Press(String),
    /// The right answer to the step that is shown.
    Answer,
}

/// Where the robot begins: the menu, and every command there is.
const COMMANDS: [&str; 26] = [
    "/start",
    "/help",
    "/balance",
    "/models",
    "/generate",
    "/status",
    "/search",
    "/ask",
    "/add",
    "/reset",
    "/cancel",
    "/language",
    "/privacy",
    "/paysupport",
    "/selftest",
    "/config_check",
    "/admin",
    "/admin 501",
    "/admin corr 0",
    "/admin last_errors",
    "/admin preflight",
    "/admin info",
    "/payments",
    "/user_balance 501",
    "/panel",
    "/nonsense",
];

/// Buttons that mean something only where they stand: the draft, the step, the place before.
const OF_A_STEP: [&str; 22] = [
    "set_param",
    "confirm_param",
    "edit_param",
    "param_menu",
    "param_input",
    "add_image",
    "image_done",
    "skip_image",
    "add_audio",
    "skip_audio",
    "add_video",
    "skip_video",
    "show_parameters",
    "back_to_params",
    "back_to_confirmation",
    "show_price_confirmation",
    "confirm_generate",
    "back_to_previous_step",
    "back_to_models",
    "cancel",
    "generate_again",
    "admin_topup_ok",
];

/// Presses everything, and finds its way back to the language it began with.
pub(super) async fn everything(hand: &mut Hand<'_>) {
    let mut known = BTreeSet::new();
    let mut ways: VecDeque<Vec<Act>> = COMMANDS.iter().map(|c| vec![Act::Write(c)]).collect();
    while let Some(way) = ways.pop_front() {
        hand.refill().await;
        let Some(reaction) = walk(hand, &way).await else { continue };
        for shown in &reaction.shown {
            for next in acts(shown) {
                if known.insert(name(&way, shown, &next)) {
                    ways.push_back(way.iter().cloned().chain([next]).collect());
                }
            }
        }
    }
    assert!(known.len() > 200, "only {} different buttons were seen: the robot did not get far", known.len());
}

/// What can be done with a screen: its buttons, and the answer it waits for.
fn acts(shown: &Shown) -> Vec<Act> {
    let mut acts: Vec<Act> = shown.data().map(|data| Act::Press(data.to_owned())).collect();
    acts.extend(answer(shown).map(|_| Act::Answer));
    acts
}

/// By what an act is known, so that it is done once. In the soak run a step's buttons are other buttons for each model.
fn name(way: &[Act], shown: &Shown, act: &Act) -> String {
    let root = if env::count(0, 1) == 1 { way.iter().rev().find_map(beginning) } else { None };
    let root = root.unwrap_or_default();
    match act {
        Act::Write(text) => (*text).to_owned(),
        Act::Answer => format!("{root} answer {}", shown.title()),
        Act::Press(data) if of_a_step(data) => match data.split_once(':') {
            Some(_) => format!("{root} {data}"),
            None => format!("{root} {data} {}", shown.title()),
        },
        Act::Press(data) => without_ids(data),
    }
}

fn beginning(act: &Act) -> Option<String> {
    match act {
        Act::Press(data) if !of_a_step(data) => Some(data.clone()),
        _ => None,
    }
}

fn of_a_step(data: &str) -> bool {
    let (head, payload) = data.split_once(':').map_or((data, None), |(head, payload)| (head, Some(payload)));
    // `cancel:<gid>` is a generation's and works wherever it stands.
    OF_A_STEP.contains(&head) && (head != "cancel" || payload.is_none())
}

/// The data with ids of records left out: each new generation does not bring new buttons.
fn without_ids(data: &str) -> String {
    let mut parts: Vec<&str> = data.split(':').collect();
    if matches!(parts[0], "sk" | "modelk" | "m" | "sel") {
        return data.to_owned();
    }
    let base32 = |b: u8| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b);
    for part in parts.iter_mut().skip(1) {
        if matches!(part.len(), 10 | 12) && part.bytes().all(base32) {
            *part = "*";
        }
    }
    parts.join(":")
}

/// Goes a way and gives what its last act brought. Buttons that mean the same everywhere are pressed at once, and only where that
/// does not work at the end of the whole way.
async fn walk(hand: &mut Hand<'_>, way: &[Act]) -> Option<Reaction> {
    hand.trail.clear();
    if let Some(Act::Press(data)) = way.last()
        && !of_a_step(data)
        && let Some(message) = hand.chat.with_data(data)
    {
        let reaction = hand.press(message, data).await;
        return Some(home(hand, reaction).await);
    }
    let from =
        way.iter().rposition(|act| matches!(act, Act::Press(d) if !of_a_step(d)) || matches!(act, Act::Write(_)));
    hand.forget().await;
    let short = go(hand, &way[from.unwrap_or(0)..]).await;
    let reaction = match short {
        Some(reaction) if !hand.is_stale(&reaction) => reaction,
        _ => {
            hand.forget().await;
            let whole = go(hand, way).await;
            let Some(reaction) = whole else {
                hand.found_something(format!("the button cannot be reached a second time: {:?}", way.last()?));
                return None;
            };
            if hand.is_stale(&reaction) {
                hand.found_something(format!("a button just shown is called out of date: {:?}", way.last()?));
            }
            reaction
        }
    };
    Some(home(hand, reaction).await)
}

/// A language button changes what the rest is read in: back to the robot's own.
async fn home(hand: &mut Hand<'_>, reaction: Reaction) -> Reaction {
    if hand.language != hand.home {
        let back = format!("/language {}", hand.home.code());
        hand.give(&Input::text(back)).await;
    }
    reaction
}

/// Does the acts one after another; `None` when a button of the way is not where it was.
async fn go(hand: &mut Hand<'_>, way: &[Act]) -> Option<Reaction> {
    let mut last = None;
    for (n, act) in way.iter().enumerate() {
        last = Some(match act {
            Act::Write(text) => hand.give(&Input::text(*text)).await,
            Act::Answer => {
                let input = hand.chat.current().and_then(answer)?;
                hand.give(&input).await
            }
            Act::Press(data) => {
                let current = hand.chat.current()?;
                let there = current.data().any(|d| d == data);
                if n > 0 && !there && of_a_step(data) {
                    return None;
                }
                let message = current.id;
                hand.press_any(message, data).await
            }
        });
    }
    last
}
