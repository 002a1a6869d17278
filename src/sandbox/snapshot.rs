//! Keeps the world in a folder: one JSON file, written whole and renamed into place, and a file per upload.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::SandboxError;
use super::files::FileEntry;
use super::kie::KeptKie;
use super::telegram::bot::{Bot, BotState};
use super::wire::Person;
use super::world::World;
use crate::domain::BotToken;

/// Changes within this time are written together.
const DEBOUNCE: Duration = Duration::from_millis(700);
const WORLD: &str = "world.json";

#[derive(Serialize, Deserialize)]
struct Snapshot<B> {
    people: Vec<Person>,
    bots: Vec<B>,
    files: Vec<FileEntry>,
    kie: KeptKie,
}

#[derive(Deserialize)]
struct KeptBot {
    id: i64,
    token: String,
    state: BotState,
}

/// Puts the world of `settings.data` back, if there is one.
pub(super) async fn restore(world: &World) -> Result<(), SandboxError> {
    let Some(folder) = world.settings.data.clone() else { return Ok(()) };
    let broken = |why: String| SandboxError::Snapshot(folder.clone(), why);
    tokio::fs::create_dir_all(folder.join("files")).await.map_err(|error| broken(error.to_string()))?;
    let bytes = match tokio::fs::read(folder.join(WORLD)).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(broken(error.to_string())),
    };
    let kept: Snapshot<KeptBot> = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
    for person in kept.people {
        world.add_person(person);
    }
    for bot in kept.bots {
        let token = BotToken::parse(&bot.token).map_err(|error| broken(error.to_string()))?;
        world.restore_bot(Arc::new(Bot::restored(bot.id, token, bot.state)));
    }
    let mut files = Vec::new();
    for mut entry in kept.files {
        // A file that is gone only loses its bytes' owner; the chats stay readable.
        if let Ok(bytes) = tokio::fs::read(file_path(&folder, entry.number)).await {
            entry.bytes = bytes.into();
            files.push(entry);
        }
    }
    world.files.restore(files);
    world.kie.restore(kept.kie);
    world.take_dirty();
    Ok(())
}

/// Saves soon after changes, until the sandbox stops.
pub(super) async fn keep_saving(world: Arc<World>) {
    if world.settings.data.is_none() {
        return;
    }
    loop {
        tokio::time::sleep(DEBOUNCE).await;
        if world.take_dirty() {
            save(&world).await;
        }
    }
}

/// Saves now. A failure is logged: the world in memory goes on.
pub(super) async fn save(world: &World) {
    let Some(folder) = world.settings.data.clone() else { return };
    let files = world.files.all();
    let text = render(world, &files);
    let written = tokio::task::spawn_blocking(move || write(&folder, text?, &files)).await;
    if let Ok(Err(error)) = written {
        tracing::warn!(%error, "the sandbox could not save its world");
    }
}

fn render(world: &World, files: &[FileEntry]) -> std::io::Result<Vec<u8>> {
    let mut bots = Vec::new();
    for bot in world.all_bots() {
        let state = bot.state();
        let token = bot.token().expose();
        bots.push(serde_json::json!({"id": bot.id, "token": token, "state": serde_json::to_value(&*state)?}));
    }
    let snapshot = Snapshot { people: world.all_people(), bots, files: files.to_vec(), kie: world.kie.kept() };
    Ok(serde_json::to_vec(&snapshot)?)
}

fn write(folder: &Path, text: Vec<u8>, files: &[FileEntry]) -> std::io::Result<()> {
    let names: std::collections::HashSet<PathBuf> = files.iter().map(|f| file_path(folder, f.number)).collect();
    for entry in files {
        let path = file_path(folder, entry.number);
        if !path.exists() {
            std::fs::write(&path, &entry.bytes)?;
        }
    }
    let fresh = folder.join("world.json.new");
    std::fs::write(&fresh, text)?;
    std::fs::rename(&fresh, folder.join(WORLD))?;
    for old in std::fs::read_dir(folder.join("files"))?.flatten() {
        if !names.contains(&old.path()) {
            std::fs::remove_file(old.path())?;
        }
    }
    Ok(())
}

fn file_path(folder: &Path, number: u64) -> PathBuf {
    folder.join("files").join(format!("{number}.bin"))
}
