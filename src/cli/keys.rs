//! `botyard keys …`: the master key, which opens everything stored, and its change while everything serves.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::common::note;
use super::failure::Failure;
use super::out::Out;
use crate::accounts::audit::Act;
use crate::app::{self, StartError};
use crate::config::Settings;
use crate::domain::{AuditAction, Clock};
use crate::store::{CHECK_VALUE, Db};
use crate::tenants::master_key::{self, Change, ChangeError, Moved, UnderKey};
use crate::vault::{AtHand, KeyId, MasterKey};

pub(crate) const HELP: &str = "\
The master key wraps a key of each bot, which seals that bot's tokens, keys, prompts and results. It is changed without a pause:
  1. botyard keys new --to FILE
  2. start every process anew with BOTYARD_MASTER_KEY_SECOND_FILE=FILE beside the master key it has
  3. botyard keys rotate, with the same two settings
  4. botyard keys status says when the old key is needed no more
  5. put the new key in the place of the old one, take BOTYARD_MASTER_KEY_SECOND_FILE out, start every process anew
A key is named by eight digits that are derived from it and say nothing of it. Keys of the API are `botyard key`.

Example:
  botyard keys status

Exit codes: those of the commands below.";

const NEW_HELP: &str = "\
32 random bytes in base64, in a new file that only its owner can read (mode 0400). An existing file is never overwritten, and the
key itself is never printed. Keep a copy elsewhere before it is used: without its master key an installation opens nothing.

Example:
  botyard keys new --to data/master.key.new

Exit codes:
  0  the file is written; its path and the key's short name are on standard output
  1  the file exists, or cannot be written
  2  a wrong setting or argument";

const ROTATE_HELP: &str = "\
Needs both keys: the master key of the installation and the second one (BOTYARD_MASTER_KEY_SECOND or _SECOND_FILE), in whichever
order. Makes the second one the installation's, then wraps every bot's key, and every token that waits in onboarding, anew with
it. What the bots themselves have stored stays as it is. Run it while everything serves: processes that have both keys seal with
the new one within seconds (bot.settings_refresh). It may be broken off and repeated at any moment: whoever has both keys opens
everything, and a repeat completes it. A key that was left is not gone back to.

Examples:
  botyard keys rotate
  botyard keys rotate --json

Exit codes:
  0  everything is under the new key, now or before
  1  not changed, or not everything could be moved: the reason is on standard error
  2  a wrong setting";

const STATUS_HELP: &str = "\
Shows every master key that is at hand or that something is sealed under, how many values are under each, and whether the old one
may be thrown away. Changes nothing. Copies of the database that were made before a change open with the key of then.

Examples:
  botyard keys status
  botyard keys status --json | jq -r '.keys[] | select(.state == \"old\") | .values'

Exit codes:
  0  everything is under keys that are at hand
  1  something is under a key that is not, or the database is away
  2  a wrong setting";

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Writes a new master key into a file
    #[command(after_long_help = NEW_HELP)]
    New(NewArgs),
    /// Puts the installation under its second master key
    #[command(after_long_help = ROTATE_HELP)]
    Rotate(ShownArgs),
    /// Shows what is sealed under which master key
    #[command(after_long_help = STATUS_HELP)]
    Status(ShownArgs),
}

#[derive(clap::Args)]
pub(crate) struct NewArgs {
    /// The new file
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct ShownArgs {
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(settings: &Settings, command: &Command, out: &Out) -> Result<(), Failure> {
    match command {
        Command::New(args) => {
            let key = MasterKey::write_new(&args.to)?;
            out.line(&format!("{}: key {key}", args.to.display()));
            Ok(())
        }
        Command::Rotate(args) => rotate(settings, args.json, out).await,
        Command::Status(args) => status(settings, args.json, out).await,
    }
}

async fn rotate(settings: &Settings, as_json: bool, out: &Out) -> Result<(), Failure> {
    // Said before anything is opened or made.
    if settings.second_master_key.is_none() {
        return Err(ChangeError::NoSecondKey.into());
    }
    let (keys, _) = app::master_keys(settings, false)?;
    if let AtHand(only, None) = keys.at_hand() {
        return Err(Failure::Work(format!(
            "BOTYARD_MASTER_KEY and BOTYARD_MASTER_KEY_SECOND are the same key, {only}: the second one is to be another \
             (botyard keys new --to FILE)"
        )));
    }
    let db = opened(settings).await?;
    let done = changed(settings, &db).await;
    db.close().await;
    let (change, before, moved, after) = done?;
    let left: i64 = after.iter().filter(|one| !one.current).map(UnderKey::values).sum();
    if as_json {
        out.json(&json!({
            "from": change.from.to_string(), "to": change.to.to_string(), "begun": change.begun,
            "rewrapped": {
                "check_value": i64::from(change.begun), "data_keys": moved.data_keys, "waiting_tokens": moved.waiting_tokens,
            },
            "current_before": before, "left": left,
        }))?;
    } else {
        for line in words(change, before, &moved, left) {
            out.line(&line);
        }
    }
    if moved.stuck.is_empty() && left == 0 {
        return Ok(());
    }
    let stuck = moved.stuck.iter().map(|(what, why)| format!("{what} was not moved: {why}"));
    let told =
        format!("{left} values are not under key {}: keep the old key, mend what is named here, repeat", change.to);
    Err(Failure::Work(stuck.chain([told]).collect::<Vec<_>>().join("\n")))
}

/// The database with its schema as this program has it.
async fn opened(settings: &Settings) -> Result<Db, StartError> {
    let db = app::open(settings).await?;
    app::migrate(settings, &db).await?;
    Ok(db)
}

/// Turns and rewraps. Gives how many values were under the new key before, and how everything stands behind it.
async fn changed(settings: &Settings, db: &Db) -> Result<(Change, i64, Moved, Vec<UnderKey>), Failure> {
    if db.platform_read().await?.meta_get(CHECK_VALUE).await?.is_none() {
        return Err(ChangeError::NothingSealed.into());
    }
    let (vault, _) = app::vault(settings, db).await?;
    let now = Clock::system().now();
    let mut tx = db.platform().await?;
    let change = master_key::turn(&mut tx, &vault, now).await?;
    if change.begun {
        let (from, to) = (change.from.to_string(), change.to.to_string());
        let act = Act::new(AuditAction::MasterKeyChanged, "master_key").changed(Some(&from), Some(&to));
        note(&mut tx, None, act, now).await?;
    }
    tx.commit().await?;
    let before = master_key::standing(&mut db.platform_read().await?, []).await?;
    let before: i64 = before.iter().filter(|one| one.current).map(UnderKey::values).sum();
    let moved = master_key::rewrap(db, &vault).await?;
    let after = master_key::standing(&mut db.platform_read().await?, []).await?;
    Ok((change, before - i64::from(change.begun), moved, after))
}

fn words(change: Change, before: i64, moved: &Moved, left: i64) -> Vec<String> {
    let Change { from, to, begun } = change;
    let nothing = !begun && moved.data_keys + moved.waiting_tokens == 0;
    if nothing && left == 0 {
        return vec![format!("nothing to do: all {before} values were under key {to} already"), thrown_away(from)];
    }
    let mut lines = Vec::new();
    if begun {
        lines.push(format!("the installation was under key {from} and is under key {to} now"));
    }
    let check = if begun { "the check value, " } else { "" };
    lines.push(format!(
        "rewrapped: {check}keys of bots: {}, waiting tokens: {}; already under key {to}: {before}",
        moved.data_keys, moved.waiting_tokens
    ));
    if left == 0 {
        lines.push(
            "processes that have both keys seal with the new one within seconds (bot.settings_refresh)".to_owned(),
        );
        lines.push(format!("look once more with `botyard keys status` before key {from} is taken out of the settings"));
    }
    lines
}

fn thrown_away(key: KeyId) -> String {
    format!("key {key} may be thrown away; copies of the database from before the change still need it")
}

async fn status(settings: &Settings, as_json: bool, out: &Out) -> Result<(), Failure> {
    let (keys, warnings) = app::master_keys(settings, false)?;
    let db = opened(settings).await?;
    let AtHand(first, second) = keys.at_hand();
    let all = master_key::standing(&mut db.platform_read().await?, [first].into_iter().chain(second)).await;
    db.close().await;
    let shown: Vec<Shown> = all?.into_iter().map(|one| Shown::new(one, keys.at_hand())).collect();
    if as_json {
        out.json(&json!({ "keys": shown.iter().map(Shown::json).collect::<Vec<_>>() }))?;
    } else {
        let rows: Vec<Vec<String>> = shown.iter().map(Shown::row).collect();
        out.table(&["KEY", "GIVEN AS", "STATE", "VALUES", "KEYS OF BOTS", "WAITING TOKENS"], &rows, "");
        for line in shown.iter().filter_map(Shown::advice).chain(warnings) {
            out.line(&line);
        }
    }
    let missing: i64 = shown.iter().filter(|one| one.given.is_none()).map(|one| one.of.values()).sum();
    if missing == 0 {
        return Ok(());
    }
    Err(Failure::Work(format!(
        "{missing} values are under a key that is not at hand: give it as BOTYARD_MASTER_KEY_SECOND, then `botyard keys rotate`"
    )))
}

/// A key in the list.
struct Shown {
    of: UnderKey,
    /// By which setting it was given.
    given: Option<&'static str>,
}

impl Shown {
    fn new(of: UnderKey, AtHand(first, second): AtHand) -> Self {
        let given = match of.key {
            Some(key) if key == first => Some("BOTYARD_MASTER_KEY"),
            Some(key) if Some(key) == second => Some("BOTYARD_MASTER_KEY_SECOND"),
            _ => None,
        };
        Self { of, given }
    }

    fn name(&self) -> String {
        self.of.key.map_or_else(|| "unknown".to_owned(), |key| key.to_string())
    }

    /// `current`: it seals; `old`: it was left; `new`: nothing is under it yet; `other`: something is, and nobody knows why.
    fn state(&self) -> &'static str {
        match self.of {
            UnderKey { current: true, .. } => "current",
            UnderKey { given_up: true, .. } => "old",
            of if of.values() == 0 => "new",
            _ => "other",
        }
    }

    fn json(&self) -> Value {
        let UnderKey { data_keys, waiting_tokens, .. } = self.of;
        json!({
            "key": self.of.key.map(|key| key.to_string()), "given_as": self.given, "state": self.state(),
            "values": self.of.values(), "data_keys": data_keys, "waiting_tokens": waiting_tokens,
        })
    }

    fn row(&self) -> Vec<String> {
        let given = self.given.unwrap_or("-").to_owned();
        let numbers = [self.of.values(), self.of.data_keys, self.of.waiting_tokens];
        let named = [self.name(), given, self.state().to_owned()];
        named.into_iter().chain(numbers.map(|n| n.to_string())).collect()
    }

    /// What to do about it, if there is something.
    fn advice(&self) -> Option<String> {
        let (key, values) = (self.of.key?, self.of.values());
        self.given?;
        match (self.state(), values) {
            ("old", 0) => Some(thrown_away(key)),
            ("old", _) => {
                Some(format!("key {key} is still needed, by {values} values: `botyard keys rotate` moves them"))
            }
            ("new", _) => {
                Some(format!("key {key} is used by nothing yet: `botyard keys rotate` puts the installation under it"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Secret;

    fn id(n: u8) -> KeyId {
        use base64::Engine as _;
        MasterKey::from_base64(&Secret::new(base64::engine::general_purpose::STANDARD.encode([n; 32]))).unwrap().id()
    }

    #[test]
    fn a_key_is_called_by_what_it_is_for() {
        let under = |n, current, given_up, data_keys| UnderKey {
            key: Some(id(n)),
            current,
            given_up,
            data_keys,
            waiting_tokens: 0,
        };
        let at_hand = AtHand(id(1), Some(id(2)));
        let shown = |of| {
            let shown = Shown::new(of, at_hand);
            (
                shown.state(),
                shown.given,
                shown.advice().map(|advice| advice.split(' ').skip(2).take(3).collect::<Vec<_>>().join(" ")),
            )
        };
        let advice = |text: &str| Some(text.to_owned());
        let (first, second) = (Some("BOTYARD_MASTER_KEY"), Some("BOTYARD_MASTER_KEY_SECOND"));
        assert_eq!(shown(under(1, true, false, 3)), ("current", first, None));
        assert_eq!(shown(under(2, false, false, 0)), ("new", second, advice("is used by")));
        assert_eq!(shown(under(2, false, true, 1)), ("old", second, advice("is still needed,")));
        assert_eq!(shown(under(2, false, true, 0)), ("old", second, advice("may be thrown")));
        assert_eq!(shown(under(3, false, true, 2)), ("old", None, None));
        assert_eq!(shown(under(3, false, false, 2)), ("other", None, None));
    }
}
