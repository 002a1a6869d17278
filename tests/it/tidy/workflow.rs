//! The workflow of every push against what ./test asks for: tools/services.sh installs nothing where it is not root.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;

use super::report;
use crate::util::env::root;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn the_workflow_brings_all_that_the_tests_ask_for() {
    report(
        ".github/workflows/ci.yml:",
        "tools/services.sh ends the run with what is missing, before the first test.",
        &lint(&read(".github/workflows/ci.yml"), &read("tools/services.sh")),
    );
}

/// What the workflow lacks.
fn lint(workflow: &str, services: &str) -> Vec<String> {
    let workflow: Value = serde_saphyr::from_str(workflow).unwrap();
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    let commands: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let installed: BTreeSet<&str> = commands
        .iter()
        .flat_map(|run| run.split("apt-get install").skip(1))
        .flat_map(|rest| rest.split(['\n', '&', ';']).next().unwrap_or_default().split_whitespace())
        .filter(|word| !word.starts_with('-'))
        .collect();
    let check = steps.iter().find(|step| step["run"].as_str().is_some_and(|run| run.contains(".ci/run")));
    let named = |variable: &str| check.is_some_and(|step| step["env"][variable].is_string());
    wanted(services)
        .into_iter()
        .filter(|(variable, package)| !installed.contains(package.as_str()) && !named(variable))
        .map(|(variable, package)| {
            format!("{package} is not installed, and no {variable} of the machine's own is named")
        })
        .collect()
}

/// The variable that tools/services.sh fills, and the Debian package without which it is empty.
fn wanted(services: &str) -> Vec<(String, String)> {
    let line = Regex::new(r#"(?m)^\s*\[ -n "\$(\w+)" \].*missing\+=\(([^)]*)\)$"#).unwrap();
    let found: Vec<_> = line.captures_iter(services).collect();
    assert_eq!(found.len(), services.matches("missing+=(").count(), "a package is asked for in another way");
    let each = |found: &regex::Captures<'_>| {
        let variable = found[1].to_owned();
        found[2].split_whitespace().map(move |package| (variable.clone(), package.to_owned())).collect::<Vec<_>>()
    };
    found.iter().flat_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_planted_fault_is_found() {
        let (workflow, services) = (read(".github/workflows/ci.yml"), read("tools/services.sh"));
        assert!(wanted(&services).len() > 6, "{:?}", wanted(&services));
        for gone in
            ["postgresql ", "redis-server ", "tesseract-ocr-rus ", "fonts-dejavu-core ", "CHROMEDRIVER: chromedriver"]
        {
            let bad = workflow.replace(gone, if gone.contains(':') { "OTHER: x" } else { "" });
            assert_ne!(bad, workflow, "{gone}");
            assert_eq!(lint(&bad, &services).len(), 1, "{gone}: {:?}", lint(&bad, &services));
        }
        let more = services.replace("missing+=(redis-server)", "missing+=(redis-server jq)");
        assert_eq!(lint(&workflow, &more).len(), 1);
    }
}
