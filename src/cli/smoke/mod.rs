//! `botyard smoke`: whether this installation would serve, tried end to end in a throw-away database against the sandbox.

mod actor;
mod parts;
mod stage;
mod visitor;

use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde_json::json;

use super::common::Common;
use super::failure::Failure;
use super::out::Out;
use crate::config::{Settings, process_variable};
use crate::domain::BotToken;
use stage::Stage;

pub(crate) const HELP: &str = "\
Use it before a deploy and after a change of machine: it starts the whole platform with these settings on free ports, in a
database of its own beside the configured one, against a fake Telegram and a fake provider on this machine, and plays

  A  a cold start on an empty database: ready, a bot connected, /start answered
  B  a user's way: menu, model, prompt, confirmation, generation, history
  C  billing: top-up, hold, capture, a failed generation released, the same payment twice
  D  an admin generates free
  E  two bots side by side: data, locks, errors and pages of one never in the other

Nothing of the configured database is touched. On PostgreSQL the login role needs CREATEDB.

--live repeats A and E with a real bot at the configured Bot API server: a bot that nothing else uses, because its updates are
fetched meanwhile and its webhook is removed. Nobody is written to. The second bot of E stays with the fake.

Examples:
  botyard smoke
  SMOKE_BOT_TOKEN=… botyard smoke --live --token-env SMOKE_BOT_TOKEN
  botyard smoke --json | jq .verdict

Exit codes:
  0  GO
  1  STOP; what is missing for GO is said
  2  a wrong setting";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// JSON for programs
    #[arg(long)]
    json: bool,
    /// A and E with a real bot
    #[arg(long, requires = "token_env")]
    live: bool,
    /// The variable that holds that bot's token
    #[arg(long, value_name = "NAME", requires = "live")]
    token_env: Option<String>,
    /// Breaks a part on purpose, to see that it is noticed
    #[arg(long, value_enum, hide = true)]
    plant: Option<Plant>,
    /// How many seconds one answer may take
    #[arg(long, default_value_t = 20, hide = true)]
    wait: u64,
}

/// What is broken in the throw-away installation; there is no other one that it could be done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plant {
    /// A: the database cannot be reached.
    Database,
    /// B: the provider fails.
    Provider,
    /// C: a payment is told twice under two names.
    Payment,
    /// D: the admin is none.
    Admin,
    /// E: money of one bot is in the other.
    Money,
    /// E: an error of one bot is in the other's log.
    Errors,
    /// E: the two bots share a lock.
    Locks,
    /// E: the second bot's owner has the first one's session.
    Session,
}

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    A,
    B,
    C,
    D,
    E,
}

impl Part {
    const ALL: &[Self] = &[Self::A, Self::B, Self::C, Self::D, Self::E];
    /// With a real bot: what needs nobody's answer and no provider.
    const LIVE: &[Self] = &[Self::A, Self::E];

    fn title(self) -> &'static str {
        match self {
            Self::A => "cold start",
            Self::B => "a user's way",
            Self::C => "billing",
            Self::D => "an admin generates free",
            Self::E => "two bots side by side",
        }
    }
}

/// How a part ended: `None`, or what is missing for GO.
struct Played {
    part: Part,
    took: Duration,
    missing: Option<String>,
}

pub(crate) async fn run(common: &Common, settings: Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let parts = if args.live { Part::LIVE } else { Part::ALL };
    let token = live_token(args)?;
    let mut played = Vec::new();
    let began = Instant::now();
    match Box::pin(Stage::open(common, &settings, args, token)).await {
        Err(why) => played.push(Played { part: Part::A, took: began.elapsed(), missing: Some(why) }),
        Ok(stage) => {
            for part in parts.iter().copied() {
                let began = Instant::now();
                let missing = parts::play(&stage, part).await.err();
                played.push(Played { part, took: began.elapsed(), missing });
            }
            stage.close().await;
        }
    }
    show(&played, parts.len(), args.json, out)?;
    let broken: Vec<String> = played.iter().filter(|p| p.missing.is_some()).map(|p| format!("{:?}", p.part)).collect();
    if broken.is_empty() { Ok(()) } else { Err(Failure::Work(format!("STOP: {}", broken.join(", ")))) }
}

/// The real bot's token, from the variable that is named.
fn live_token(args: &Args) -> Result<Option<BotToken>, Failure> {
    let Some(name) = &args.token_env else { return Ok(None) };
    let text = process_variable(name).filter(|value| !value.trim().is_empty());
    let text = text.ok_or_else(|| Failure::Usage(format!("the variable {name} is not set")))?;
    let token = BotToken::parse(text.trim());
    token.map(Some).map_err(|_| Failure::Usage(format!("the variable {name} holds no bot token")))
}

fn show(played: &[Played], parts: usize, as_json: bool, out: &Out) -> Result<(), Failure> {
    let go = played.len() == parts && played.iter().all(|part| part.missing.is_none());
    let verdict = if go { "GO" } else { "STOP" };
    if as_json {
        let parts: Vec<_> = played
            .iter()
            .map(|p| {
                json!({ "part": format!("{:?}", p.part), "title": p.part.title(), "ok": p.missing.is_none(),
                        "ms": u64::try_from(p.took.as_millis()).unwrap_or(u64::MAX), "missing": p.missing })
            })
            .collect();
        return out.json(&json!({ "verdict": verdict, "parts": parts }));
    }
    let rows: Vec<Vec<String>> = played
        .iter()
        .map(|p| {
            let mark = if p.missing.is_none() { "✓" } else { "✗" };
            let ms = format!("{} ms", p.took.as_millis());
            let missing = p.missing.clone().unwrap_or_default();
            vec![mark.to_owned(), format!("{:?}", p.part), p.part.title().to_owned(), ms, missing]
        })
        .collect();
    out.table(&["", "PART", "WHAT", "TOOK", "MISSING FOR GO"], &rows, "");
    out.line(verdict);
    Ok(())
}
