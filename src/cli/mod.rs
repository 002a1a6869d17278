//! The command line. Every command says in its help what it does, when to use it and how it ends.
//!
//! Exit codes: 0 done; 1 not done, the reason is on standard error; 2 a wrong setting or argument, nothing was begun.
//! Results go to standard output, log lines and errors to standard error. `--json` is for programs and keeps its shape.

mod audit;
mod backup;
mod ban;
mod check;
mod common;
mod completion;
mod corr;
mod demo;
mod failure;
mod generation;
mod instance;
mod key;
mod keys;
mod ledger;
mod link;
mod migrate;
mod out;
mod preflight;
mod serve;
mod smoke;
mod statement;
mod tenant;
mod user;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use common::Common;
use failure::Failure;
use out::Out;

const ABOUT: &str = "Hosts many Telegram bots in one process; each sells AI generations to its own users";

const AFTER: &str = "\
Begin with `botyard demo`: two bots, a chat page and the panel on this machine, nothing else needed.

Settings come from, later ones winning: built-in defaults, --config FILE, the environment (BOTYARD_… and the usual
DATABASE_URL, REDIS_URL, WEBHOOK_BASE_URL, KIE_API_KEY, PORT), --set KEY=VALUE. The README has the whole table.

Exit codes:
  0  done
  1  not done; the reason is on standard error
  2  a wrong setting or argument, one line each; nothing was begun";

/// The whole command line.
#[derive(Parser)]
#[command(name = "botyard", version, about = ABOUT, after_long_help = AFTER, after_help = "More: botyard --help")]
#[command(propagate_version = true, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the hosted bots: production
    #[command(after_long_help = serve::HELP)]
    Serve,
    /// Shows everything on this machine: two bots, a chat page and the panel, with fakes for Telegram and the provider
    #[command(after_long_help = demo::HELP)]
    Demo(demo::Args),
    /// Brings the database's schema up to date
    #[command(after_long_help = migrate::HELP)]
    Migrate,
    /// Looks at the settings and the outside world and changes nothing
    #[command(after_long_help = check::HELP)]
    Check(check::Args),
    /// Says whether money and rows can be trusted now
    #[command(after_long_help = preflight::HELP)]
    Preflight(preflight::Args),
    /// Tries this installation end to end in a throw-away database against fakes: GO or STOP
    #[command(after_long_help = smoke::HELP)]
    Smoke(smoke::Args),
    /// Looks for secrets in the sources, and at the catalog, buttons, texts and migrations
    #[command(after_long_help = verify::HELP)]
    Verify(verify::Args),
    /// Writes a consistent copy of the SQLite database
    #[command(after_long_help = backup::HELP)]
    Backup(backup::Args),
    /// Prints the words of this command line for a shell
    #[command(after_long_help = completion::HELP)]
    Completion(completion::Args),
    /// Adds, shows and pauses hosted bots
    #[command(subcommand, after_long_help = tenant::HELP)]
    Tenant(tenant::Command),
    /// Stops new generations and lets them go on: the kill switch
    #[command(subcommand, after_long_help = generation::HELP)]
    Generation(generation::Command),
    /// Shows what a bot's month came to, and what is owed for it
    #[command(after_long_help = statement::HELP)]
    Statement(statement::Args),
    /// Proves that the money written down is right
    #[command(subcommand, after_long_help = ledger::HELP)]
    Ledger(ledger::Command),
    /// Proves that the log of who did what is whole
    #[command(subcommand, after_long_help = audit::HELP)]
    Audit(audit::Command),
    /// Tells what happened under a correlation id
    #[command(after_long_help = corr::HELP)]
    Corr(corr::Args),
    /// Makes a one-time link into the panel
    #[command(after_long_help = link::HELP)]
    Link(link::Args),
    /// Makes, lists and ends keys of the API
    #[command(subcommand, after_long_help = key::HELP)]
    Key(key::Command),
    /// Shows and changes the master key, which opens everything stored
    #[command(subcommand, after_long_help = keys::HELP)]
    Keys(keys::Command),
    /// Prints what is stored about a person, or lets them be forgotten
    #[command(subcommand, after_long_help = user::HELP)]
    User(user::Command),
    /// Keeps people and bots from being hosted
    #[command(subcommand, after_long_help = ban::HELP)]
    Ban(ban::Command),
}

/// Reads the process's command line, runs its command and gives the exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let out = Out::standard();
    match run(&cli, &out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.complain(&failure.to_string());
            ExitCode::from(failure.code())
        }
    }
}

fn run(cli: &Cli, out: &Out) -> Result<(), Failure> {
    let common = &cli.common;
    match &cli.command {
        Command::Serve => serve::run(common, out),
        Command::Demo(args) => demo::run(common, args, out),
        Command::Migrate => common.briefly(async |settings| migrate::run(&settings, out).await),
        Command::Check(args) => common.briefly(async |settings| check::run(settings, args, out).await),
        Command::Preflight(args) => {
            common.briefly(async |settings| Box::pin(preflight::run(&settings, args, out)).await)
        }
        Command::Smoke(args) => {
            common.briefly(async |settings| Box::pin(smoke::run(common, settings, args, out)).await)
        }
        Command::Verify(args) => verify::run(args, out),
        Command::Backup(args) => common.briefly(async |settings| backup::run(&settings, args, out).await),
        Command::Completion(args) => {
            completion::run(args, out);
            Ok(())
        }
        Command::Tenant(command) => common.briefly(async |settings| tenant::run(&settings, command, out).await),
        Command::Generation(command) => common.briefly(async |settings| generation::run(&settings, command, out).await),
        Command::Statement(args) => common.briefly(async |settings| statement::run(&settings, args, out).await),
        Command::Ledger(command) => common.briefly(async |settings| ledger::run(&settings, command, out).await),
        Command::Audit(command) => common.briefly(async |settings| audit::run(&settings, command, out).await),
        Command::Corr(args) => common.briefly(async |settings| corr::run(&settings, args, out).await),
        Command::Link(args) => common.briefly(async |settings| link::run(&settings, args, out).await),
        Command::Key(command) => common.briefly(async |settings| key::run(&settings, command, out).await),
        Command::Keys(command) => common.briefly(async |settings| keys::run(&settings, command, out).await),
        Command::User(command) => common.briefly(async |settings| user::run(&settings, command, out).await),
        Command::Ban(command) => common.briefly(async |settings| ban::run(&settings, command, out).await),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_put_together_right() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_when_to_use_it_shows_an_example_and_its_exit_codes() {
        fn walk(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                let help = sub.get_after_long_help().map(ToString::to_string).unwrap_or_default();
                assert!(sub.get_about().is_some(), "{path} has no first line");
                for part in ["Example", "Exit codes"] {
                    assert!(help.contains(part), "{path} has no {part}: {help}");
                }
                walk(sub, &path);
            }
        }
        walk(&Cli::command(), "botyard");
    }
}
