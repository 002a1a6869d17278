//! Every setting that is documented does something: one that nobody reads is a promise not kept.

use std::collections::{BTreeMap, BTreeSet};

use super::files::rust;
use super::lexer::{Kind, Token, tokens};
use super::report;

/// A section's name and a field of it.
type Setting = (String, String);

/// What is read inside src/config/ only, and rightly so.
const CHECKED: [(&str, &str); 2] = [
    // Becomes a part of database.url.
    ("database", "password_file"),
    // Several processes need Postgres, Redis and a bucket: said at the start.
    ("server", "replicas"),
];

#[test]
fn every_setting_is_read() {
    let sources = rust(&["src"]);
    let (sections, others): (Vec<_>, Vec<_>) =
        sources.iter().partition(|source| source.path.starts_with("src/config/sections/"));
    let mut all = Sections::default();
    for section in &sections {
        all.declare(&section.shipped());
    }
    assert!(all.fields.len() > 150, "the sections are not found: {:?}", all.fields);
    // What a section's own function reads, it reads for others.
    let readers = sections.into_iter().chain(others.into_iter().filter(|s| !s.path.starts_with("src/config/")));
    let mut read: BTreeSet<Setting> = readers.flat_map(|source| all.read(&source.shipped())).collect();
    for (section, field) in CHECKED {
        let new = read.insert((section.to_owned(), field.to_owned()));
        assert!(new, "{section}.{field} needs no exception any more");
    }
    report("Nobody reads these settings:", "whoever sets one would wait in vain for an effect.", &all.unread(&read));
}

/// What the sections declare.
#[derive(Default)]
struct Sections {
    /// The names of sections by those of their types.
    types: BTreeMap<String, String>,
    fields: Vec<Setting>,
}

impl Sections {
    /// Takes down what `Name = "section" { field: Type = reader, … }` declares.
    fn declare(&mut self, tokens: &[Token]) {
        let mut section = None;
        for at in 1..tokens.len().saturating_sub(2) {
            let mark = |at: usize, mark| tokens[at].is_mark(mark);
            if let (Some(name), Some(ty)) = (tokens[at + 1].text(), tokens[at - 1].word())
                && mark(at, '=')
                && mark(at + 2, '{')
            {
                self.types.insert(ty.to_owned(), name.to_owned());
                section = Some(name.to_owned());
            }
            let begins = matches!(tokens[at - 1].kind, Kind::Mark('{' | ',' | ']' | ')'));
            let field = tokens[at].word().filter(|_| begins && mark(at + 1, ':') && !mark(at + 2, ':'));
            if let (Some(section), Some(field)) = (&section, field) {
                self.fields.push((section.clone(), field.to_owned()));
            }
            if mark(at, '}') {
                section = None;
            }
        }
    }

    /// The settings that a source may read: `….section.field`, or a field of a value of some other name where the section or
    /// its type is named at all.
    fn read(&self, tokens: &[Token]) -> BTreeSet<Setting> {
        let sections: BTreeSet<&String> = self.types.values().collect();
        let after_dot = |pair: &[Token]| pair[0].is_mark('.').then(|| pair[1].word().map(str::to_owned)).flatten();
        let taken: BTreeSet<String> = tokens.windows(2).filter_map(after_dot).collect();
        let words: BTreeSet<&str> = tokens.iter().filter_map(Token::word).collect();
        let by_type = self.types.iter().filter(|(ty, _)| words.contains(ty.as_str())).map(|(_, section)| section);
        let named: BTreeSet<&String> =
            sections.iter().copied().filter(|section| taken.contains(*section)).chain(by_type).collect();
        let mut read = BTreeSet::new();
        for of in tokens.windows(3).filter(|of| of[1].is_mark('.')) {
            let Some(field) = of[2].word() else { continue };
            match of[0].word().map(str::to_owned).filter(|word| sections.contains(word)) {
                Some(section) => {
                    read.insert((section, field.to_owned()));
                }
                None => read.extend(named.iter().map(|section| ((*section).clone(), field.to_owned()))),
            }
        }
        read
    }

    fn unread(&self, read: &BTreeSet<Setting>) -> Vec<String> {
        let missing = self.fields.iter().filter(|setting| !read.contains(*setting));
        missing.map(|(section, field)| format!("{section}.{field}")).collect()
    }
}

#[test]
fn a_setting_that_nobody_reads_is_found_although_another_section_has_one_of_its_name() {
    let mut all = Sections::default();
    all.declare(&tokens(
        "section! { /// Doc.\n Bot = \"bot\" { /// A.\n limit: Duration = span,\n rate: Rate = rate,\n life: Duration = span, } }\n\
         impl Bot { fn f(&self, x: u8) -> u8 { 1 } }\nsection! { Session = \"session\" { life: Vec<u8> = count(1..=9), } }",
    ));
    let names: Vec<String> = all.unread(&BTreeSet::new());
    assert_eq!(names, ["bot.limit", "bot.rate", "bot.life", "session.life"]);
    let unread = |source: &str| all.unread(&all.read(&tokens(source)));
    assert_eq!(unread("fn f() { let limit = settings.bot.rate; settings.session.life }"), ["bot.limit", "bot.life"]);
    assert_eq!(
        unread("fn f() { let rules = &settings.bot; g(rules.limit, rules.rate, rules.life) }"),
        ["session.life"]
    );
    assert_eq!(unread("fn f(rules: &Session) { rules.life }"), ["bot.limit", "bot.rate", "bot.life"]);
    assert_eq!(unread("fn f() { other.life }").len(), 4, "neither section is named");
}
