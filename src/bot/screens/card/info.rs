//! S-10: a model's parameters with their limits and prices, and sample prompts to copy.

use super::{tier_label, unavailable};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::screens::models::find;
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{Screen, back, home, lines, names};
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Model, Param, ParamKind, callback_ref, default_of, is_needed};
use crate::domain::outgoing::Keyboard;
use crate::texts::{Arg, Words, escape_html};

/// How many values of a choice are named before an ellipsis.
const VALUES: usize = 12;

/// S-10, parameters.
pub struct Info<'a> {
    /// The model.
    pub model: &'a Model,
    /// Whose prices.
    pub purse: Purse,
    /// The tenant's preferred aspect ratio, which is a model's default where it has it.
    pub ratio: &'a str,
}

impl Screen for Info<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let title = words.fmt("info-title", arg("title", names::title(words, self.model)));
        let params =
            lines(self.model.params.iter().map(|param| Some(param_line(words, self.model, param, self.ratio))));
        let variants: Vec<String> = self
            .model
            .modes()
            .map(|(n, tier)| {
                let price = tier_label(words, &self.purse, self.model, n);
                words.fmt("info-price", arg("values", names::tier(words, self.model, tier)).with("price", price))
            })
            .collect();
        if variants.len() < 2 {
            return format!("{title}\n\n{params}");
        }
        format!("{title}\n\n{params}\n\n{}\n{}", words.get("info-prices"), variants.join("\n"))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        ways_on(words, self.model)
    }
}

/// S-10, sample prompts.
pub struct Example<'a> {
    /// The model.
    pub model: &'a Model,
}

impl Screen for Example<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let title = words.fmt("example-title", arg("title", names::title(words, self.model)));
        let samples = words.examples(self.model.gen_type.slug());
        let samples: Vec<String> = samples.iter().map(|text| format!("<code>{}</code>", escape_html(text))).collect();
        format!("{title}\n\n{}", samples.join("\n\n"))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        ways_on(words, self.model)
    }
}

fn ways_on(words: Words<'_>, model: &Model) -> Keyboard {
    let to = |prefix: &str| callback_ref(prefix, model).to_owned();
    Keyboard::new()
        .row([Callback::SelectModel(to("select_model:")).button(words.get("btn-generate"))])
        .row([back(words, &Callback::BackToModel(to("back_to_model:"))), home(words)])
}

/// «• Описание — обязательный, до 1000 символов».
fn param_line(words: Words<'_>, model: &Model, param: &Param, ratio: &str) -> String {
    let label = words.param(&param.name);
    let default = param.default.as_ref().and_then(|_| default_of(model, param, Some(ratio)));
    let line = if let Some(default) = default {
        let default = names::value(words, &param.name, &default);
        words.fmt("info-default", arg("label", label).with("default", default))
    } else if is_needed(model, model.gen_type, param) {
        words.fmt("info-required", arg("label", label))
    } else {
        words.fmt("info-optional", arg("label", label))
    };
    match limits(words, param) {
        Some(limits) => words.fmt("info-limits", arg("line", Arg::html(line)).with("limits", limits)),
        None => line,
    }
}

fn limits(words: Words<'_>, param: &Param) -> Option<String> {
    match &param.kind {
        ParamKind::Text { min, max } if *min > 1 => {
            Some(words.plain("limit-length", arg("min", *min).with("max", *max)))
        }
        ParamKind::Text { max, .. } => Some(words.plain("limit-max-length", arg("max", *max))),
        ParamKind::Url { prefix, .. } => Some(prefix.clone()),
        ParamKind::Number { min, max, .. } => {
            Some(words.plain("limit-range", arg("min", min.to_string()).with("max", max.to_string())))
        }
        ParamKind::Files { max_mb, max_items, .. } => {
            let size = words.plain("limit-size", arg("mb", *max_mb));
            let items = (*max_items > 1).then(|| words.plain("limit-items", arg("max", *max_items)));
            Some(items.map_or(size.clone(), |items| format!("{items}, {size}")))
        }
        ParamKind::Enum { values, .. } => {
            let mut shown: Vec<String> = values.iter().take(VALUES).map(|v| words.value(&param.name, v)).collect();
            if values.len() > VALUES {
                shown.push("…".to_owned());
            }
            Some(words.plain("limit-values", arg("values", shown.join(", "))))
        }
        ParamKind::Bool => None,
    }
}

/// Shows a model's parameters.
pub async fn info(turn: &mut Turn<'_>, reference: &str) -> Result<(), TurnError> {
    match find(turn, reference) {
        Ok(model) => {
            let purse = Purse::of(turn).await?;
            let ratio = turn.tenant.settings.preferred_aspect_ratio.as_str();
            turn.show(&Info { model, purse, ratio });
            Ok(())
        }
        Err(gone) => unavailable(turn, gone),
    }
}

/// Shows sample prompts; a type without any says so.
pub async fn example(turn: &mut Turn<'_>, reference: &str) -> Result<(), TurnError> {
    match find(turn, reference) {
        Ok(model) if turn.words().examples(model.gen_type.slug()).is_empty() => {
            turn.toast(turn.words().get("example-none"));
        }
        Ok(model) => turn.show(&Example { model }),
        Err(gone) => return unavailable(turn, gone),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{catalog, en, model, person, ru};

    #[test]
    fn s10_tells_parameters_limits_and_prices() {
        let of = |id| Info { model: model(id), purse: person(), ratio: "" };
        insta::assert_snapshot!(ru(&of("z-image")), @"
            ℹ️ <b>Z-Image</b>

            • Описание — обязательный, до 1000 символов
            • Соотношение сторон — по умолчанию 1:1, варианты: 1:1, 4:3, 3:4, 16:9, 9:16
            | 🚀 Сгенерировать [select_model:z-image] |
            | ◀️ Назад [back_to_model:z-image] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&of("kling-2.6/image-to-video")), @"
            ℹ️ <b>Kling 2.6 (photo)</b>

            • Description — required, up to 1000 characters
            • Image — required, up to 20 MB
            • Sound — required
            • Duration, s — 5 by default, choices: 5, 10

            💰 Options and prices:
            • no sound · 10 s — 86.43 ₽
            • no sound · 5 s — 43.21 ₽
            • with sound · 5 s — 86.43 ₽
            • with sound · 10 s — 172.85 ₽
            | 🚀 Generate [select_model:kling-2.6/image-to-video] |
            | ◀️ Back [back_to_model:kling-2.6/image-to-video] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s10_gives_prompts_to_copy() {
        insta::assert_snapshot!(ru(&Example { model: model("z-image") }), @"
            📸 Примеры запросов для <b>Z-Image</b>. Нажмите на текст, чтобы скопировать:

            <code>Рыжий кот в шлеме космонавта смотрит на Землю из иллюминатора, мягкий свет, фотореализм</code>

            <code>Уютная кофейня на углу в дождливый вечер, неоновая вывеска, отражения в лужах, акварель</code>

            <code>Минималистичный логотип пекарни: колосок и солнце, плоский стиль, белый фон</code>
            | 🚀 Сгенерировать [select_model:z-image] |
            | ◀️ Назад [back_to_model:z-image] | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn every_model_tells_about_itself() {
        for model in catalog().models().iter().filter(|m| m.is_sellable()) {
            let drawn = ru(&Info { model, purse: person(), ratio: "" });
            let variants = Some(model.modes().count()).filter(|n| *n > 1).unwrap_or_default();
            assert_eq!(drawn.matches("\n• ").count(), model.params.len() + variants, "{}", model.id);
            assert!(en(&Example { model }).contains("select_model:"));
        }
    }
}
