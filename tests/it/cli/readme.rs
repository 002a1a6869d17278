//! The README's promises that can be checked: its table of settings, its pictures, its links.

use std::fmt::Write as _;

use botyard::config::Settings;

use crate::util::env::{root, scratch};

const BEGIN: &str = "<!-- settings: made from src/config/defaults.toml; a test compares them -->\n";
const END: &str = "<!-- /settings -->";

fn table() -> String {
    let mut table = "| in the environment | in a file | default | |\n|---|---|---|---|\n".to_owned();
    for row in Settings::table() {
        let default = if row.default == "none" { "none".to_owned() } else { format!("`{}`", row.default) };
        let note = row.note.replace('|', "\\|").replace('<', "&lt;");
        writeln!(table, "| `{}` | `{}` | {default} | {note} |", row.name, row.key).unwrap();
    }
    table
}

#[test]
fn the_table_of_settings_is_the_programs() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once(BEGIN).expect("README.md has the table's beginning");
    let (shown, _) = rest.split_once(END).expect("README.md has the table's end");
    if shown != table() {
        let right = scratch().join("README-settings.md");
        std::fs::write(&right, table()).unwrap();
        panic!("the table of settings in README.md is old; the right one is in {}", right.display());
    }
}

#[test]
fn what_the_pages_lead_to_is_there_and_the_pictures_are_small() {
    for page in ["README.md", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let path = root().join(link);
            assert!(path.exists(), "{page} leads to {link}, which is not there");
            if path.extension().is_some_and(|extension| extension == "png") {
                assert!(path.metadata().unwrap().len() <= 300 * 1024, "{link} is too large for a page");
            }
        }
    }
}

#[test]
fn every_folder_and_file_of_the_source_is_on_the_map() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for folder in ["src", "tests/it"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if folder == "tests/it"
                && (name == "main.rs"
                    || root().join(folder).join(name.replace(".rs", "")).is_dir() && !entry.path().is_dir())
            {
                continue;
            }
            let shown = if folder == "src" && entry.path().is_dir() { format!("{name}/") } else { name };
            let ends = |after: char| format!(" {shown}{after}");
            assert!(
                map.contains(&format!("\n{shown} "))
                    || [' ', ',', ';', '/'].into_iter().any(|after| map.contains(&ends(after))),
                "{folder}/{shown} is not in ARCHITECTURE.md"
            );
        }
    }
}
