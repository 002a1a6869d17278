//! Puts the results of a generation into the outbox: albums of photos and videos first, then the rest one by one, texts as
//! messages (bot.md 10). Items that Telegram has already are left out.

use std::time::Duration;

use super::generation::words_of;
use crate::args;
use crate::bot::screens::{names, result};
use crate::domain::outgoing::{FileKind, OutFile, Outgoing};
use crate::domain::{GenerationId, MediaId, MessageClass};
use crate::generation::{self, GenerationError, ItemKind, extension_of, file_stem};
use crate::lifecycle::crash::crash_point;
use crate::store::{GenerationRow, ItemRow, JobRow};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::texts::{Words, escape_html};
use crate::worker::Workers;

/// Photos and videos in one album.
const ALBUM: usize = 10;
/// A longer text result goes as a document.
const TEXT: usize = 12_000;

/// Records everything of a result that Telegram does not have yet.
pub(super) async fn record(
    workers: &Workers,
    tenant: &Tenant,
    job: &JobRow,
    id: &GenerationId,
) -> Result<(), GenerationError> {
    crash_point("deliver.began");
    let platform = &workers.platform;
    let now = platform.clock.now();
    // Files are read before the transaction is open.
    let mut tx = platform.db.tenant_read(&tenant.id).await?;
    let Some(row) = tx.generation_get(id).await? else { return Ok(()) };
    let items: Vec<ItemRow> = tx.items_of(id).await?.into_iter().filter(|item| item.message_id.is_none()).collect();
    let mut mimes = Vec::with_capacity(items.len());
    for item in &items {
        let media = match &item.media_id {
            Some(media) => tx.media_get(media).await?,
            None => None,
        };
        mimes.push(media.map(|media| media.mime).unwrap_or_default());
    }
    let words = words_of(workers, tenant, &mut tx, &row).await?;
    drop(tx);
    let caption = caption(workers, tenant, &row, words)?;
    let mut messages = Vec::new();
    let mut files = Vec::new();
    for (item, mime) in items.iter().zip(&mimes) {
        match (ItemKind::read(&item.kind), &item.media_id) {
            (ItemKind::File(kind), Some(media)) => files.push(file(&row, item, media, kind, mime)),
            (kind, media) => messages.push(message(workers, tenant, &row, item, kind, media.as_ref(), words).await?),
        }
    }
    let mut all: Vec<Outgoing> = albums(files, id, &caption);
    all.extend(messages);
    let mut tx = platform.db.tenant(&tenant.id).await?;
    for (n, outgoing) in all.iter().enumerate() {
        let key = format!("gen:{}:{}:{n}", id.short(), job.id.short());
        let about = Say { chat: row.chat_id, class: MessageClass::MustArrive, key, corr: &row.corr, now };
        say(&mut tx, tenant, about, outgoing).await?;
    }
    tx.commit().await?;
    crash_point("deliver.committed");
    platform.signals.chat(&tenant.id, row.chat_id);
    Ok(())
}

fn caption(
    workers: &Workers,
    tenant: &Tenant,
    row: &GenerationRow,
    words: Words<'_>,
) -> Result<String, GenerationError> {
    let catalog = workers.platform.catalog;
    let deal = generation::deal_of(tenant, row)?;
    let summary = catalog.model(&row.model_id).map(|model| deal.order.summary(model)).unwrap_or_default();
    Ok(result::caption(words, &names::Named::of(catalog, &row.model_id), &summary))
}

fn file(row: &GenerationRow, item: &ItemRow, media: &MediaId, kind: FileKind, mime: &str) -> OutFile {
    let number = if row.items > 1 { format!("_{}", item.item + 1) } else { String::new() };
    OutFile {
        item: item.item,
        media: Some(media.clone()),
        file_id: None,
        kind,
        mime: mime.to_owned(),
        file_name: format!("{}{number}.{}", file_stem(&row.model_id, &row.id), extension_of(mime)),
    }
}

/// Albums of 2 to 10 photos and videos; what is left over alone, and every other kind, goes one by one.
fn albums(files: Vec<OutFile>, generation: &GenerationId, caption: &str) -> Vec<Outgoing> {
    let (visual, rest): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|f| matches!(f.kind, FileKind::Photo | FileKind::Video));
    let groups = visual.chunks(ALBUM).map(<[OutFile]>::to_vec).chain(rest.into_iter().map(|file| vec![file]));
    groups
        .enumerate()
        .map(|(n, files)| Outgoing::Files {
            generation: generation.clone(),
            files,
            caption: if n == 0 { caption.to_owned() } else { String::new() },
            again: false,
        })
        .collect()
}

/// What is no file: a text, a link to a file too large for Telegram, the word of a dry run.
async fn message(
    workers: &Workers,
    tenant: &Tenant,
    row: &GenerationRow,
    item: &ItemRow,
    kind: ItemKind,
    media: Option<&MediaId>,
    words: Words<'_>,
) -> Result<Outgoing, GenerationError> {
    let generation = row.id.clone();
    let text = |html: String| Outgoing::ResultText { generation: row.id.clone(), item: item.item, html };
    let Some(media) = media else { return Ok(text(words.get("dry-run"))) };
    if kind == ItemKind::Link {
        let link = link(workers, tenant, media);
        let life = words.span(workers.platform.settings.media.link_life);
        return Ok(text(words.fmt("file-too-large", args![link = link, time = life])));
    }
    let bytes = workers.media.get(tenant, media).await.map_err(GenerationError::from)?;
    let plain = String::from_utf8_lossy(&bytes);
    if plain.chars().count() > TEXT {
        let file = file(row, item, media, FileKind::Document, "text/plain");
        return Ok(Outgoing::Files { generation, files: vec![file], caption: String::new(), again: false });
    }
    let title = result::text_title(words, &names::Named::of(workers.platform.catalog, &row.model_id));
    Ok(text(format!("{title}\n\n{}", escape_html(&plain))))
}

/// Our own signed link to a file.
pub(super) fn link(workers: &Workers, tenant: &Tenant, media: &MediaId) -> String {
    let platform = &workers.platform;
    let life: Duration = platform.settings.media.link_life;
    let until = platform.clock.now().plus(life);
    let path = crate::accounts::downloads::path(&platform.vault, &tenant.id, media, until);
    format!("{}{path}", workers.public_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(kinds: &[FileKind]) -> Vec<OutFile> {
        let of = |(n, kind): (usize, &FileKind)| OutFile {
            item: i64::try_from(n).unwrap(),
            media: Some(MediaId::random()),
            file_id: None,
            kind: *kind,
            mime: String::new(),
            file_name: String::new(),
        };
        kinds.iter().enumerate().map(of).collect()
    }

    #[test]
    fn pictures_go_as_albums_and_sound_one_by_one() {
        let id = GenerationId::random();
        let mut kinds = vec![FileKind::Audio];
        kinds.extend([FileKind::Photo; 12]);
        kinds.push(FileKind::Document);
        let sizes: Vec<(usize, bool)> = albums(files(&kinds), &id, "c")
            .iter()
            .map(|o| match o {
                Outgoing::Files { files, caption, .. } => (files.len(), !caption.is_empty()),
                _ => (0, false),
            })
            .collect();
        assert_eq!(sizes, [(10, true), (2, false), (1, false), (1, false)]);
    }
}
