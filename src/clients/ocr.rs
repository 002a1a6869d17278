//! Reading of pictures by Tesseract, as a child process of a bounded life: pictures in by its standard input, text out by its
//! standard output, no shell, no file, killed when nobody waits for it any more (bot.md 11.3).
//!
//! Where the program is missing nothing fails: whoever asks hears [`OcrError::Absent`], and a person reads instead.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config;

/// What is tried first, and what is left where Russian is not installed.
const LANGUAGES: [&str; 2] = ["rus+eng", "eng"];
/// A receipt has a thousand characters; what is longer is cut.
const TEXT_CAP: u64 = 64 * 1024;
/// How long the program may take to say what it is.
const LOOK_PATIENCE: Duration = Duration::from_secs(5);

/// Why a picture was not read. Holds nothing of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    /// There is no such program.
    #[error("the reader of pictures is not installed")]
    Absent,
    /// It took too long and was killed.
    #[error("the reader of pictures took too long")]
    TooLong,
    /// It ended without a text.
    #[error("the reader of pictures failed")]
    Failed,
}

/// What there is to read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Russian and English.
    Both,
    /// Russian is not installed.
    EnglishOnly,
    /// Neither, or no program.
    Nothing,
}

/// The reader. Cheap to clone; clones share the bound.
#[derive(Debug, Clone)]
pub struct Ocr {
    program: Arc<str>,
    patience: Duration,
    places: Arc<Semaphore>,
}

/// A place at the reader: while it is held, one fewer is free.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Ocr {
    /// As the settings say.
    pub fn from_settings(settings: &config::Payments) -> Self {
        let places = usize::try_from(settings.ocr_at_once).unwrap_or(2);
        Self::new(&settings.ocr_program, settings.ocr_timeout, places)
    }

    /// `program` is a name in `PATH` or a path.
    pub fn new(program: &str, patience: Duration, at_once: usize) -> Self {
        Self { program: program.into(), patience, places: Arc::new(Semaphore::new(at_once.max(1))) }
    }

    /// Takes a place, if one is free now.
    pub fn place(&self) -> Option<Place> {
        self.places.clone().try_acquire_owned().ok().map(Place)
    }

    /// Reads a page, a PNG. The text is a person's: it is never logged and never part of an error.
    pub async fn read(&self, _place: &Place, page: &Bytes) -> Result<String, OcrError> {
        let tries = async {
            let mut last = OcrError::Failed;
            for languages in LANGUAGES {
                match self.read_in(languages, page).await {
                    Err(OcrError::Failed) => last = OcrError::Failed,
                    done => return done,
                }
            }
            Err(last)
        };
        tokio::time::timeout(self.patience, tries).await.unwrap_or(Err(OcrError::TooLong))
    }

    async fn read_in(&self, languages: &str, page: &Bytes) -> Result<String, OcrError> {
        let arguments = ["stdin", "stdout", "-l", languages, "--psm", "4"];
        let mut child = self.command(&arguments).spawn().map_err(|error| absent(&error))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(OcrError::Failed);
        };
        let mut text = Vec::new();
        let mut output = output.take(TEXT_CAP);
        let write = async {
            // A program that ended early does not take the rest; its exit says why.
            let _ = input.write_all(page).await;
            drop(input);
        };
        let ((), read) = tokio::join!(write, output.read_to_end(&mut text));
        // The rest of a text that is too long would keep the program waiting for a reader.
        drop(output);
        read.map_err(|_| OcrError::Failed)?;
        let ended = child.wait().await.map_err(|_| OcrError::Failed)?;
        if ended.success() { Ok(String::from_utf8_lossy(&text).into_owned()) } else { Err(OcrError::Failed) }
    }

    /// What there is to read with, asked now.
    pub async fn look(&self) -> Reads {
        let asked = tokio::time::timeout(LOOK_PATIENCE, self.command(&["--list-langs"]).output()).await;
        let Ok(Ok(said)) = asked else { return Reads::Nothing };
        let listed = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
        let has = |language: &str| listed.lines().any(|line| line.trim() == language);
        match (has("rus"), has("eng")) {
            (true, true) => Reads::Both,
            (false, true) => Reads::EnglishOnly,
            _ => Reads::Nothing,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&*self.program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        // One thread each: the bound on how many read at once is the bound on what reading takes.
        command.env("OMP_THREAD_LIMIT", "1");
        command
    }
}

fn absent(error: &std::io::Error) -> OcrError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied => OcrError::Absent,
        _ => OcrError::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn program(folder: &std::path::Path, script: &str) -> String {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.join("reader");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }

    async fn read(program: &str, patience: Duration) -> Result<String, OcrError> {
        let ocr = Ocr::new(program, patience, 1);
        let place = ocr.place().unwrap();
        assert!(ocr.place().is_none(), "one at once");
        ocr.read(&place, &Bytes::from(vec![7; 300_000])).await
    }

    #[tokio::test]
    async fn a_missing_program_is_said() {
        let none = "/nonexistent/reader";
        assert_eq!(read(none, Duration::from_secs(20)).await, Err(OcrError::Absent));
        assert_eq!(Ocr::new(none, Duration::from_secs(1), 1).look().await, Reads::Nothing);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_fails_in_russian_is_tried_in_english() {
        let folder = tempfile::tempdir().unwrap();
        let path = program(folder.path(), "cat >/dev/null; [ \"$4\" = eng ] && echo \"read in $4\" || exit 1");
        assert_eq!(read(&path, Duration::from_secs(20)).await.as_deref(), Ok("read in eng\n"));
        let path = program(folder.path(), "exit 3");
        assert_eq!(read(&path, Duration::from_secs(20)).await, Err(OcrError::Failed));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_that_hangs_is_killed_and_one_that_talks_on_is_cut() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("ended");
        let script = format!("exec sleep 600; touch {}", mark.display());
        let path = program(folder.path(), &script);
        assert_eq!(read(&path, Duration::from_millis(100)).await, Err(OcrError::TooLong));
        assert!(!mark.exists());
        let path = program(folder.path(), "cat >/dev/null; yes");
        assert_eq!(read(&path, Duration::from_secs(20)).await, Err(OcrError::Failed), "a broken pipe ends it");
    }
}
