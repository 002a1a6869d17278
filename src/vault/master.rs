//! The master key: given by a setting, read from a file, or made on the first start beside SQLite.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::VaultError;
use super::key::{Key, KeyId};
use crate::config::MasterKeySource;
use crate::domain::Secret;

/// The file that a generated key is kept in, inside the data folder.
const FILE: &str = "master.key";

/// The key that wraps the tenants' data keys. Losing it loses every sealed value.
pub struct MasterKey(Key);

/// A master key and what its operator should be told.
#[derive(Debug)]
pub struct LoadedMasterKey {
    /// The key.
    pub key: MasterKey,
    /// Sentences for the log and the terminal: where a new key was written, whose file others can read.
    pub warnings: Vec<String>,
}

impl MasterKey {
    /// A new random key.
    pub fn random() -> Self {
        Self(Key::random())
    }

    /// Reads 32 bytes in base64.
    pub fn from_base64(text: &Secret) -> Result<Self, VaultError> {
        Key::from_base64(text.expose()).map(Self).ok_or(VaultError::NotAMasterKey)
    }

    /// Reads a file that holds 32 bytes in base64, or the 32 bytes themselves.
    pub fn from_file(path: &Path) -> Result<Self, VaultError> {
        let bytes = Zeroizing::new(fs::read(path).map_err(|source| file_error(path, source))?);
        if let Ok(key) = Key::from_slice(&bytes) {
            return Ok(Self(key));
        }
        std::str::from_utf8(&bytes).ok().and_then(Key::from_base64).map(Self).ok_or(VaultError::NotAMasterKey)
    }

    /// The installation's master key, from where the settings say. Without any, the one in the data folder, which is
    /// generated there when `may_generate` (only beside SQLite, decisions.md 16).
    pub fn load(source: &MasterKeySource, data: &Path, may_generate: bool) -> Result<LoadedMasterKey, VaultError> {
        match source {
            MasterKeySource::Value(text) => Ok(LoadedMasterKey { key: Self::from_base64(text)?, warnings: Vec::new() }),
            MasterKeySource::File(path) => {
                Ok(LoadedMasterKey { key: Self::from_file(path)?, warnings: readable_by_others(path) })
            }
            MasterKeySource::DataFolder => Self::in_folder(data, may_generate),
        }
    }

    /// Writes a new random key into a file that is not there yet, for its owner's eyes alone (mode 0400);
    /// [`VaultError::KeyFileExists`] when it is. Gives the key's short name.
    pub fn write_new(path: &Path) -> Result<KeyId, VaultError> {
        let key = Key::random();
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let written = write_once(folder, path, &key, 0o400)?;
        if written { Ok(key.id()) } else { Err(VaultError::KeyFileExists(path.display().to_string())) }
    }

    /// Its short name.
    pub fn id(&self) -> KeyId {
        self.0.id()
    }

    pub(super) fn key(&self) -> &Key {
        &self.0
    }

    fn in_folder(data: &Path, may_generate: bool) -> Result<LoadedMasterKey, VaultError> {
        let path = data.join(FILE);
        let mut warnings = Vec::new();
        if !path.exists() {
            if !may_generate {
                return Err(VaultError::NoMasterKey);
            }
            if generate(data, &path)? {
                warnings.push(format!(
                    "a new master key was written to {}: copy it to a safe place apart from backups of the database; \
                     without it every stored token and key is lost",
                    path.display()
                ));
            }
        }
        warnings.extend(readable_by_others(&path));
        Ok(LoadedMasterKey { key: Self::from_file(&path)?, warnings })
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

/// Writes a new key; false when another process was first.
fn generate(data: &Path, path: &Path) -> Result<bool, VaultError> {
    fs::create_dir_all(data).map_err(|source| file_error(data, source))?;
    write_once(data, path, &Key::random(), 0o600)
}

/// Writes a key; false when there is such a file. The name appears only with its whole content behind it.
fn write_once(folder: &Path, path: &Path, key: &Key, mode: u32) -> Result<bool, VaultError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft: PathBuf = folder.join(format!("{name}.{}", std::process::id()));
    let written = write_private(&draft, &key.to_base64(), mode)
        .and_then(|()| match fs::hard_link(&draft, path) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(e) => Err(e),
        })
        .map_err(|source| file_error(path, source));
    let _ = fs::remove_file(&draft);
    // The name must outlive a power cut too: values sealed under a key that is gone are gone.
    #[cfg(unix)]
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| file_error(folder, source))?;
    written
}

fn write_private(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

fn readable_by_others(path: &Path) -> Vec<String> {
    #[cfg(unix)]
    if let Ok(meta) = fs::metadata(path) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            let path = path.display();
            return vec![format!(
                "the master key's file {path} has mode {mode:04o}: others can read it; chmod 600 {path}"
            )];
        }
    }
    Vec::new()
}

fn file_error(path: &Path, source: io::Error) -> VaultError {
    VaultError::KeyFile { path: path.display().to_string(), source }
}
