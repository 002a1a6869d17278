//! Results once more: from the tenant's own copies, in albums as they came (bot.md 10, «again from history»).

use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::names::Named;
use crate::bot::screens::progress::not_found;
use crate::bot::screens::{Screen, home, result};
use crate::bot::turn::{Turn, arg};
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{FileKind, Keyboard, OutFile, Outgoing};
use crate::domain::{GenerationId, GenerationState};
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

/// Sends what is kept of a delivered result; says so when nothing is.
pub(in crate::bot::screens) async fn send_again(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<(), TurnError> {
    let delivered = matches!(row.state, GenerationState::Delivered | GenerationState::DeliveredLate);
    let items = if delivered { turn.tx.items_of(&row.id).await? } else { Vec::new() };
    let mut files = Vec::new();
    for item in items.iter().take(SHOWN) {
        if let Some(file) = file(turn, row, item).await? {
            files.push(file);
        }
    }
    if files.is_empty() {
        turn.alert(turn.words().get("result-expired"));
        return Ok(());
    }
    let summary = summary(turn, row)?;
    let model = Named::of(turn.platform.catalog, &row.model_id);
    let mut caption = result::caption(turn.words(), &model, &summary);
    for files in batches(files) {
        let caption = std::mem::take(&mut caption);
        let again = Outgoing::Files { generation: row.id.clone(), files, caption };
        turn.push(again, MessageClass::MustArrive);
    }
    turn.keep_pressed_message();
    turn.show(&Below { id: row.id.clone(), model });
    Ok(())
}

/// An item's own copy, if it is still kept.
async fn file(turn: &mut Turn<'_>, row: &GenerationRow, item: &ItemRow) -> Result<Option<OutFile>, TurnError> {
    let kind = match ItemKind::read(&item.kind) {
        ItemKind::File(kind) => kind,
        // A text was a message; its copy goes out as a file.
        ItemKind::Text | ItemKind::Link => FileKind::Document,
        ItemKind::Simulated => return Ok(None),
    };
    let Some(media) = &item.media_id else { return Ok(None) };
    let Some(kept) = turn.tx.media_get(media).await?.filter(|kept| kept.expires_at > turn.now) else {
        return Ok(None);
    };
    let number = if item.item == 0 { String::new() } else { format!("_{}", item.item + 1) };
    let file_name = format!("{}{number}.{}", file_stem(&row.model_id, &row.id), extension_of(&kept.mime));
    Ok(Some(OutFile { item: item.item, media: media.clone(), kind, mime: kept.mime, file_name }))
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
        OutFile { item, media: MediaId::random(), kind, mime: "image/png".to_owned(), file_name: "a.png".to_owned() }
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
