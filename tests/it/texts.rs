//! The texts of all languages: complete, equal in what they take, safe where they are shown, exact where specified.

mod catalog;
mod forms;
mod languages;
mod places;
mod specified;

use std::collections::{BTreeMap, BTreeSet};

use botyard::domain::Language;
use botyard::texts::{Arg, Args, Message, Texts};

fn texts() -> Texts {
    Texts::embedded().unwrap()
}

fn by_key(texts: &Texts, lang: Language) -> BTreeMap<String, Message> {
    texts.messages(lang).into_iter().map(|m| (m.key.clone(), m)).collect()
}

/// Values that choose a form in any language, by key.
fn counts(texts: &Texts) -> BTreeMap<String, BTreeSet<String>> {
    let mut counts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for message in Language::ALL.into_iter().flat_map(|lang| texts.messages(lang)) {
        counts.entry(message.key).or_default().extend(message.counts);
    }
    counts
}

/// A value for everything a message takes.
fn sample(message: &Message, counts: &BTreeSet<String>, n: i64) -> Args {
    message.values.iter().fold(Args::new(), |args, name| {
        let value = if counts.contains(name) { Arg::from(n) } else { Arg::text("Tom & <Jerry>") };
        args.with(name.clone().leak(), value)
    })
}

/// Every message of every language, made as a message (`escaped`) or as a plain text.
fn every_text(escaped: bool) -> Vec<(Language, String, String)> {
    let texts = texts();
    let mut all = Vec::new();
    let counts = counts(&texts);
    for lang in Language::ALL {
        for message in texts.messages(lang) {
            let args = sample(&message, &counts[&message.key], 5);
            let text =
                if escaped { texts.get(lang, &message.key, &args) } else { texts.plain(lang, &message.key, &args) };
            all.push((lang, message.key, text));
        }
    }
    all
}
