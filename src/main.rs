//! The program `botyard`: reads its command line and runs one command.

use std::process::ExitCode;

fn main() -> ExitCode {
    botyard::cli::main()
}
