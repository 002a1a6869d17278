//! `botyard check`: a look at the settings and the outside world. Writes nothing anywhere.

mod database;
mod outside;

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use crate::config::Settings;

pub(crate) const HELP: &str = "\
Use it before the first `serve`, after a change of settings, and when bots do not answer. Nothing is written: no file is made,
no schema changed, no message sent. A wrong setting is told before anything is looked at. Telegram is asked about each bot,
at most nine times a minute (telegram.cold_tokens), so many bots take their time; --no-bots leaves them out.

  ✓  as it should be        ✗  needed and broken        –  not set or not there yet, which may be right

Examples:
  botyard check
  botyard check --json | jq '.rows[] | select(.state == \"failed\")'

Exit codes:
  0  nothing needed is broken
  1  something is; each ✗ says how to mend it
  2  a wrong setting";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Do not ask Telegram about the bots
    #[arg(long)]
    no_bots: bool,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

/// How a look ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    Failed,
    Absent,
}

/// One thing that was looked at.
#[derive(Debug)]
struct Row {
    what: String,
    state: State,
    found: String,
    /// What to do about it; empty where there is nothing to do.
    fix: String,
}

impl Row {
    fn ok(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self { what: what.into(), state: State::Ok, found: found.into(), fix: String::new() }
    }

    fn failed(what: impl Into<String>, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), state: State::Failed, found: found.into(), fix: fix.into() }
    }

    fn absent(what: impl Into<String>, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), state: State::Absent, found: found.into(), fix: fix.into() }
    }
}

pub(crate) async fn run(settings: Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let mut rows = vec![of_settings(&settings), data(&settings)];
    let tenants = database::look(&settings, &mut rows).await;
    rows.push(outside::redis(&settings).await);
    rows.push(outside::media(&settings).await?);
    rows.push(outside::webhook(&settings));
    rows.push(outside::reader(&settings).await);
    outside::provider(&settings, &tenants, &mut rows).await?;
    if !args.no_bots {
        outside::bots(&settings, &tenants, &mut rows).await?;
    }
    show(&rows, args.json, out)?;
    let failed = rows.iter().filter(|row| row.state == State::Failed).count();
    if failed == 0 { Ok(()) } else { Err(Failure::Work(format!("{failed} of {} looks failed", rows.len()))) }
}

fn of_settings(settings: &Settings) -> Row {
    match settings.warnings.as_slice() {
        [] => Row::ok("settings", "all right"),
        warnings => Row::absent("settings", "all right, with unknown names", warnings.join("; ")),
    }
}

fn data(settings: &Settings) -> Row {
    let folder = &settings.files.data;
    let shown = folder.display().to_string();
    match std::fs::metadata(folder) {
        Ok(meta) if !meta.is_dir() => {
            Row::failed("data folder", format!("{shown} is a file"), "set BOTYARD_DATA to a folder")
        }
        Ok(meta) if meta.permissions().readonly() => {
            Row::failed("data folder", format!("{shown} cannot be written"), "make it writable for this user")
        }
        Ok(_) => Row::ok("data folder", shown),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Row::absent("data folder", format!("{shown} is not there yet"), "the first start makes it")
        }
        Err(error) => {
            Row::failed("data folder", format!("{shown}: {error}"), "set BOTYARD_DATA to a folder of this user")
        }
    }
}

fn show(rows: &[Row], as_json: bool, out: &Out) -> Result<(), Failure> {
    if as_json {
        let word = |state| match state {
            State::Ok => "ok",
            State::Failed => "failed",
            State::Absent => "absent",
        };
        let rows: Vec<_> = rows
            .iter()
            .map(|r| json!({"what": r.what, "state": word(r.state), "found": r.found, "how_to_fix": r.fix}))
            .collect();
        return out.json(&json!({"rows": rows}));
    }
    let mark = |state| match state {
        State::Ok => "✓",
        State::Failed => "✗",
        State::Absent => "–",
    };
    let lines: Vec<Vec<String>> =
        rows.iter().map(|r| vec![mark(r.state).to_owned(), r.what.clone(), r.found.clone(), r.fix.clone()]).collect();
    out.table(&["", "WHAT", "FOUND", "HOW TO MEND IT"], &lines, "");
    Ok(())
}
