//! The variables that `./test` exports, and the one way to skip a test: visibly.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A login role's URL on a private PostgreSQL; the role may create databases and roles and is no superuser.
pub(crate) const POSTGRES: &str = "BOTYARD_TEST_POSTGRES";
/// The same server's superuser: only for tests of how a superuser is refused.
pub(crate) const POSTGRES_SUPERUSER: &str = "BOTYARD_TEST_POSTGRES_SUPERUSER";
/// A private Redis, without a database number.
pub(crate) const REDIS: &str = "BOTYARD_TEST_REDIS";
/// The browser's program.
pub(crate) const CHROMIUM: &str = "BOTYARD_TEST_CHROMIUM";
/// The driver's program.
pub(crate) const CHROMEDRIVER: &str = "BOTYARD_TEST_CHROMEDRIVER";
/// The program that exercises the OpenAPI document; where it could not be installed its test is skipped.
pub(crate) const SCHEMATHESIS: &str = "BOTYARD_TEST_SCHEMATHESIS";
/// The reader of pictures, with Russian and English.
pub(crate) const TESSERACT: &str = "BOTYARD_TEST_TESSERACT";
/// A folder with the DejaVu fonts, which receipts are drawn with.
pub(crate) const FONTS: &str = "BOTYARD_TEST_FONTS";
/// A folder for screenshots; none are kept without it.
pub(crate) const SHOTS: &str = "BOTYARD_TEST_SHOTS";
/// The seed of one random history of the ledger, to play it again: what a failing run printed.
pub(crate) const LEDGER_SEED: &str = "BOTYARD_TEST_LEDGER_SEED";
/// The seed of one of the robot's random ways, to walk it again: what a run printed.
pub(crate) const ROBOT_SEED: &str = "BOTYARD_TEST_ROBOT_SEED";
/// Set by `./test --soak`: the full counts of reliability.md 4 and 5 instead of CI's (decisions.md 17).
const SOAK: &str = "BOTYARD_TEST_SOAK";
/// Set by `./test`: a skip is a failure.
const REQUIRE: &str = "BOTYARD_TEST_REQUIRE";

/// A variable's value; empty counts as not set.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests' counterpart of config/: the only place here that reads the environment"
)]
pub(crate) fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable's value, or `None` after saying that a test is skipped. The test must return at once.
///
/// The notice goes past the test harness's capture, once per variable and process, so that `cargo test` shows it.
pub(crate) fn read_or_skip(name: &'static str) -> Option<String> {
    static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let value = read(name);
    if value.is_none() {
        assert!(read(REQUIRE).is_none(), "{name} is not set, and {REQUIRE} says that nothing may be skipped");
        if SAID.lock().unwrap().insert(name) {
            let notice = format!("skipped: {name} is not set (./test runs these tests too)\n");
            std::io::stderr().write_all(notice.as_bytes()).unwrap();
        }
    }
    value
}

/// The same for what ./test does without where it cannot be had: the skip is said and is no failure.
pub(crate) fn read_or_say(name: &'static str) -> Option<String> {
    let value = read(name);
    if value.is_none() {
        let notice = format!("skipped: {name} is not set (./test installs what it names where it can)\n");
        std::io::stderr().write_all(notice.as_bytes()).unwrap();
    }
    value
}

/// `usual` in CI and on a developer's machine, `soak` under `./test --soak`.
pub(crate) fn count(usual: u64, soak: u64) -> u64 {
    if read(SOAK).is_some() { soak } else { usual }
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder that outlives one test: shared by the runs of one build, inside `target/`.
pub(crate) fn scratch() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soak_run_counts_higher() {
        assert_eq!(count(3, 60), if read(SOAK).is_some() { 60 } else { 3 });
    }
}
