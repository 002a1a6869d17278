//! The light of a bot's ledger: what the check of every minute said last (decisions.md 10). Nothing is computed here.

use super::log::When;
use crate::args;
use crate::store::LedgerCheckRow;
use crate::web::extract::At;

/// The light.
pub(in crate::web::pages) struct Light {
    /// `ok`, `busy` while nobody has looked, `fail`.
    pub(in crate::web::pages) class: &'static str,
    pub(in crate::web::pages) text: String,
    pub(in crate::web::pages) when: Option<When>,
    /// How many rules are broken.
    pub(in crate::web::pages) count: i64,
    /// The first of them.
    pub(in crate::web::pages) faults: Vec<String>,
    /// Transfers in the chain.
    pub(in crate::web::pages) sealed: String,
}

/// As the last check found it.
pub(in crate::web::pages) fn light(at: &At, last: Option<LedgerCheckRow>) -> Light {
    let words = at.words();
    let Some(last) = last else {
        return Light {
            class: "busy",
            text: words.get("panel-ledger-unknown"),
            when: None,
            count: 0,
            faults: Vec::new(),
            sealed: super::figures::count(0),
        };
    };
    let red = last.faults > 0;
    Light {
        class: if red { "fail" } else { "ok" },
        text: if red {
            words.plain("panel-ledger-red", args![n = last.faults])
        } else {
            words.get("panel-ledger-green")
        },
        when: Some(When::new(words, at.tenant.zone(), last.checked_at, at.now)),
        count: last.faults,
        faults: last.detail.lines().map(str::to_owned).collect(),
        sealed: super::figures::count(last.sealed.unsigned_abs()),
    }
}
