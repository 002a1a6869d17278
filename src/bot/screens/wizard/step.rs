//! S-11: one question of the wizard.

use super::Work;
use crate::billing::FreeQuota;
use crate::bot::callback::{Callback, Chosen};
use crate::bot::error::TurnError;
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{Screen, back, home, lines, menu, names};
use crate::bot::session::Stage;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{
    Media, Model, Param, ParamKind, QuantityRule, Selection, Value, callback_ref, default_of, enum_ref, is_needed,
    offered_values, price_with, steps,
};
use crate::domain::outgoing::{Button, Keyboard, Track};
use crate::texts::Words;

/// Values beyond this many are typed, not pressed: Telegram takes 100 buttons.
const VALUES: usize = 90;

/// S-11.
pub struct Step<'a> {
    /// The model.
    pub model: &'a Model,
    /// What is asked.
    pub param: &'a Param,
    /// What is chosen so far.
    pub selection: Selection,
    /// «Шаг 2/4»; `None` when one value is changed.
    pub place: Option<(usize, usize)>,
    /// Whether an answer is required.
    pub needed: bool,
    /// The value when nothing is chosen.
    pub default: Option<Value>,
    /// Whose prices.
    pub purse: Purse,
    /// Free generations and their zone, while one would pay for this.
    pub free: Option<(FreeQuota, String)>,
    /// Where «◀️ Назад» leads.
    pub parent: Callback,
}

impl<'a> Step<'a> {
    /// The question for a draft.
    pub(super) fn of(turn: &Turn<'_>, work: &Work<'a>, param: &'a Param, purse: Purse) -> Self {
        let (model, draft) = (work.model, &work.draft);
        let preferred = turn.tenant.settings.preferred_aspect_ratio.as_str();
        let asked = draft.trail.iter().filter(|name| **name != param.name).count();
        let others = steps(model, draft.gen_type, &draft.selection).iter().filter(|p| p.name != param.name).count();
        let takes_free = purse.takes_free(model, &draft.selection);
        Self {
            model,
            param,
            selection: draft.selection.clone(),
            place: (!draft.editing).then_some((asked + 1, asked + 1 + others)),
            needed: is_needed(model, draft.gen_type, param),
            default: default_of(model, param, Some(preferred)),
            purse,
            free: takes_free.then(|| (purse.free, turn.tenant.zone_name().to_owned())),
            parent: if draft.editing {
                Callback::ShowParameters
            } else if asked == 0 {
                Callback::BackToModel(callback_ref("back_to_model:", model).to_owned())
            } else {
                Callback::BackToPreviousStep
            },
        }
    }

    fn files(&self) -> usize {
        self.selection.get(&self.param.name).map_or(0, |value| value.files().len())
    }

    fn title(&self, words: Words<'_>) -> String {
        let label = words.param(&self.param.name);
        match self.place {
            Some((i, n)) => words.fmt("step-title", arg("i", i).with("n", n).with("label", label)),
            None => words.fmt("step-edit-title", arg("label", label)),
        }
    }

    /// What to write, press or send, and within which limits.
    fn ask(&self, words: Words<'_>) -> Vec<String> {
        match &self.param.kind {
            ParamKind::Text { min, max } => {
                let limit = if *min > 1 {
                    words.fmt("step-length", arg("min", *min).with("max", *max))
                } else {
                    words.fmt("step-max-length", arg("max", *max))
                };
                vec![words.get("step-ask-text"), limit]
            }
            ParamKind::Url { prefix, .. } => vec![words.fmt("step-ask-link", arg("prefix", prefix))],
            ParamKind::Enum { .. } | ParamKind::Bool => vec![words.get("step-ask-choice")],
            ParamKind::Number { min, max, step, .. } => {
                let args = arg("min", min.to_string()).with("max", max.to_string());
                let limit = match step {
                    Some(step) => words.fmt("step-range-step", args.with("step", step.to_string())),
                    None => words.fmt("step-range", args),
                };
                vec![words.get("step-ask-number"), limit]
            }
            ParamKind::Files { .. } => self.ask_file(words),
        }
    }

    fn ask_file(&self, words: Words<'_>) -> Vec<String> {
        let ParamKind::Files { media, mime, max_mb, max_items, .. } = &self.param.kind else { return Vec::new() };
        let size = || arg("mb", *max_mb);
        let ask = match media {
            Media::Image if *max_items > 1 => words.fmt("step-ask-images", size().with("max", *max_items)),
            Media::Image => words.fmt("step-ask-image", size()),
            Media::Video => words.fmt("step-ask-video", size()),
            Media::Audio => words.fmt("step-ask-audio", size()),
        };
        let mut all = vec![ask, words.fmt("step-formats", arg("formats", names::formats(mime)))];
        if let QuantityRule::Seconds { of, max: Some(max) } = &self.model.pricing.quantity
            && *of == self.param.name
        {
            all.push(words.fmt("step-audio-limit", arg("n", *max)));
        }
        if self.files() > 0 {
            all.push(words.fmt("step-count", arg("k", self.files()).with("max", *max_items)));
        }
        all
    }

    /// A value's button: «⭐ 16:9 — 14.14 ₽» (bot.md 7.4).
    fn value_button(&self, words: Words<'_>, text: &str) -> Option<Button> {
        let name = &self.param.name;
        let value = self.param.option_value(text)?;
        // A value without a price is not offered.
        price_with(self.model, &self.selection, name, value.clone(), self.purse.markup).ok()?;
        let shown = self.purse.of_selection(self.model, &self.selection.clone().with(name, value))?;
        let is_default = self.default.as_ref().and_then(Value::as_text).as_deref() == Some(text);
        let args = arg("value", words.value(name, text)).with("price", shown.label(words));
        let label = words.plain(if is_default { "btn-value-default" } else { "btn-value" }, args);
        let payload = enum_ref(&format!("set_param:{name}:"), text);
        Some(Callback::SetParam(name.clone(), Chosen::Value(payload)).button(label))
    }

    fn file_buttons(&self, words: Words<'_>) -> Keyboard {
        let ParamKind::Files { media, max_items, .. } = &self.param.kind else { return Keyboard::new() };
        let have = self.files();
        let mut keyboard = Keyboard::new();
        if have > 0 {
            let key = match media {
                _ if *max_items > 1 => "btn-add-image",
                Media::Image => "btn-replace-image",
                Media::Video => "btn-replace-video",
                Media::Audio => "btn-replace-audio",
            };
            if *max_items == 1 || have < *max_items {
                keyboard.push([Callback::AddImage.button(words.get(key))]);
            }
            keyboard.push([Callback::ImageDone.button(words.plain("btn-images-done", arg("k", have)))]);
        }
        if !self.needed {
            keyboard.push([Callback::SkipMedia.button(words.get("btn-skip-media"))]);
        }
        keyboard
    }

    /// «⏭️ По умолчанию: …» or «⏭️ Пропустить (auto)» where an answer is not required.
    fn leave_button(&self, words: Words<'_>) -> Option<Button> {
        let to = |chosen| Callback::SetParam(self.param.name.clone(), chosen);
        let pressed = self.param.options().is_some();
        match &self.default {
            Some(default) if self.param.default.is_some() && !(pressed && self.needed) => {
                let value = names::cut(&names::value(words, &self.param.name, default), 30);
                Some(to(Chosen::Default).button(words.plain("btn-default", arg("value", value))))
            }
            _ if self.needed => None,
            _ => Some(to(Chosen::Skip).button(words.get("btn-skip"))),
        }
    }
}

impl Screen for Step<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let mut about: Vec<Option<String>> = vec![Some(self.title(words))];
        about.push(words.param_hint(&self.param.name).map(|hint| crate::texts::escape_html(&hint).into_owned()));
        about.extend(self.ask(words).into_iter().map(Some));
        about.push((!self.needed).then(|| words.get("step-optional")));
        let money = lines([
            self.purse.line(words, self.model, &self.selection),
            self.free.as_ref().map(|(free, zone)| menu::free_counter(words, *free, zone)),
        ]);
        if money.is_empty() { lines(about) } else { format!("{}\n\n{money}", lines(about)) }
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = if self.param.media().is_some() {
            self.file_buttons(words)
        } else {
            let offered = offered_values(self.model, self.param, &self.selection);
            let values = offered.into_iter().take(VALUES).filter_map(|value| self.value_button(words, value));
            Keyboard::new().pairs(values.collect::<Vec<_>>()).row(self.leave_button(words))
        };
        keyboard.push([back(words, &self.parent), home(words)]);
        keyboard.row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

/// Asks a parameter: the draft stands there from now on, and only this message's buttons are valid.
pub(super) async fn ask(turn: &mut Turn<'_>, mut work: Work<'_>, param: &str) -> Result<(), TurnError> {
    let Some(param) = work.model.param(param) else { return crate::bot::route::stale(turn).await };
    work.draft.stage = Stage::Step { param: param.name.clone() };
    let purse = Purse::of(turn).await?;
    let screen = Step::of(turn, &work, param, purse);
    turn.session.draft = Some(work.draft);
    turn.show_step(&screen, Track::Nothing);
    Ok(())
}

#[cfg(test)]
mod tests;
