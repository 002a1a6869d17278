//! Pages of long lists: the address says after which row a page begins, and keeps the filters (platform.md 6).

use crate::domain::UnixMs;
use crate::web::extract::Desk;

/// Rows on a page.
pub(in crate::web::pages) const ROWS: i64 = 50;

/// Where a page begins: behind the row of this moment and name.
pub(in crate::web::pages) struct Cursor {
    pub(in crate::web::pages) at: UnixMs,
    pub(in crate::web::pages) id: String,
}

impl Cursor {
    /// From the address; what is no cursor is the beginning.
    pub(in crate::web::pages) fn of(desk: &Desk) -> Self {
        let read = |text: &str| {
            let (at, id) = text.split_once('.')?;
            let at = UnixMs(at.parse().ok()?);
            (id.len() <= 64).then(|| Self { at, id: id.to_owned() })
        };
        desk.asked("before").and_then(read).unwrap_or(Self { at: UnixMs(i64::MAX), id: String::new() })
    }

    /// As it stands in an address.
    pub(in crate::web::pages) fn text(at: UnixMs, id: &str) -> String {
        format!("{}.{id}", at.0)
    }
}

/// The ways to the pages around.
pub(in crate::web::pages) struct Pager {
    /// Back to the first page, unless this is it.
    pub(in crate::web::pages) newest: Option<String>,
    /// The next page, if there is one.
    pub(in crate::web::pages) older: Option<String>,
}

impl Pager {
    /// `rows` were asked for one more than a page has: that one says whether there is another page, and is taken away.
    pub(in crate::web::pages) fn cut<T>(desk: &Desk, rows: &mut Vec<T>, key: impl Fn(&T) -> String) -> Self {
        let page = usize::try_from(ROWS).unwrap_or(usize::MAX);
        let more = rows.len() > page;
        rows.truncate(page);
        let newest = desk.asked("before").map(|_| address(desk, &[("before", None)]));
        let last = rows.last().filter(|_| more).map(key);
        Self { newest, older: last.map(|key| address(desk, &[("before", Some(&key))])) }
    }
}

/// This page's query with some values set or taken away; never what was only said once.
pub(in crate::web::pages) fn address(desk: &Desk, changes: &[(&str, Option<&str>)]) -> String {
    let passing = ["lang", "done", "problem"];
    let mut query = url::form_urlencoded::Serializer::new(String::from("?"));
    for (name, value) in &desk.query {
        let replaced = changes.iter().any(|(of, _)| of == name);
        if !replaced && !passing.contains(&name.as_str()) && !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    for (name, value) in changes {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

/// A filter that is one of a few: a link each.
pub(in crate::web::pages) struct Chip {
    pub(in crate::web::pages) href: String,
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) current: bool,
}

/// The links of a filter; the first choice is the one that stands in no address.
pub(in crate::web::pages) fn chips(desk: &Desk, name: &str, choices: &[(&str, &str)]) -> Vec<Chip> {
    let asked = desk.asked(name).unwrap_or_default();
    let known = choices.iter().any(|(value, _)| *value == asked);
    let chip = |(at, (value, key)): (usize, &(&str, &str))| Chip {
        href: address(desk, &[(name, (at > 0).then_some(*value)), ("before", None)]),
        name: desk.words().get(key),
        current: if at == 0 { !known || *value == asked } else { *value == asked },
    };
    choices.iter().enumerate().map(chip).collect()
}
