//! The settings of a bot, page by page: what is typed is judged by the settings' own rules, all of a page or nothing is stored,
//! and each change is one line of the audit log (platform.md 6, bot.md 1.2).

mod fields;

use std::collections::HashSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use self::fields::{Kind, PAGES, Page, Shown, read, shown};
use super::generations::unreadable;
use crate::accounts::Act;
use crate::accounts::audit::{self, Act as Deed};
use crate::billing::FreeQuota;
use crate::bot::screens::Screen as _;
use crate::bot::screens::menu::Menu;
use crate::domain::settings::TenantSettings;
use crate::domain::{AuditAction, Money};
use crate::tenants::change::{self, Applied};
use crate::texts::{Words, key_part};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::html;
use crate::web::pages::nav::{self, Place};
use crate::web::pages::shell::Shell;

/// A field.
struct Field {
    name: &'static str,
    label: String,
    hint: Option<String>,
    kind: &'static str,
    shown: Shown,
    choices: Vec<String>,
    wrong: bool,
}

/// A bot's screen as its users see it.
struct Preview {
    text: String,
    buttons: Vec<String>,
}

/// A page of settings.
#[derive(Template)]
#[template(path = "pages/panel/settings.html")]
struct Settings<'a> {
    shell: Shell<'a>,
    path: &'static str,
    lead: String,
    tabs: Vec<Tab>,
    fields: Vec<Field>,
    wrong: bool,
    /// The tenants file always wins.
    managed: bool,
    owns: bool,
    preview: Option<Preview>,
    base: String,
}

impl Settings<'_> {
    /// A part of the requisites in words.
    fn part(&self, name: &str) -> String {
        self.shell.words.get(&format!("panel-requisites-{name}"))
    }
}

fn page_of(path: &str) -> Result<&'static Page, Failure> {
    PAGES.iter().find(|page| page.path == path).ok_or(Failure::NotFound)
}

fn place(page: &Page) -> Place {
    match page.path {
        "texts" => nav::TEXTS,
        "prices" => nav::MODELS,
        _ => nav::SETTINGS,
    }
}

/// Shows one.
pub(in crate::web) async fn show(at: At, Path((_, path)): Path<(String, String)>) -> Result<Response, Failure> {
    let page = page_of(&path)?;
    let mut tx = at.reads().await?;
    let managed = tx.settings_get().await?.ok_or(Failure::NotFound)?.managed;
    let settings = change::current(&mut tx).await.map_err(unreadable)?;
    let stored = stored(&settings)?;
    Ok(html(StatusCode::OK, &view(&at, page, &stored, &settings, managed, &HashSet::new())))
}

/// Stores one, or shows it again with what was typed and what is wrong.
pub(in crate::web) async fn save(
    at: At,
    Path((_, path)): Path<(String, String)>,
    form: OurForm,
) -> Result<Response, Failure> {
    let page = page_of(&path)?;
    let typed: Map<String, Value> =
        page.fields.iter().map(|(name, kind)| ((*name).to_owned(), read(&form, name, *kind))).collect();
    let mut tx = at.writes().await?;
    let before = change::current(&mut tx).await.map_err(unreadable)?;
    let here = format!("settings/{}", page.path);
    match change::apply(&mut tx, &typed, at.now).await.map_err(unreadable)? {
        Applied::Done(changes) => {
            for (name, was, became) in &changes {
                let object = format!("setting:{name}");
                // Requisites are a person's: that they changed is written, not what they are.
                let hidden = name == "sbp_requisites";
                let act = Deed::new(AuditAction::SettingChanged, &object);
                let act = if hidden { act } else { act.changed(Some(cut(was)), Some(cut(became))) };
                audit::record(&mut tx, at.actor(), act, at.now).await?;
            }
            tx.commit().await?;
            let platform = at.platform();
            let renewed = platform.tenants.refresh_one(&platform.db, &platform.vault, &at.tenant.id).await;
            renewed.map_err(unreadable)?;
            Ok(at.done(&here, if changes.is_empty() { "same" } else { "saved" }))
        }
        Applied::Managed => Ok(at.problem(&here, "managed")),
        Applied::Lost => Ok(at.problem(&here, "lost")),
        Applied::Wrong(problems) => {
            drop(tx);
            let wrong: HashSet<String> = problems.into_iter().map(|problem| problem.field).collect();
            let mut all = stored(&before)?;
            all.extend(typed);
            Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &view(&at, page, &all, &before, false, &wrong)))
        }
    }
}

/// What the audit log keeps of a long text.
fn cut(text: &str) -> &str {
    text.char_indices().nth(200).map_or(text, |(end, _)| &text[..end])
}

fn stored(settings: &TenantSettings) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(all)) => Ok(all),
        _ => Err(Failure::Broken),
    }
}

fn view<'a>(
    at: &'a At,
    page: &Page,
    stored: &Map<String, Value>,
    settings: &TenantSettings,
    managed: bool,
    wrong: &HashSet<String>,
) -> Settings<'a> {
    let words = at.words();
    let title = words.get(&format!("panel-settings-{}", page.path));
    Settings {
        shell: Shell::at(at, place(page), title),
        path: PAGES.iter().find(|known| known.path == page.path).map_or("", |known| known.path),
        lead: words.get(&format!("panel-settings-{}-lead", page.path)),
        tabs: if place(page) == nav::SETTINGS { tabs(at, &format!("settings/{}", page.path)) } else { Vec::new() },
        fields: page.fields.iter().map(|(name, kind)| field(words, name, *kind, stored, wrong)).collect(),
        wrong: !wrong.is_empty(),
        managed,
        owns: at.may(Act::Own),
        preview: (page.path == "texts").then(|| preview(at, settings)),
        base: at.url(""),
    }
}

/// A way to one of the pages that stand together.
pub(super) struct Tab {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) current: bool,
}

/// The pages that stand together under the settings: address, name. What the last ones do is the owner's.
const TOGETHER: [(&str, &str); 7] = [
    ("settings/general", "panel-settings-general"),
    ("settings/money", "panel-settings-money"),
    ("keys", "panel-keys"),
    ("api", "panel-api"),
    ("webhooks", "panel-hooks"),
    ("limits", "panel-limits"),
    ("data", "panel-data"),
];

/// The ways to all of them from `here`.
pub(super) fn tabs(at: &At, here: &str) -> Vec<Tab> {
    let seen = TOGETHER.iter().filter(|(path, _)| *path != "data" || at.may(Act::Own));
    seen.map(|(path, key)| Tab { href: at.url(path), name: at.words().get(key), current: *path == here }).collect()
}

fn field(
    words: Words<'_>,
    name: &'static str,
    kind: Kind,
    stored: &Map<String, Value>,
    wrong: &HashSet<String>,
) -> Field {
    let key = format!("panel-setting-{}", key_part(name));
    Field {
        name,
        label: words.get(&key),
        hint: words.find(&format!("{key}-hint")),
        kind: match kind {
            Kind::Text => "text",
            Kind::Switch => "switch",
            Kind::Choice(_) => "choice",
            Kind::Several(_) => "several",
            Kind::Requisites => "parts",
            Kind::Decimal | Kind::Whole => "number",
            Kind::Line | Kind::Amounts => "line",
        },
        shown: shown(stored, name, kind),
        choices: match kind {
            Kind::Choice(all) => all.iter().map(|one| (*one).to_owned()).collect(),
            _ => Vec::new(),
        },
        wrong: wrong.contains(name),
    }
}

/// The main menu with these texts, by the bot's own screen.
fn preview(at: &At, settings: &TenantSettings) -> Preview {
    let menu = Menu {
        brand: settings.brand.clone(),
        welcome: settings.welcome_text.clone(),
        whats_new: settings.whats_new.clone(),
        free: (settings.free_per_day > 0).then(|| {
            let n = i64::from(settings.free_per_day);
            (FreeQuota { left: n, total: n, bank: 0 }, settings.timezone.name().to_owned())
        }),
        available: Some(Money::ZERO),
        link: None,
        admin: false,
        user_mode: false,
    };
    let words = at.platform().texts.words(settings.default_language);
    let keyboard = menu.keyboard(words);
    Preview { text: without_tags(&menu.text(words)), buttons: keyboard.buttons().map(|b| b.text.clone()).collect() }
}

/// A screen's text as it reads: Telegram's tags are taken away, its escapes are read.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;
    use crate::texts::Texts;

    #[test]
    fn every_page_and_every_field_has_words() {
        let texts = Texts::embedded().unwrap();
        for language in Language::ALL {
            let words = texts.words(language);
            for page in PAGES {
                for key in [format!("panel-settings-{}", page.path), format!("panel-settings-{}-lead", page.path)] {
                    assert!(words.find(&key).is_some(), "{key}");
                }
                for (name, _) in page.fields {
                    assert!(words.find(&format!("panel-setting-{}", key_part(name))).is_some(), "{name}");
                }
            }
        }
    }

    #[test]
    fn a_preview_reads_as_the_screen_does() {
        assert_eq!(without_tags("<b>A &amp; B</b>\n1 &lt; 2"), "A & B\n1 < 2");
    }
}
