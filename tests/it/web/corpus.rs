//! `xss_corpus` (reliability.md T37): a corpus of payloads through every field of every form of the panel, and through what
//! people are called; then every page is read: nothing of it is markup, and nothing of it is a formula in a file.

use std::collections::{BTreeMap, BTreeSet};

use botyard::domain::settings::TenantLimits;
use botyard::domain::{Corr, UserId};
use botyard::store::{Db, ErrorEntry};
use botyard::tenants::provision;
use botyard::web::router::routes;
use regex::Regex;
use reqwest::Method;

use super::rooms::{Room, furnish, guest};
use super::site::{Client, NOON, Site};
use crate::store::world::within;
use crate::util::db::on_each_db;

/// What attackers write. Each has the mark by which it is found again.
const PAYLOADS: &[&str] = &[
    "<script>qz7(1)</script>",
    "\"><img src=x onerror=qz7(2)>",
    "' onmouseover='qz7(3)' x='",
    "\" autofocus onfocus=\"qz7(4)",
    "</textarea><svg/onload=qz7(5)>",
    "</title></option></select><b>qz7</b>",
    "<!--qz7--><a href=\"javascript:qz7(7)\">",
    "javascript:qz7(8)//<qz7>",
    "{{qz7*7}}<%= qz7 %>${qz7}",
    "&lt;qz7&gt;<qz7 &#x3c;qz7>",
];
/// What a spreadsheet would reckon.
const FORMULAS: &[&str] =
    &["=HYPERLINK(\"https://evil.example/qz7\")", "+qz7+cmd|' /C calc'!A0", "-qz7", "@SUM(qz7)", "\tqz7"];

/// A form of a page: where it goes, and its fields with their values.
fn forms(body: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let form = Regex::new(r#"(?s)<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>"#).unwrap();
    let field = Regex::new(
        r#"(?s)<(?:input[^>]*?\sname="([^"]+)"[^>]*>|textarea[^>]*?\sname="([^"]+)"[^>]*>(.*?)</textarea>|select[^>]*?\sname="([^"]+)"[^>]*>(.*?)</select>)"#,
    )
    .unwrap();
    let value = Regex::new(r#"\svalue="([^"]*)""#).unwrap();
    let chosen = Regex::new(r"<option[^>]*?\sselected[^>]*>").unwrap();
    let first = |text: &str| value.captures(text).map_or_else(String::new, |found| read(&found[1]));
    form.captures_iter(body)
        .map(|found| {
            let fields = field.captures_iter(&found[2]).map(|tag| match (tag.get(1), tag.get(2), tag.get(4)) {
                (Some(input), ..) => (input.as_str().to_owned(), first(&tag[0])),
                (_, Some(area), _) => (area.as_str().to_owned(), read(&tag[3])),
                (.., Some(select)) => {
                    let option = chosen.find(&tag[5]).map_or(&tag[5], |option| option.as_str());
                    (select.as_str().to_owned(), first(option))
                }
                _ => unreachable!("one of them matched"),
            });
            (found[1].to_owned(), fields.collect())
        })
        .collect()
}

/// What a browser reads where a template has escaped a value.
fn read(text: &str) -> String {
    let signs = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    signs.iter().fold(text.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}

/// Whether a page shows a payload as it was written, so that a browser would take it for markup.
fn assert_inert(what: &str, body: &str) {
    for payload in PAYLOADS.iter().chain(FORMULAS) {
        let live = payload.contains(['<', '"', '\'']) && body.contains(payload);
        assert!(!live, "{what}: {payload} is there as it is");
    }
    // In a field's own value it is text; where a press leads it is not.
    let leads = ["href", "src", "action", "formaction"].map(|name| format!("{name}=\"javascript:"));
    assert!(!leads.iter().any(|live| body.contains(live)), "{what}: a press runs something");
    for live in ["<qz7", "<svg/", "<script>qz7", "<img src=x"] {
        assert!(!body.contains(live), "{what}: {live} is there");
    }
}

/// Cells of a file of commas, in quotes or bare.
fn cells(text: &str) -> Vec<String> {
    let cell = Regex::new(r#""((?:[^"]|"")*)"|([^",\r\n]+)"#).unwrap();
    let found = cell.captures_iter(text).filter_map(|found| found.get(1).or(found.get(2)));
    found.map(|cell| cell.as_str().replace("\"\"", "\"")).collect()
}

fn assert_no_formula(what: &str, text: &str) {
    let cells = cells(text);
    assert!(!cells.is_empty(), "{what} has no cell");
    for cell in cells {
        let number = cell.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let reckoned = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        assert!(!reckoned || number, "{what}: {cell:?} would be reckoned");
    }
}

/// Addresses that show something of the tenant, or of all of them.
fn shown(site: &Site, room: &Room) -> Vec<String> {
    let of_panel = |path: &str| path.starts_with("/panel/t/") || path.starts_with("/panel/owner");
    let mut all: Vec<String> = Vec::new();
    for address in routes(&site.state) {
        if !of_panel(address.path) || !address.methods.contains(&Method::GET) {
            continue;
        }
        if address.path.contains("{page}") {
            all.extend(
                ["texts", "prices", "money", "general"]
                    .map(|page| room.filled(&address.path.replace("{page}", page), site.a.as_str())),
            );
        }
        all.push(room.filled(address.path, site.a.as_str()));
    }
    all
}

/// Reads everything; gives the files of commas that were among it.
async fn read_all(client: &Client, paths: &[String]) -> usize {
    let mut files = 0;
    for path in paths {
        let page = client.get(path).await;
        assert!(page.status < 500 && page.status != 429, "{path}: {}", page.status);
        let kind = page.header("content-type").to_owned();
        if kind.starts_with("text/html") {
            assert_inert(path, &page.body);
            assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
        } else if kind.starts_with("text/csv") {
            assert_no_formula(path, &page.body);
            files += 1;
        }
    }
    files
}

/// People, errors and the bot's own words made of the corpus.
async fn infest(db: &Db, site: &Site) {
    for (n, payload) in PAYLOADS.iter().chain(FORMULAS).enumerate() {
        let user = UserId(6_000 + i64::try_from(n).unwrap());
        guest(db, &site.a, user, payload).await;
        within(db, &site.a, async |tx| {
            let corr = Corr::random();
            let entry = ErrorEntry {
                corr: &corr,
                stage: payload,
                handler: payload,
                class: payload,
                message: payload,
                update_id: None,
            };
            tx.error_put(&entry, NOON).await.unwrap();
        })
        .await;
    }
}

/// Fills in every form that these pages have, each field with the payload; gives the fields that were filled in.
async fn fill_in(client: &Client, paths: &[String], (round, payload): (usize, &str)) -> BTreeSet<String> {
    let (mut filled, mut sent) = (BTreeSet::new(), BTreeSet::new());
    for path in paths {
        for (action, fields) in forms(&client.get(path).await.body) {
            // What ends the session, or the room itself, is for other tests.
            if ["/sign-out", "/remove", "/off", "/stop"].iter().any(|end| action.ends_with(end))
                || !sent.insert(action.clone())
            {
                continue;
            }
            // All fields at once, and some by themselves beside what was there, each of them with some payload: what is wrong
            // elsewhere in the form hides nothing.
            let own: Vec<&String> = fields.keys().filter(|name| *name != "form_token").collect();
            let alone = own.iter().enumerate().filter(|(n, _)| (n + round).is_multiple_of(5));
            let mut ways: Vec<Vec<&String>> = alone.map(|(_, name)| vec![*name]).collect();
            ways.push(own.clone());
            for way in ways {
                let value = |name: &String| if way.contains(&name) { payload.to_owned() } else { fields[name].clone() };
                let form: Vec<(&str, String)> = fields.keys().map(|name| (name.as_str(), value(name))).collect();
                let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = client.post(&action, &form).await;
                assert!(answer.status < 500 && answer.status != 429, "{action}: {}", answer.status);
                assert!(
                    !answer.header("location").contains(['<', '"', '\n']),
                    "{action}: {}",
                    answer.header("location")
                );
                assert_inert(&action, &answer.body);
            }
            filled.extend(own.into_iter().map(|name| format!("{action} {name}")));
        }
    }
    filled
}

on_each_db! {
    async fn xss_corpus_through_every_field_of_every_form(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        infest(&db, &site).await;
        let limits = TenantLimits { panel_requests_per_minute: 1_000_000, ..TenantLimits::default() };
        provision::set_limits(&db, &site.a, &limits, NOON).await.unwrap();
        site.refresh().await;
        let (owner, platform) = (site.signed_in(&site.owner_a()).await, site.signed_in(&Site::platform_owner()).await);
        let paths = shown(&site, &room);
        let (of_owner, of_bot): (Vec<String>, Vec<String>) =
            paths.iter().cloned().partition(|path| path.starts_with("/panel/owner"));
        let mut fields = BTreeSet::new();
        for (round, payload) in PAYLOADS.iter().chain(FORMULAS).enumerate() {
            fields.extend(fill_in(&owner, &of_bot, (round, payload)).await);
            fields.extend(fill_in(&platform, &of_owner, (round, payload)).await);
        }
        assert!(fields.len() > 40, "{fields:#?}");
        for wanted in ["settings/texts brand", "settings/texts welcome_text", "knowledge text", "block reason"] {
            assert!(fields.iter().any(|field| field.ends_with(wanted)), "{wanted}: {fields:#?}");
        }
        site.refresh().await;
        let settings = &site.platform.tenants.get(&site.a).unwrap().settings;
        assert!(settings.brand.contains("qz7") && settings.welcome_text.contains("qz7"), "something came through");
        let files = read_all(&owner, &paths).await;
        assert!(files >= 3, "{files} files");
        read_all(&platform, &paths).await;
        let queries = ["<qz7>", "\"><img src=x onerror=qz7(2)>", "' onmouseover='qz7(3)' x='"];
        for query in queries {
            let query = url::form_urlencoded::byte_serialize(query.as_bytes()).collect::<String>();
            let asked: Vec<String> = paths
                .iter()
                .map(|path| format!("{path}?q={query}&ask={query}&class={query}&kind={query}&state={query}&before={query}&done={query}&problem={query}&markup={query}"))
                .collect();
            read_all(&owner, &asked).await;
        }
        site.stop().await;
    }
}

#[test]
fn the_corpus_finds_what_is_live() {
    let caught = |what: &str| std::panic::catch_unwind(|| assert_inert("planted", what)).is_err();
    assert!(caught("<p title=\"' onmouseover='qz7(3)' x='\">"));
    assert!(caught("<p><script>qz7(1)</script></p>"));
    assert!(!caught("<p>&#60;script&#62;qz7(1)&#60;/script&#62;</p>"));
    assert!(std::panic::catch_unwind(|| assert_no_formula("planted", "\"a\",\"=qz7\"\r\n")).is_err());
    assert_no_formula("fine", "\"'=qz7\",\"-12.50\"\r\n");
    let found = forms(
        "<form class=\"x\" method=\"post\" action=\"/a\"><input name=\"b\" value=\"&#60;c&#38;#62;\">\
         <textarea name=\"d\">e\n&#34;f&#34;</textarea><select name=\"g\"><option value=\"h\">h</option>\
         <option value=\"i\" selected>i</option></select></form>",
    );
    let fields =
        [("b", "<c&#62;"), ("d", "e\n\"f\""), ("g", "i")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(found, [("/a".to_owned(), fields.into())], "as a browser sends it");
}
