//! Every template is rendered by a struct or used by another template.

use std::collections::BTreeSet;

use regex::Regex;

use super::files::{carried, relative, rust};
use super::report;

#[test]
fn every_template_has_a_struct_or_a_page_that_includes_it() {
    let files: Vec<(String, String)> = carried()
        .iter()
        .filter_map(|path| {
            Some((relative(path).strip_prefix("templates/")?.to_owned(), std::fs::read_to_string(path).unwrap()))
        })
        .collect();
    let mut used: BTreeSet<String> = files.iter().flat_map(|(_, text)| mentioned(text)).collect();
    let sources = rust(&["src"]);
    used.extend(
        sources.iter().flat_map(crate::tidy::files::Source::tokens).filter_map(|token| token.text().map(str::to_owned)),
    );
    let unused: Vec<String> = files.into_iter().map(|(name, _)| name).filter(|name| !used.contains(name)).collect();
    report(
        "Templates that nothing renders:",
        "a page that no test reaches is broken without anybody noticing.",
        &unused,
    );
}

#[test]
fn no_template_says_that_a_value_is_safe() {
    let mark = Regex::new(r"\|\s*(safe|escape)\b|\{%[-~+]?\s*(autoescape|raw)\b").unwrap();
    let findings: Vec<String> = carried()
        .iter()
        .filter(|path| relative(path).starts_with("templates/"))
        .filter(|path| mark.is_match(&std::fs::read_to_string(path).unwrap()))
        .map(|path| relative(path))
        .collect();
    report(
        "Templates that leave values unescaped:",
        "what a person wrote would become markup (reliability.md T37); the list of exceptions is empty.",
        &findings,
    );
}

/// The templates that a template extends, includes or imports.
fn mentioned(text: &str) -> Vec<String> {
    let tag = Regex::new(r#"\{%[-~+]?\s*(?:extends|include|import)\s+"([^"]+)""#).unwrap();
    tag.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_uses_is_read() {
        let text =
            "{% extends \"base.html\" %}{%- include \"a/b.html\" -%}{% import \"c.html\" as c %}{{ \"d.html\" }}";
        assert_eq!(mentioned(text), ["base.html", "a/b.html", "c.html"]);
    }
}
