//! `botyard verify`: whether the sources and what is built into the program are fit to be shipped. Reads files, asks nobody.

mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use crate::bot::callback::Callback;
use crate::catalog::Catalog;
use crate::domain::Language;
use crate::texts::{Message, Texts};

pub(crate) const HELP: &str = "\
For a checkout of the sources, before a commit and in CI. Looks for secrets with its own rules (no other program is needed),
and at what is built into this program: the catalog, the buttons, the texts of all languages, the pairs of migrations.
Made-up values have `fake`, `test` or `example` in them; a file `.secrets-allow` may list others, one `path:line` a line.

Examples:
  botyard verify
  botyard verify path/to/checkout --json

Exit codes:
  0  nothing was found
  1  something was; each finding names its place, never a secret's value
  2  a wrong argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The checkout
    #[arg(default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

/// Buttons of each way through the bot, as Telegram brings them.
const BUTTONS: &[&str] = &[
    "back_to_menu",
    "cancel",
    "confirm_generate",
    "back_to_confirmation",
    "show_price_confirmation",
    "admin_stats",
    "set_param:aspect_ratio:16:9",
    "set_language:en",
];

/// One check: its name, what it says it looked at, and what it found.
struct Check {
    name: &'static str,
    looked_at: String,
    findings: Vec<String>,
}

pub(crate) fn run(args: &Args, out: &Out) -> Result<(), Failure> {
    if !args.folder.is_dir() {
        return Err(Failure::Usage(format!("{} is no folder", args.folder.display())));
    }
    let checks = [of_secrets(&args.folder)?, catalog(), buttons(), texts()?, migrations(&args.folder)?];
    let found: usize = checks.iter().map(|check| check.findings.len()).sum();
    if args.json {
        let checks: Vec<_> = checks
            .iter()
            .map(|c| json!({ "check": c.name, "looked_at": c.looked_at, "findings": c.findings }))
            .collect();
        out.json(&json!({ "ok": found == 0, "checks": checks }))?;
    } else {
        for check in &checks {
            let mark = if check.findings.is_empty() { "✓" } else { "✗" };
            out.line(&format!("{mark} {:<11} {}", check.name, check.looked_at));
            for finding in &check.findings {
                out.line(&format!("    {finding}"));
            }
        }
    }
    if found == 0 { Ok(()) } else { Err(Failure::Work(format!("{found} findings"))) }
}

fn of_secrets(folder: &Path) -> Result<Check, Failure> {
    let scan = secrets::scan_folder(folder)?;
    Ok(Check {
        name: "secrets",
        looked_at: format!("{} files, engine: built in, {} rules", scan.files, secrets::RULES),
        findings: scan.findings,
    })
}

/// Model, schema and prices agree: the catalog refuses to load otherwise, and says why.
fn catalog() -> Check {
    let (looked_at, mut findings) = match Catalog::embedded() {
        Err(error) => ("the embedded catalog".to_owned(), vec![error.to_string()]),
        Ok(catalog) => {
            let sold = catalog.models().iter().filter(|model| model.is_sellable()).count();
            (format!("{} models, {sold} sellable", catalog.models().len()), Vec::new())
        }
    };
    if let Ok(catalog) = Catalog::embedded() {
        let mut hashes: BTreeMap<&str, &str> = BTreeMap::new();
        for model in catalog.models() {
            if let Some(other) = hashes.insert(&model.hash, &model.id) {
                findings.push(format!("{} and {other} have one short hash", model.id));
            }
        }
    }
    Check { name: "catalog", looked_at, findings }
}

/// The compiler proves that each button has an answer; what is checked is that each is read back as what was written.
fn buttons() -> Check {
    let same = |data: &&&str| Callback::parse(data).is_some_and(|callback| callback.data() == ***data);
    let findings = BUTTONS
        .iter()
        .filter(|data| !same(data))
        .map(|data| format!("{data} is not read back as what it is"))
        .collect();
    let looked_at = format!("every one has a handler (proven by the compiler), {} read back", BUTTONS.len());
    Check { name: "buttons", looked_at, findings }
}

fn texts() -> Result<Check, Failure> {
    let texts = Texts::embedded()?;
    let by_key = |language| -> BTreeMap<String, Message> {
        texts.messages(language).into_iter().map(|message| (message.key.clone(), message)).collect()
    };
    let first = by_key(Language::Ru);
    let mut findings = Vec::new();
    for language in Language::ALL {
        let other = by_key(language);
        let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (first.keys().collect(), other.keys().collect());
        findings.extend(ours.difference(&theirs).map(|key| format!("{key} is missing in {}", language.code())));
        findings.extend(theirs.difference(&ours).map(|key| format!("{key} is only in {}", language.code())));
        let differ = other.iter().filter(|(key, message)| first.get(*key).is_some_and(|m| m.values != message.values));
        findings.extend(differ.map(|(key, _)| format!("{key} takes other values in {}", language.code())));
    }
    Ok(Check {
        name: "texts",
        looked_at: format!("{} keys in {} languages", first.len(), Language::ALL.len()),
        findings,
    })
}

/// The same names for both databases.
fn migrations(folder: &Path) -> Result<Check, Failure> {
    let names = |kind: &str| -> Result<BTreeSet<String>, Failure> {
        let path = folder.join("migrations").join(kind);
        let Ok(entries) = std::fs::read_dir(&path) else { return Ok(BTreeSet::new()) };
        let mut names = BTreeSet::new();
        for entry in entries {
            names.insert(entry?.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    };
    let (sqlite, postgres) = (names("sqlite")?, names("postgres")?);
    let findings: Vec<String> =
        sqlite.symmetric_difference(&postgres).map(|name| format!("{name} is in one folder only")).collect();
    Ok(Check { name: "migrations", looked_at: format!("{} pairs", sqlite.intersection(&postgres).count()), findings })
}
