//! `botyard completion`: the words of the command line for a shell.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::Cli;
use super::out::Out;

pub(crate) const HELP: &str = "\
Prints a script that teaches a shell the commands and options of this program.

Examples:
  botyard completion bash > ~/.local/share/bash-completion/completions/botyard
  botyard completion zsh > \"${fpath[1]}/_botyard\"
  botyard completion fish > ~/.config/fish/completions/botyard.fish

Exit codes:
  0  printed
  2  a shell that is not known";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Whose words
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, out: &Out) {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "botyard", &mut script);
    out.line(String::from_utf8_lossy(&script).trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_among_the_words_of_every_shell() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            generate(shell, &mut Cli::command(), "botyard", &mut script);
            let script = String::from_utf8(script).unwrap();
            for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
        }
    }
}
