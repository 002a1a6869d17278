//! S-13: every parameter of the draft, one row each.

use super::{Work, pressed, step};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::route;
use crate::bot::screens::{Screen, back, confirm, home, names};
use crate::bot::session::Stage;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Model, Param, Selection, default_of, missing_required};
use crate::domain::outgoing::{Button, Keyboard, Track};
use crate::texts::Words;

/// S-13.
pub struct Params<'a> {
    /// The model.
    pub model: &'a Model,
    /// What is chosen.
    pub selection: Selection,
    /// The tenant's preferred aspect ratio.
    pub preferred_ratio: String,
    /// Whether nothing required is missing.
    pub complete: bool,
}

impl Params<'_> {
    fn row(&self, words: Words<'_>, param: &Param) -> Button {
        let label = words.param(&param.name);
        let (key, value) = if let Some(value) = self.selection.get(&param.name) {
            ("btn-param-set", names::value(words, &param.name, value))
        } else {
            let default = default_of(self.model, param, Some(&self.preferred_ratio));
            let shown = default.map(|value| names::value(words, &param.name, &value));
            ("btn-param-unset", shown.unwrap_or_else(|| words.get("value-default")))
        };
        let args = arg("label", label).with("value", names::cut(&value, 30));
        Callback::EditParam(param.name.clone()).button(words.plain(key, args))
    }
}

impl Screen for Params<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let title = words.fmt("params-title", arg("title", names::title(words, self.model)));
        format!("{title}\n{}", words.get("params-hint"))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for param in &self.model.params {
            keyboard.push([self.row(words, param)]);
        }
        if self.complete {
            keyboard.push([Callback::ShowPriceConfirmation.button(words.get("btn-show-price"))]);
        }
        keyboard
            .row([back(words, &Callback::BackToConfirmation), home(words)])
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

/// Opens S-13.
pub async fn params(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(work) = pressed(turn).await? else { return Ok(()) };
    show(turn, work).await
}

/// Shows S-13.
pub(in crate::bot::screens) async fn show(turn: &mut Turn<'_>, mut work: Work<'_>) -> Result<(), TurnError> {
    let (model, draft) = (work.model, &mut work.draft);
    draft.stage = Stage::Params;
    draft.editing = false;
    let screen = Params {
        model,
        selection: draft.selection.clone(),
        preferred_ratio: turn.tenant.settings.preferred_aspect_ratio.clone(),
        complete: missing_required(model, draft.gen_type, &draft.selection).is_empty(),
    };
    turn.session.draft = Some(work.draft);
    turn.show_step(&screen, Track::Nothing);
    Ok(())
}

/// Asks one parameter anew, and comes back to S-13; from S-12 of an ordinary step it is that step again.
pub async fn edit(turn: &mut Turn<'_>, name: &str) -> Result<(), TurnError> {
    let Some(mut work) = pressed(turn).await? else { return Ok(()) };
    if work.model.param(name).is_none() {
        return route::stale(turn).await;
    }
    let same_step = work.param().is_some_and(|asked| asked.name == name);
    work.draft.editing = work.draft.editing || !same_step;
    step::ask(turn, work, name).await
}

/// «✅ Подтвердить и показать цену»: S-14, or the first question without an answer.
pub async fn to_confirmation(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(mut work) = pressed(turn).await? else { return Ok(()) };
    let missing = missing_required(work.model, work.draft.gen_type, &work.draft.selection);
    let Some(param) = missing.first().map(|p| p.name.clone()) else { return confirm::offer(turn, work).await };
    let words = turn.words();
    turn.toast(words.plain("fill-param", arg("param", words.param(&param))));
    work.draft.editing = false;
    step::ask(turn, work, &param).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{catalog, en, model, ru};
    use crate::catalog::Value;

    #[test]
    fn s13_has_a_row_for_every_parameter() {
        let selection = Selection::new()
            .with("prompt", Value::Text("Рыжий кот в шлеме космонавта смотрит на Землю".into()))
            .with("sound", Value::Bool(true));
        let model = model("kling-2.6/text-to-video");
        let screen = Params { model, selection, preferred_ratio: "9:16".to_owned(), complete: true };
        insta::assert_snapshot!(ru(&screen), @"
            ⚙️ <b>Параметры: Kling 2.6, из текста</b>
            Нажмите на строку, чтобы изменить значение.
            | ✅ Описание: Рыжий кот в шлеме космонавта… [edit_param:prompt] |
            | ✅ Звук: ✅ Да [edit_param:sound] |
            | ⚪ Соотношение сторон: 9:16 [edit_param:aspect_ratio] |
            | ⚪ Длительность, сек.: 5 [edit_param:duration] |
            | ✅ Подтвердить и показать цену [show_price_confirmation] |
            | ◀️ Назад [back_to_confirmation] | 🏠 Главное меню [back_to_menu] |
            | ❌ Отмена [cancel] |
            ");
        insta::assert_snapshot!(en(&screen), @"
            ⚙️ <b>Parameters: Kling 2.6 (text)</b>
            Tap a line to change its value.
            | ✅ Description: Рыжий кот в шлеме космонавта… [edit_param:prompt] |
            | ✅ Sound: ✅ Yes [edit_param:sound] |
            | ⚪ Aspect ratio: 9:16 [edit_param:aspect_ratio] |
            | ⚪ Duration, s: 5 [edit_param:duration] |
            | ✅ Confirm and show the price [show_price_confirmation] |
            | ◀️ Back [back_to_confirmation] | 🏠 Main menu [back_to_menu] |
            | ❌ Cancel [cancel] |
            ");
    }

    #[test]
    fn every_model_lists_its_parameters() {
        for model in catalog().models().iter().filter(|m| m.is_sellable()) {
            let selection = Selection::new();
            let screen = Params { model, selection, preferred_ratio: "9:16".to_owned(), complete: false };
            assert_eq!(ru(&screen).matches("edit_param:").count(), model.params.len(), "{}", model.id);
        }
    }
}
