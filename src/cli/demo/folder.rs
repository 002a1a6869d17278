//! The demo's folder. It is recognised by a file of its own, so that `--fresh` deletes nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::instance::Alone;

const MARK: &str = "botyard-demo.txt";
const MARK_TEXT: &str = "This folder belongs to `botyard demo`; `botyard demo --fresh` deletes what is in it.\n";
const LOCK: &str = "botyard-demo.lock";
const TENANTS: &str = "tenants.toml";
const TENANTS_TEXT: &str =
    "# The demo's own bots are in its database. This file only keeps a tenants.toml beside the demo out of it.\n";

/// A folder that is the demo's.
pub(super) struct Folder {
    path: PathBuf,
    _alone: Option<Alone>,
}

impl Folder {
    /// A folder that is not there yet, is empty, or is a demo's.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let path = std::path::absolute(path)?;
        match fs::read_dir(&path) {
            Ok(mut entries) => {
                if !path.join(MARK).is_file() && entries.next().is_some() {
                    return Err(Failure::Work(format!(
                        "{} is no folder of a demo and is not empty; name another one: --data DIR",
                        path.display()
                    )));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(told(&path, &error)),
        }
        fs::create_dir_all(&path).map_err(|error| told(&path, &error))?;
        fs::write(path.join(MARK), MARK_TEXT).map_err(|error| told(&path, &error))?;
        Ok(Self { path, _alone: None })
    }

    /// Keeps the right to the folder as long as the folder is used.
    pub(super) fn held_by(self, alone: Alone) -> Self {
        Self { _alone: Some(alone), ..self }
    }

    /// Deletes what is in it but the mark and the lock.
    pub(super) fn empty(&self) -> Result<(), Failure> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            if name == MARK || name == LOCK {
                continue;
            }
            let path = entry.path();
            let gone = if entry.file_type()?.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            gone.map_err(|error| told(&path, &error))?;
        }
        Ok(())
    }

    /// Writes what the settings name.
    pub(super) fn prepare(&self) -> Result<(), Failure> {
        if !self.tenants_file().exists() {
            fs::write(self.tenants_file(), TENANTS_TEXT)?;
        }
        Ok(())
    }

    /// Where it is.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path.join("botyard.db")
    }

    /// The fake services' world.
    pub(super) fn world(&self) -> PathBuf {
        self.path.join("sandbox")
    }

    pub(super) fn tenants_file(&self) -> PathBuf {
        self.path.join(TENANTS)
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.path.join(LOCK)
    }
}

fn told(path: &Path, error: &io::Error) -> Failure {
    Failure::Work(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_elses_folder_is_neither_used_nor_emptied() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("letter.txt"), "dear").unwrap();
        let refused = Folder::open(place.path()).err().unwrap().to_string();
        assert!(refused.contains("--data"), "{refused}");
        assert_eq!(fs::read_to_string(place.path().join("letter.txt")).unwrap(), "dear");
    }

    #[test]
    fn beginning_anew_leaves_the_mark_and_nothing_of_the_old_demo() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("demo")).unwrap();
        fs::write(folder.database(), "rows").unwrap();
        fs::create_dir_all(folder.world().join("files")).unwrap();
        folder.empty().unwrap();
        assert!(!folder.database().exists() && !folder.world().exists());
        assert!(Folder::open(&place.path().join("demo")).is_ok());
    }

    #[test]
    fn a_link_out_of_the_folder_is_removed_and_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let elsewhere = place.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("kept.txt"), "kept").unwrap();
        let folder = Folder::open(&place.path().join("demo")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, place.path().join("demo/link")).unwrap();
        folder.empty().unwrap();
        assert!(elsewhere.join("kept.txt").exists());
        assert!(!place.path().join("demo/link").exists());
    }
}
