//! A running demo in a folder of its own, and the hand in its world.

use std::time::{Duration, Instant};

use botyard::sandbox::SandboxClient;
use botyard::sandbox::wire::KieTuning;

use super::chat::Chat;
use crate::cli::program::{PATIENCE, Place, Running};

/// Any free ports, and no limits on how fast a person presses: a test is faster than any.
const ARGS: &[&str] = &[
    "demo",
    "--port",
    "0",
    "--set",
    "bot.user_messages=1000 per 1 s, burst 100",
    "--set",
    "bot.user_callbacks=1000 per 1 s, burst 100",
    "--set",
    "bot.same_callbacks=1000 per 1 s, burst 100",
    "--set",
    "telegram.chat_sends=1000 per 1 s, burst 100",
    "--set",
    "generation.poll_first=100ms",
];

pub(crate) const RU: &str = "aquarelle_demo_bot";
pub(crate) const EN: &str = "pixel_harbor_demo_bot";

/// A demo that is up.
pub(crate) struct Demo {
    place: Place,
    running: Running,
    pub(crate) world: SandboxClient,
}

impl Demo {
    /// In a new folder.
    pub(crate) async fn start() -> Self {
        Self::start_in(Place::new(), &[]).await
    }

    async fn start_in(place: Place, more: &[&str]) -> Self {
        let running = place.start(&[ARGS, more].concat()).await;
        let world = SandboxClient::connect(running.address(&["Chats"]).trim_end_matches('/'));
        let demo = Self { place, running, world };
        demo.world.tune_kie(&KieTuning { delay_ms: Some(300), ..KieTuning::default() }).await.unwrap();
        demo.wait_for_webhooks().await;
        demo
    }

    /// Stops it by a signal and starts it again on the same data.
    pub(crate) async fn restart(self, more: &[&str]) -> Self {
        let place = self.stop().await;
        Self::start_in(place, more).await
    }

    /// Stops it by a signal.
    pub(crate) async fn stop(self) -> Place {
        let log = self.running.log();
        let (code, rest) = self.running.stop().await;
        assert_eq!(code, Some(0), "{rest}{log}");
        assert!(rest.contains("stopped; everything is kept"), "{rest}");
        self.place
    }

    /// The address on the line that names all of these.
    pub(crate) fn address(&self, parts: &[&str]) -> String {
        self.running.address(parts)
    }

    /// What it printed when it was up.
    pub(crate) fn said(&self) -> &str {
        &self.running.said
    }

    /// A person's chat with a bot.
    pub(crate) fn chat(&self, bot: &'static str, user: i64) -> Chat {
        Chat::new(self.world.clone(), bot, user)
    }

    async fn wait_for_webhooks(&self) {
        let began = Instant::now();
        loop {
            let bots = self.world.bots().await.unwrap();
            if bots.len() == 2 && bots.iter().all(|bot| bot.webhook) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the webhooks are not set: {bots:?} {}", self.running.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
