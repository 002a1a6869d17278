//! A private Redis for the tests of this module: on a free port of this machine, gone when dropped.

use std::io;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::config::process_variable;
use crate::domain::Secret;

pub(super) struct RedisServer {
    port: u16,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl RedisServer {
    /// A running server, or `None` after saying that the test is skipped.
    pub(super) async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { port, folder, child: None };
        match server.try_start() {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                skip();
                return None;
            }
            Err(error) => panic!("redis-server: {error}"),
        }
        server.answered().await;
        Some(server)
    }

    pub(super) fn url(&self) -> Secret {
        Secret::new(format!("redis://127.0.0.1:{}/0", self.port))
    }

    /// Kills it as a crash does.
    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts it again, empty, on the same port.
    pub(super) async fn start_again(&mut self) {
        self.try_start().unwrap();
        self.answered().await;
    }

    /// Sends a signal: `-STOP` makes a server that is connected and silent.
    pub(super) fn signal(&self, name: &str) {
        let pid = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Runs one command beside the code under test.
    pub(super) async fn ask<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let client = redis::Client::open(self.url().expose()).unwrap();
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        command.query_async(&mut client.get_multiplexed_async_connection().await.unwrap()).await.unwrap()
    }

    fn try_start(&mut self) -> io::Result<()> {
        let port = self.port.to_string();
        let child = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        self.child = Some(child);
        Ok(())
    }

    async fn answered(&self) {
        let began = Instant::now();
        let client = redis::Client::open(self.url().expose()).unwrap();
        while client.get_multiplexed_async_connection().await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "redis-server does not answer on port {}", self.port);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests should see what was not tested")]
/// In a full run a skip is a failure.
fn skip() {
    assert!(process_variable("BOTYARD_TEST_REQUIRE").is_none(), "no redis-server on PATH");
    eprintln!("skipped: no redis-server on PATH");
}
