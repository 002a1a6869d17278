//! A fake Bot API, a fake provider and a chat page, all over HTTP: the demo's and the tests' world.
//!
//! The platform meets it as it meets the real services: a base URL and a key. Nothing here knows the platform's inside.
//! `telegram` and `kie` play the two services (facts/telegram.md, facts/kie-api.md), `control` is the hand that moves
//! people and breaks things, `client` is that hand as a Rust type, and `page` is the messenger for a person.
//!
//! ```text
//! let sandbox = Sandbox::start(SandboxSettings::default()).await?;
//! let world = sandbox.client();
//! world.register_bot("7000000001:AAH…", "first_bot", "First").await?;
//! ```

mod calls;
pub mod client;
mod control;
mod events;
mod faults;
mod files;
mod kie;
mod page;
mod server;
mod settings;
mod snapshot;
mod tasks;
mod telegram;
pub mod wire;
mod world;

use std::net::SocketAddr;
use std::sync::Arc;

pub use client::{SandboxClient, SandboxClientError};
pub use settings::{KieSettings, SandboxSettings, TelegramSettings};

use world::World;

/// Why a sandbox could not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is taken or not ours.
    #[error("the sandbox cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The folder of an earlier world is damaged.
    #[error("the sandbox cannot read its world from {0}: {1}; move the folder away to begin anew")]
    Snapshot(std::path::PathBuf, String),
    /// A bot's token has not the shape of one.
    #[error("the bot {0} has a token of the wrong shape")]
    Token(String),
    /// The HTTP client could not be made.
    #[error("the sandbox has no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// A running sandbox. Dropping it cuts everything off; [`Sandbox::stop`] also waits and saves.
pub struct Sandbox {
    /// `http://127.0.0.1:<port>`: all services stand behind it.
    pub base_url: String,
    world: Arc<World>,
}

impl Sandbox {
    /// Starts listening and restores the world of `settings.data`, if any.
    pub async fn start(settings: SandboxSettings) -> Result<Self, SandboxError> {
        let wanted = settings.listen;
        let listener =
            tokio::net::TcpListener::bind(wanted).await.map_err(|error| SandboxError::Listen(wanted, error))?;
        let address = listener.local_addr().map_err(|error| SandboxError::Listen(wanted, error))?;
        let base_url = format!("http://{address}");
        let world = Arc::new(World::new(settings, base_url.clone())?);
        snapshot::restore(&world).await?;
        for person in &world.settings.people {
            world.add_person(person.clone());
        }
        for bot in &world.settings.bots {
            world.add_bot(bot).ok_or_else(|| SandboxError::Token(bot.username.clone()))?;
        }
        world.tasks.spawn(server::serve(listener, router(&world), world.tasks.clone()));
        world.tasks.spawn(snapshot::keep_saving(Arc::clone(&world)));
        telegram::delivery::resume(&world);
        kie::resume(&world);
        Ok(Self { base_url, world })
    }

    /// What `TELEGRAM_API_URL` must be.
    pub fn telegram_url(&self) -> &str {
        &self.base_url
    }

    /// What `KIE_API_URL` and `KIE_UPLOAD_URL` must be.
    pub fn kie_url(&self) -> &str {
        &self.base_url
    }

    /// A handle for tests and the demo, over HTTP like everything else.
    pub fn client(&self) -> SandboxClient {
        SandboxClient::new(&self.base_url, self.world.http.clone())
    }

    /// Ends all connections and tasks, then saves the world if it has a folder.
    pub async fn stop(self) {
        self.world.tasks.close().await;
        snapshot::save(&self.world).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.world.tasks.cancel();
    }
}

fn router(world: &Arc<World>) -> axum::Router {
    axum::Router::new()
        .merge(page::router())
        .merge(control::router())
        .merge(kie::router())
        .merge(telegram::router())
        .with_state(Arc::clone(world))
}
