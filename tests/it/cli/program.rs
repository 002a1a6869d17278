//! Runs the built program in a folder of its own, with an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use botyard::sandbox::{Sandbox, SandboxSettings};

/// How long anything may take before a test gives up on it. A bound, not a measurement.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The folder that a program works in, and the variables it sees.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    pub(crate) env: Vec<(String, String)>,
}

/// A program that ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// What it printed, if it did its work.
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self.out
    }

    /// The JSON it printed, if it did its work.
    pub(crate) fn json(self) -> serde_json::Value {
        let out = self.done();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    /// What it complained of, if it ended with this code.
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self.err
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), env: Vec::new() }
    }

    /// One where Telegram and the provider are this sandbox.
    pub(crate) fn beside(sandbox: &Sandbox) -> Self {
        let mut place = Self::new();
        for name in ["TELEGRAM_API_URL", "KIE_API_URL", "KIE_UPLOAD_URL"] {
            place.set(name, &sandbox.base_url);
        }
        place
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Everything in it, at any depth.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                }
                found.push(path);
            }
        }
        let mut found = Vec::new();
        walk(self.path(), &mut found);
        found
    }

    /// Runs something slow to the end.
    pub(crate) async fn run_long(&self, args: &[&str]) -> Ran {
        let child = self.command(args).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let ended = timeout(PATIENCE * 9, child.wait_with_output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{args:?} does not end")).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) }
    }

    /// Runs to the end.
    pub(crate) async fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "").await
    }

    /// Runs to the end with something on standard input.
    pub(crate) async fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that reads nothing may have closed it already.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let ended = timeout(PATIENCE, child.wait_with_output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{args:?} does not end")).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) }
    }

    /// Starts a program that goes on, and waits for the line that says that it is up.
    pub(crate) async fn start(&self, args: &[&str]) -> Running {
        let log = self.path().join("stderr.log");
        let file = std::fs::File::options().create(true).append(true).open(&log).unwrap();
        let mut child = self.command(args).stdin(Stdio::null()).stderr(file).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        let up = timeout(PATIENCE, async {
            while !said.contains("stops it.") {
                if output.read_line(&mut said).await.unwrap() == 0 {
                    return false;
                }
            }
            true
        });
        let up = up.await.unwrap_or(false);
        assert!(up, "{args:?} does not come up: {said}{}", std::fs::read_to_string(&log).unwrap());
        Running { child, output, said, log }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_botyard"));
        let env = self.env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        command.args(args).env_clear().envs(env).current_dir(self.path()).stdout(Stdio::piped()).kill_on_drop(true);
        command
    }
}

/// A program that goes on.
pub(crate) struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    /// What it printed until it was up.
    pub(crate) said: String,
    log: PathBuf,
}

impl Running {
    /// The last word of the first line that holds all of these.
    pub(crate) fn address(&self, parts: &[&str]) -> String {
        let line = self.said.lines().find(|line| parts.iter().all(|part| line.contains(part)));
        let line = line.unwrap_or_else(|| panic!("no line with {parts:?}: {}", self.said));
        line.split_whitespace().last().unwrap().to_owned()
    }

    /// Its log so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Sends it a signal by its name.
    pub(crate) async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().await.unwrap().success());
    }

    /// Lets its files grow to so many bytes and no further, as a disk without room does; `None`: as far as they want.
    pub(crate) async fn room(&self, bytes: Option<u64>) {
        let pid = self.child.id().unwrap().to_string();
        let limit = bytes.map_or_else(|| "--fsize=unlimited".to_owned(), |n| format!("--fsize={n}:unlimited"));
        assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().await.unwrap().success());
    }

    /// Waits until it ends by itself: `None` where a signal ended it.
    pub(crate) async fn ended(&mut self) -> Option<i32> {
        let ended = timeout(PATIENCE, self.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("it does not end; its log: {}", self.log())).unwrap().code()
    }

    /// Ends it as a power cut does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to stop as an operator does; gives its exit code and what it said after it was up.
    pub(crate) async fn stop(mut self) -> (Option<i32>, String) {
        self.signal("-TERM").await;
        let mut rest = String::new();
        let ended = timeout(PATIENCE * 2, async {
            self.output.read_to_string(&mut rest).await.unwrap();
            self.child.wait().await.unwrap()
        });
        let status = ended.await.unwrap_or_else(|_| panic!("it does not stop; its log: {}", self.log()));
        (status.code(), rest)
    }
}

/// A world with one bot in it, and the bot's token.
pub(crate) async fn sandbox_with_a_bot() -> (Sandbox, String) {
    let sandbox = Sandbox::start(SandboxSettings::default()).await.unwrap();
    let token = fake_token(1);
    sandbox.client().register_bot(&token, "first_bot", "First").await.unwrap();
    (sandbox, token)
}

/// A token of the shape Telegram gives out.
pub(crate) fn fake_token(n: i64) -> String {
    format!("{}:AAfaketesttoken{n:0>20}", 7_100_000_000 + n)
}
