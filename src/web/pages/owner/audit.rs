//! What the platform's owner did: over all bots, in the platform's own chain, and to one of them, in that bot's (platform.md 6).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;

use crate::accounts::audit;
use crate::domain::BotInstanceId;
use crate::store::{OwnerAct, OwnerActPlace};
use crate::web::extract::Desk;
use crate::web::failure::Failure;
use crate::web::pages::panel::audit::{Entry, Proof, entry};
use crate::web::pages::panel::paging::{Cursor, Pager, ROWS};
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// The bot that an act concerns.
struct Bot {
    id: String,
    name: String,
    /// It has a page.
    there: bool,
}

/// An act.
struct Line {
    entry: Entry,
    bot: Option<Bot>,
}

/// The log.
#[derive(Template)]
#[template(path = "pages/owner/audit.html")]
struct Audit<'a> {
    shell: Shell<'a>,
    acts: Vec<Line>,
    proof: Proof,
    pager: Pager,
}

/// `?before=…`: the acts behind that one.
pub(in crate::web) async fn list(desk: Desk) -> Result<Response, Failure> {
    let mut tx = desk.platform().db.platform_read().await?;
    let mut rows = tx.owner_acts(&place(Cursor::of(&desk)), ROWS + 1).await?;
    let chain = audit::verify_over(&mut tx).await?;
    drop(tx);
    let pager = Pager::cut(&desk, &mut rows, |row| Cursor::text(row.act.at, &key(row)));
    let words = desk.words();
    let line = |row: OwnerAct| Line {
        bot: row.tenant.map(|tenant| bot(&desk, &tenant)),
        entry: entry(words, &TimeZone::UTC, desk.now, row.act),
    };
    let page = Audit {
        shell: Shell::over(&desk, nav::ACTS, words.get("panel-audit")),
        acts: rows.into_iter().map(line).collect(),
        proof: Proof::new(words, &TimeZone::UTC, (desk.now, desk.now), chain),
        pager,
    };
    Ok(html(StatusCode::OK, &page))
}

fn bot(desk: &Desk, tenant: &BotInstanceId) -> Bot {
    let live = desk.platform().tenants.get(tenant);
    let brand = live.as_ref().map(|live| live.settings.brand.clone()).filter(|brand| !brand.is_empty());
    Bot { id: tenant.to_string(), name: brand.unwrap_or_else(|| tenant.to_string()), there: live.is_some() }
}

/// Numbers are those of chains, so the bot's name belongs to the key: `17.my-bot`.
fn key(row: &OwnerAct) -> String {
    format!("{}.{}", row.act.seq, row.tenant.as_ref().map_or("", BotInstanceId::as_str))
}

/// What is no key is the beginning.
fn place(Cursor { at, id }: Cursor) -> OwnerActPlace {
    let read = || {
        let (seq, tenant) = id.split_once('.')?;
        Some(OwnerActPlace { at, tenant: tenant.to_owned(), seq: seq.parse().ok()? })
    };
    read().unwrap_or_else(OwnerActPlace::start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UnixMs;

    #[test]
    fn a_page_begins_behind_the_act_that_the_address_names() {
        let of = |id: &str| place(Cursor { at: UnixMs(7), id: id.to_owned() });
        let behind = |tenant: &str| OwnerActPlace { at: UnixMs(7), tenant: tenant.to_owned(), seq: 17 };
        assert_eq!((of("17.my.bot"), of("17.")), (behind("my.bot"), behind("")));
        for wrong in ["", "17", "x.my-bot"] {
            assert_eq!(of(wrong), OwnerActPlace::start(), "{wrong}");
        }
    }
}
