//! S-12: a choice that changes the price waits for agreement.

use super::{Work, answered, pressed};
use crate::bot::callback::{Callback, Chosen};
use crate::bot::error::TurnError;
use crate::bot::screens::purse::{Purse, Shown};
use crate::bot::screens::{Screen, home, names};
use crate::bot::session::Stage;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Param, Selection, Value, enum_from_ref, enum_ref};
use crate::domain::outgoing::{Keyboard, Track};
use crate::texts::Words;

/// S-12.
pub struct OptionPrice<'a> {
    /// What is chosen.
    pub param: &'a Param,
    /// Its new value; `None` leaves it out.
    pub value: Option<Value>,
    /// The price without it.
    pub before: Option<Shown>,
    /// The price with it.
    pub after: Option<Shown>,
    /// Opened from the list of parameters.
    pub editing: bool,
}

impl Screen for OptionPrice<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let name = &self.param.name;
        let value = self.value.as_ref().map_or_else(|| words.get("value-default"), |v| names::value(words, name, v));
        let price = |shown: Option<Shown>| shown.map_or_else(|| "—".to_owned(), |shown| shown.label(words));
        let args = arg("label", words.param(name)).with("value", value);
        words.fmt("option-price", args.with("before", price(self.before)).with("after", price(self.after)))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let name = self.param.name.clone();
        let confirm = Callback::ConfirmParam(name.clone(), chosen(&name, self.value.as_ref()));
        let mut keyboard = Keyboard::new()
            .row([confirm.button(words.get("btn-confirm"))])
            .row([Callback::EditParam(name).button(words.get("btn-option-back"))]);
        if self.editing {
            keyboard.push([Callback::ShowParameters.button(words.get("btn-to-params"))]);
        }
        keyboard.row([home(words)]).row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

fn chosen(name: &str, value: Option<&Value>) -> Chosen {
    match value.and_then(Value::as_text) {
        Some(text) => Chosen::Value(enum_ref(&format!("confirm_param:{name}:"), &text)),
        None => Chosen::Skip,
    }
}

/// What the draft would hold with the value.
pub(super) fn with(selection: &Selection, param: &str, value: Option<&Value>) -> Selection {
    let mut after = selection.clone();
    match value {
        Some(value) => after.set(param, value.clone()),
        None => drop(after.remove(param)),
    }
    after
}

/// Shows S-12 for a value.
pub(super) async fn ask(
    turn: &mut Turn<'_>,
    mut work: Work<'_>,
    param: &str,
    value: Option<Value>,
) -> Result<(), TurnError> {
    let Some(param) = work.model.param(param) else { return crate::bot::route::stale(turn).await };
    let purse = Purse::of(turn).await?;
    let after = with(&work.draft.selection, &param.name, value.as_ref());
    let screen = OptionPrice {
        param,
        before: purse.of_selection(work.model, &work.draft.selection),
        after: purse.of_selection(work.model, &after),
        value: value.clone(),
        editing: work.draft.editing,
    };
    work.draft.stage = Stage::OptionPrice { param: param.name.clone(), value };
    turn.session.draft = Some(work.draft);
    turn.show_step(&screen, Track::Nothing);
    Ok(())
}

/// «✅ Подтвердить» of S-12: applies the value if it is the one shown.
pub async fn confirm_value(turn: &mut Turn<'_>, name: &str, given: &Chosen) -> Result<(), TurnError> {
    let Some(mut work) = pressed(turn).await? else { return Ok(()) };
    let Stage::OptionPrice { param, value } = work.draft.stage.clone() else {
        turn.toast(turn.words().get("stale-button"));
        return super::show_current(turn, work).await;
    };
    let same = param == name && work.model.param(&param).is_some_and(|p| is_same(p, value.as_ref(), given));
    if !same {
        return ask(turn, work, &param, value).await;
    }
    work.draft.selection = with(&work.draft.selection, &param, value.as_ref());
    answered(turn, work, &param).await
}

fn is_same(param: &Param, pending: Option<&Value>, given: &Chosen) -> bool {
    match (pending.and_then(Value::as_text), given) {
        (None, Chosen::Skip) => true,
        (Some(pending), Chosen::Value(text)) => *text == pending || enum_from_ref(param, text) == Some(&pending),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, model, person, ru};

    fn screen(value: Option<Value>, editing: bool) -> OptionPrice<'static> {
        let model = model("kling-2.6/image-to-video");
        let purse = person();
        let after = with(&Selection::new(), "sound", value.as_ref());
        OptionPrice {
            param: model.param("sound").unwrap(),
            before: purse.of_selection(model, &Selection::new()),
            after: purse.of_selection(model, &after),
            value,
            editing,
        }
    }

    #[test]
    fn s12_says_what_it_was_and_what_it_becomes() {
        insta::assert_snapshot!(ru(&screen(Some(Value::Bool(true)), false)), @"
            Эта опция: Звук = ✅ Да
            Было: от 43.21 ₽
            Станет: от 86.43 ₽
            | ✅ Подтвердить [confirm_param:sound:true] |
            | ↩️ Назад [edit_param:sound] |
            | 🏠 Главное меню [back_to_menu] |
            | ❌ Отмена [cancel] |
            ");
        insta::assert_snapshot!(en(&screen(None, true)), @"
            This option: Sound = default
            Before: from 43.21 ₽
            After: from 43.21 ₽
            | ✅ Confirm [confirm_param:sound:__skip__] |
            | ↩️ Back [edit_param:sound] |
            | ⚙️ To parameters [show_parameters] |
            | 🏠 Main menu [back_to_menu] |
            | ❌ Cancel [cancel] |
            ");
    }

    #[test]
    fn only_the_value_that_was_shown_is_confirmed() {
        let param = model("kling-2.6/image-to-video").param("sound").unwrap();
        let yes = Some(&Value::Bool(true));
        assert!(is_same(param, yes, &Chosen::Value("true".to_owned())));
        assert!(!is_same(param, yes, &Chosen::Value("false".to_owned())));
        assert!(!is_same(param, yes, &Chosen::Skip));
        assert!(is_same(param, None, &Chosen::Skip));
    }
}
