//! The bot's secrets: its token and its own key at the generation service. None is ever shown again; each change wants a fresh
//! confirmation by the bot (reliability.md 3.8).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::generations::unreadable;
use super::settings::{Tab, tabs};
use crate::accounts::Act;
use crate::accounts::audit::{self, Act as Deed};
use crate::domain::{AuditAction, BotToken, Secret};
use crate::tenants::secrets::{self, Replaced};
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Characters of a key.
const KEY: std::ops::RangeInclusive<usize> = 8..=200;

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/keys.html")]
struct Keys<'a> {
    shell: Shell<'a>,
    tabs: Vec<Tab>,
    /// Whose key generations are made with: `own`, `shared` or `none`.
    key: &'static str,
    owns: bool,
    managed: bool,
    base: String,
}

/// Whether each is set.
pub(in crate::web) async fn show(at: At) -> Result<Response, Failure> {
    let managed = at.reads().await?.settings_get().await?.ok_or(Failure::NotFound)?.managed;
    let page = Keys {
        shell: Shell::at(&at, nav::SETTINGS, at.words().get("panel-keys")),
        tabs: tabs(&at, "keys"),
        key: match (at.tenant.provider_key.is_some(), at.platform().settings.kie.api_key.is_some()) {
            (true, _) => "own",
            (false, true) => "shared",
            (false, false) => "none",
        },
        owns: at.may(Act::Own),
        managed,
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

async fn managed(at: &At) -> Result<bool, Failure> {
    Ok(at.reads().await?.settings_get().await?.is_some_and(|settings| settings.managed))
}

async fn renew(at: &At) -> Result<(), Failure> {
    let platform = at.platform();
    platform.tenants.refresh_one(&platform.db, &platform.vault, &at.tenant.id).await.map_err(unreadable)
}

/// Another token of the same bot.
pub(in crate::web) async fn token(at: At, form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    if managed(&at).await? {
        return Ok(at.problem("keys", "managed"));
    }
    let Ok(token) = BotToken::parse(form.text("token")) else { return Ok(at.problem("keys", "token-shape")) };
    let platform = at.platform();
    let replaced = secrets::replace_token(&platform.db, &platform.vault, &at.tenant, &token, at.now).await;
    match replaced.map_err(unreadable)? {
        Replaced::OtherBot => return Ok(at.problem("keys", "token-other")),
        Replaced::Same => return Ok(at.done("keys", "same")),
        Replaced::Done => {}
    }
    let mut tx = at.writes().await?;
    audit::record(&mut tx, at.actor(), Deed::new(AuditAction::TokenReplaced, "bot_token"), at.now).await?;
    tx.commit().await?;
    renew(&at).await?;
    Ok(at.done("keys", "token"))
}

/// The bot's own key, or none: an empty field takes it away.
pub(in crate::web) async fn provider(at: At, form: OurForm) -> Result<Response, Failure> {
    at.confirmed_by_bot()?;
    if managed(&at).await? {
        return Ok(at.problem("keys", "managed"));
    }
    let text = form.text("key");
    let fits = text.is_empty() || KEY.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if !fits {
        return Ok(at.problem("keys", "key-shape"));
    }
    let key = (!text.is_empty()).then(|| Secret::new(text.to_owned()));
    let mut tx = at.writes().await?;
    secrets::set_provider_key(&mut tx, &at.tenant, key.as_ref(), at.now).await.map_err(unreadable)?;
    let word = |set: bool| Some(if set { "set" } else { "none" });
    let act = Deed::new(AuditAction::ProviderKeySet, "provider_key");
    let act = act.changed(word(at.tenant.provider_key.is_some()), word(key.is_some()));
    audit::record(&mut tx, at.actor(), act, at.now).await?;
    tx.commit().await?;
    renew(&at).await?;
    Ok(at.done("keys", "key"))
}
