//! The configuration that this process runs under, for the platform's owner to read, and the one switch that is thrown here: new
//! generations of all bots (platform.md 3). Settings themselves are changed where they stand, followed by a restart.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::tz::TimeZone;

use crate::accounts::audit::{self, Act as Deed};
use crate::config::{SettingRow, SettingSource, SettingValue, Settings};
use crate::domain::AuditAction;
use crate::store::DbKind;
use crate::tenants::brake::{self, Scope, Stop};
use crate::texts::Words;
use crate::web::extract::{Desk, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::owner::models::refresh;
use crate::web::pages::panel::log::When;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// A setting.
struct Line {
    key: String,
    /// Its name in the environment.
    variable: String,
    value: String,
    note: String,
    source: String,
    /// Somebody said otherwise than the default.
    own: bool,
}

/// Settings of one kind.
struct Section {
    name: String,
    count: String,
    lines: Vec<Line>,
}

/// A switch that is pulled.
struct Pulled {
    /// The bot; none: all of them.
    bot: Option<String>,
    since: When,
    reason: String,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/owner/settings.html")]
struct Config<'a> {
    shell: Shell<'a>,
    facts: Vec<(String, String)>,
    /// The switch of all bots.
    stopped: Option<Pulled>,
    /// Those of single bots.
    stops: Vec<Pulled>,
    own: Vec<Line>,
    sections: Vec<Section>,
}

/// What holds.
pub(in crate::web) async fn show(desk: Desk) -> Result<Response, Failure> {
    let (platform, words) = (desk.platform(), desk.words());
    let stops = brake::all(&platform.db).await?;
    let (all, single): (Vec<Stop>, Vec<Stop>) = stops.into_iter().partition(|stop| stop.scope == Scope::All);
    let lines = |wanted: &dyn Fn(&SettingRow, &Line) -> bool| -> Vec<Line> {
        let all = Settings::table().into_iter();
        all.filter_map(|row| line(words, &platform.settings, &row).filter(|line| wanted(&row, line))).collect()
    };
    let mut sections: Vec<Section> = Vec::new();
    for section in section_names() {
        let lines = lines(&|row, _| section_of(row) == section);
        let count = words.plain("panel-config-count", crate::args![n = lines.len()]);
        sections.push(Section { name: words.get(&format!("panel-section-{section}")), count, lines });
    }
    let page = Config {
        shell: Shell::over(&desk, nav::CONFIG, words.get("panel-settings")),
        facts: facts(&desk),
        stopped: all.into_iter().next().map(|stop| pulled(&desk, stop)),
        stops: single.into_iter().map(|stop| pulled(&desk, stop)).collect(),
        own: lines(&|_, line| line.own),
        sections,
    };
    Ok(html(StatusCode::OK, &page))
}

fn section_of(row: &SettingRow) -> &str {
    row.key.split('.').next().unwrap_or_default()
}

/// The sections in their order.
fn section_names() -> Vec<String> {
    let mut names: Vec<String> = Settings::table().iter().map(|row| section_of(row).to_owned()).collect();
    names.dedup();
    names
}

fn line(words: Words<'_>, settings: &Settings, row: &SettingRow) -> Option<Line> {
    let shown = settings.shown.get(&row.key)?;
    let value = match &shown.value {
        SettingValue::Secret { set: true } => words.get("panel-config-set"),
        SettingValue::Secret { set: false } => words.get("panel-config-unset"),
        SettingValue::Plain(text) if text.is_empty() => words.get("panel-dash"),
        SettingValue::Plain(text) => text.clone(),
    };
    Some(Line {
        key: row.key.clone(),
        variable: row.name.clone(),
        value,
        note: row.note.clone(),
        source: words.get(source_key(shown.source)),
        own: shown.source != SettingSource::Default,
    })
}

const fn source_key(source: SettingSource) -> &'static str {
    match source {
        SettingSource::Default => "panel-config-from-default",
        SettingSource::File => "panel-config-from-file",
        SettingSource::Environment => "panel-config-from-environment",
        SettingSource::CommandLine => "panel-config-from-command-line",
    }
}

/// What follows from the settings: where things are.
fn facts(desk: &Desk) -> Vec<(String, String)> {
    let (platform, words) = (desk.platform(), desk.words());
    let settings = &platform.settings;
    let choose = |yes: bool, key: &str, other: &str| words.get(if yes { key } else { other });
    let database = if platform.db.kind() == DbKind::Sqlite { "SQLite" } else { "PostgreSQL" };
    let polled = settings.webhook.base_url.is_none();
    let fact = |key: &str, value: String| (words.get(key), value);
    vec![
        fact("panel-config-address", desk.state.public_url.to_string()),
        fact("panel-database", database.to_owned()),
        fact("panel-config-updates", choose(polled, "panel-config-polling", "panel-config-webhook")),
        fact("panel-config-locks", choose(settings.redis.url.is_some(), "panel-config-shared", "panel-config-process")),
        fact("panel-config-files", choose(settings.media.s3().is_some(), "panel-config-bucket", "panel-config-folder")),
    ]
}

fn pulled(desk: &Desk, stop: Stop) -> Pulled {
    Pulled {
        bot: stop.tenant().map(str::to_owned),
        since: When::new(desk.words(), &TimeZone::UTC, stop.since, desk.now),
        reason: stop.reason,
    }
}

fn back(what: &str) -> Response {
    Redirect::to(&format!("/panel/owner/settings?{what}")).into_response()
}

/// Stops new generations of all bots; what runs is finished.
pub(in crate::web) async fn stop(desk: Desk, form: OurForm) -> Result<Response, Failure> {
    let reason = form.text("reason");
    if reason.chars().count() > brake::REASON_MAX || reason.chars().any(char::is_control) {
        return Ok(back("problem=stop-reason"));
    }
    let mut tx = desk.over().await?;
    if !brake::stop(&mut tx, &Scope::All, reason, desk.now).await? {
        return Ok(back("done=same"));
    }
    let act = Deed::new(AuditAction::GenerationsStopped, "generations");
    let act = act.because(Some(reason).filter(|reason| !reason.is_empty()));
    audit::record_over(&mut tx, None, desk.actor(), act, desk.now).await?;
    tx.commit().await?;
    tracing::warn!("the platform's owner stopped new generations of all bots");
    refresh(&desk).await?;
    Ok(back("done=generations-stopped"))
}

/// Lets them go on.
pub(in crate::web) async fn start(desk: Desk, _form: OurForm) -> Result<Response, Failure> {
    let mut tx = desk.over().await?;
    if !brake::start(&mut tx, &Scope::All).await? {
        return Ok(back("done=same"));
    }
    let act = Deed::new(AuditAction::GenerationsStarted, "generations");
    audit::record_over(&mut tx, None, desk.actor(), act, desk.now).await?;
    tx.commit().await?;
    tracing::warn!("the platform's owner lets new generations of all bots go on");
    refresh(&desk).await?;
    Ok(back("done=generations-started"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;
    use crate::texts::Texts;

    #[test]
    fn every_section_has_a_name_in_each_language() {
        let texts = Texts::embedded().unwrap();
        assert!(section_names().len() > 20, "{:?}", section_names());
        for language in Language::ALL {
            for section in section_names() {
                assert!(texts.words(language).find(&format!("panel-section-{section}")).is_some(), "{section}");
            }
        }
    }
}
