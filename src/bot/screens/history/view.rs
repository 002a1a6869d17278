//! Results once more, in albums as they came: by Telegram's own copies, else the tenant's, else from the provider once more
//! (bot.md 10, «again from history»).

use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::jobs::{self, Asked, Reshow};
use crate::bot::screens::names::Named;
use crate::bot::screens::progress::not_found;
use crate::bot::screens::{Screen, home, result};
use crate::bot::turn::{Turn, arg};
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{FileKind, Keyboard, OutFile, Outgoing, Track};
use crate::domain::{GenerationId, GenerationState, Payer};
use crate::generation::{ItemKind, Summary, extension_of, file_stem, history};
use crate::store::{GenerationRow, ItemRow};
use crate::texts::Words;

/// Results that are sent at once (bot.md 4, `gen_view:`), and that an album holds.
const SHOWN: usize = 10;

/// Below the results: the ways on.
struct Below {
    /// Which generation.
    id: GenerationId,
    /// The model.
    model: Named,
}

impl Screen for Below {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("history-sent", arg("title", self.model.title(words)))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::RepeatGenerate(self.id.clone()).button(words.get("btn-history-repeat"))])
            .row([Callback::MyGenerations.button(words.get("btn-my-generations"))])
            .row([home(words)])
    }
}

/// «👁️ Показать результат».
pub async fn view(turn: &mut Turn<'_>, id: &GenerationId) -> Result<(), TurnError> {
    let found = turn.tx.generation_get(id).await?;
    match found.filter(|row| row.user_id == turn.user.user_id) {
        Some(row) => send_again(turn, &row).await,
        None => not_found(turn).await,
    }
}

/// Sends a delivered result once more. Where nothing is kept of it, the provider is asked once more.
pub(in crate::bot::screens) async fn send_again(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<(), TurnError> {
    if show_kept(turn, row).await? {
        return Ok(());
    }
    if !may_be_fetched(turn, row) {
        turn.alert(turn.words().get("result-expired"));
        return Ok(());
    }
    let job = Reshow { user: turn.user.user_id, generation: row.id.clone() };
    let asked = Asked { by: row.id.short(), corr: &turn.corr, run_at: turn.now };
    jobs::put_reshow(turn.tx, &job, asked, turn.now).await?;
    turn.wake_workers();
    turn.keep_pressed_message();
    turn.say(turn.words().get("result-fetching"), Keyboard::new(), Track::Nothing);
    Ok(())
}

/// Goes on when the provider has been asked once more, in a turn without an update.
pub async fn show_fetched(turn: &mut Turn<'_>, id: &GenerationId) -> Result<(), TurnError> {
    let Some(row) = turn.tx.generation_get(id).await? else { return Ok(()) };
    if !show_kept(turn, &row).await? {
        turn.notice(turn.words().get("result-expired"));
    }
    Ok(())
}

/// Whether the provider may have it still: it keeps results as long as we do.
fn may_be_fetched(turn: &Turn<'_>, row: &GenerationRow) -> bool {
    let asked = row.provider_task_id.is_some() && row.payer != Payer::DryRun;
    asked && is_delivered(row) && turn.now.since(row.created_at) < turn.platform.settings.retention.results
}

fn is_delivered(row: &GenerationRow) -> bool {
    matches!(row.state, GenerationState::Delivered | GenerationState::DeliveredLate)
}

/// Sends what is kept of a delivered result. `false`: nothing is.
async fn show_kept(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<bool, TurnError> {
    if !send_kept(turn, row, SHOWN).await? {
        return Ok(false);
    }
    let model = Named::of(turn.platform.catalog, &row.model_id);
    turn.keep_pressed_message();
    turn.show(&Below { id: row.id.clone(), model });
    Ok(true)
}

/// Sends at most `most` of the files that are kept of a delivered result, and nothing below them. `false`: none is kept.
pub(in crate::bot::screens) async fn send_kept(
    turn: &mut Turn<'_>,
    row: &GenerationRow,
    most: usize,
) -> Result<bool, TurnError> {
    let items = if is_delivered(row) { turn.tx.items_of(&row.id).await? } else { Vec::new() };
    let mut files = Vec::new();
    for item in items.iter().take(most) {
        if let Some(file) = file(turn, row, item).await? {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Ok(false);
    }
    let summary = summary(turn, row)?;
    let model = Named::of(turn.platform.catalog, &row.model_id);
    let mut caption = result::caption(turn.words(), &model, &summary);
    for files in batches(files) {
        let caption = std::mem::take(&mut caption);
        let again = Outgoing::Files { generation: row.id.clone(), files, caption, again: true };
        turn.push(again, MessageClass::MustArrive);
    }
    Ok(true)
}

/// An item as Telegram has it or as our own copy, if either is still kept.
async fn file(turn: &mut Turn<'_>, row: &GenerationRow, item: &ItemRow) -> Result<Option<OutFile>, TurnError> {
    let kind = match ItemKind::read(&item.kind) {
        ItemKind::File(kind) => kind,
        // A text was a message; its copy goes out as a file.
        ItemKind::Text | ItemKind::Link => FileKind::Document,
        ItemKind::Simulated => return Ok(None),
    };
    let kept = match &item.media_id {
        Some(media) => turn.tx.media_get(media).await?.filter(|kept| kept.expires_at > turn.now),
        None => None,
    };
    if kept.is_none() && item.file_id.is_none() {
        return Ok(None);
    }
    let (media, mime) = kept.map_or((None, String::new()), |kept| (Some(kept.id), kept.mime));
    let number = if item.item == 0 { String::new() } else { format!("_{}", item.item + 1) };
    let file_name = format!("{}{number}.{}", file_stem(&row.model_id, &row.id), extension_of(&mime));
    Ok(Some(OutFile { item: item.item, media, file_id: item.file_id.clone(), kind, mime, file_name }))
}

/// Photos and videos travel together, two to ten at once; the rest one by one, after them (bot.md 10).
fn batches(files: Vec<OutFile>) -> Vec<Vec<OutFile>> {
    let (visual, rest): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| matches!(file.kind, FileKind::Photo | FileKind::Video));
    let albums = visual.chunks(SHOWN).map(<[OutFile]>::to_vec);
    albums.chain(rest.into_iter().map(|file| vec![file])).collect()
}

fn summary(turn: &Turn<'_>, row: &GenerationRow) -> Result<Summary, TurnError> {
    let order = history::order_of(turn.tenant, row)?;
    Ok(turn.platform.catalog.model(&row.model_id).map(|model| order.summary(model)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{named, ru};
    use crate::domain::MediaId;

    fn out(item: i64, kind: FileKind) -> OutFile {
        let (mime, file_name) = ("image/png".to_owned(), "a.png".to_owned());
        OutFile { item, media: Some(MediaId::random()), file_id: None, kind, mime, file_name }
    }

    #[test]
    fn pictures_and_videos_go_as_an_album_and_the_rest_one_by_one() {
        let files =
            vec![out(0, FileKind::Audio), out(1, FileKind::Photo), out(2, FileKind::Video), out(3, FileKind::Document)];
        let items: Vec<Vec<i64>> =
            batches(files).iter().map(|batch| batch.iter().map(|file| file.item).collect()).collect();
        assert_eq!(items, [vec![1, 2], vec![0], vec![3]]);
    }

    #[test]
    fn below_the_results_stand_the_ways_on() {
        let id = GenerationId::from_short("abcdefghijkl").unwrap();
        insta::assert_snapshot!(ru(&Below { id, model: named("z-image") }), @"
            ⬆️ Z-Image: результат отправлен ещё раз.
            | 🔁 Повторить [gen_repeat:abcdefghijkl] |
            | 📚 Мои генерации [my_generations] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
