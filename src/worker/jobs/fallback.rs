//! The next way of what Telegram refused: of a screen the minimal menu (bot.md 2.3); of a result an album's files alone, a
//! picture or film as a document, a document as our own link (bot.md 10). Each way is a message of its own in the outbox, so
//! each is tried once, whatever happens in between.

use super::generation::words_of;
use super::results::link;
use crate::args;
use crate::bot::jobs::{self, Asked, Reshow};
use crate::bot::screens::menu;
use crate::domain::outgoing::{FileKind, Keyboard, OutFile, Outgoing, Track};
use crate::domain::{ChatId, OutboxState, UnixMs, UserId};
use crate::generation::GenerationError;
use crate::store::{OutboxRow, TenantTx};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::worker::Workers;

/// Ends a refused message and records the next way of what it carried, in one transaction. `false`: there is none.
pub(in crate::worker) async fn record(
    workers: &Workers,
    tenant: &Tenant,
    (chat, row): (ChatId, &OutboxRow),
    outgoing: &Outgoing,
    why: &str,
) -> Result<bool, GenerationError> {
    let Outgoing::Files { generation, files, caption, again } = outgoing else {
        return smaller_screen(workers, tenant, chat, row, outgoing, why).await;
    };
    let platform = &workers.platform;
    let now = platform.clock.now();
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(made) = tx.generation_get(generation).await? else { return Ok(false) };
    let next = match files.as_slice() {
        [file] => match next_kind(file.kind) {
            Some(kind) => {
                let file = OutFile { kind, file_id: None, ..file.clone() };
                vec![files_message(outgoing, file, caption.clone())]
            }
            None => linked(workers, tenant, &mut tx, outgoing, now).await?.into_iter().collect(),
        },
        several => several
            .iter()
            .enumerate()
            .map(|(n, file)| {
                let caption = if n == 0 { caption.clone() } else { String::new() };
                files_message(outgoing, file.clone(), caption)
            })
            .collect(),
    };
    if next.is_empty() || !tx.outbox_finish(&row.id, row.attempt, OutboxState::Dead, why).await? {
        return Ok(false);
    }
    tracing::info!(tenant = %tenant.id, generation = %generation, ways = next.len(), again, "a refused result takes another way");
    for (n, outgoing) in next.iter().enumerate() {
        let key = format!("{}:next:{n}", row.id);
        say(&mut tx, tenant, Say { chat: made.chat_id, class: row.class, key, corr: &row.corr, now }, outgoing).await?;
    }
    tx.commit().await?;
    platform.signals.chat(&tenant.id, made.chat_id);
    Ok(true)
}

/// Ends a screen that Telegram does not take, and records the minimal menu in its place, then plain words with /start: the menu
/// must not vanish (bot.md 2.3). `false`: there is no other way.
async fn smaller_screen(
    workers: &Workers,
    tenant: &Tenant,
    chat: ChatId,
    row: &OutboxRow,
    outgoing: &Outgoing,
    why: &str,
) -> Result<bool, GenerationError> {
    let Outgoing::Screen { track: Track::Nothing, .. } = outgoing else { return Ok(false) };
    let platform = &workers.platform;
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(user) = tx.user_get(UserId(chat.0)).await? else { return Ok(false) };
    let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
    let screen = |html, keyboard| Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
    let (title, keyboard) = menu::minimal(words);
    let (minimal, plain) = (screen(title, keyboard), screen(words.get("menu-plain"), Keyboard::new()));
    let next = if *outgoing == minimal { &plain } else { &minimal };
    if *outgoing == plain || !tx.outbox_finish(&row.id, row.attempt, OutboxState::Dead, why).await? {
        return Ok(false);
    }
    tracing::warn!(tenant = %tenant.id, corr = %row.corr, "Telegram does not take a screen: a smaller one takes its place");
    let (key, now) = (format!("{}:smaller", row.id), platform.clock.now());
    say(&mut tx, tenant, Say { chat, class: row.class, key, corr: &row.corr, now }, next).await?;
    tx.commit().await?;
    platform.signals.chat(&tenant.id, chat);
    Ok(true)
}

/// A result that was asked for once more, of which neither Telegram nor we have a copy any more: what we noted of them is
/// forgotten, and the provider is asked. `false`: nothing of the kind.
pub(in crate::worker) async fn bring_anew(
    workers: &Workers,
    tenant: &Tenant,
    row: &OutboxRow,
    outgoing: &Outgoing,
    why: &str,
) -> Result<bool, GenerationError> {
    let Outgoing::Files { generation, files, again: true, .. } = outgoing else { return Ok(false) };
    let platform = &workers.platform;
    let now = platform.clock.now();
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(made) = tx.generation_get(generation).await? else { return Ok(false) };
    if !tx.outbox_finish(&row.id, row.attempt, OutboxState::Dead, why).await? {
        return Ok(false);
    }
    for file in files {
        tx.item_forget_copies(generation, file.item).await?;
    }
    let job = Reshow { user: made.user_id, generation: made.id };
    jobs::put_reshow(&mut tx, &job, Asked { by: job.generation.short(), corr: &row.corr, run_at: now }, now).await?;
    tx.commit().await?;
    platform.signals.job();
    Ok(true)
}

/// As what a file goes that Telegram did not take as `kind`; `None`: as a link.
const fn next_kind(kind: FileKind) -> Option<FileKind> {
    match kind {
        FileKind::Voice => Some(FileKind::Audio),
        FileKind::Photo | FileKind::Video | FileKind::Animation | FileKind::Audio => Some(FileKind::Document),
        FileKind::Document => None,
    }
}

fn files_message(like: &Outgoing, file: OutFile, caption: String) -> Outgoing {
    match like {
        Outgoing::Files { generation, again, .. } => {
            Outgoing::Files { generation: generation.clone(), files: vec![file], caption, again: *again }
        }
        other => other.clone(),
    }
}

async fn linked(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    outgoing: &Outgoing,
    now: UnixMs,
) -> Result<Option<Outgoing>, GenerationError> {
    let Outgoing::Files { generation, files, .. } = outgoing else { return Ok(None) };
    let (Some(row), [file]) = (tx.generation_get(generation).await?, files.as_slice()) else { return Ok(None) };
    let Some(media) = &file.media else { return Ok(None) };
    // A link must lead somewhere.
    if tx.media_get(media).await?.is_none_or(|kept| kept.expires_at <= now) {
        return Ok(None);
    }
    let words = words_of(workers, tenant, tx, &row).await?;
    let life = words.span(workers.platform.settings.media.link_life);
    let html = words.fmt("file-refused", args![link = link(workers, tenant, media), time = life]);
    Ok(Some(Outgoing::ResultText { generation: generation.clone(), item: file.item, html }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_ends_as_a_link_after_at_most_two_other_ways() {
        for kind in [FileKind::Photo, FileKind::Video, FileKind::Audio, FileKind::Voice, FileKind::Animation] {
            let ways: Vec<FileKind> = std::iter::successors(Some(kind), |kind| next_kind(*kind)).collect();
            assert_eq!(ways.last(), Some(&FileKind::Document), "{kind:?}");
            assert!(ways.len() <= 3, "{ways:?}");
        }
    }
}
