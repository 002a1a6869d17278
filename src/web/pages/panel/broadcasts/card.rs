//! One broadcast: what it says, as Telegram shows it; while it is a draft, its confirmation, now or at a moment; later, how it
//! goes.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};

use super::{Line, hands, id, line};
use crate::accounts::Act;
use crate::args;
use crate::bot::acts;
use crate::bot::acts::broadcast::{AHEAD, Started};
use crate::bot::screens::broadcasts::pace;
use crate::domain::markup::{Marked, Run};
use crate::domain::{BroadcastState, ChatId, UnixMs};
use crate::generation::MediaError;
use crate::store::BroadcastRow;
use crate::web::extract::{At, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::panel::figures::count;
use crate::web::pages::panel::generations::unreadable;
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// What a draft says.
struct Preview {
    runs: Vec<Run>,
    /// The address of its picture.
    picture: Option<String>,
}

/// What there is to confirm.
struct Confirm {
    audience: String,
    minutes: String,
    /// The button's words: how many get it.
    button: String,
    /// The bot has not sent the draft to its author yet.
    travels: bool,
    /// Nobody would get it.
    nobody: bool,
    /// Another one is under way.
    busy: bool,
    /// The earliest moment, for the field.
    earliest: String,
    zone: String,
    /// Where its text can be changed, if it was composed here.
    edit: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "pages/panel/broadcast.html")]
struct Card<'a> {
    shell: Shell<'a>,
    line: Line,
    /// `None`: it was composed in the chat.
    preview: Option<Preview>,
    confirm: Option<Confirm>,
    reason: Option<String>,
    operates: bool,
    base: String,
}

/// One.
pub(in crate::web) async fn show(at: At, Path((_, text)): Path<(String, String)>) -> Result<Response, Failure> {
    let id = id(&text)?;
    let mut tx = at.reads().await?;
    let row = tx.broadcast_get(&id).await?.ok_or(Failure::NotFound)?;
    let draft = acts::broadcast::draft(&mut tx, &at.tenant, &id).await.map_err(unreadable)?;
    let title = match row.number {
        Some(number) => at.words().plain("panel-broadcast-number", args![n = number]),
        None => at.words().get("panel-broadcast-draft"),
    };
    let picture = draft.as_ref().is_some_and(|draft| draft.picture.is_some());
    let travels = row.state == BroadcastState::Draft && row.source_message.0 == 0;
    let shell = Shell::at(&at, nav::BROADCASTS, title);
    let page = Card {
        shell: if travels || row.state.is_unfinished() { shell.refreshing() } else { shell },
        line: line(&at, &row),
        confirm: if row.state == BroadcastState::Draft {
            let (audience, busy) = (tx.broadcast_audience().await?, tx.broadcast_unfinished().await?.is_some());
            let edit = draft.is_some().then(|| at.url(&format!("broadcasts/new?from={}", id.short())));
            Some(confirm(&at, audience, (busy, travels), edit))
        } else {
            None
        },
        preview: draft.map(|draft| Preview {
            runs: Marked::parse(&draft.text).map(|read| read.runs).unwrap_or_default(),
            picture: picture.then(|| at.url(&format!("broadcasts/{}/picture.img", id.short()))),
        }),
        reason: reason(&at, &row),
        operates: at.may(Act::Operate),
        base: at.url(""),
    };
    Ok(html(StatusCode::OK, &page))
}

fn confirm(at: &At, audience: i64, (busy, travels): (bool, bool), edit: Option<String>) -> Confirm {
    let minutes = pace(at.platform(), &at.tenant).map_or(0, |pace| acts::broadcast::minutes(pace, audience));
    let n = count(audience.unsigned_abs());
    Confirm {
        button: at.words().plain("panel-broadcast-start", args![n = n.clone()]),
        audience: n,
        minutes: at.words().plain("panel-broadcast-minutes", args![n = count(minutes)]),
        travels,
        nobody: audience == 0,
        busy,
        earliest: at.now.timestamp().to_zoned(at.tenant.zone().clone()).strftime("%Y-%m-%dT%H:%M").to_string(),
        zone: at.tenant.zone_name().to_owned(),
        edit,
    }
}

/// Why it waits.
fn reason(at: &At, row: &BroadcastRow) -> Option<String> {
    use crate::domain::PauseReason;
    let reason = row.pause_reason.filter(|_| row.state == BroadcastState::Paused)?;
    Some(at.words().get(match reason {
        PauseReason::SourceGone => "broadcast-paused-source",
        PauseReason::TokenRefused => "broadcast-paused-token",
    }))
}

/// The picture of one that was composed in the panel.
pub(in crate::web) async fn picture(at: At, Path((_, text)): Path<(String, String)>) -> Result<Response, Failure> {
    let mut tx = at.reads().await?;
    let draft = acts::broadcast::draft(&mut tx, &at.tenant, &id(&text)?).await.map_err(unreadable)?;
    let (media, mime) = draft.and_then(|draft| draft.picture).ok_or(Failure::NotFound)?;
    tx.media_get(&media).await?.filter(|row| row.expires_at > at.now).ok_or(Failure::FileGone)?;
    drop(tx);
    let content = at.state.media.get(&at.tenant, &media).await.map_err(|error| match error {
        MediaError::Gone => Failure::FileGone,
        error => {
            tracing::error!(%error, "the picture of a draft could not be read");
            Failure::Broken
        }
    })?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(&mime).map_err(|_| Failure::Broken)?);
    Ok((headers, Body::from(content)).into_response())
}

/// Sends it to who asks, once more.
pub(in crate::web) async fn test(
    at: At,
    Path((_, text)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let here = format!("broadcasts/{text}");
    let mut tx = at.writes().await?;
    let row = tx.broadcast_get(&id(&text)?).await?.ok_or(Failure::NotFound)?;
    let Some(person) = at.user() else { return Ok(at.problem(&here, "broadcast-no-chat")) };
    if row.source_message.0 == 0 {
        return Ok(at.problem(&here, "broadcast-travels"));
    }
    acts::broadcast::test(&mut tx, &hands(&at), &row, person).await.map_err(unreadable)?;
    tx.commit().await?;
    at.platform().signals.chat(&at.tenant.id, ChatId::from(person));
    Ok(at.done(&here, "broadcast-tested"))
}

/// Begins it, now or at the moment of the form.
pub(in crate::web) async fn start(
    at: At,
    Path((_, text)): Path<(String, String)>,
    form: OurForm,
) -> Result<Response, Failure> {
    let (id, here) = (id(&text)?, format!("broadcasts/{text}"));
    let mut tx = at.writes().await?;
    let row = tx.broadcast_get(&id).await?.ok_or(Failure::NotFound)?;
    if pace(at.platform(), &at.tenant).is_none() {
        return Ok(at.problem(&here, "broadcast-off"));
    }
    let typed = form.text("at");
    let Some(moment) = (if typed.is_empty() { Some(at.now) } else { moment(&at, typed) }) else {
        return Ok(at.problem(&here, "broadcast-moment"));
    };
    match acts::broadcast::start(&mut tx, &hands(&at), &id, moment).await? {
        Started::Nobody => Ok(at.problem(&here, "broadcast-nobody")),
        Started::Refused if row.state != BroadcastState::Draft => Ok(at.problem(&here, "broadcast-late")),
        Started::Refused if row.source_message.0 == 0 => Ok(at.problem(&here, "broadcast-travels")),
        Started::Refused => Ok(at.problem(&here, "broadcast-busy")),
        Started::Yes(_) => {
            tx.commit().await?;
            at.platform().signals.job();
            Ok(at.done(&here, if moment > at.now { "broadcast-planned" } else { "broadcast-started" }))
        }
    }
}

/// A moment of the bot's zone that is still to come and not too far away.
fn moment(at: &At, typed: &str) -> Option<UnixMs> {
    let civil: jiff::civil::DateTime = typed.parse().ok()?;
    let zoned = civil.to_zoned(at.tenant.zone().clone()).ok()?;
    let moment = UnixMs(zoned.timestamp().as_millisecond());
    (moment > at.now && moment <= at.now.plus(AHEAD)).then_some(moment)
}

/// Forgets a draft.
pub(in crate::web) async fn drop_draft(
    at: At,
    Path((_, text)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let id = id(&text)?;
    let mut tx = at.writes().await?;
    tx.broadcast_get(&id).await?.ok_or(Failure::NotFound)?;
    if !tx.broadcast_drop(&id).await? {
        return Ok(at.problem(&format!("broadcasts/{text}"), "broadcast-late"));
    }
    tx.commit().await?;
    Ok(at.done("broadcasts", "broadcast-dropped"))
}
